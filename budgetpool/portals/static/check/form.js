// The form of a certificate: its keys, and the plain checks of its numbers.

import { isWhole } from "./numbers.js";
import { Malformed } from "./words.js";

export const FORMAT = "budgetpool-certificate-2";
export const STAGE = ["stage", "objective", "denominator", "constant", "multipliers", "kept",
  "bound_numerator", "bound"];

/** The lesser of a goal and of what is required: at most w of the one, 1 − w of the other. */
export function constantOf(objective, denominator, required) {
  let total = 0n;
  for (const [goal, n] of required) total += (denominator - (objective.get(goal) ?? 0n)) * n;
  return total;
}

export const stageName = (stage) =>
  (stage instanceof Map ? String(stage.get("stage") ?? "None") : "");

export function wholeNumber(table, key) {
  const number = table.get(key);
  if (!isWhole(number)) throw new Malformed(key);
  return number;
}

export function wholeNumbers(table, key) {
  const numbers = table.get(key);
  if (!(numbers instanceof Map) || ![...numbers.values()].every(isWhole)) throw new Malformed(key);
  return numbers;
}

/** The place in a list that a key names, in its one spelling; −1 where it names none. */
export function placeOf(key, list) {
  const number = Number(key);
  return String(number) === key && Object.hasOwn(list, key) ? number : -1;
}

/** Exactly these keys: what is missing or unknown is named. */
export function onlyKeys(table, always, sometimes, where, findings) {
  for (const key of table.keys()) {
    if (!always.includes(key) && !sometimes.includes(key)) findings.add("unknown_key", { where, key });
  }
  for (const key of always) {
    if (!table.has(key)) findings.add("unknown_key", { where, key, missing: true });
  }
}

/** Every name is a limit or goal of this round, and no number is below zero. */
export function namesOf({ bounder, findings }, stage, numbers) {
  for (const [limit, number] of numbers) {
    if (!bounder.names.has(limit) && limit !== "people") findings.add("unknown_limit", { stage, limit });
    if (number < 0n) findings.add("negative_multiplier", { stage, limit });
  }
}

/** Weights of goals that count up to what is required: from 0 to the denominator. */
export function capped({ findings }, stage, objective, most, required) {
  if (![...objective].every(([goal, weight]) => required.has(goal) && weight <= most)) {
    findings.add("objective_differs", { stage, objective });
  }
}
