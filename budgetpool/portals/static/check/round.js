// The round as the certificate's page describes it: limits, promises, groups, pools, options.
// Rows, workers and codes are plain numbers (places in lists); amounts, points and values BigInt.

import { least } from "./numbers.js";
import { partOf } from "./policy.js";
import { MILLION, Unreadable } from "./words.js";

export { MILLION };

/**
 * A family of limits over the values of one column: at most `rhs`, or (a promise) at least.
 * `codes` are per request, -1 where it does not count; `counts`: an award counts 1, not its cents;
 * `before`: per request the cents that it had, -1 where its worker had nothing.
 */
class Limit {
  constructor(names, codes, rhs, { counts = false, before = null, start = 0n } = {}) {
    Object.assign(this, { names, codes, rhs, counts, before, start });
  }

  use(row, cents) {
    if (!this.before) return this.counts ? 1n : cents;
    if (this.before[row] < 0n) return -1n;
    return this.before[row] === cents ? 1n : 0n;
  }
}

/** A code per thing, in the order in which they are met. */
export class Codes extends Map {
  of(thing) {
    if (!this.has(thing)) this.set(thing, this.size);
    return this.get(thing);
  }

  get all() {
    return [...this.keys()];
  }
}

/** One round: everything is derived from the input alone. */
export class Round {
  constructor(files) {
    this.files = files;
    this.policy = files.policy;
    this.columns = files.frames.get("requests");
    this.ids = this.columns.get("request_id");
    this.rowOf = new Map(this.ids.map((name, row) => [name, row]));
    const workers = new Codes();
    this.worker = this.columns.get("worker_id").map((name) => workers.of(name));
    this.workers = workers.all;
    this.choice = this.columns.get("choice");
    this.amount = this.columns.get("amount_cents");
    this.points = this.columns.get("points");
    this.given = this.ids.map((name) => files.given.has(name));
    this.withheld = this.ids.map((name) => files.withheld.has(name));
    this.most = Number(this.policy.get("awards_per_worker"));
    this.ceiling = this.policy.get("ceiling_cents");
    const ceiling = new Limit(["ceiling"], this.ids.map(() => 0), [this.ceiling]);
    this.limits = [ceiling, ...this.#editions(), ...this.#caps()];
    this.floors = this.policy.get("floor").map((floor) => this.#floor(floor));
    this.waiting = this.#waiting();
    this.#groups();
    this.#pools();
    this.rowsOf = this.workers.map(() => []);
    this.worker.forEach((worker, row) => this.rowsOf[worker].push(row));
    this.giveBack = this.#giveBack();
    this.unchanged = this.#unchanged();
    const some = [this.giveBack, this.unchanged].filter(Boolean);
    this.promises = [...this.waiting, ...this.floors, ...some];
    this.#places();
    this.#options();
  }

  column(name) {
    const column = this.columns.get(name);
    if (!column) throw new Unreadable("missing_column", "requests.csv", { column: name });
    return column.map(String);
  }

  #editions() {
    const frame = this.files.frames.get("editions");
    if (!frame) return [];
    const codes = new Codes();
    frame.get("edition_id").forEach((name) => codes.of(name));
    const asked = this.columns.get("edition_id");
    if (asked.some((name) => name && !codes.has(name))) {
      throw new Unreadable("unknown_edition", "requests.csv");
    }
    const names = codes.all.map((name) => `edition:${name}`);
    return [new Limit(names, asked.map((name) => codes.get(name) ?? -1), frame.get("seats"),
      { counts: true })];
  }

  #caps() {
    return this.policy.get("cap").map((cap) => {
      const codes = new Codes(), only = cap.get("equals");
      const per = this.column(cap.get("column")).map((value) =>
        (!value || (cap.has("equals") && value !== only) ? -1 : codes.of(value)));
      const counts = cap.has("count");
      const rhs = counts ? cap.get("count") : partOf(cap.get("share_of_ceiling"), this.ceiling);
      const names = codes.all.map((value) => `cap:${cap.get("name")}:${value}`);
      return new Limit(names, per, names.map(() => rhs), { counts });
    });
  }

  #floor(floor) {
    const codes = this.column(floor.get("column"))
      .map((value) => (value === floor.get("equals") ? 0 : -1));
    const required = partOf(floor.get("share_of_ceiling"), this.ceiling);
    return new Limit([`floor:${floor.get("name")}`], codes, [required]);
  }

  #waiting() {
    this.waited = this.ids.map(() => 0n);
    const rule = this.policy.get("waiting");
    if (!rule) return [];
    const bound = rule.get("bound");
    if (typeof bound !== "bigint" || bound < 1n || this.most > 1) {
      throw new Unreadable("bad_policy", "policy.toml", { key: "waiting" });
    }
    const waited = new Map();
    this.column(rule.get("column")).forEach((text, row) => {
      if (!/^[0-9]{1,9}$/.test(text)) {
        throw new Unreadable("not_a_whole_number", "requests.csv", { column: rule.get("column") });
      }
      const worker = this.worker[row], rounds = BigInt(text);
      if ((waited.get(worker) ?? rounds) !== rounds) {
        throw new Unreadable("two_waits", "requests.csv");
      }
      waited.set(worker, rounds);
    });
    this.waited = this.worker.map((worker) =>
      (waited.get(worker) >= bound ? waited.get(worker) : 0n));
    const long = [...new Set([...waited.values()].filter((rounds) => rounds >= bound))];
    return long.sort((one, other) => (one > other ? -1 : 1)).map((rounds) => {
      const codes = this.worker.map((worker) => (waited.get(worker) === rounds ? 0 : -1));
      const people = [...waited.values()].filter((each) => each === rounds).length;
      return new Limit([`waiting:${rounds}`], codes, [BigInt(people)], { counts: true });
    });
  }

  /** Each contributor's required cents: give_back × min(paid in, asked). */
  #giveBack() {
    const rule = this.policy.get("solidarity"), paid = this.files.frames.get("contributions");
    if (!rule || !paid) return null;
    const codeOf = new Codes();
    paid.get("value").forEach((value) => codeOf.of(value));
    const codes = this.column(rule.get("column")).map((value) => codeOf.get(value) ?? -1);
    const asked = codeOf.all.map(() => 0n);
    for (const rows of this.rowsOf) {
      const dearest = new Map();
      for (const row of rows) {
        if (!dearest.has(codes[row])) dearest.set(codes[row], new Map());
        const mine = dearest.get(codes[row]), choice = this.choice[row];
        if ((mine.get(choice) ?? 0n) < this.amount[row]) mine.set(choice, this.amount[row]);
      }
      for (const [code, mine] of dearest) {
        if (code < 0) continue;
        const first = [...mine.values()].sort((a, b) => (a > b ? -1 : Number(a < b)));
        for (const cents of first.slice(0, this.most)) asked[code] += cents;
      }
    }
    const required = paid.get("amount_cents")
      .map((cents, code) => partOf(rule.get("give_back"), least(cents, asked[code])));
    return new Limit(codeOf.all.map((value) => `give_back:${value}`), codes, required);
  }

  /** People who keep exactly what they had; whom the board gives a request has no choice. */
  #unchanged() {
    if (!this.policy.has("unchanged")) return null;
    const required = this.policy.get("unchanged");
    if (required < 0n || this.most > 1) {
      throw new Unreadable("bad_policy", "policy.toml", { key: "unchanged" });
    }
    const frame = this.files.frames.get("before");
    if (!frame) throw new Unreadable("missing_file", "before.csv");
    const had = new Map(frame.get("request_id")
      .map((name, row) => [name, frame.get("amount_cents")[row]]));
    for (const name of had.keys()) {
      if (!this.rowOf.has(name)) throw new Unreadable("unknown_request", "before.csv");
    }
    const settled = new Set([...had.keys()].map((name) => this.worker[this.rowOf.get(name)]));
    if (settled.size < had.size) throw new Unreadable("two_awards_before", "before.csv");
    this.given.forEach((given, row) => given && settled.add(this.worker[row]));
    const before = this.ids.map((name, row) =>
      (settled.has(this.worker[row]) ? had.get(name) ?? 0n : -1n));
    const start = BigInt(this.workers.length - settled.size);
    return new Limit(["unchanged"], this.ids.map(() => 0), [required], { before, start });
  }

  /** Which pools may pay for each request: sets of pools, and a code of the set. */
  #pools() {
    const frame = this.files.frames.get("pools");
    this.hasPools = Boolean(frame);
    this.poolNames = [];
    this.poolCents = [];
    this.poolSets = [[]];
    this.poolSet = this.ids.map(() => 0);
    if (!frame) return;
    this.poolNames = frame.get("pool_id").map((name) => `pool:${name}`);
    this.poolCents = frame.get("amount_cents");
    const may = frame.get("column").map((name, pool) => {
      if (!name) return this.ids.map(() => true);
      return this.column(name).map((value) => value === frame.get("equals")[pool]);
    });
    const sets = new Codes(), lists = [];
    this.poolSet = this.ids.map((_, row) => {
      const payers = may.flatMap((pays, pool) => (pays[row] ? [pool] : []));
      const code = sets.of(payers.join());
      lists[code] = payers;
      return code;
    });
    if (lists.length) this.poolSets = lists;
  }

  /** Whether some pool may pay for it. */
  payable(row) {
    return !this.hasPools || this.poolSets[this.poolSet[row]].length > 0;
  }

  #groups() {
    this.groups = [];
    this.group = this.workers.map(() => -1);
    if (!this.policy.has("coverage")) return;
    const codes = new Codes();
    this.column(this.policy.get("coverage")).forEach((value, row) => {
      const code = codes.of(value), worker = this.worker[row];
      if (this.group[worker] !== -1 && this.group[worker] !== code) {
        throw new Unreadable("two_groups", "requests.csv");
      }
      this.group[worker] = code;
    });
    this.groups = codes.all;
  }

  /** People per coverage group. */
  get applying() {
    const people = this.groups.map(() => 0n);
    this.group.forEach((group) => { if (group >= 0) people[group] += 1n; });
    return people;
  }

  /** What a request counts in, as a code: rows of one place have the same prices. */
  #places() {
    const families = [...this.limits, ...this.promises];
    const codes = new Codes();
    this.placeCodes = [];
    this.placePools = [];
    this.place = this.ids.map((_, row) => {
      const stays = this.unchanged;
      const kept = stays ? `${stays.before[row]}/${stays.use(row, this.amount[row])}` : "";
      const own = families.map((family) => family.codes[row]);
      const place = codes.of([...own, kept, this.poolSet[row]].join());
      this.placeCodes[place] = own;
      this.placePools[place] = this.poolSet[row];
      return place;
    });
  }

  #options() {
    const percents = this.policy.get("choice_percent");
    const timesAmount = this.policy.get("value") === "points_times_amount";
    const menu = this.policy.get("part_awards");
    const accepted = menu && this.column(menu.get("column"));
    this.options = this.ids.map((_, row) => {
      const choice = this.choice[row], amount = this.amount[row], place = this.place[row];
      if (choice < 1n || choice > BigInt(percents.length)) {
        throw new Unreadable("unknown_choice", "requests.csv");
      }
      const value = this.points[row] * percents[Number(choice) - 1] * (timesAmount ? amount : 1n);
      const ways = [{ row, share: 100n, amount, value, place }];
      for (const share of accepted ? shares(accepted[row]) : []) {
        const cents = (amount * share) / 100n;
        const worth = menu.get("value_percent").get(String(share)) ?? share;
        if (cents > 0n) {
          ways.push({ row, share, amount: cents, value: (value * BigInt(worth)) / 100n, place });
        }
      }
      return ways;
    });
  }

  /** Every way to award every request that is not withheld. */
  offered() {
    return this.options.flatMap((ways, row) =>
      (this.withheld[row] || !this.payable(row) ? [] : this.given[row] ? ways.slice(0, 1) : ways));
  }

  /** The limits and promises that a place counts in, with the code in each. */
  * codesOf(place) {
    const codes = this.placeCodes[place];
    let at = 0;
    for (const family of this.limits) { const code = codes[at++]; if (code >= 0) yield [family, code]; }
    for (const family of this.promises) { const code = codes[at++]; if (code >= 0) yield [family, code]; }
  }
}

/** The part awards that an applicant accepts, from small to large, without the whole. */
export function shares(text) {
  const words = text.split(/\s+/).filter(Boolean);
  if (!words.every((word) => /^([1-9]\d?|100)$/.test(word))) {
    throw new Unreadable("not_shares", "requests.csv");
  }
  const each = new Set(words.map(BigInt));
  each.delete(100n);
  return [...each].sort((one, other) => (one < other ? -1 : 1));
}
