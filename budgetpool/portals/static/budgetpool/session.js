// Warns five minutes before the session ends, and lets one press extend it.
"use strict";

{
  const box = document.querySelector("[data-session]");
  const [soon, over] = ["soon", "over"].map((name) => box.querySelector(`[data-session-${name}]`));
  const WARNED_BEFORE = 300;
  let timer;

  function show(part) {
    for (const one of [soon, over]) one.hidden = one !== part;
  }

  function wait(seconds) {
    clearTimeout(timer);
    if (seconds > WARNED_BEFORE) show(null);
    // A phone that slept asks anew when it wakes; so does a page whose session another tab extended.
    timer = setTimeout(ask, Math.max(seconds > WARNED_BEFORE ? seconds - WARNED_BEFORE : seconds, 1) * 1000);
  }

  async function ask() {
    try {
      const answer = await fetch(box.dataset.session, { redirect: "manual" });
      const seconds = answer.ok ? (await answer.json()).seconds : 0;
      if (!seconds) return show(over);
      if (seconds <= WARNED_BEFORE) show(soon);
      wait(seconds);
    } catch {
      timer = setTimeout(ask, 15000); // no connection: nothing is known
    }
  }

  soon.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try {
      const answer = await fetch(box.dataset.session, {
        method: "POST", body: new FormData(event.target), redirect: "manual",
      });
      if (answer.ok) wait((await answer.json()).seconds);
      else show(over);
    } catch {
      ask();
    }
  }, true);
  over.querySelector("a").href = `${box.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  wait(Number(box.dataset.seconds));
}
