// The stages of a certificate: who waits, floors, give-back, coverage, value, people.

import { FORMAT, onlyKeys } from "./form.js";
import { ceilDiv, Fraction, isWhole, least, most } from "./numbers.js";
import { byCodePoint } from "./read.js";
import { checkWitness, readLevels } from "./levels.js";
import { Walk } from "./walk.js";
import { Malformed } from "./words.js";

const CERTIFICATE = ["format", "snapshot_sha256", "policy_sha256", "given", "withheld", "stages"];
const EXACT_REQUESTS = 2000, ONE = new Fraction(1n);

/** People that a large round may leave open: two per started thousand who apply. */
export const openPeople = (requests, applying) =>
  (requests <= EXACT_REQUESTS ? 0n : 2n * ceilDiv(BigInt(applying), 1000n));

/** What the certificate proves; null when it is malformed. */
export function checkCertificate(round, reached, certificate, findings) {
  try {
    const stages = certificate.get("stages");
    if (certificate.get("format") !== FORMAT || !Array.isArray(stages)) throw new Malformed("format, stages");
    onlyKeys(certificate, CERTIFICATE, [], "certificate.json", findings);
    for (const name of ["given", "withheld"]) {
      findings.figure(`certificate.${name}`, certificate.get(name), [...round.files[name]].sort(byCodePoint));
    }
    return checkStages(new Walk(round, reached, stages, findings));
  } catch (fault) {
    if (!(fault instanceof Malformed || fault instanceof TypeError || fault instanceof RangeError)) throw fault;
    findings.add("certificate_malformed", { where: fault.message });
    return null;
  }
}

function checkStages(walk) {
  const { round } = walk, blocks = [];
  let back = null;
  for (const waiting of round.waiting) floorStage(walk, waiting, true);
  round.floors.forEach((floor, at) => floorStage(walk, floor, !at && !round.waiting.length));
  if (round.giveBack?.rhs.some((due) => due)) {
    const due = round.giveBack.names.map((name, code) => [name, round.giveBack.rhs[code]]);
    blocks.push(readLevels(walk, "give_back", new Map(due.filter(([, n]) => n))));
    back = new GiveBack(walk, round.giveBack);
    back.keep();
  }
  if (round.groups.length && round.policy.get("fairness").n > 0n) {
    const people = round.applying;
    blocks.push(readLevels(walk, "coverage",
      new Map(round.groups.map((group, code) => [`coverage:${group}`, people[code]]))));
    targetsOf(walk);
    shortOfPeople(walk);
  }
  checkWitness(walk, back, blocks);
  const kept = new Map(walk.kept);
  for (const [group, target] of walk.proven.targets) {
    kept.set(`coverage:${group}`, least(target, walk.awarded.get(group)));
  }
  if (round.unchanged) kept.set("unchanged", unchangedStage(walk, round.unchanged, kept));
  walk.raiseSum("value", walk.reached.value, kept);
  walk.raiseSum("people", walk.reached.people, new Map(kept).set("value", walk.reached.value));
  walk.ended();
  return walk.proven;
}

/** As much of what is required as can be. */
function floorStage(walk, floor, isFirst) {
  const [name] = floor.names, [required] = floor.rhs;
  const stage = walk.take(name, ["reached"], ["tree"]);
  const reached = least(required, walk.reached.of(floor)[0]);
  walk.expectReached(stage, name, reached);
  let bound = required;
  if (stage.get("objective").size || reached < required) {
    bound = walk.provenBound(stage, new Map([[name, stage.get("denominator")]]), walk.kept, reached);
  } else walk.nothingToProve(stage, required);
  walk.proven.sums.set(name, [reached, least(required, bound)]);
  if (reached < required && !floor.counts) walk.proven.causes.set(name, causeOf(walk, floor, reached, isFirst));
  walk.kept.set(name, reached);
}

/** Nobody asks for so much, limits forbid it, or an earlier floor took it. */
function causeOf(walk, floor, reached, isFirst) {
  const [name] = floor.names, [required] = floor.rhs, { whole } = walk.bounder;
  let asked = whole.base.get(name) ?? 0n;
  for (const way of whole.ways) {
    const best = way.slots.flat().filter((option) => floor.codes[option.row] === 0)
      .reduce((top, option) => most(top, option.amount), 0n);
    asked += best * BigInt(way.capacity);
  }
  if (asked < required) return "impossible_demand";
  if (isFirst) return "impossible_limits";
  const alone = walk.take(`alone:${name}`, [], ["tree"]);
  const bound = walk.provenBound(alone, new Map([[name, alone.get("denominator")]]), new Map(), reached);
  return least(required, bound) > reached ? "traded" : "impossible_limits";
}

/** As many people as are asked for keep what they had. */
function unchangedStage(walk, promise, kept) {
  const [name] = promise.names, [required] = promise.rhs;
  const reached = least(required, walk.reached.of(promise)[0]);
  let bound = required;
  if (reached < required || walk.nextHasObjective()) {
    walk.raiseSum(name, reached, kept);
    [, bound] = walk.proven.sums.get(name);
  } else {
    const stage = walk.take(name, ["reached"]);
    walk.expectReached(stage, name, reached);
    walk.nothingToProve(stage, required);
  }
  walk.proven.sums.set(name, [reached, least(required, bound)]);
  walk.kept.set(name, reached);
  return reached;
}

/** People that each group is to have: ⌊fairness × level × applying⌋. */
function targetsOf(walk) {
  const fairness = walk.round.policy.get("fairness");
  for (const [goal, level] of walk.levels) {
    if (goal.startsWith("coverage:")) {
      walk.proven.targets.set(goal.slice("coverage:".length),
        fairness.times(level).times(walk.sizes.get(goal)).whole);
    }
  }
}

/** Where whole people cannot meet all targets: how many are missing, and why no fewer. */
function shortOfPeople(walk) {
  const { targets } = walk.proven, { findings, round } = walk, short = new Map();
  for (const [group, target] of targets) {
    if (target > walk.awarded.get(group)) short.set(group, target - walk.awarded.get(group));
  }
  const stated = round.files.result.get("people_short") ?? null;
  if (!["coverage:most", "coverage:people"].includes(walk.next())) {
    if (stated !== null) findings.figure("people_short", stated, null);
    return rounded(walk, short);
  }
  const top = stated instanceof Map ? stated.get("most") : null;
  const total = [...short.values()].reduce((sum, n) => sum + n, 0n);
  if (!isWhole(top) || top < 1n) {
    findings.figure("people_short", stated, new Map([["most", 1n], ["total", total]]));
    throw new Malformed("people_short");
  }
  findings.figure("people_short", stated, new Map([["most", top], ["total", total]]));
  if ([...short.values()].some((n) => n > top)) findings.add("coverage_short", { allowed: top });
  const within = (below) => {
    const kept = new Map(walk.kept);
    for (const [group, n] of targets) if (n > below) kept.set(`coverage:${group}`, n - below);
    return kept;
  };
  if (top > 1n) walk.nothingKeeps("coverage:most", within(top - 1n), top);
  const required = new Map([...targets].filter(([, n]) => n > 0n).map(([group, n]) => [`coverage:${group}`, n]));
  const reached = [...targets].reduce((sum, [group, n]) => sum + least(n, walk.awarded.get(group)), 0n);
  walk.raiseSum("coverage:people", reached, within(top), required);
  return undefined;
}

/** A large round may leave a group below its target by what whole awards round off. */
function rounded(walk, short) {
  const { round, findings } = walk, applying = round.applying;
  for (const [group, missing] of short) {
    const allowed = openPeople(round.ids.length, applying[round.groups.indexOf(group)]);
    if (missing > allowed) findings.add("coverage_short", { group, missing, allowed });
    else findings.note("coverage_rounded", { group, missing });
  }
}

/** What whole awards keep of the contributors' levels. */
class GiveBack {
  constructor(walk, back) {
    Object.assign(this, { walk, back, asked: new Map() });
    back.codes.forEach((code, row) => {
      this.asked.set(code, [...(this.asked.get(code) ?? []), walk.round.amount[row]]);
    });
  }

  keep() {
    const { walk, back } = this, { findings, proven } = walk;
    let below = walk.round.files.result.get("give_back_awards");
    if (!isWhole(below) || below < 1n) {
      findings.figure("give_back_awards", below, 1n);
      below = 1n;
    }
    const sums = walk.reached.of(back), reached = new Map(back.names.map((name, code) => [name, sums[code]]));
    const kept = this.#within(below);
    for (const [limit, lowest] of kept) {
      if (reached.get(limit) < lowest) findings.add("give_back_short", { limit, kept: lowest });
    }
    if (below > 1n) {
      walk.nothingKeeps("give_back:awards", new Map([...walk.kept, ...this.#within(below - 1n)]), below);
    }
    for (const [name, lowest] of kept) walk.kept.set(name, least(lowest, reached.get(name)));
    back.names.forEach((name, code) => {
      if (reached.get(name) < back.rhs[code]) {
        const otherwise = walk.traded.has(name) ? "traded" : "impossible_limits";
        proven.causes.set(name, this.#target(code) >= back.rhs[code] ? "within_one_award" : otherwise);
      }
    });
  }

  #target(code) {
    return (this.walk.levels.get(this.back.names[code]) ?? ONE).times(this.back.rhs[code]).whole;
  }

  /** The largest amount asked by a contributor's workers within its target; 0: none. */
  #largest(code) {
    const target = this.#target(code);
    return (this.asked.get(code) ?? []).filter((amount) => amount <= target).reduce(most, 0n);
  }

  /** Per contributor target − d × a + 1, a the largest amount asked within the target. */
  #within(below) {
    const kept = new Map();
    this.back.names.forEach((name, code) => {
      const largest = this.#largest(code);
      if (largest) kept.set(name, most(0n, this.#target(code) - below * largest + 1n));
    });
    return kept;
  }

  /** The cents of the largest award asked for within the target, or the smallest asked. */
  one(goal) {
    const code = this.back.names.indexOf(goal), asked = this.asked.get(code) ?? [];
    return this.#largest(code) || (asked.length ? asked.reduce(least) : 1n);
  }
}
