// The files in an archive, unpacked by the browser itself.

import { Unreadable } from "./words.js";

// More than any round holds; a file that grows further is no archive of a round.
const MOST_BYTES = 400_000_000;

/** Path -> bytes of every file in an archive. */
export async function unzip(buffer, archive) {
  const bytes = new Uint8Array(buffer), view = new DataView(buffer);
  const fail = (code = "not_zip") => { throw new Unreadable(code, archive); };
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) fail();
  const files = new Map();
  let left = MOST_BYTES;
  try {
    let at = view.getUint32(end + 16, true);
    for (let count = view.getUint16(end + 10, true); count; count--) {
      if (view.getUint32(at, true) !== 0x02014b50) fail();
      const method = view.getUint16(at + 10, true), packed = view.getUint32(at + 20, true);
      const [nameLength, extra, comment] = [28, 30, 32].map((part) => view.getUint16(at + part, true));
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      const local = view.getUint32(at + 42, true);
      const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const content = bytes.subarray(begin, begin + packed);
      if (content.length < packed || (method !== 0 && method !== 8)) fail();
      at += 46 + nameLength + extra + comment;
      if (name.endsWith("/")) continue;
      if (files.has(name)) fail("twice_in_archive");
      const plain = method ? await inflate(content, left, fail) : content;
      left -= plain.length;
      if (left < 0) fail("archive_too_large");
      files.set(name, plain);
    }
  } catch (fault) {
    if (fault instanceof Unreadable) throw fault;
    fail();
  }
  return files;
}

async function inflate(content, most, fail) {
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) { await reader.cancel(); fail("archive_too_large"); }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
