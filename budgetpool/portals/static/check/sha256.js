// SHA-256 and HMAC (FIPS 180-4, RFC 2104), also where a browser offers none because the page came
// without encryption.

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The first 32 bits of the fractional parts of the cube (and square) roots of the first primes.
  const root = (prime, power) => {
    const wanted = BigInt(prime) << BigInt(32 * power);
    let low = 0n, high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= wanted) low = middle; else high = middle;
    }
    return Number(low & 0xffffffffn);
  };
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  primes.forEach((prime, at) => { K[at] = root(prime, 3); if (at < 8) START[at] = root(prime, 2); });
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

/** The digest of bytes, as 32 bytes. */
export function digest(bytes) {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  const state = START.slice(), w = new Uint32Array(64);
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 16; at++) w[at] = view.getUint32(block + 4 * at);
    for (let at = 16; at < 64; at++) {
      const a = w[at - 15], b = w[at - 2];
      w[at] = w[at - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3))
        + w[at - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g))
        + K[at] + w[at]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] += word; });
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => out.setUint32(4 * at, word));
  return new Uint8Array(out.buffer);
}

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const encode = (text) => new TextEncoder().encode(text);

/** The digest of a text in UTF-8, in hexadecimal. */
export const sha256 = (text) => hex(digest(encode(text)));

/** HMAC-SHA-256 of two texts, in hexadecimal. */
export function hmac(key, message) {
  let bytes = encode(key);
  if (bytes.length > 64) bytes = digest(bytes);
  const padded = (by) => Uint8Array.from({ length: 64 }, (_, at) => (bytes[at] ?? 0) ^ by);
  const joined = (one, other) => {
    const both = new Uint8Array(one.length + other.length);
    both.set(one);
    both.set(other, one.length);
    return both;
  };
  return hex(digest(joined(padded(0x5c), digest(joined(padded(0x36), encode(message))))));
}
