// Gaussian elimination of complex matrices, whose elements lie as pairs of numbers: the real part, then the imaginary one.

import type { Complex } from '../complex.ts';
import { over } from '../special/complex-functions.ts';

export interface ComplexFactored {
  /** U on and above the diagonal, L without its ones below. */
  readonly a: Float64Array;
  /** Row i of the product is row `order[i]` of the matrix. */
  readonly order: Int32Array;
  /** 1 or -1: the sign of that permutation. */
  readonly sign: number;
}

/** Elimination with partial pivoting of an `n` by `n` matrix, in place; the pivot is of the greatest size. */
export function complexLu(a: Float64Array, n: number): ComplexFactored {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let [pivot, most] = [k, sizeAt(a, k * n + k)];
    for (let i = k + 1; i < n; i++) {
      const size = sizeAt(a, i * n + k);
      if (size > most) [pivot, most] = [i, size];
    }
    if (pivot !== k) {
      swapRows(a, pivot, k, n);
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
      sign = -sign;
    }
    // A column of zeros is eliminated already.
    if (most === 0) continue;
    for (let i = k + 1; i < n; i++) {
      divide(a, i * n + k, a, k * n + k);
      subtract(a, i * n + k + 1, a, i * n + k, a, k * n + k + 1, n - k - 1);
    }
  }
  return { a, order, sign };
}

/** The first zero on the diagonal of U, or -1. */
export function complexZeroPivot(a: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) if (sizeAt(a, i * n + i) === 0) return i;
  return -1;
}

/** `x` with `a x = b`, for `columns` right sides in the rows of b. U has no zero on its diagonal. */
export function complexSolved(
  { a, order }: ComplexFactored,
  b: Float64Array,
  n: number,
  columns: number,
): Float64Array {
  const x = new Float64Array(2 * n * columns);
  const row = 2 * columns;
  for (let i = 0; i < n; i++) {
    x.set(b.subarray(order[i]! * row, (order[i]! + 1) * row), i * row);
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) subtract(x, i * columns, a, i * n + k, x, k * columns, columns);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) {
      subtract(x, i * columns, a, i * n + k, x, k * columns, columns);
    }
    for (let c = 0; c < columns; c++) divide(x, i * columns + c, a, i * n + i);
  }
  return x;
}

/** The transpose of an `n` by `n` matrix, and the conjugate of that. */
export function adjoint(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      out[2 * (j * n + i)] = a[2 * (i * n + j)]!;
      out[2 * (j * n + i) + 1] = -a[2 * (i * n + j) + 1]!;
    }
  }
  return out;
}

/** Ones on the diagonal of an `n` by `n` matrix. */
export function complexIdentity(n: number): Float64Array {
  const out = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++) out[2 * (i * n + i)] = 1;
  return out;
}

/** Real numbers as complex ones. */
export function widened(x: Float64Array): Float64Array {
  return Float64Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x[i / 2]! : 0));
}

/** The absolute value of an element. */
export function sizeAt(a: Float64Array, at: number): number {
  return Math.hypot(a[2 * at]!, a[2 * at + 1]!);
}

/** Divides an element by another. */
export function divide(a: Float64Array, at: number, b: Float64Array, by: number): void {
  const { re, im } = over(elementAt(a, at), elementAt(b, by));
  a[2 * at] = re;
  a[2 * at + 1] = im;
}

/** One element as a number of its own. */
export function elementAt(a: Float64Array, at: number): Complex {
  return { re: a[2 * at]!, im: a[2 * at + 1]! };
}

/** The run of elements `a` from i on, minus element `by` of f times the run `b` from j on. */
export function subtract(
  a: Float64Array,
  i: number,
  f: Float64Array,
  by: number,
  b: Float64Array,
  j: number,
  n: number,
): void {
  const [c, d] = [f[2 * by]!, f[2 * by + 1]!];
  if (c === 0 && d === 0) return;
  for (let k = 0; k < 2 * n; k += 2) {
    const [re, im] = [b[2 * j + k]!, b[2 * j + k + 1]!];
    a[2 * i + k]! -= c * re - d * im;
    a[2 * i + k + 1]! -= c * im + d * re;
  }
}

function swapRows(a: Float64Array, i: number, j: number, n: number): void {
  for (let k = 0; k < 2 * n; k++) {
    const x = a[2 * i * n + k]!;
    a[2 * i * n + k] = a[2 * j * n + k]!;
    a[2 * j * n + k] = x;
  }
}
