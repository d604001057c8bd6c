import { lu, solved } from './lu.ts';
import { add, greatest, identity, product } from './vectors.ts';
import { copied, room } from './workspace.ts';

/**
 * The exponential of an `n` by `n` matrix: the Padé approximant of degree 13,
 * scaled and squared (Higham, The scaling and squaring method for the matrix
 * exponential revisited, 2005). Not-a-number throughout where an element is
 * not finite.
 */
export function expm(a: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(n);
  for (let at = 0; at < n * n; at++) sums[at % n]! += Math.abs(a[at]!);
  const norm = greatest(sums, 0, n);
  if (!Number.isFinite(norm)) return new Float64Array(n * n).fill(NaN);
  const squarings = Math.max(0, Math.ceil(Math.log2(norm / enough)));
  const x = copied(a);
  for (let i = 0; i < x.length; i++) x[i]! /= 2 ** squarings;
  const x2 = product(x, x, n, n, n);
  const x4 = product(x2, x2, n, n, n);
  const x6 = product(x4, x2, n, n, n);
  const mixed = (from: number, by: Float64Array) => {
    const out = identity(n);
    for (let i = 0; i < n; i++) out[i * n + i] = pade[from]!;
    [x2, x4, x6].forEach((power, i) => add(out, 0, pade[from + 2 * i + 2]!, power, 0, n * n));
    const high = room(n * n);
    [x2, x4, x6].forEach((power, i) => add(high, 0, pade[from + 2 * i + 8]!, power, 0, n * n));
    add(out, 0, 1, product(by, high, n, n, n), 0, n * n);
    return out;
  };
  const even = mixed(0, x6);
  const odd = product(x, mixed(1, x6), n, n, n);
  const [below, above] = [copied(even), copied(even)];
  add(below, 0, -1, odd, 0, n * n);
  add(above, 0, 1, odd, 0, n * n);
  let out = solved(lu(below, n, n), above, n, n);
  for (let i = 0; i < squarings; i++) out = product(out, out, n, n, n);
  return out;
}

/** Up to this norm the approximant is as exact as f64. */
const enough = 5.371920351148152;

/** The coefficients of its numerator, from the lowest power. */
const pade = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000,
  10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1,
];
