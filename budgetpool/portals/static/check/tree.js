// The branch proof: the two halves of a split leave nothing out, so the largest leaf counts.

import { makeWeights } from "./bounds.js";
import { makeCuts } from "./cuts.js";
import { capped, constantOf, namesOf, placeOf, wholeNumber, wholeNumbers } from "./form.js";
import { isWhole, least as lesser, most as larger } from "./numbers.js";
import { Malformed } from "./words.js";

const keysAre = (table, ...keys) =>
  table instanceof Map && table.size === keys.length && keys.every((key) => table.has(key));

/** The bound that a stage's tree proves. `settled`: weights, denominator, least, name. */
export function treeBound(ground, stage, weights, settled, required) {
  const name = stage.get("stage"), tree = stage.get("tree"), { bounder, findings } = ground;
  const fail = (where) => { throw new Malformed(`${name}, ${where}`); };
  const known = ["settled_by", "denominator", "sums", "nodes"];
  if (!keysAre(tree, ...known) && !keysAre(tree, ...known, "cuts")) fail("tree");
  const [settler, scale, least, by] = settled;
  if (tree.get("settled_by") !== by) fail("settled_by");
  const part = bounder.openPart(settler, scale, least);
  const denominator = wholeNumber(tree, "denominator"), nodes = tree.get("nodes");
  if (denominator < 1n || !Array.isArray(nodes) || !nodes.length) fail("nodes");
  if (!Array.isArray(tree.get("sums"))) fail("sums");
  const options = part.ways.flatMap((way) =>
    way.slots.flat().map((option) => [way.worker, option]));
  const sums = tree.get("sums").map((words) => sumOf(ground.round, options, words, fail));
  const cuts = makeCuts(bounder, weights.kept, part, sums, tree.get("cuts") ?? [], fail);

  const leaf = (node, place, between) => {
    const where = `node ${place}`;
    const known = ["multipliers", "charges", "cuts", "nothing_fits", "objective"];
    if (![...node.keys()].every((key) => known.includes(key))) fail(where);
    const multipliers = wholeNumbers(node, "multipliers"), charges = wholeNumbers(node, "charges");
    namesOf(ground, name, multipliers);
    const nothing = node.get("nothing_fits") ?? false;
    let objective = new Map(), constant = 0n;
    if (required && nothing === false) {
      objective = wholeNumbers(node, "objective");
      namesOf(ground, name, objective);
      capped(ground, name, objective, denominator, required);
      constant = constantOf(objective, denominator, required);
    } else if (node.get("objective")?.size ?? node.get("objective")) fail(where);
    else if (nothing === false) {
      objective = new Map([...weights.objective.keys()].map((goal) => [goal, denominator]));
    } else if (nothing !== true) fail(where);
    const own = makeWeights(objective, multipliers, weights.kept, constant);
    const paid = new Map();
    let sides = 0n;
    for (const [key, charge] of charges) {
      const number = placeOf(key, sums);
      if (number < 0) fail(`${where}, charge ${key}`);
      const [low, top] = between.get(number) ?? [null, null];
      const side = charge > 0n ? top : low;
      if (side === null) {
        if (charge) fail(`${where}, charge ${key}`);
        continue;
      }
      sides += charge * side;
      for (const option of sums[number]) paid.set(option, (paid.get(option) ?? 0n) + charge);
    }
    if (node.has("cuts")) sides += cuts.pay(wholeNumbers(node, "cuts"), paid, where);
    const numerator = bounder.numerator(own, part, paid) + sides;
    if (nothing === true) {
      if (numerator >= 0n) findings.add("nothing_unproven", { stage: name, node: place });
      return null;
    }
    if (!objective.size && !required) return numerator < 0n ? -1n : 0n;
    return bounder.bound(own, numerator, denominator, part);
  };

  const halves = (node, place, between) => {
    if (!keysAre(node, "sum", "most", "nodes") || !Array.isArray(node.get("nodes"))) fail(`node ${place}`);
    const number = Number(wholeNumber(node, "sum")), top = wholeNumber(node, "most");
    const next = node.get("nodes");
    if (!sums[number] || next.length !== 2 || !next.every(isWhole)) fail(`node ${place}`);
    const [low, high] = between.get(number) ?? [null, null];
    const under = [low, high === null ? top : lesser(top, high)];
    const above = [low === null ? top + 1n : larger(top + 1n, low), high];
    return [[next[0], new Map(between).set(number, under)], [next[1], new Map(between).set(number, above)]];
  };

  let best = !weights.objective.size && !required ? -1n : 0n;
  const waiting = [[0n, new Map()]], met = new Set();
  while (waiting.length) {
    const [at, between] = waiting.pop();
    const place = Number(at), node = nodes[place];
    if (met.has(place) || !(node instanceof Map)) fail(`node ${at}`);
    met.add(place);
    if (node.has("sum")) waiting.push(...halves(node, place, between));
    else {
      const most = leaf(node, place, between);
      if (most !== null) best = larger(best, most);
    }
  }
  if (met.size !== nodes.length) findings.add("tree_differs", { stage: name, met: met.size });
  return best;
}

/** The open options that count in a sum. */
function sumOf(round, options, words, fail) {
  if (!(words instanceof Map)) fail("sums");
  if (keysAre(words, "requests", "share")) {
    const names = words.get("requests"), share = wholeNumber(words, "share");
    if (!Array.isArray(names) || !names.every((name) => round.rowOf.has(name))) fail("sums");
    const rows = new Set(names.map((name) => round.rowOf.get(name)));
    return options.map(([, option]) => option)
      .filter((option) => rows.has(option.row) && option.share === share);
  }
  const of = words.get("of"), each = words.get("each");
  const known = [...words.keys()].every((key) => key === "of" || key === "each");
  if (!known || (each !== undefined && (of === undefined || !isWhole(each)))) fail("sums");
  if (of !== undefined && typeof of !== "string") fail("sums");
  return options.filter(([worker, option]) => of === undefined || counts(round, of, each, worker, option))
    .map(([, option]) => option);
}

function counts(round, name, each, worker, option) {
  if (name === "value") return option.value === each;
  if (name.startsWith("coverage:")) {
    const group = round.group[worker];
    return group >= 0 && name === `coverage:${round.groups[group]}`;
  }
  for (const [family, code] of round.codesOf(option.place)) {
    if (family.names[code] === name && (each === undefined || each === option.amount)
      && family.use(option.row, option.amount) !== 0n) return true;
  }
  return false;
}
