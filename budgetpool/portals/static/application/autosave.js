// Saves each answer when it is given. The page says what is true: when it was saved by the
// server, or that it was not. What could not be sent waits on this device until the next time.
"use strict";

{
  const form = document.querySelector("[data-autosave]");
  const status = form.querySelector("[data-autosave-status]");
  const address = form.dataset.autosave;
  const key = `unsent:${address}`;
  const waiting = new Map(JSON.parse(localStorage.getItem(key) ?? "[]"));
  let saving = false;

  // What was typed without a connection, before the browser was closed, stands here again.
  for (const [name, value] of waiting) {
    const field = form.elements[name];
    if (field instanceof RadioNodeList || field) field.value = value;
  }

  const remember = () => waiting.size
    ? localStorage.setItem(key, JSON.stringify([...waiting]))
    : localStorage.removeItem(key);

  async function save() {
    if (saving || !waiting.size) return;
    saving = true;
    const sent = [...waiting];
    const body = new URLSearchParams(sent);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    status.textContent = status.dataset.saving;
    try {
      const answer = await fetch(address, { method: "POST", body, redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const { saved, errors } = await answer.json();
      const wrong = Object.values(errors);
      status.textContent = wrong.length ? `${status.dataset.refused} ${wrong.join(" ")}` : saved;
      for (const [name, value] of sent) if (waiting.get(name) === value) waiting.delete(name);
    } catch {
      status.textContent = status.dataset.offline;
    }
    remember();
    saving = false;
  }

  form.addEventListener("change", ({ target }) => {
    if (!target.name || target.type === "file") return;
    waiting.set(target.name, target.value);
    remember();
    save();
  });
  form.addEventListener("submit", (event) => {
    // Without a connection the browser would show an error page and lose what was typed.
    if (navigator.onLine) {
      localStorage.removeItem(key);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrfmiddlewaretoken") waiting.set(name, value);
    }
    remember();
    status.textContent = status.dataset.offline;
  }, true);
  addEventListener("online", save);
  setInterval(save, 15000);
  save();
}
