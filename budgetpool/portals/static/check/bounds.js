// Bounds by weak duality, in whole numbers: no division that keeps the limits is worth more.

import { floorDiv, gcd, most } from "./numbers.js";
import { MILLION } from "./words.js";

const get = (table, name, otherwise = 0n) => table.get(name) ?? otherwise;
const add = (table, name, number) => table.set(name, get(table, name) + number);

/** Objective c and multipliers m of a stage, over a common denominator, and what is kept. */
export function weightsOf(stage, { constant = 0n, fractions = false } = {}) {
  const objective = stage.get("objective"), multipliers = stage.get("multipliers");
  return makeWeights(objective, multipliers, stage.get("kept"), constant, fractions);
}

export function makeWeights(objective, multipliers, kept, constant = 0n, fractions = false) {
  const factor = (goal) => get(objective, goal) + get(multipliers, goal);
  return { objective, multipliers, kept, constant, fractions, factor };
}

/** Recomputes bounds: per worker the best that its options are worth after paying for limits. */
export class Bounder {
  constructor(round) {
    this.round = round;
    this.rhs = new Map(round.limits.flatMap((limit) =>
      limit.names.map((name, code) => [name, limit.rhs[code]])));
    this.goals = new Set(round.promises.flatMap((promise) => promise.names));
    this.people = new Set(round.groups.map((group) => `coverage:${group}`));
    this.names = new Set([...this.rhs.keys(), ...this.goals, ...this.people, "value",
      ...round.poolNames]);
    this.whole = this.#whole();
  }

  /** Everything that the board did not decide itself is open. */
  #whole() {
    const { round } = this;
    const part = { ways: [], used: new Map(), base: new Map(), paid: round.poolSets.map(() => 0n) };
    if (round.unchanged) part.base.set("unchanged", round.unchanged.start);
    round.rowsOf.forEach((rows, worker) => {
      const given = rows.filter((row) => round.given[row]);
      for (const row of given) this.#fix(round.options[row][0], part);
      if (given.length) this.#serve(worker, part);
      const done = new Set(given.map((row) => round.choice[row])), slots = new Map();
      for (const row of rows) {
        const choice = round.choice[row];
        if (round.given[row] || round.withheld[row] || done.has(choice) || !round.payable(row)) continue;
        slots.set(choice, [...(slots.get(choice) ?? []), ...round.options[row]]);
      }
      const capacity = round.most - given.length;
      if (slots.size && capacity > 0) {
        part.ways.push({ worker, slots: [...slots.values()], capacity, forced: false, fresh: !given.length });
      }
    });
    part.units = unitsOf(round, round.offered());
    return part;
  }

  #fix(option, part) {
    add(part.base, "value", option.value);
    part.paid[this.round.poolSet[option.row]] += option.amount;
    for (const [family, code] of this.round.codesOf(option.place)) {
      const name = family.names[code];
      add(this.goals.has(name) ? part.base : part.used, name, family.use(option.row, option.amount));
    }
  }

  #serve(worker, part) {
    add(part.base, "people", 1n);
    const group = this.round.group[worker];
    if (group >= 0) add(part.base, `coverage:${this.round.groups[group]}`, 1n);
  }

  /** `bound_numerator`: the most that the objective can be, times the denominator. */
  numerator(weights, part = this.whole, charges = null) {
    const award = this.award(weights), person = this.person(weights);
    let total = weights.constant + this.#sides(weights, part) + this.#fixed(weights, part);
    for (const way of part.ways) {
      const best = way.slots.map((slot) => slot
        .map((option) => award(option) - (charges?.get(option) ?? 0n)).reduce(most));
      const extra = way.fresh ? person(way.worker) : 0n;
      let worth;
      if (way.capacity === 1 || best.length === 1) worth = best.reduce(most) + extra;
      else {
        best.sort((a, b) => (a > b ? -1 : Number(a < b)));
        worth = best[0] + extra;
        for (const each of best.slice(1, way.capacity)) worth += most(0n, each);
      }
      total += way.forced ? worth : most(0n, worth);
    }
    return total;
  }

  /** Limits and kept goals, no pools and no groups, added up: what an award uses, and at most. */
  row(multipliers, kept, part) {
    const weights = makeWeights(new Map(), multipliers, kept), award = this.award(weights);
    return [(option) => -award(option), this.#sides(weights, part) + this.#fixed(weights, part)];
  }

  /** award(o): its objective, less the multipliers of what it uses. */
  award(weights) {
    const { round } = this, m = weights.multipliers;
    const cheapest = round.poolSets.map((payers) => this.#cheapest(m, payers));
    const cent = [], fixed = [];
    round.placeCodes.forEach((codes, place) => {
      cent[place] = -cheapest[round.placePools[place]];
      fixed[place] = 0n;
      for (const [family, code] of round.codesOf(place)) {
        if (family.before) continue;
        const name = family.names[code];
        const each = this.goals.has(name) ? weights.factor(name) : -get(m, name);
        (family.counts ? fixed : cent)[place] += each;
      }
    });
    const value = weights.factor("value"), stays = round.unchanged, kept = weights.factor("unchanged");
    return (option) => {
      const worth = value * option.value + cent[option.place] * option.amount + fixed[option.place];
      return stays ? worth + kept * stays.use(option.row, option.amount) : worth;
    };
  }

  #cheapest(m, payers) {
    let least;
    for (const pool of payers) {
      const price = get(m, this.round.poolNames[pool]);
      if (least === undefined || price < least) least = price;
    }
    return least ?? 0n;
  }

  /** person(w): what serving a worker brings besides its award. */
  person(weights) {
    const people = get(weights.objective, "people");
    const groups = this.round.groups.map((group) => people + weights.factor(`coverage:${group}`));
    return (worker) => groups[this.round.group[worker]] ?? people;
  }

  /** Right-hand sides of what is open, rounded to what whole awards can use or reach. */
  #sides(weights, part) {
    let total = 0n;
    for (const [name, multiplier] of weights.multipliers) {
      const unit = get(part.units, name, 1n), pool = this.round.poolNames.indexOf(name);
      if (this.rhs.has(name)) {
        let side = this.rhs.get(name) - get(part.used, name);
        if (!weights.fractions) side = floorDiv(side, unit) * unit;
        total += multiplier * side;
      } else if (pool >= 0) total += multiplier * this.round.poolCents[pool];
      else {
        const kept = get(weights.kept, name), base = get(part.base, name);
        if (weights.fractions) {
          const term = multiplier * kept;
          total -= this.people.has(name) ? floorDiv(term, MILLION) : term;
        } else total -= multiplier * (base - floorDiv(base - kept, unit) * unit);
      }
    }
    return total;
  }

  /** What is fixed brings, priced like everything else (its limits are paid already). */
  #fixed(weights, part) {
    let total = 0n;
    for (const name of new Set([...weights.objective.keys(), ...weights.multipliers.keys()])) {
      if (!this.rhs.has(name)) total += weights.factor(name) * get(part.base, name);
    }
    this.round.poolSets.forEach((payers, set) => {
      total -= this.#cheapest(weights.multipliers, payers) * part.paid[set];
    });
    return total;
  }

  /** What is open when the objective has to be at least `least`: all else is settled. */
  openPart(weights, denominator, least) {
    const { round, whole } = this;
    if (round.most > 1) return withUnits(round, whole);
    const slack = this.numerator(weights) - denominator * least;
    const award = this.award(weights), person = this.person(weights);
    const part = { ways: [], used: new Map(whole.used), base: new Map(whole.base), paid: [...whole.paid] };
    for (const way of whole.ways) {
      const extra = way.fresh ? person(way.worker) : 0n;
      const priced = way.slots.map((slot) => slot.map((option) => [option, award(option) + extra]));
      const worth = most(0n, priced.flat().map(([, each]) => each).reduce(most));
      const left = priced
        .map((slot) => slot.filter(([, each]) => worth - each <= slack).map(([option]) => option))
        .filter((slot) => slot.length);
      const forced = worth > slack, ways = left.flat().length + Number(!forced);
      if (ways > 1) part.ways.push({ ...way, slots: left, forced });
      else if (left.length) {
        this.#fix(left[0][0], part);
        this.#serve(way.worker, part);
      }
    }
    return withUnits(round, part);
  }

  /** The most that the objective can be, in the steps in which it moves. */
  bound(weights, numerator, denominator, part) {
    const top = floorDiv(numerator, denominator);
    if (weights.fractions || weights.objective.size !== 1 || weights.constant) return top;
    const [goal] = weights.objective.keys();
    const base = get(part.base, goal), unit = get(part.units, goal, 1n);
    return base + floorDiv(top - base, unit) * unit;
  }
}

/** Per limit and goal the greatest number of which every use by these options is a multiple. */
function unitsOf(round, options) {
  const units = new Map([["value", 0n]]), amounts = new Map();
  for (const option of options) {
    units.set("value", gcd(units.get("value"), option.value));
    amounts.set(option.place, gcd(get(amounts, option.place), option.amount));
  }
  for (const [place, common] of amounts) {
    for (const [family, code] of round.codesOf(place)) {
      const name = family.names[code];
      units.set(name, family.counts || family.before ? 1n : gcd(get(units, name), common));
    }
  }
  for (const [name, unit] of units) units.set(name, most(1n, unit));
  return units;
}

const withUnits = (round, part) =>
  ({ ...part, units: unitsOf(round, part.ways.flatMap((way) => way.slots.flat())) });
