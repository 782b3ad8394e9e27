// Every figure of result.json: what the decisions add up to, and the certificate proves.

import { onlyKeys } from "./form.js";
import { close, Fraction, isWhole, told } from "./numbers.js";
import { openPeople } from "./stages.js";
import { MILLION, same } from "./words.js";

const RESULT = ["outcome", "rule", "value", "bound", "gap", "spent_cents", "people", "coverage",
  "floors", "caps", "stages", "envy", "solver", "snapshot_sha256", "policy_sha256", "seconds",
  "reason", "progress"];
const OPTIMISER_ONLY = ["lots", "give_back_awards", "people_short", "unchanged"];
const table = (entries) => new Map(Object.entries(entries));
const READING = new Fraction(1n, MILLION), TINY = new Fraction(1n, 1000000000n);

export class Figures {
  constructor(round, reached, proven, findings) {
    Object.assign(this, { round, reached, proven, findings, result: round.files.result });
    this.ours = this.result.get("rule") === "optimiser";
  }

  check() {
    const { result, findings, reached } = this;
    onlyKeys(result, RESULT, [...OPTIMISER_ONLY, "waiting"], "result.json", findings);
    findings.figure("value", result.get("value"), reached.value);
    findings.figure("spent_cents", result.get("spent_cents"), reached.spent);
    findings.figure("people", result.get("people"), reached.people);
    findings.figure("reason", result.get("reason"), "");
    findings.figure("progress", result.get("progress"), new Map());
    if (!told(result.get("seconds"))) findings.figure("seconds", result.get("seconds"), "a number");
    if (typeof result.get("solver") !== "string") findings.figure("solver", result.get("solver"), "a text");
    this.#coverage();
    this.#promises();
    this.#unchanged();
    this.#waiting();
    this.#caps();
    if (this.ours) {
      if (this.proven) { this.#stages(this.proven); this.#outcome(this.proven); }
      if (!["exact", "swap_stable"].includes(result.get("lots"))) findings.figure("lots", result.get("lots"), "exact");
      if (result.has("give_back_awards") && !this.round.giveBack?.rhs.some((due) => due)) {
        findings.add("unknown_key", { where: "result.json", key: "give_back_awards" });
      }
    } else {
      for (const key of OPTIMISER_ONLY) if (result.has(key)) findings.add("unknown_key", { where: "result.json", key });
      for (const [name, expected] of [["bound", null], ["gap", null], ["stages", []], ["envy", 0n]]) {
        findings.figure(name, result.get(name), expected);
      }
      findings.figure("outcome", result.get("outcome"), "proven");
    }
  }

  #coverage() {
    const { round, findings } = this, stated = this.result.get("coverage");
    if (!(stated instanceof Map) || stated.size !== round.groups.length
      || !round.groups.every((group) => stated.has(group))) {
      findings.figure("coverage", stated, "a table of groups");
      return;
    }
    const targets = this.proven?.targets ?? new Map(), applying = round.applying;
    round.groups.forEach((group, code) => {
      const row = stated.get(group), where = `coverage.${group}`, awarded = this.reached.awarded[code];
      if (!(row instanceof Map)) { findings.figure(where, row, "applying, awarded, share"); return; }
      const always = ["applying", "awarded", "share", ...(targets.size ? ["target"] : [])];
      onlyKeys(row, always, this.proven ? [] : ["target"], where, findings);
      findings.figure(`${where}.applying`, row.get("applying"), applying[code]);
      findings.figure(`${where}.awarded`, row.get("awarded"), awarded);
      const share = new Fraction(awarded, applying[code]), said = told(row.get("share"));
      if (!said || !close(said, share, READING)) findings.figure(`${where}.share`, row.get("share"), share);
      if (targets.size) findings.figure(`${where}.target`, row.get("target"), targets.get(group) ?? 0n);
    });
  }

  #rows(name, keys) {
    const rows = this.result.get(name);
    if (!Array.isArray(rows) || !rows.every((row) => row instanceof Map)) {
      this.findings.figure(name, rows, "a list of tables");
      return [];
    }
    for (const row of rows) onlyKeys(row, keys, [], name, this.findings);
    return rows;
  }

  /** Floors, then give-back: required and reached cents, and why less was reached. */
  #promises() {
    const { round } = this, expected = [];
    for (const [kind, promises] of [["floor", round.floors], ["give_back", round.giveBack ? [round.giveBack] : []]]) {
      for (const promise of promises) {
        const sums = this.reached.of(promise);
        promise.names.forEach((name, code) => expected.push(table({
          name: name.slice(name.indexOf(":") + 1), kind, required_cents: promise.rhs[code],
          reached_cents: sums[code], cause: sums[code] < promise.rhs[code] ? this.#cause(name) : null,
        })));
      }
    }
    const rows = this.#rows("floors", ["name", "kind", "required_cents", "reached_cents", "cause"]);
    if (rows.length !== expected.length) this.findings.figure("floors", rows.length, expected.length);
    expected.slice(0, rows.length).forEach((right, at) => {
      for (const [key, figure] of right) {
        if (key === "cause" && figure === "") continue;
        this.findings.figure(`${right.get("kind")}.${right.get("name")}.${key}`, rows[at].get(key), figure);
      }
    });
  }

  #unchanged() {
    const promise = this.round.unchanged, stated = this.result.get("unchanged");
    if (!promise || !this.ours) { this.findings.figure("unchanged", stated, null); return; }
    const [required] = promise.rhs, [reached] = this.reached.of(promise);
    this.findings.figure("unchanged", stated,
      table({ required, reached: reached < required ? reached : required }));
  }

  #waiting() {
    const right = this.round.waiting.map((promise) => table({
      rounds: BigInt(promise.names[0].split(":")[1]), people: promise.rhs[0],
      served: this.reached.of(promise)[0],
    }));
    this.findings.figure("waiting", this.result.get("waiting"), this.round.policy.has("waiting") ? right : null);
  }

  #cause(name) {
    return this.ours ? this.proven?.causes.get(name) ?? "" : "not_enforced";
  }

  /** One row per value of a cap's column that has an award. */
  #caps() {
    const { round, findings } = this, caps = round.policy.get("cap"), expected = new Map();
    const limits = round.limits.slice(round.limits.length - caps.length);
    caps.forEach((cap, at) => limits[at].names.forEach((full, code) => {
      const name = cap.get("name"), value = full.slice(`cap:${name}:`.length), reached = this.reached.used.get(full);
      if (reached) {
        expected.set(`${name}\n${value}`, table({ limit: limits[at].rhs[code], reached,
          unit: limits[at].counts ? "count" : "cents" }));
      }
    }));
    const rows = this.#rows("caps", ["name", "value", "limit", "reached", "unit"]);
    const stated = new Map(rows.map((row) => [`${row.get("name")}\n${row.get("value")}`, row]));
    if (rows.length !== expected.size || ![...expected.keys()].every((key) => stated.has(key))) {
      findings.figure("caps", [...stated.keys()], [...expected.keys()]);
      return;
    }
    for (const [key, right] of expected) {
      for (const [figure, number] of right) findings.figure(`caps.${figure}`, stated.get(key).get(figure), number);
    }
  }

  /** What each stage reached and what is proven; the solver's own claim is only told. */
  #stages(proven) {
    const { findings } = this;
    const wanted = proven.order.filter((name) => proven.sums.has(name) || proven.levels.has(name));
    const rows = this.#rows("stages", ["name", "value", "bound", "gap", "seconds", "claimed_bound"]);
    const names = rows.map((row) => row.get("name"));
    if (!same(names, wanted)) { findings.add("stages_differ", { stated: names, recomputed: wanted }); return; }
    for (const row of rows) {
      const name = row.get("name"), claimed = row.get("claimed_bound") ?? null;
      let value, bound;
      if (proven.levels.has(name)) {
        const share = proven.levels.get(name).times(MILLION);
        value = share.whole;
        bound = value + (share.minus(new Fraction(value)).n > 0n ? 1n : 0n);
        findings.figure(`${name}.claimed_bound`, claimed, null);
      } else {
        [value, bound] = proven.sums.get(name);
        if (claimed !== null && (!isWhole(claimed) || claimed < value)) {
          findings.figure(`${name}.claimed_bound`, claimed, `at least ${value}`);
        }
      }
      findings.figure(`${name}.value`, row.get("value"), value);
      findings.figure(`${name}.bound`, row.get("bound"), bound);
      this.#gap(name, row.get("gap"), value, bound);
      if (!told(row.get("seconds"))) findings.figure(`${name}.seconds`, row.get("seconds"), "a number");
    }
    if (proven.sums.has("value")) {
      const [value, bound] = proven.sums.get("value");
      findings.figure("bound", this.result.get("bound"), bound);
      this.#gap("result", this.result.get("gap"), value, bound);
    }
  }

  /** `proven` only where the proven gaps are within the tolerance. */
  #outcome(proven) {
    const { round, findings } = this, tolerance = round.policy.get("tolerance");
    const open = openPeople(round.ids.length, round.workers.length), wide = [...proven.open];
    for (const [name, [value, bound]] of proven.sums) {
      const gap = bound - value, people = ["people", "coverage:people"].includes(name) && gap <= open;
      if (new Fraction(gap).compare(tolerance.times(bound > 1n ? bound : 1n)) > 0 && !people) {
        wide.push(name);
        findings.note("not_proven", { stage: name, reached: value, bound });
      }
    }
    for (const stage of proven.open) findings.note("not_proven", { stage });
    findings.expect("outcome_differs", this.result.get("outcome"), wide.length ? "proven_within" : "proven");
  }

  #gap(stage, stated, value, bound) {
    const size = bound < 0n ? -bound : bound;
    const right = new Fraction(bound - value, size > 1n ? size : 1n), said = told(stated);
    if (!said || !close(said, right, TINY)) this.findings.add("gap_differs", { stage, stated, recomputed: right });
  }
}
