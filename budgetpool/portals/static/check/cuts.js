// Cuts: rows that whole awards keep, made from the limits by mixed-integer rounding.

import { placeOf, wholeNumber, wholeNumbers } from "./form.js";
import { floorDiv, least, most } from "./numbers.js";
import { Malformed } from "./words.js";

/** The cuts of a tree; `fail` ends it where they are not well formed. */
export function makeCuts(bounder, kept, part, sums, written, fail) {
  if (!Array.isArray(written)) fail("cuts");
  const open = part.ways.flatMap((way) => way.slots.flat());

  /** The most awards that the workers with these options may have among them. */
  const workers = (options) => {
    const inside = new Set(options);
    let total = 0n;
    for (const way of part.ways) {
      const slots = way.slots.filter((slot) => slot.some((option) => inside.has(option))).length;
      total += least(BigInt(way.capacity), BigInt(slots));
    }
    return total;
  };

  /** What each open option uses of the limits together, and their right-hand sides. */
  const added = (multipliers, totals) => {
    let [row, side] = bounder.row(multipliers, kept, part);
    const use = new Map(open.map((option) => [option, row(option)]));
    for (const [key, number] of totals) {
      const options = sums[Number(key)];
      side += number * workers(options);
      for (const option of options) use.set(option, use.get(option) + number);
    }
    return [use, side];
  };

  const rowOf = (cut) => {
    const three = cut instanceof Map && cut.size === 3;
    if (!three || !["multipliers", "sums", "divisor"].every((key) => cut.has(key))) fail("cuts");
    const multipliers = wholeNumbers(cut, "multipliers"), totals = wholeNumbers(cut, "sums");
    const divisor = wholeNumber(cut, "divisor");
    const isRow = (name) => bounder.rhs.has(name)
      || (kept.has(name) && (bounder.goals.has(name) || name === "value"));
    const known = [...multipliers.keys()].every(isRow);
    const summed = [...totals.keys()].every((key) => placeOf(key, sums) >= 0);
    if (divisor < 1n || !known || !summed) fail("cuts");
    const [use, side] = added(multipliers, totals);
    const rest = side - floorDiv(side, divisor) * divisor;
    const rounded = (number) => {
      const whole = floorDiv(number, divisor);
      return whole * (divisor - rest) + most(0n, number - whole * divisor - rest);
    };
    const roundedOf = (numbers) => new Map([...numbers].map(([key, n]) => [key, rounded(n)]));
    const [slack, slackSide] = added(roundedOf(multipliers), roundedOf(totals));
    const row = [...use].map(([option, each]) => [option, rounded(each) - slack.get(option)]);
    return [row.filter(([, each]) => each), rounded(side) - slackSide];
  };

  const rows = written.map(rowOf);
  return {
    /** Add to what each option pays; gives what is added to the bound. */
    pay(prices, paid, where) {
      let total = 0n;
      for (const [key, price] of prices) {
        const number = placeOf(key, rows);
        if (number < 0 || price < 0n) throw new Malformed(`${where}, cut ${key}`);
        const [row, side] = rows[number];
        total += price * side;
        for (const [option, each] of row) paid.set(option, (paid.get(option) ?? 0n) + price * each);
      }
      return total;
    },
  };
}
