// Checks files beside the page, so that the page stays usable; it asks nobody anything.

import { checkCoarse } from "./coarse.js";
import { checkExact } from "./exact.js";
import { Unreadable } from "./words.js";
import { unzip } from "./zip.js";

let checked = null, code = "";

/** Archives are unpacked; what stands in one folder is taken out of it, and named by it. */
async function filesOf(chosen) {
  let files = new Map(), folder = "";
  for (const [name, buffer] of chosen) {
    if (!name.toLowerCase().endsWith(".zip")) files.set(name, new Uint8Array(buffer));
    else for (const [path, bytes] of await unzip(buffer, name)) files.set(path, bytes);
  }
  const tops = new Set([...files.keys()].map((path) => path.split("/")[0]));
  if (tops.size === 1 && [...files.keys()].every((path) => path.includes("/"))) {
    [folder] = tops;
    files = new Map([...files].map(([path, bytes]) => [path.slice(folder.length + 1), bytes]));
  }
  return [files, folder];
}

async function check(chosen, round) {
  const [files, folder] = await filesOf(chosen);
  code = folder || round;
  const nested = files.has("input/requests.csv"), flat = files.has("requests.csv");
  const kind = nested || flat ? "exact" : "coarse";
  checked = kind === "coarse" ? checkCoarse(files)
    : checkExact(files, nested ? "input/" : "", nested ? "outcome/" : "");
  const { findings, facts, done, partOf } = checked;
  const found = findings.found.map((one) => ({ ...one, part: partOf(one.code) }));
  return { kind, code, done, facts, found, count: [...findings.counts.values()].reduce((a, b) => a + b, 0), notes: findings.notes };
}

onmessage = async ({ data: { chosen, round, key } }) => {
  try {
    if (chosen) {
      checked = null;
      postMessage(await check(chosen, round));
    } else postMessage({ line: checked?.ownLine?.(code, key) ?? null });
  } catch (fault) {
    postMessage({ unreadable: fault instanceof Unreadable ? fault.message : String(fault) });
  }
};
