import { room, runsFor } from './workspace.ts';

// Runs of elements in f64: what all decompositions are made of. A run is an array, where it begins, and a length. Long
// ones are computed by compiled code where they lie in the workspace, with the same bits.

/** A shorter run is sooner done than compiled code is called. */
const LONG = 24;

/** The inner product of two runs. */
export function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  const runs = n < LONG ? null : runsFor(a, b);
  if (runs !== null) return runs.dot(a.byteOffset + 8 * i, b.byteOffset + 8 * j, n);
  // Four sums: they do not wait for each other, and round less than one.
  let [p, q, r, s] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < n; k += 4) {
    p += a[i + k]! * b[j + k]!;
    q += a[i + k + 1]! * b[j + k + 1]!;
    r += a[i + k + 2]! * b[j + k + 2]!;
    s += a[i + k + 3]! * b[j + k + 3]!;
  }
  for (; k < n; k++) p += a[i + k]! * b[j + k]!;
  return p + q + (r + s);
}

/** The first run plus `by` times the second, in place. */
export function add(
  a: Float64Array,
  i: number,
  by: number,
  b: Float64Array,
  j: number,
  n: number,
): void {
  const runs = n < LONG ? null : runsFor(a, b);
  if (runs !== null) return runs.add(a.byteOffset + 8 * i, by, b.byteOffset + 8 * j, n);
  for (let k = 0; k < n; k++) a[i + k]! += by * b[j + k]!;
}

/** A list of numbers, or runs of one length: the first of them in an array, how far it is to the next, and how many there are. */
export interface Series {
  readonly of: Float64Array;
  readonly at: number;
  readonly next: number;
}

/**
 * A run plus `count` others, one after the other, each times `by` times its factor; where `skip`, those are left out
 * whose factor is 0.
 */
export function combine(
  a: Float64Array,
  i: number,
  n: number,
  by: number,
  factors: Series,
  others: Series,
  count: number,
  skip = false,
): void {
  const { of: f, at: from, next: step } = factors;
  const { of: b, at: j, next } = others;
  const runs = n < LONG || f.buffer !== a.buffer ? null : runsFor(a, b);
  if (runs === null) {
    for (let k = 0; k < count; k++) {
      const factor = by * f[from + k * step]!;
      if (!skip || factor !== 0) add(a, i, factor, b, j + k * next, n);
    }
    return;
  }
  const [to, factorAt] = [a.byteOffset + 8 * i, f.byteOffset + 8 * from];
  const first = b.byteOffset + 8 * j;
  runs.combine(to, by, factorAt, 8 * step, first, 8 * next, count, n, skip ? 1 : 0);
}

/** Columns of a matrix that are worked off at a time: so many of all rows stay in the cache. */
export const BLOCK = 64;

/** The first run less `x` times a second and `y` times a third, in place. */
export function lessTwo(
  a: Float64Array,
  i: number,
  x: number,
  p: Float64Array,
  j: number,
  y: number,
  q: Float64Array,
  l: number,
  n: number,
): void {
  const runs = n < LONG || p.buffer !== a.buffer ? null : runsFor(a, q);
  if (runs !== null) {
    const [to, first, second] = [a.byteOffset + 8 * i, p.byteOffset + 8 * j, q.byteOffset + 8 * l];
    return runs.lessTwo(to, x, first, y, second, n);
  }
  for (let k = 0; k < n; k++) a[i + k]! -= x * p[j + k]! + y * q[l + k]!;
}

/** Turns two runs in their plane: `a, b = c a + s b, c b - s a`. */
export function rotate(
  a: Float64Array,
  i: number,
  j: number,
  n: number,
  c: number,
  s: number,
): void {
  const runs = n < LONG ? null : runsFor(a, a);
  if (runs !== null) return runs.rotate(a.byteOffset + 8 * i, a.byteOffset + 8 * j, n, c, s);
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[i + k]!, a[j + k]!];
    a[i + k] = c * x + s * y;
    a[j + k] = c * y - s * x;
  }
}

/** Swaps two runs of one array. */
export function swap(a: Float64Array, i: number, j: number, n: number): void {
  for (let k = 0; k < n; k++) {
    const x = a[i + k]!;
    a[i + k] = a[j + k]!;
    a[j + k] = x;
  }
}

/** The greatest size in a run; not-a-number where there is one in it. */
export function greatest(a: Float64Array, i: number, n: number): number {
  let most = 0;
  for (let k = 0; k < n; k++) {
    const size = Math.abs(a[i + k]!);
    if (size > most) most = size;
    else if (size !== size) return NaN;
  }
  return most;
}

/** The Euclidean length of a run; it neither overflows nor underflows on the way. */
export function length(a: Float64Array, i: number, n: number): number {
  const most = greatest(a, i, n);
  if (most === 0 || !Number.isFinite(most)) return most;
  // Within these bounds squares are exact enough without being scaled.
  if (most > 1e-120 && most < 1e120) return Math.sqrt(dot(a, i, a, i, n));
  let sum = 0;
  for (let k = 0; k < n; k++) sum += (a[i + k]! / most) ** 2;
  return most * Math.sqrt(sum);
}

/** The length of the hypotenuse, as `Math.hypot`, which is slow. */
export function hypotenuse(a: number, b: number): number {
  const [x, y] = [Math.abs(a), Math.abs(b)];
  const [more, less] = x > y ? [x, y] : [y, x];
  if (more === 0) return 0;
  const ratio = less / more;
  return more * Math.sqrt(1 + ratio * ratio);
}

/**
 * A reflector `H = I - tau v v^T` that takes the run onto its first axis, as
 * LAPACK's dlarfg: v (whose first element is 1) is written over the run. Its
 * first element becomes `beta`: the caller puts that in its place.
 */
export function reflector(a: Float64Array, i: number, n: number): { tau: number; beta: number } {
  const first = a[i]!;
  const rest = length(a, i + 1, n - 1);
  if (rest === 0) {
    a[i] = 1;
    return { tau: 0, beta: first };
  }
  const beta = -Math.sign(first || 1) * hypotenuse(first, rest);
  const by = first - beta;
  for (let k = 1; k < n; k++) a[i + k]! /= by;
  a[i] = 1;
  return { tau: (beta - first) / beta, beta };
}

/** Reflects the run `a` by `I - tau v v^T`. */
export function reflect(
  a: Float64Array,
  i: number,
  tau: number,
  v: Float64Array,
  j: number,
  n: number,
): void {
  if (tau !== 0) add(a, i, -tau * dot(a, i, v, j, n), v, j, n);
}

/** The transpose of an `m` by `n` matrix. */
export function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const out = room(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j]!;
  return out;
}

/** Row-major `a @ b` of an `m` by `k` and a `k` by `n` matrix. */
export function product(
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
): Float64Array {
  const out = room(m * n);
  for (let c = 0; c < n; c += BLOCK) {
    const others = { of: b, at: c, next: n };
    for (let i = 0; i < m; i++) {
      const factors = { of: a, at: i * k, next: 1 };
      combine(out, i * n + c, Math.min(BLOCK, n - c), 1, factors, others, k);
    }
  }
  return out;
}

/** Ones on the diagonal of an `n` by `n` matrix. */
export function identity(n: number): Float64Array {
  const out = room(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  return out;
}
