// Files as they were published: CSV with whole numbers and texts, JSON and TOML without a key
// twice. Whole numbers are read as BigInt, other numbers as exact fractions, tables as Map.

import { Fraction, isWhole } from "./numbers.js";
import { Unreadable } from "./words.js";

const INTEGERS = {
  "requests.csv": ["choice", "amount_cents", "points", "draw"],
  "editions.csv": ["seats"],
  "pools.csv": ["amount_cents"],
  "contributions.csv": ["amount_cents"],
  "before.csv": ["amount_cents"],
  "decisions.csv": ["awarded", "amount_cents"],
  "lines.csv": ["awarded"],
  "groups.csv": ["people", "awarded", "spent_cents", "value"],
  "terms.csv": ["term"],
};
// Terms are products of money and multipliers, and longer than any amount.
const WHOLE = /^[+-]?[0-9]{1,18}$/, LONG = /^[+-]?[0-9]{1,60}$/;
const SPACE = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;

/** Text without the blanks around it. */
export const strip = (text) => text.replace(SPACE, "");

/** The order of code points, which is that of UTF-8. */
export function byCodePoint(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const a = one.charCodeAt(at), b = other.charCodeAt(at);
    if (a !== b) {
      const high = (code) => (code >= 0xd800 && code <= 0xdfff ? code + 0x2000 : code);
      return high(a) - high(b);
    }
  }
  return one.length - other.length;
}

/** The text of a file. */
export function text(files, name) {
  const bytes = files.get(name);
  if (!bytes) throw new Unreadable("missing_file", name);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable("not_utf8", name);
  }
}

/** A CSV as its columns by name, in the order of its rows. */
export function csv(files, path, needed = [], only = false) {
  const name = path.split("/").pop();
  const rows = csvRows(text(files, path), name);
  const header = (rows.shift() ?? []).map(strip);
  if (!header.length) throw new Unreadable("empty_file", name);
  if (new Set(header).size < header.length) throw new Unreadable("duplicate_column", name);
  const cells = header.map(() => []);
  for (const row of rows) {
    if (!row.length) continue;
    if (row.length !== header.length) throw new Unreadable("uneven_row", name);
    row.forEach((cell, at) => cells[at].push(strip(cell)));
  }
  const columns = new Map();
  header.forEach((column, at) => {
    if (!INTEGERS[name]?.includes(column)) return columns.set(column, cells[at]);
    if (column === "draw" && cells[at].every((cell) => !cell)) return undefined;
    const whole = column === "term" || name === "groups.csv" ? LONG : WHOLE;
    if (!cells[at].every((cell) => whole.test(cell))) {
      throw new Unreadable("not_a_whole_number", name, { column });
    }
    return columns.set(column, cells[at].map((cell) => BigInt(cell.replace("+", ""))));
  });
  for (const column of needed) {
    if (!columns.has(column)) throw new Unreadable("missing_column", name, { column });
  }
  for (const column of columns.keys()) {
    if (only && !needed.includes(column)) throw new Unreadable("unknown_column", name, { column });
  }
  return columns;
}

function csvRows(content, name) {
  const rows = [];
  let row = [], cell = "", quoted = false, was = false, at = 0;
  const endCell = () => { row.push(cell); cell = ""; was = false; };
  const endRow = () => {
    if (row.length || cell || was) endCell();
    rows.push(row);
    row = [];
  };
  for (; at < content.length; at++) {
    const sign = content[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (content[at + 1] === '"') { cell += '"'; at++; }
      else quoted = false;
    } else if (sign === '"' && !cell && !was) { quoted = true; was = true; }
    else if (sign === ",") { endCell(); was = false; row.more = true; }
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && content[at + 1] === "\n") at++;
      if (row.more && !cell) was = true;
      endRow();
    } else cell += sign;
  }
  if (quoted) throw new Unreadable("not_csv", name);
  if (row.more && !cell) was = true;
  if (row.length || cell || was) endRow();
  return rows;
}

/** JSON, with whole numbers as BigInt, others as Fraction, and tables as Map. */
export function json(content, file) {
  let at = 0;
  const fail = () => { throw new Unreadable("not_json", file, { at }); };
  const space = () => { while (" \t\n\r".includes(content[at] ?? "x")) at++; };
  const word = (text, value) => {
    if (!content.startsWith(text, at)) fail();
    at += text.length;
    return value;
  };
  const string = () => {
    const begin = at++;
    while (at < content.length && content[at] !== '"') at += content[at] === "\\" ? 2 : 1;
    at++;
    try { return JSON.parse(content.slice(begin, at)); } catch { return fail(); }
  };
  const number = () => {
    const found = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    found.lastIndex = at;
    const match = found.exec(content);
    if (!match) return fail();
    at += match[0].length;
    if (!match[1] && !match[2]) return BigInt(match[0]);
    return Fraction.read(match[0]) ?? fail();
  };
  const value = () => {
    space();
    const sign = content[at];
    if (sign === "{") {
      const table = new Map();
      at++; space();
      if (content[at] === "}") { at++; return table; }
      for (;;) {
        space();
        if (content[at] !== '"') fail();
        const key = string();
        if (table.has(key)) fail();
        space();
        if (content[at++] !== ":") fail();
        table.set(key, value());
        space();
        if (content[at] === "}") { at++; return table; }
        if (content[at++] !== ",") fail();
      }
    }
    if (sign === "[") {
      const list = [];
      at++; space();
      if (content[at] === "]") { at++; return list; }
      for (;;) {
        list.push(value());
        space();
        if (content[at] === "]") { at++; return list; }
        if (content[at++] !== ",") fail();
      }
    }
    if (sign === '"') return string();
    if (sign === "t") return word("true", true);
    if (sign === "f") return word("false", false);
    if (sign === "n") return word("null", null);
    return number();
  };
  const read = value();
  space();
  if (at < content.length) fail();
  return read;
}

/** A JSON file that holds a table. */
export function jsonTable(files, path) {
  const read = json(text(files, path), path);
  if (!(read instanceof Map)) throw new Unreadable("not_json", path);
  return read;
}

/** TOML as far as a policy needs it: what is written otherwise is refused, never guessed. */
export function toml(content, file) {
  let at = 0;
  const fail = () => { throw new Unreadable("not_toml", file, { at }); };
  const blank = () => { while (content[at] === " " || content[at] === "\t") at++; };
  const comment = () => { if (content[at] === "#") while (at < content.length && content[at] !== "\n") at++; };
  const lines = () => { for (;;) { blank(); comment(); if (/[\r\n]/.test(content[at] ?? "")) at++; else return; } };
  const ended = () => { blank(); comment(); if (at < content.length && !/[\r\n]/.test(content[at])) fail(); };
  const string = () => {
    const quote = content[at];
    if (content.startsWith(quote.repeat(3), at)) fail();
    const begin = ++at;
    while (at < content.length && content[at] !== quote) {
      if (content[at] < " " && content[at] !== "\t") fail();
      at += quote === '"' && content[at] === "\\" ? 2 : 1;
    }
    if (at >= content.length) fail();
    const inner = content.slice(begin, at++);
    if (quote === "'") return inner;
    return inner.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs, (_, four, eight, one) => {
      if (four ?? eight) return String.fromCodePoint(parseInt(four ?? eight, 16));
      return { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" }[one] ?? fail();
    });
  };
  const key = () => {
    blank();
    if (content[at] === '"' || content[at] === "'") return string();
    const bare = /[A-Za-z0-9_-]+/y;
    bare.lastIndex = at;
    const match = bare.exec(content) ?? fail();
    at += match[0].length;
    return match[0];
  };
  const pair = (table) => {
    const name = key();
    blank();
    if (content[at++] !== "=" || table.has(name)) fail();
    table.set(name, value());
  };
  const value = () => {
    blank();
    const sign = content[at];
    if (sign === '"' || sign === "'") return string();
    if (sign === "[") {
      const list = [];
      at++; lines();
      while (content[at] !== "]") {
        list.push(value());
        lines();
        if (content[at] === ",") { at++; lines(); } else if (content[at] !== "]") fail();
      }
      at++;
      return list;
    }
    if (sign === "{") {
      const table = new Map();
      at++; blank();
      while (content[at] !== "}") {
        pair(table);
        blank();
        if (content[at] === ",") { at++; blank(); if (content[at] === "}") fail(); }
        else if (content[at] !== "}") fail();
      }
      at++;
      return table;
    }
    const plain = /[+-]?[0-9A-Za-z_.]+(?:[eE][+-]\d+)?/y;
    plain.lastIndex = at;
    const [match] = plain.exec(content) ?? fail();
    at += match.length;
    if (match === "true" || match === "false") return match === "true";
    const digits = match.replace(/(\d)_(?=\d)/g, "$1");
    if (/^[+-]?(0|[1-9]\d*)$/.test(digits)) return BigInt(digits.replace("+", ""));
    if (!/^[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(digits)) fail();
    return Fraction.read(digits) ?? fail();
  };
  const root = new Map(), opened = new Set();
  let table = root;
  for (;;) {
    lines();
    if (at >= content.length) return root;
    if (content[at] !== "[") { pair(table); ended(); continue; }
    const many = content[at + 1] === "[";
    at += many ? 2 : 1;
    const names = [key()];
    for (blank(); content[at] === "."; blank()) { at++; names.push(key()); }
    if (!content.startsWith(many ? "]]" : "]", at)) fail();
    at += many ? 2 : 1;
    ended();
    table = root;
    const last = names.pop();
    for (const name of names) {
      if (!table.has(name)) table.set(name, new Map());
      table = table.get(name);
      if (Array.isArray(table)) table = table.at(-1);
      if (!(table instanceof Map)) fail();
    }
    const before = table.get(last), path = [...names, last].join("\n");
    if (many) {
      if (before === undefined) { table.set(last, []); opened.add(`[${path}`); }
      else if (!opened.has(`[${path}`)) fail();
      table.get(last).push(new Map());
      table = table.get(last).at(-1);
    } else {
      if (before !== undefined) fail();
      table.set(last, new Map());
      table = table.get(last);
    }
  }
}

/** JSON in the form that is hashed: sorted keys, no blanks, ASCII only, fractions as text. */
export function canonical(value) {
  if (value instanceof Map) {
    const keys = [...value.keys()].sort(byCodePoint);
    return `{${keys.map((key) => `${quoted(key)}:${canonical(value.get(key))}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isWhole(value)) return String(value);
  if (typeof value === "boolean") return String(value);
  return quoted(String(value));
}

const quoted = (text) => JSON.stringify(text)
  .replace(/[\x7f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
