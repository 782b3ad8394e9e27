// What a check says: findings with the codes of the verifier in Python, and what cannot be read.

export const MILLION = 1000000n;

/** A file is absent or is not what it should be, so that nothing can be said. */
export class Unreadable extends Error {
  constructor(code, file, params = {}) {
    super(`${file}: ${code} ${show(params)}`);
    Object.assign(this, { code, file, params });
  }
}

/** A stage of the certificate lacks a field, or holds something that is no whole number. */
export class Malformed extends Error {}

/** Collects what does not hold, at most so many per code, and counts all. */
export class Findings {
  constructor(mostPerCode = 20) {
    this.mostPerCode = mostPerCode;
    this.found = [];
    this.counts = new Map();
    this.notes = [];
  }

  add(code, params = {}) {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= this.mostPerCode) this.found.push({ code, about: show(params) });
  }

  note(code, params = {}) {
    if (this.notes.length < 100) this.notes.push({ code, about: show(params) });
  }

  expect(code, stated, recomputed, params = {}) {
    if (!same(stated, recomputed)) this.add(code, { ...params, stated, recomputed });
  }

  figure(name, stated, recomputed) {
    this.expect("figure_differs", stated, recomputed, { figure: name });
  }
}

/** Whether two values are of one kind and equal, through and through. */
export function same(one, other) {
  if (one instanceof Map && other instanceof Map) {
    return one.size === other.size
      && [...one].every(([key, value]) => other.has(key) && same(value, other.get(key)));
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, at) => same(value, other[at]));
  }
  if (one?.compare && other?.compare) return one.compare(other) === 0;
  return (one ?? null) === (other ?? null);
}

function show(value) {
  if (value instanceof Map) return show(Object.fromEntries(value));
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.entries(value).map(([key, part]) => `${key} ${show(part)}`).join(", ");
  }
  return String(value ?? "none");
}
