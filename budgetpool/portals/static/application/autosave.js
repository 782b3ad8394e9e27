// Saves each answer when it is given. The page says what is true: when it was saved by the
// server, or that it was not. What the server did not confirm waits on this device; nothing of
// it is deleted before the server said, field by field, that it is kept.
"use strict";

{
  const form = document.querySelector("[data-autosave]");
  const status = form.querySelector("[data-autosave-status]");
  const address = form.dataset.autosave;
  const key = `unsent:${document.body.dataset.typedBy}${address}`;
  const PATIENCE = 20000; // a line that hangs is a line that is cut
  const waiting = new Map(JSON.parse(localStorage.getItem(key) ?? "null")?.typed);
  let saving = null;
  let mayLeave = false;

  const remember = () => waiting.size
    ? localStorage.setItem(key, JSON.stringify({ at: Date.now(), typed: [...waiting] }))
    : localStorage.removeItem(key);

  const keep = ({ name, type, value }) => {
    if (!name || type === "file" || type === "hidden") return;
    waiting.set(name, value);
    remember();
  };

  // What was typed without a connection, before the browser was closed, stands here again; what
  // was typed on a slow line before this script arrived is newer than that.
  const isFresh = (field) => {
    if (field.type === "radio") return field.checked && !field.defaultChecked;
    if (field.options) return field.value && !field.selectedOptions[0].defaultSelected;
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  const fresh = [...form.elements].filter(isFresh);
  fresh.forEach(keep);
  for (const [name, value] of waiting) {
    const field = form.elements[name];
    if (field) field.value = value;
  }

  async function send() {
    const sent = [...waiting];
    const body = new URLSearchParams(sent);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    status.textContent = status.dataset.saving;
    try {
      const answer = await fetch(address, {
        method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.type === "opaqueredirect") {
        status.textContent = status.dataset.signedOut;
        return false;
      }
      if (!answer.ok) throw new Error(answer.status);
      const { saved, kept, errors } = await answer.json();
      for (const [name, value] of sent) {
        if (kept.includes(name) && waiting.get(name) === value) waiting.delete(name);
      }
      remember();
      const wrong = Object.values(errors);
      status.textContent = wrong.length ? `${status.dataset.refused} ${wrong.join(" ")}` : saved;
      return true;
    } catch {
      status.textContent = status.dataset.offline;
      return false;
    }
  }

  // One request at a time, so that a late answer never overtakes a newer one.
  function save() {
    saving ??= send().finally(() => { saving = null; });
    return saving;
  }

  form.addEventListener("input", ({ target }) => keep(target));
  form.addEventListener("change", ({ target }) => {
    keep(target);
    if (waiting.size) save();
  });
  form.addEventListener("submit", async (event) => {
    if (mayLeave || (!waiting.size && !saving)) return;
    event.preventDefault();
    event.stopPropagation();
    const { submitter } = event;
    if (saving) await saving;
    // The page is left only when the server has heard everything; a wrong answer goes along,
    // is shown again with what is wrong, and waits here all the same.
    if (waiting.size && !(await save())) return;
    mayLeave = true;
    form.requestSubmit(submitter);
    mayLeave = false;
  }, true);
  const again = () => { if (waiting.size) save(); };
  addEventListener("online", again);
  setInterval(again, 15000);
  again();
}
