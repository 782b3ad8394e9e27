// Runs the browser's check on folders, as told on the standard input, one JSON table a line:
// {"kind": "exact" or "coarse", "files": {path: text}, "code": …, "key": …}. Answers line by line.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const at = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`));
const [{ checkExact }, { checkCoarse }, { Unreadable }] =
  await Promise.all([at("exact"), at("coarse"), at("words")]);

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const files = new Map(Object.entries(asked.files).map(([path, text]) => [path, Buffer.from(text)]));
  let answer;
  try {
    const { findings, facts, done, ownLine } = asked.kind === "exact" ? checkExact(files) : checkCoarse(files);
    answer = {
      codes: [...findings.counts.keys()], notes: findings.notes.map((note) => note.code), done, facts,
      found: findings.found, line: asked.key ? ownLine(asked.code, asked.key) : undefined,
    };
  } catch (fault) {
    if (!(fault instanceof Unreadable)) throw fault;
    answer = { unreadable: fault.code, about: fault.message };
  }
  console.log(JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? String(value) : value)));
}
