// Whole numbers and fractions without rounding: BigInt, and pairs of them.

/** Rounded down, also below zero. */
export function floorDiv(number, by) {
  const quotient = number / by;
  return number % by !== 0n && (number < 0n) !== (by < 0n) ? quotient - 1n : quotient;
}

export const ceilDiv = (number, by) => -floorDiv(-number, by);

export const least = (one, other) => (one < other ? one : other);

export const most = (one, other) => (one > other ? one : other);

export function gcd(one, other) {
  let a = one < 0n ? -one : one, b = other < 0n ? -other : other;
  while (b) [a, b] = [b, a % b];
  return a;
}

/** A fraction in its lowest terms. */
export class Fraction {
  constructor(numerator, denominator = 1n) {
    const sign = denominator < 0n ? -1n : 1n;
    const common = gcd(numerator, denominator) || 1n;
    this.n = sign * numerator / common;
    this.d = sign * denominator / common;
  }

  times(other) {
    return other instanceof Fraction
      ? new Fraction(this.n * other.n, this.d * other.d)
      : new Fraction(this.n * other, this.d);
  }

  minus(other) {
    return new Fraction(this.n * other.d - other.n * this.d, this.d * other.d);
  }

  /** Below zero, zero, or above zero: as this is less than, equal to, or more than the other. */
  compare(other) {
    const difference = this.n * other.d - other.n * this.d;
    return difference < 0n ? -1 : Number(difference > 0n);
  }

  get size() {
    return new Fraction(this.n < 0n ? -this.n : this.n, this.d);
  }

  /** Rounded towards zero. */
  get whole() {
    return this.n / this.d;
  }

  toString() {
    return this.d === 1n ? String(this.n) : `${this.n}/${this.d}`;
  }

  /** "3/5", "0.60", "1e-4" or "1"; undefined for anything else. */
  static read(text) {
    const pair = /^\s*([+-]?\d+)(?:\/(\d+))?\s*$/.exec(text);
    if (pair) {
      const under = BigInt(pair[2] ?? 1);
      return under ? new Fraction(BigInt(pair[1]), under) : undefined;
    }
    const parts = /^\s*([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text);
    if (!parts || !(parts[2] + parts[3])) return undefined;
    const digits = BigInt(`${parts[2]}${parts[3]}`) * (parts[1] === "-" ? -1n : 1n);
    const exponent = BigInt(parts[4] ?? 0) - BigInt(parts[3].length);
    return exponent < 0n
      ? new Fraction(digits, 10n ** -exponent) : new Fraction(digits * 10n ** exponent);
  }
}

export const isWhole = (value) => typeof value === "bigint";

/** A number that is told, not counted: whole or not, and not below zero. */
export function told(value) {
  if (isWhole(value)) return value >= 0n ? new Fraction(value) : undefined;
  return value instanceof Fraction && value.n >= 0n ? value : undefined;
}

/** Equal but for a part in a million, or for so little as `spare`. */
export function close(one, other, spare) {
  const apart = one.minus(other).size;
  const larger = one.size.compare(other.size) > 0 ? one.size : other.size;
  return apart.compare(spare) <= 0 || apart.compare(larger.times(new Fraction(1n, 1000000n))) <= 0;
}
