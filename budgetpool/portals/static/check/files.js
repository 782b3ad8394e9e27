// The exact files of one round and its result, and their fingerprints.

import { policySha256, readPolicy } from "./policy.js";
import { byCodePoint, csv, jsonTable } from "./read.js";
import { sha256 } from "./sha256.js";
import { Unreadable } from "./words.js";

const KEYS = {
  requests: "request_id", editions: "edition_id", pools: "pool_id", contributions: "value",
  before: "request_id",
};
const COLUMNS = {
  editions: ["edition_id", "seats"],
  pools: ["pool_id", "amount_cents", "column", "equals"],
  contributions: ["value", "amount_cents"],
  before: ["request_id", "amount_cents"],
};
const DECISIONS = ["request_id", "awarded", "amount_cents", "reason", "reason_params"];

/** The files below `input` and `outcome`, read. */
export function readFiles(files, input, outcome) {
  const policy = readPolicy(files, `${input}policy.toml`);
  const requests = csv(files, `${input}requests.csv`,
    ["request_id", "worker_id", "choice", "amount_cents", "points"]);
  const empty = (frame) => [...frame.values()][0].map(() => "");
  if (!requests.has("edition_id")) requests.set("edition_id", empty(requests));
  const frames = new Map([["requests", requests]]);
  for (const [name, columns] of Object.entries(COLUMNS)) {
    if (!files.has(`${input}${name}.csv`)) continue;
    const frame = csv(files, `${input}${name}.csv`);
    if (name === "pools") {
      for (const column of ["column", "equals"]) {
        if (!frame.has(column)) frame.set(column, empty(frame));
      }
    }
    for (const column of columns) {
      if (!frame.has(column)) throw new Unreadable("missing_column", `${name}.csv`, { column });
    }
    frames.set(name, frame);
  }
  for (const [name, frame] of frames) {
    const ids = frame.get(KEYS[name]);
    if (new Set(ids).size < ids.length) throw new Unreadable("duplicate_id", `${name}.csv`);
  }
  for (const column of ["request_id", "worker_id"]) refuseOddNames(requests.get(column), column);
  const [given, withheld] = adjustments(files, `${input}adjustments.csv`);
  const decisions = csv(files, `${outcome}decisions.csv`, DECISIONS, true);
  const result = jsonTable(files, `${outcome}result.json`);
  const certificate = files.has(`${outcome}certificate.json`)
    ? jsonTable(files, `${outcome}certificate.json`) : null;
  return { policy, frames, given, withheld, decisions, result, certificate };
}

/** One person under two spellings would count twice. */
function refuseOddNames(names, column) {
  for (const name of new Set(names)) {
    if (!name || /[\p{Cf}\p{Cc}\p{Cn}]/u.test(name) || name.normalize("NFC") !== name) {
      throw new Unreadable("odd_characters", "requests.csv", { column });
    }
  }
}

function adjustments(files, path) {
  const given = new Set(), withheld = new Set();
  if (files.has(path)) {
    const frame = csv(files, path, ["request_id", "action"], true);
    frame.get("request_id").forEach((request, row) => {
      const action = frame.get("action")[row];
      if (!["give", "withhold"].includes(action)) {
        throw new Unreadable("unknown_value", "adjustments.csv");
      }
      (action === "give" ? given : withheld).add(request);
    });
  }
  return [given, withheld];
}

/** The fingerprint of the input, in the documented canonical form. */
export function snapshotSha256({ frames, given, withheld }) {
  const parts = [];
  for (const [name, key] of Object.entries(KEYS)) {
    if (frames.has(name)) parts.push(`${name}\n`, canonicalCsv(frames.get(name), key));
  }
  for (const [name, ids] of [["given", given], ["withheld", withheld]]) {
    if (ids.size) parts.push(...[name, ...[...ids].sort(byCodePoint)].map((line) => `${line}\n`));
  }
  return sha256(parts.join(""));
}

/** Columns in alphabetical order, rows by id, line feeds. */
function canonicalCsv(frame, key) {
  const names = [...frame.keys()].sort(byCodePoint), ids = frame.get(key);
  const columns = names.map((name) => frame.get(name));
  const rows = ids.map((_, row) => row).sort((one, other) => byCodePoint(ids[one], ids[other]));
  const line = (cells) => `${cells.length === 1 && !cells[0] ? '""' : cells.map(cell).join(",")}\n`;
  return [line(names), ...rows.map((row) => line(columns.map((column) => String(column[row]))))].join("");
}

const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export { policySha256 };
