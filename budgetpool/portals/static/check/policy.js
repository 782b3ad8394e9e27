// policy.toml: its keys, defaults, shares as fractions, and its fingerprint.

import { Fraction, isWhole } from "./numbers.js";
import { canonical, text, toml } from "./read.js";
import { sha256 } from "./sha256.js";
import { Unreadable } from "./words.js";

const SHARES = ["share_of_ceiling", "give_back", "fairness", "coverage_cap", "tolerance"];
const KNOWN = {
  "": ["name", "seed", "ceiling_cents", "awards_per_worker", "value", "choice_percent", "coverage",
    "fairness", "coverage_cap", "tolerance", "floor", "cap", "solidarity", "part_awards",
    "unchanged", "waiting"],
  floor: ["name", "column", "equals", "share_of_ceiling"],
  cap: ["name", "column", "equals", "share_of_ceiling", "count"],
  solidarity: ["column", "give_back"],
  part_awards: ["column", "value_percent"],
  waiting: ["column", "bound"],
};
const LISTS = ["floor", "cap"];
const TABLES = ["solidarity", "part_awards", "waiting"];
const WHOLES = ["ceiling_cents", "awards_per_worker", "count", "bound", "unchanged"];

/** The policy as a table with all defaults. */
export function readPolicy(files, path) {
  const file = path.split("/").pop();
  const data = toml(text(files, path), file);
  const bad = (key) => { throw new Unreadable("bad_policy", file, { key }); };
  for (const key of ["name", "seed", "ceiling_cents"]) {
    if (!data.has(key)) throw new Unreadable("missing_key", file, { key });
  }
  const known = (table, name) => {
    if (!(table instanceof Map)) bad(name);
    for (const key of table.keys()) {
      if (!KNOWN[name].includes(key)) throw new Unreadable("unknown_key", file, { key });
    }
  };
  known(data, "");
  for (const name of LISTS) {
    if (data.has(name)) Array.isArray(data.get(name)) ? data.get(name).forEach((one) => known(one, name)) : bad(name);
  }
  for (const name of TABLES) if (data.has(name)) known(data.get(name), name);
  const policy = new Map([
    ["awards_per_worker", 1n], ["value", "points"], ["choice_percent", [100n]],
    ["fairness", new Fraction(1n)], ["coverage_cap", new Fraction(1n)],
    ["tolerance", new Fraction(1n, 10000n)], ["floor", []], ["cap", []],
  ]);
  const exact = (key, value) => {
    if (value instanceof Map) {
      return new Map([...value].filter(([, part]) => part !== "")
        .map(([name, part]) => [name, exact(name, part)]));
    }
    if (Array.isArray(value)) return value.map((part) => exact(key, part));
    if (SHARES.includes(key)) {
      if (value instanceof Fraction) return value;
      if (isWhole(value)) return new Fraction(value);
      return (typeof value === "string" && Fraction.read(value)) || bad(key);
    }
    // Any other number that is not whole is none that a rule knows.
    return value instanceof Fraction || (WHOLES.includes(key) && !isWhole(value)) ? bad(key) : value;
  };
  for (const [key, value] of data) if (value !== "") policy.set(key, exact(key, value));
  for (const table of [...policy.get("floor"), ...policy.get("cap")]) {
    if (table.has("equals")) table.set("equals", String(table.get("equals")));
  }
  if (!policy.get("choice_percent").every?.(isWhole)) bad("choice_percent");
  for (const name of TABLES) {
    if (policy.has(name) && typeof policy.get(name).get("column") !== "string") bad(name);
  }
  for (const table of [...policy.get("floor"), ...policy.get("cap")]) {
    if (typeof table.get("name") !== "string" || typeof table.get("column") !== "string"
      || !(table.has("share_of_ceiling") || table.has("count"))) bad("floor, cap");
  }
  for (const name of ["name", "seed"]) if (typeof policy.get(name) !== "string") bad(name);
  const parts = policy.get("part_awards");
  if (parts && !parts.has("value_percent")) parts.set("value_percent", new Map());
  return policy;
}

/** The fingerprint of a policy. */
export const policySha256 = (policy) => sha256(canonical(policy));

/** What a share of the money is, in whole cents. */
export const partOf = (share, of) => (share.n * of) / share.d;
