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

// What somebody types in a form with `data-keep` waits on this device until the server says, by
// the cookie `kept`, that it is kept; after a lost connection it stands there again.
const kept = document.cookie.match(/(?:^|; )kept=([^;]+)/)?.[1];
if (kept) {
  localStorage.removeItem(decodeURIComponent(kept));
  document.cookie = "kept=; path=/; max-age=0; samesite=lax";
}
// Who signs out, perhaps on a computer of the library, leaves nothing behind for the next one.
document.querySelector("form[data-leave]")?.addEventListener("submit",
  () => sessionStorage.setItem("leaving", "1"));
if (sessionStorage.getItem("leaving") && !document.querySelector("[data-session]")) {
  sessionStorage.removeItem("leaving");
  for (const key of Object.keys(localStorage)) {
    if (/^(typed|unsent):/.test(key)) localStorage.removeItem(key);
  }
}
for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = `typed:${location.pathname}`;
  const fields = () => [...form.elements].filter(
    ({ name, type }) => name && !["hidden", "file", "submit", "button"].includes(type));
  const chosen = ({ type }) => type === "checkbox" || type === "radio";
  const typed = JSON.parse(localStorage.getItem(key) ?? "null");
  if (typed) {
    for (const field of fields()) {
      const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
      if (chosen(field)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    const note = document.createElement("p");
    note.setAttribute("role", "status");
    note.textContent = form.dataset.keep;
    form.prepend(note);
  }
  const mark = Object.assign(document.createElement("input"),
    { type: "hidden", name: "local-copy", value: key });
  form.append(mark);
  form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(
    fields().filter((field) => !chosen(field) || field.checked)
      .map(({ name, value }) => [name, value]))));
}

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
