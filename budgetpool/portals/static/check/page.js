// "Check it yourself": the visitor's own browser checks the published files. Nothing is sent.
// The words stand in the page, in the reader's language: this file only chooses and fills them.

const place = document.querySelector("[data-check]");

if (place && window.Worker && window.DecompressionStream) {
  const part = (name) => place.querySelector(`[data-check-${name}]`);
  const { archive, round, module } = place.dataset;
  const worker = new Worker(module, { type: "module" });
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const euros = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });

  const filled = (sentence, facts) => sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const fact = facts[name];
    if (typeof fact !== "bigint" && typeof fact !== "number") return String(fact ?? "–");
    // Whole euros and the cents apart: no amount is ever a floating number.
    return ["spent", "ceiling"].includes(name) ? euroText(BigInt(fact)) : numbers.format(fact);
  });
  const euroText = (cents) => euros.formatToParts(cents / 100n)
    .map(({ type, value }) => (type === "fraction" ? String(cents % 100n).padStart(2, "0") : value)).join("");
  const words = (name) => place.querySelector(`[data-words="${name}"]`)?.textContent.trim() ?? name;
  const line = (name, facts, state) => {
    const item = document.createElement("li");
    item.dataset.state = state;
    const mark = document.createElement("strong");
    mark.textContent = `${words(state)}: `;
    item.append(mark, filled(words(name), facts));
    return item;
  };

  function busy(now) {
    place.setAttribute("aria-busy", String(now));
    part("run").disabled = now;
    if (now) {
      part("verdict").textContent = words("busy");
      for (const name of ["list", "not", "details"]) part(name).replaceChildren();
      for (const name of ["key", "more"]) part(name).hidden = true;
      part("own").textContent = "";
    }
  }

  function show(answer) {
    busy(false);
    if ("line" in answer) return own(answer.line);
    if (answer.unreadable) {
      part("verdict").textContent = words("unreadable");
      part("verdict").dataset.holds = "no";
      return details([answer.unreadable]);
    }
    const { kind, facts, done, found, notes } = answer;
    const wrong = new Set(found.map((one) => one.part));
    const open = notes.some((note) => note.code === "not_proven");
    part("verdict").textContent = words(found.length ? "wrong" : open ? "open" : "holds");
    part("verdict").dataset.holds = found.length ? "no" : "yes";
    const parts = [...new Set([...done, ...wrong])];
    part("list").replaceChildren(...parts.map((name) =>
      line(`${kind}-${name}${wrong.has(name) ? "-wrong" : ""}`, facts, wrong.has(name) ? "no" : "yes")));
    if (kind === "coarse" && !facts.groups) part("list").append(line("coarse-small", facts, "not"));
    if (notes.some((note) => note.code === "other_rule")) {
      part("list").append(line("exact-other", facts, "not"));
    }
    part("not").textContent = filled(words(`${kind}-not`), facts);
    part("key").hidden = kind !== "coarse" || !facts.groups;
    return details(found.map((one) => `${one.code}: ${one.about}`));
  }

  function details(lines) {
    part("details").textContent = lines.join("\n");
    part("more").hidden = !lines.length;
  }

  function own(found) {
    part("own").textContent = found
      ? filled(words(found.awarded ? "line-awarded" : "line-refused"), found) : words("line-none");
  }

  function send(chosen) {
    worker.postMessage({ chosen, round }, chosen.map(([, buffer]) => buffer));
  }

  worker.onmessage = ({ data }) => show(data);
  worker.onerror = () => show({ unreadable: words("broken") });
  part("run").addEventListener("click", async () => {
    busy(true);
    try {
      const answer = await fetch(archive, { credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      send([[`${round}.zip`, await answer.arrayBuffer()]]);
    } catch (fault) {
      show({ unreadable: `${archive}: ${fault.message}` });
    }
  });
  part("file").addEventListener("change", async ({ target }) => {
    if (!target.files.length) return;
    busy(true);
    const chosen = await Promise.all([...target.files].map(async (file) =>
      [file.name, await file.arrayBuffer()]));
    send(chosen);
  });
  part("key").addEventListener("submit", (event) => {
    event.preventDefault();
    worker.postMessage({ key: part("key").elements.namedItem("key").value });
  });
  place.hidden = false;
}
