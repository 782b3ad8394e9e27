// What the decisions add up to, the hard limits, and the lots.

import { least } from "./numbers.js";
import { byCodePoint } from "./read.js";
import { Codes, shares } from "./round.js";
import { hmac } from "./sha256.js";
import { Unreadable } from "./words.js";

const add = (table, name, number) => table.set(name, (table.get(name) ?? 0n) + number);

/** Whether decisions.csv lists the requests in their order, with plain answers. */
export function listed(round, findings) {
  const columns = round.files.decisions, ids = columns.get("request_id");
  if (ids.length !== round.ids.length || ids.some((name, row) => name !== round.ids[row])) {
    findings.add("rows_differ");
    return false;
  }
  columns.get("awarded").forEach((awarded, row) => {
    const request = round.ids[row], cents = columns.get("amount_cents")[row];
    if (awarded !== 0n && awarded !== 1n) findings.add("not_yes_or_no", { request });
    else if (!awarded && cents) findings.add("refusal_with_amount", { request });
    if (awarded !== 1n && round.given[row]) findings.add("given_refused", { request });
    if (awarded === 1n && round.withheld[row]) findings.add("withheld_awarded", { request });
    if (awarded === 1n && !round.payable(row)) findings.add("nobody_may_pay", { request });
  });
  return !findings.counts.has("not_yes_or_no");
}

/** Finds the option of each award, and adds the decisions up. */
export function addUp(round, findings, anyPart) {
  const columns = round.files.decisions, used = new Map(), served = new Set();
  const chosen = round.ids.map(() => null), cents = round.ids.map(() => 0n);
  if (round.unchanged) used.set("unchanged", round.unchanged.start);
  let value = 0n;
  columns.get("awarded").forEach((awarded, row) => {
    if (awarded !== 1n) return;
    const stated = cents[row] = columns.get("amount_cents")[row];
    served.add(round.worker[row]);
    const ways = round.given[row] || anyPart ? round.options[row].slice(0, 1) : round.options[row];
    const fitting = ways.find((way) =>
      way.amount === stated || (anyPart && stated > 0n && stated <= way.amount));
    if (fitting) {
      chosen[row] = fitting;
      value += stated === fitting.amount ? fitting.value : (fitting.value * stated) / fitting.amount;
    } else findings.add("amount_not_offered", { request: round.ids[row], stated });
    for (const [family, code] of round.codesOf(round.place[row])) {
      add(used, family.names[code], family.use(row, stated));
    }
  });
  const awarded = round.groups.map(() => 0n);
  for (const worker of served) if (round.group[worker] >= 0) awarded[round.group[worker]] += 1n;
  const of = (promise) => promise.names.map((name) => used.get(name) ?? 0n);
  const spent = cents.reduce((sum, each) => sum + each, 0n);
  return { chosen, cents, value, people: BigInt(served.size), used, awarded, of, spent };
}

const CODES = { ceiling: "ceiling_exceeded", edition: "edition_overbooked", cap: "cap_exceeded" };

/** Checks every hard limit against the amounts that the decisions state. */
export function checkLimits(round, reached, findings) {
  for (const limit of round.limits) {
    limit.names.forEach((name, code) => {
      const stated = reached.used.get(name) ?? 0n, allowed = limit.rhs[code];
      if (stated > allowed) {
        findings.add(CODES[name.split(":")[0]], { limit: name, allowed, stated });
      }
    });
  }
  round.rowsOf.forEach((rows, worker) => {
    const choices = rows.filter((row) => reached.cents[row]).map((row) => round.choice[row]);
    if (choices.length > round.most) {
      findings.add("too_many_awards", { worker: round.workers[worker] });
    }
    if (new Set(choices).size < choices.length) {
      findings.add("alternatives_awarded", { worker: round.workers[worker] });
    }
  });
  if (round.poolNames.length) {
    const bills = round.poolSets.map(() => 0n);
    reached.cents.forEach((cents, row) => { bills[round.poolSet[row]] += cents; });
    const paid = payable(bills, round.poolSets, round.poolCents);
    if (paid < reached.spent) {
      findings.add("pools_exceeded", { awarded_cents: reached.spent, payable_cents: paid });
    }
  }
}

/** How much of the bills the pools can pay at most: a maximum flow (Edmonds and Karp). */
export function payable(bills, sets, pools) {
  const left = [...pools];
  const flow = sets.map((payers) => new Map(payers.map((pool) => [pool, 0n])));
  let paid = 0n;
  bills.forEach((bill, start) => {
    let owed = bill;
    while (owed) {
      const path = pathTo(start, flow, left);
      if (!path) break;
      const taken = path.slice(1).map(([set], at) => [set, path[at][1]]);
      let step = least(owed, left[path.at(-1)[1]]);
      for (const [set, pool] of taken) step = least(step, flow[set].get(pool));
      for (const [set, pool] of taken) flow[set].set(pool, flow[set].get(pool) - step);
      for (const [set, pool] of path) flow[set].set(pool, flow[set].get(pool) + step);
      left[path.at(-1)[1]] -= step;
      owed -= step;
      paid += step;
    }
  });
  return paid;
}

/** A shortest chain (set pays from pool, pushing out another set, …) to money left. */
function pathTo(start, flow, left) {
  const queue = [...flow[start].keys()].map((pool) => [[start, pool]]);
  const seen = new Set(flow[start].keys());
  for (const path of queue) {
    const pool = path.at(-1)[1];
    if (left[pool]) return path;
    flow.forEach((payments, other) => {
      if (!payments.get(pool)) return;
      for (const further of payments.keys()) {
        if (!seen.has(further)) {
          seen.add(further);
          queue.push([...path, [other, further]]);
        }
      }
    });
  }
  return null;
}

/** Each worker's lot: the column, or the rank of an HMAC of the public draw. */
function drawsOf(round) {
  const lots = round.columns.get("draw");
  if (lots) {
    const draws = round.workers.map(() => 0n);
    round.worker.forEach((worker, row) => {
      if (draws[worker] !== 0n && draws[worker] !== lots[row]) {
        throw new Unreadable("two_lots", "requests.csv");
      }
      draws[worker] = lots[row];
    });
    if (new Set(draws).size < draws.length) throw new Unreadable("same_lot", "requests.csv");
    return draws;
  }
  const seed = round.policy.get("seed"), name = round.policy.get("name");
  const digests = round.workers.map((worker) => hmac(seed, `${name}:${worker}`));
  const order = digests.map((_, worker) => worker)
    .sort((one, other) => byCodePoint(digests[one], digests[other]));
  const draws = [];
  order.forEach((worker, rank) => { draws[worker] = BigInt(rank + 1); });
  return draws;
}

const byNumber = (one, other) => (one < other ? -1 : Number(one > other));

/** In every class of equals the awards are dealt like cards, the best to the luckiest. */
export function checkLots(round, reached, findings) {
  const menu = round.policy.get("part_awards");
  const accepted = menu && round.column(menu.get("column"));
  const draws = drawsOf(round), kinds = new Codes(), members = [];
  round.rowsOf.forEach((rows, worker) => {
    const facts = rows.map((row) => [round.choice[row], round.amount[row], round.points[row],
      round.place[row], round.given[row], round.withheld[row],
      accepted ? shares(accepted[row]).join(" ") : ""].join());
    const kind = kinds.of(`${round.group[worker]};${facts.sort().join(";")}`);
    (members[kind] ??= []).push(worker);
  });
  const cardsOf = round.workers.map(() => []);
  reached.chosen.forEach((option, row) => {
    if (option) cardsOf[round.worker[row]].push([round.choice[row], -option.share]);
  });
  const sorted = (cards) => cards.sort((a, b) => byNumber(a[0], b[0]) || byNumber(a[1], b[1]));
  for (const alike of members) {
    alike.sort((one, other) => byNumber(draws[one], draws[other]));
    const all = sorted(alike.flatMap((worker) => cardsOf[worker])).map(String);
    alike.forEach((worker, place) => {
      const due = all.filter((_, at) => at % alike.length === place);
      if (due.join(";") !== sorted(cardsOf[worker]).map(String).join(";")) {
        findings.add("lot_passed_over",
          { worker: round.workers[worker], place: place + 1, alike: alike.length });
      }
    });
  }
}
