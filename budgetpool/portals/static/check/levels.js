// The levels of a leximin: shares, who is blocked at each, and the fractions that show them.

import { weightsOf } from "./bounds.js";
import { payable } from "./decisions.js";
import { floorDiv, Fraction, isWhole, most } from "./numbers.js";
import { Malformed, MILLION } from "./words.js";

// What comes before the levels, and is kept in them to the last unit.
const first = (name) => name.startsWith("waiting:") || name.startsWith("floor:");
const ZERO = new Fraction(0n), ONE = new Fraction(1n);

/** Levels of a leximin, from the lowest, until every goal is fixed at one. */
export function readLevels(walk, kind, sizes) {
  for (const [goal, size] of sizes) walk.sizes.set(goal, size);
  const block = { kept: new Map(walk.kept), before: new Map(walk.levels), shares: [], claims: [], fractions: null };
  const free = new Set(sizes.keys());
  for (let level = 1; free.size; level++) {
    const name = `${kind}:${level}`;
    const stage = walk.take(name, ["level", "blocked"], ["fractions"]);
    const blocked = stage.get("blocked");
    if (!Array.isArray(blocked) || !blocked.length) throw new Malformed(`${name}, blocked`);
    const goals = blocked.map((value) => `${kind}:${value}`);
    if (new Set(goals).size < goals.length || !goals.every((goal) => free.has(goal))) {
      walk.findings.add("groups_differ", { stage: name, groups: blocked });
      throw new Malformed(`${name}, blocked`);
    }
    const share = levelOf(walk, stage, kind, free, goals, block);
    block.shares.push([name, share, [...free]]);
    for (const goal of goals) { walk.levels.set(goal, share); free.delete(goal); }
    walk.proven.levels.set(name, share);
    if (stage.has("fractions")) {
      if (free.size) walk.findings.add("unknown_key", { where: name, key: "fractions" });
      block.fractions = [name, stage.get("fractions")];
    }
  }
  return block;
}

/** The share of a level: the highest that all that are free can have. */
function levelOf(walk, stage, kind, free, goals, block) {
  const name = stage.get("stage"), objective = stage.get("objective"), pair = stage.get("level");
  const cap = kind === "coverage" ? walk.round.policy.get("coverage_cap") : ONE;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(isWhole) || pair[1] < 1n) {
    throw new Malformed(`${name}, level`);
  }
  let share = cap;
  if (!objective.size) {
    walk.nothingToProve(stage, 0n);
    if (goals.length !== free.size) walk.findings.add("blocked_unproven", { stage: name });
  } else {
    let weighted = 0n;
    for (const [goal, number] of objective) weighted += number * (walk.sizes.get(goal) ?? 0n);
    if (![...objective.keys()].every((goal) => free.has(goal)) || weighted <= 0n) {
      walk.findings.add("objective_differs", { stage: name });
      throw new Malformed(`${name}, objective`);
    }
    keptOfLevel(walk, stage);
    const weights = weightsOf(stage, { fractions: true });
    const numerator = walk.root(stage, weights);
    share = new Fraction(numerator, weighted);
    walk.findings.expect("bound_differs", stage.get("bound"),
      floorDiv(numerator, stage.get("denominator")), { stage: name });
    if (stage.get("constant")) walk.findings.add("bound_differs", { stage: name, figure: "constant" });
    if (share.compare(cap) >= 0) walk.findings.add("level_differs", { stage: name, recomputed: cap });
    block.claims.push([name, weights, numerator, goals]);
    const prices = new Map([...objective, ...stage.get("multipliers")]);
    const promised = [...prices].filter(([goal, price]) =>
      price && (first(goal) || goal.startsWith("give_back:"))).map(([goal]) => goal);
    for (const goal of goals) if (promised.some((other) => other !== goal)) walk.traded.add(goal);
  }
  walk.findings.expect("level_differs", new Fraction(...pair), share, { stage: name });
  return share;
}

/** A level keeps who waits and floors exactly, what is blocked at most at its own level. */
function keptOfLevel(walk, stage) {
  const kept = stage.get("kept"), only = (table) => new Map([...table].filter(([name]) => first(name)));
  walk.checkKept(stage, only(kept), only(walk.kept));
  for (const [limit, number] of kept) {
    if (first(limit)) continue;
    const unit = limit.startsWith("coverage:") ? MILLION : 1n;
    const top = (walk.levels.get(limit) ?? ZERO).times((walk.sizes.get(limit) ?? 0n) * unit);
    if (new Fraction(number).compare(top) > 0) {
      walk.findings.add("kept_differs", { stage: stage.get("stage"), limit, stated: number });
    }
  }
}

/** Of every leximin: can its levels be reached together, and is nobody held down? */
export function checkWitness(walk, back, blocks) {
  let later = { parts: 1n, used: new Map(walk.reached.used), over: new Map() };
  for (const [group, people] of walk.awarded) later.used.set(`coverage:${group}`, people);
  for (const block of [...blocks].reverse()) {
    if (block.fractions) later = attained(walk, ...block.fractions);
    reach(walk, block, later);
    for (const claim of block.claims) blockedBy(walk, back, later, ...claim);
  }
}

/** Everybody who is free at a level has it, with all that came before kept. */
function reach(walk, block, { parts, used }) {
  const wanted = new Map([...block.kept].map(([name, number]) => [name, [name, new Fraction(number)]]));
  const of = (goal, share) => share.times(walk.sizes.get(goal));
  for (const [goal, share] of block.before) wanted.set(goal, [goal, of(goal, share)]);
  for (const [name, share, free] of block.shares) {
    for (const goal of free) {
      const before = wanted.get(goal) ?? [name, ZERO], now = of(goal, share);
      wanted.set(goal, now.compare(before[1]) > 0 ? [name, now] : before);
    }
  }
  for (const [goal, [name, number]] of wanted) {
    const people = goal.startsWith("coverage:") || goal.startsWith("waiting:");
    const spare = people ? new Fraction(1n, 100n) : ONE;
    const size = walk.sizes.has(goal) ? new Fraction(walk.sizes.get(goal)) : number;
    const lowest = number.minus(spare).minus(size.times(new Fraction(1n, MILLION))).times(parts);
    if (new Fraction(used.get(goal) ?? 0n).compare(lowest) < 0) {
      walk.findings.add("level_unreached", { stage: name, limit: goal });
    }
  }
}

/** Nobody is blocked who could rise by a person (an award) while the others keep theirs. */
function blockedBy(walk, back, shown, stage, weights, numerator, goals) {
  let slack = numerator * shown.parts;
  for (const [goal, weight] of weights.objective) slack -= weight * (shown.used.get(goal) ?? 0n);
  for (const [limit, multiplier] of weights.multipliers) {
    if (weights.kept.has(limit)) {
      const unit = walk.bounder.people.has(limit) ? MILLION : 1n;
      const short = weights.kept.get(limit) * shown.parts - (shown.used.get(limit) ?? 0n) * unit;
      slack -= floorDiv(-multiplier * most(0n, short), unit);
    } else slack += multiplier * (shown.over.get(limit) ?? 0n);
  }
  for (const goal of goals) {
    const one = back && goal.startsWith("give_back:") ? back.one(goal) : 1n;
    if ((weights.objective.get(goal) ?? 0n) * one * shown.parts <= most(0n, slack)) {
      walk.findings.add("blocked_unproven", { stage, groups: goal });
    }
  }
}

/** What the published fractions of awards bring to each goal, in parts; they must fit. */
function attained(walk, stage, fractions) {
  const { round, findings } = walk, fail = (what = "") => { throw new Malformed(`${stage}, fractions ${what}`); };
  if (!(fractions instanceof Map) || fractions.size !== 2) fail();
  const parts = fractions.get("denominator"), awards = fractions.get("awards");
  if (!isWhole(parts) || parts < 1n || !Array.isArray(awards)) fail();
  const used = new Map(), over = new Map(), perWorker = new Map(), perChoice = new Map(), seen = new Set();
  const add = (table, key, number) => table.set(key, (table.get(key) ?? 0n) + number);
  const bills = round.poolSets.map(() => 0n);
  const given = [...round.files.given].map((name) => [name, 100n, parts]);
  for (const award of [...given, ...awards]) {
    if (!Array.isArray(award) || award.length !== 3 || typeof award[0] !== "string"
      || !isWhole(award[1]) || !isWhole(award[2])) fail();
    const [name, share, number] = award, row = round.rowOf.get(name);
    const option = row === undefined ? undefined : round.options[row].find((way) => way.share === share);
    if (!option || seen.has(`${share} ${name}`) || number < 0n) fail(name);
    seen.add(`${share} ${name}`);
    if (round.withheld[row] || !round.payable(row)) findings.add("fractions_differ", { stage, request: name });
    add(perWorker, round.worker[row], number);
    add(perChoice, `${round.worker[row]} ${round.choice[row]}`, number);
    bills[round.poolSet[row]] += number * option.amount;
    for (const [family, code] of round.codesOf(option.place)) {
      add(used, family.names[code], number * family.use(row, option.amount));
    }
  }
  const top = BigInt(round.most) * parts;
  for (const [worker, number] of perWorker) {
    if (number > top) findings.add("fractions_differ", { stage, worker: round.workers[worker] });
    const group = round.group[worker];
    if (group >= 0) add(used, `coverage:${round.groups[group]}`, number < parts ? number : parts);
  }
  for (const number of perChoice.values()) if (number > parts) findings.add("fractions_differ", { stage });
  for (const [limit, rhs] of walk.bounder.rhs) {
    const excess = (used.get(limit) ?? 0n) - rhs * parts;
    if (excess > 0n) {
      over.set(limit, excess);
      if (excess * MILLION > rhs * parts) findings.add("fractions_differ", { stage, limit });
    }
  }
  if (round.poolNames.length) {
    const owed = bills.reduce((sum, bill) => sum + bill, 0n);
    const unpaid = owed - payable(bills, round.poolSets, round.poolCents.map((cents) => cents * parts));
    for (const name of round.poolNames) over.set(name, unpaid);
    if (unpaid * MILLION > owed) findings.add("fractions_differ", { stage, limit: "pools" });
  }
  return { parts, used, over };
}
