// The files that everybody may have, checked as check.py beside them does.

import { floorDiv, isWhole } from "./numbers.js";
import { partOf as cents, policySha256, readPolicy } from "./policy.js";
import { csv, jsonTable } from "./read.js";
import { sha256 } from "./sha256.js";
import { Findings, MILLION, same, Unreadable } from "./words.js";

const LEAST = 5, FORMAT = "budgetpool-published-1";
const WHOLE = ["denominator", "constant", "bound_numerator"];
const total = (numbers) => numbers.reduce((sum, each) => sum + each, 0n);

class Published {
  constructor(files) {
    this.policy = readPolicy(files, "policy.toml");
    this.result = jsonTable(files, "result.json");
    const certificate = jsonTable(files, "certificate.json");
    this.stages = certificate.get("stages");
    if (certificate.get("format") !== FORMAT || !Array.isArray(this.stages)) {
      throw new Unreadable("not_json", "certificate.json");
    }
    for (const stage of this.stages) readStage(stage);
    for (const key of ["value", "spent_cents", "people"]) {
      if (!isWhole(this.result.get(key))) throw new Unreadable("not_json", "result.json", { key });
    }
    const some = (name, columns) =>
      (files.has(name) ? csv(files, name, columns) : new Map(columns.map((column) => [column, []])));
    this.lines = some("lines.csv", ["line", "group", "awarded"]);
    this.groups = some("groups.csv", ["group", "people", "awarded", "spent_cents", "value"]);
    this.terms = some("terms.csv", ["stage", "group", "term"]);
    this.editions = some("editions.csv", ["edition_id", "seats"]);
    this.pools = some("pools.csv", ["pool_id", "amount_cents"]);
  }

  get hasGroups() {
    return this.groups.get("group").length > 0;
  }

  /** The right-hand side of a limit, from the rule and the public lists. */
  side(limit) {
    const [kind] = limit.split(":"), name = limit.slice(kind.length + 1);
    const ceiling = this.policy.get("ceiling_cents");
    if (limit === "ceiling") return ceiling;
    if (kind === "edition") return found(this.editions, "edition_id", name, "seats");
    if (kind === "pool") return found(this.pools, "pool_id", name, "amount_cents");
    const cap = kind === "cap" && this.policy.get("cap").find((each) =>
      name === each.get("name") || name.startsWith(`${each.get("name")}:`));
    if (!cap) throw new Unreadable("unknown_limit", "certificate.json", { limit });
    return cap.get("count") ?? cents(cap.get("share_of_ceiling"), ceiling);
  }
}

function found(frame, key, name, column) {
  const row = frame.get(key).indexOf(name);
  if (row < 0) throw new Unreadable("unknown_limit", "certificate.json", { limit: name });
  return frame.get(column)[row];
}

function readStage(stage) {
  const fail = () => { throw new Unreadable("not_json", "certificate.json"); };
  if (!(stage instanceof Map) || typeof stage.get("stage") !== "string") fail();
  if (!WHOLE.every((key) => isWhole(stage.get(key))) || stage.get("denominator") < 1n) fail();
  for (const key of ["objective", "multipliers", "kept"]) {
    const table = stage.get(key);
    if (!(table instanceof Map) || ![...table.values()].every(isWhole)) fail();
  }
  if (stage.has("reached") && !isWhole(stage.get("reached"))) fail();
}

/** Too few alike, an answer told, or lines that differ from their groups. */
function hidden({ lines, groups }, findings) {
  const numbers = groups.get("group"), ofGroup = new Map(numbers.map((number) => [number, [0n, 0n]]));
  if (ofGroup.size < numbers.length) findings.add("group_twice");
  let unknown = new Set(lines.get("line")).size < lines.get("line").length;
  lines.get("group").forEach((number, row) => {
    const counted = ofGroup.get(number), awarded = lines.get("awarded")[row];
    if (awarded !== 0n && awarded !== 1n) findings.add("not_yes_or_no", { line: lines.get("line")[row] });
    if (!counted) unknown = true;
    else { counted[0] += 1n; counted[1] += awarded === 1n ? 1n : 0n; }
  });
  if (unknown) findings.add("line_unknown");
  numbers.forEach((group, row) => {
    const [people, awarded] = ofGroup.get(group);
    if (awarded < LEAST || people - awarded < LEAST) findings.add("group_tells", { group });
    const stated = [groups.get("people")[row], groups.get("awarded")[row]];
    if (!same(stated, [people, awarded])) findings.add("group_differs", { group, stated });
  });
}

/** People, money and value of the groups, and the limit of the money. */
function addedUp(files, findings) {
  const { groups, result } = files;
  if (files.hasGroups) {
    for (const [column, key] of [["awarded", "people"], ["spent_cents", "spent_cents"], ["value", "value"]]) {
      const sum = total(groups.get(column));
      if (sum !== result.get(key)) findings.add("sum_differs", { figure: key, stated: result.get(key), recomputed: sum });
    }
  }
  if (result.get("spent_cents") > files.side("ceiling")) findings.add("ceiling_exceeded");
}

const PROMISES = ["waiting:", "floor:", "give_back:", "coverage:"];

/** The bound of a stage from the limits and the terms of the groups, times its denominator. */
function numeratorOf(files, stage) {
  let sum = stage.get("constant");
  for (const [limit, multiplier] of stage.get("multipliers")) {
    if (PROMISES.some((kind) => limit.startsWith(kind)) || ["value", "unchanged"].includes(limit)) {
      const term = multiplier * (stage.get("kept").get(limit) ?? 0n);
      sum -= stage.has("level") && limit.startsWith("coverage:") ? floorDiv(term, MILLION) : term;
    } else sum += multiplier * files.side(limit);
  }
  const { terms } = files;
  terms.get("stage").forEach((name, row) => {
    if (name === stage.get("stage")) sum += terms.get("term")[row];
  });
  return sum;
}

/** What does not hold of the bounds; gives what they prove of the value. */
function bounds(files, findings) {
  const withTerms = new Set(files.terms.get("stage")), { result } = files;
  const twice = files.terms.get("stage").map((name, row) => `${name}\n${files.terms.get("group")[row]}`);
  if (new Set(twice).size < twice.length) findings.add("term_twice");
  const proven = { stages: 0 };
  const names = files.stages.map((stage) => stage.get("stage"));
  if (new Set(names).size < names.length) findings.add("stages_differ");
  for (const stage of files.stages) {
    const name = stage.get("stage"), reached = stage.get("reached");
    if (!stage.get("objective").size || !withTerms.has(name)) continue;
    if ([...stage.get("multipliers").values()].some((number) => number < 0n)) {
      findings.add("negative_multiplier", { stage: name });
    }
    const numerator = numeratorOf(files, stage);
    if (numerator < stage.get("bound_numerator")) findings.add("bound_differs", { stage: name });
    proven.stages += 1;
    if (reached === undefined) continue;
    const most = floorDiv(numerator, stage.get("denominator"));
    if (most < reached) findings.add("bound_passed", { stage: name, reached, bound: most });
    if (name === "value" || name === "people") {
      const goal = new Map([[name, stage.get("denominator")]]);
      if (reached !== result.get(name) || !same(stage.get("objective"), goal)) {
        findings.add("reached_differs", { stage: name });
      }
    }
    if (name === "value") Object.assign(proven, { value: reached, bound: most });
  }
  // Without the terms of the value anybody could claim to be the best.
  if (files.hasGroups && result.get("rule") === "optimiser" && proven.bound === undefined) {
    findings.add("certificate_missing");
  }
  return proven;
}

/** Everything that does not hold, per check, the figures that the sentences name, and lines. */
export function checkCoarse(files) {
  const read = new Published(files), findings = new Findings(), { result } = read;
  const policy = policySha256(read.policy);
  findings.expect("policy_differs", result.get("policy_sha256"), policy);
  hidden(read, findings);
  addedUp(read, findings);
  const proven = bounds(read, findings);
  const sizes = read.groups.get("people");
  const facts = {
    snapshot: result.get("snapshot_sha256"), groups: sizes.length, people: Number(total(sizes)),
    smallest: sizes.length ? sizes.reduce((one, other) => (one < other ? one : other)) : 0n,
    awarded: result.get("people"), spent: result.get("spent_cents"), ceiling: read.side("ceiling"),
    ...proven,
  };
  const done = ["files", "limits", ...(sizes.length ? ["hidden", "sums"] : []),
    ...(proven.bound === undefined ? [] : ["proof"])];
  const ownLine = (code, key) => lineOf(read, code, key);
  return { findings, facts, done, partOf, ownLine };
}

const PARTS = {
  files: ["policy_differs"],
  limits: ["ceiling_exceeded"],
  hidden: ["group_tells", "group_differs", "group_twice", "line_unknown", "not_yes_or_no"],
  sums: ["sum_differs"],
};
const partOf = (code) => Object.keys(PARTS).find((part) => PARTS[part].includes(code)) ?? "proof";

/** What stands in the line of somebody who has a key; null where there is none. */
function lineOf({ lines, groups }, code, key) {
  const bare = key.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  const name = sha256(`${code}:${bare}`).slice(0, 16), row = lines.get("line").indexOf(name);
  if (row < 0) return null;
  const at = groups.get("group").indexOf(lines.get("group")[row]);
  return {
    name, awarded: lines.get("awarded")[row] === 1n,
    people: groups.get("people")[at], of: groups.get("awarded")[at],
  };
}
