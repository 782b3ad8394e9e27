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

// What somebody types in a form waits on this device until the server says, by the cookie `kept`,
// that it is kept; after a lost connection it stands there again, for this person alone.
const kept = document.cookie.match(/(?:^|; )kept=([^;]+)/)?.[1];
if (kept) {
  for (const store of [localStorage, sessionStorage]) store.removeItem(decodeURIComponent(kept));
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
for (const key of Object.keys(localStorage).filter((name) => /^(typed|unsent):/.test(name))) {
  const { at = 0 } = JSON.parse(localStorage.getItem(key));
  if (at < Date.now() - 7 * 24 * 3600 * 1000) localStorage.removeItem(key);
}
// Of who has no account nothing outlives the tab: the next one at this device has none either.
const { typedBy = 0 } = document.body.dataset, typedIn = typedBy ? localStorage : sessionStorage;
const typedForms = new Map();
const names = ({ name, type }) => name && !["hidden", "file", "submit", "button"].includes(type);
const chosen = ({ type }) => type === "checkbox" || type === "radio";
const written = (field) => names(field) && !chosen(field) && !field.options;
const secret = ({ type, autocomplete }) => type === "password" || autocomplete === "one-time-code";
for (const form of document.querySelectorAll("[data-typed] form[method=post]:not([data-autosave])")) {
  const fields = [...form.elements];
  if (!fields.some(written) || fields.some(secret)) continue;
  // Which form it is: its address, what it does, and the rows that its hidden fields name.
  const which = fields.filter(({ name }) => name !== "csrfmiddlewaretoken")
    .map(({ name, type, value }) => type === "hidden" ? `${name}=${value}` : name);
  const hash = [form.getAttribute("action"), form.querySelector("button")?.value, ...which].join("&")
    .split("").reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 7);
  const key = `typed:${typedBy}${location.pathname}/${hash.toString(36)}`;
  typedForms.set(key, typedForms.has(key) ? null : form);  // two alike are nobody's
}
for (const [key, form] of typedForms) {
  if (!form) continue;
  const fields = () => [...form.elements].filter(names);
  const had = (field) => chosen(field) ? field.defaultChecked : field.options
    ? [...field.options].findIndex((option) => option.defaultSelected) : field.defaultValue;
  const copy = JSON.parse(typedIn.getItem(key) ?? "null");
  // Where the page brings other values than it did then, somebody changed them since.
  let before = JSON.stringify(fields().map((field) => [field.name, had(field)]));
  if (copy && document.querySelector("[data-focus]")) before = copy.before;
  else if (copy?.before === before) {
    for (const field of fields()) {
      const values = copy.typed.filter(([name]) => name === field.name).map(([, value]) => value);
      if (chosen(field)) field.checked = values.includes(field.value);
      else if (field.options) for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) field.value = values[0];
    }
    const note = document.createElement("p");
    note.setAttribute("role", "status");
    note.textContent = form.closest("[data-typed]").dataset.typed;
    form.prepend(note);
  }
  form.append(Object.assign(document.createElement("input"),
    { type: "hidden", name: "local-copy", value: key }));
  form.addEventListener("input", () => typedIn.setItem(key, JSON.stringify({
    before, at: Date.now(),
    typed: fields().filter((field) => !chosen(field) || field.checked)
      .map(({ name, value }) => [name, value]),
  })));
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
