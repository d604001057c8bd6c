import { isFloat, type DType } from '../../dtype.ts';
import { neighbour } from '../../neighbour.ts';
import { horner } from '../../special/polynomial.ts';

/**
 * Random numbers as a function of key and position alone.
 *
 * Only integer operations and the four operations and square root of f64 are
 * used, which every machine rounds alike: no logarithm or cosine of a maths
 * library, whose last bit differs between engines. So every device that
 * follows these formulas draws the same bits.
 */

/**
 * The two words of a position: Threefry-2x32 with 20 rounds (Salmon, Moraes,
 * Dror, Shaw: Parallel random numbers, as easy as 1, 2, 3, 2011). The counter
 * is the position's low and high word.
 */
export function threefry(key: readonly [number, number], position: number): [number, number] {
  const [k0, k1] = [key[0] | 0, key[1] | 0];
  const keys = [k0, k1, k0 ^ k1 ^ 0x1bd11bda];
  let x = ((position % 2 ** 32) + k0) | 0;
  let y = (Math.floor(position / 2 ** 32) + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const turn = rotations[round % 8]!;
    x = (x + y) | 0;
    y = ((y << turn) | (y >>> (32 - turn))) ^ x;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = (x + keys[injection % 3]!) | 0;
      y = (y + keys[(injection + 1) % 3]! + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/**
 * Evenly drawn from [low, high): 24 bits of the first word, for f64 52 bits of
 * both; whole numbers from 32 bits.
 */
export function uniform(
  words: readonly [number, number],
  wide: boolean,
  low: number,
  high: number,
  real: boolean,
): number {
  if (!real) return low + Math.floor((words[0] * (high - low)) / 2 ** 32);
  const unit = wide
    ? (words[0] * 2 ** 20 + (words[1] >>> 12)) / 2 ** 52
    : (words[0] >>> 8) / 2 ** 24;
  return low + unit * (high - low);
}

/**
 * The greatest number of a dtype below `high`, at which what is drawn up to
 * there has to end: rounded to the dtype it could be `high` itself.
 */
export function ceiling(dtype: DType, low: number, high: number): number {
  if (!isFloat(dtype) || !(low < high)) return Infinity;
  const next = neighbour(dtype);
  const under = next(high, -Infinity);
  const nearest = next(under, Infinity);
  return Math.max(low, nearest < high ? nearest : under);
}

/** Drawn from the normal distribution: the inverse of its distribution function at the middle of one of 2^32 (for f64 2^52) even parts. */
export function normal(
  words: readonly [number, number],
  wide: boolean,
  mean: number,
  deviation: number,
): number {
  const p = wide
    ? (words[0] * 2 ** 20 + (words[1] >>> 12) + 0.5) / 2 ** 52
    : (words[0] + 0.5) / 2 ** 32;
  return mean + deviation * quantile(p);
}

/** Wichura's algorithm AS 241, PPND16 (Applied Statistics 37, 1988): sixteen digits. */
export function quantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(central[0], r)) / horner(central[1], r);
  }
  const r = Math.sqrt(-log(q < 0 ? p : 1 - p));
  const [over, under] = r <= 5 ? near : far;
  const shift = r - (r <= 5 ? 1.6 : 5);
  const value = horner(over, shift) / horner(under, shift);
  return q < 0 ? -value : value;
}

/** Natural logarithm for 0 < x < 1: the exponent by doubling, the rest by the series of the area tangent. */
function log(x: number): number {
  let exponent = 0;
  while (x < Math.SQRT1_2) {
    x *= 2;
    exponent--;
  }
  const s = (x - 1) / (x + 1);
  const square = s * s;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return exponent * Math.LN2 + 2 * s * sum;
}

/** Bits that the rounds of threefry turn by; the kernels of other devices are made from these lists. */
export const rotations = [13, 15, 26, 6, 17, 29, 16, 24];

// prettier-ignore
export const central = [
  [3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727],
  [1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
    21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852854561],
] as const;
// prettier-ignore
export const near = [
  [1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4],
  [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
    0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9],
] as const;
// prettier-ignore
export const far = [
  [6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
  [1, 0.59983220655588793769, 0.1369298809227358053, 0.0148753612908506148525,
    7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15],
] as const;
