// Reads the page aloud, with a voice that lives on this device: nothing is sent to anybody.
"use strict";

{
  const bar = document.querySelector("[data-aloud]");
  const speech = window.speechSynthesis;
  const language = document.documentElement.lang;
  const BLOCKS = "h1, h2, h3, p, li, dt, dd, legend, label, summary, th, td, figcaption";
  let reading = false;

  // A voice in the cloud would get to know what stands in somebody's file.
  const voice = () => speech.getVoices().find(
    (one) => one.localService && one.lang.toLowerCase().startsWith(language));

  function show() {
    bar.hidden = !voice();
  }

  // Only the innermost blocks, so that no word is read twice; not what nobody sees.
  const parts = () => [...document.querySelectorAll("#main :is(" + BLOCKS + ")")].filter(
    (part) => !part.closest("[data-aloud]") && !part.querySelector(BLOCKS)
      && part.getClientRects().length && part.innerText.trim());

  function stop() {
    reading = false;
    speech.cancel();
    document.querySelector("[data-spoken]")?.removeAttribute("data-spoken");
    label();
  }

  function label() {
    const button = bar.querySelector("button");
    button.textContent = reading ? bar.dataset.stop : bar.dataset.start;
  }

  function read([part, ...rest]) {
    document.querySelector("[data-spoken]")?.removeAttribute("data-spoken");
    if (!part || !reading) return stop();
    part.setAttribute("data-spoken", "");
    const words = new SpeechSynthesisUtterance(part.innerText.trim());
    words.voice = voice();
    words.lang = language;
    words.rate = 0.9;
    words.onend = () => reading && read(rest);
    words.onerror = stop;
    speech.speak(words);
  }

  if (bar && speech && "SpeechSynthesisUtterance" in window) {
    show();
    // Browsers load their voices while the page is there already; old ones cannot tell.
    speech.addEventListener?.("voiceschanged", show);
    bar.querySelector("button").addEventListener("click", () => {
      if (reading) return stop();
      speech.cancel();
      reading = true;
      label();
      read(parts());
    });
    addEventListener("pagehide", stop);
  }
}
