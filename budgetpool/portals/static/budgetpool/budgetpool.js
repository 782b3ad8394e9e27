// What a page gains from JavaScript; everything works without it.
"use strict";

// The summary of errors takes the focus, so that a screen reader begins there.
document.querySelector("[data-focus]")?.focus();

document.addEventListener("submit", (event) => {
  // A second press of the button sends nothing more: the first is on its way.
  // Five seconds later it may be pressed again, for a download or a lost connection.
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = setTimeout(() => delete form.dataset.sent, 5000);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return print();
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = button.dataset.done;
});

document.addEventListener("change", (event) => {
  // A filter works at once; its button stays for those without JavaScript.
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// A page about work that is under way looks again by itself, and goes on when the work is over.
const lookAgain = async (part) => {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.redirected) return location.assign(answer.url);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part.replaceChildren(...page.querySelector("[data-again]").childNodes);
  }
  setTimeout(lookAgain, 1000 * part.dataset.again, part);
};
const underWay = document.querySelector("[data-again]");
if (underWay) setTimeout(lookAgain, 1000 * underWay.dataset.again, underWay);
