import { add, swap } from './vectors.ts';

export interface Factored {
  /** U on and above the diagonal, L without its ones below. */
  readonly a: Float64Array;
  /** Row i of the product is row `order[i]` of the matrix. */
  readonly order: Int32Array;
  /** 1 or -1: the sign of that permutation. */
  readonly sign: number;
}

/** Gaussian elimination with partial pivoting of an `m` by `n` matrix, in place (Golub, Van Loan, Matrix Computations, 3.4). */
export function lu(a: Float64Array, m: number, n: number): Factored {
  const order = Int32Array.from({ length: m }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < Math.min(m, n); k++) {
    let pivot = k;
    for (let i = k + 1; i < m; i++) {
      if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    }
    if (pivot !== k) {
      swap(a, pivot * n, k * n, n);
      [order[k], order[pivot]] = [order[pivot]!, order[k]!];
      sign = -sign;
    }
    const by = a[k * n + k]!;
    // A column of zeros is eliminated already.
    if (by === 0) continue;
    for (let i = k + 1; i < m; i++) {
      const factor = a[i * n + k]! / by;
      a[i * n + k] = factor;
      if (factor !== 0) add(a, i * n + k + 1, -factor, a, k * n + k + 1, n - k - 1);
    }
  }
  return { a, order, sign };
}

/** The first zero on the diagonal of an `n` by `n` matrix, or -1. */
export function zeroPivot(a: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) if (a[i * n + i] === 0) return i;
  return -1;
}

/** `x` with `a x = b`, for `columns` right sides in the rows of b. U has no zero on its diagonal. */
export function solved(
  { a, order }: Factored,
  b: Float64Array,
  n: number,
  columns: number,
): Float64Array {
  const x = new Float64Array(n * columns);
  for (let i = 0; i < n; i++) {
    x.set(b.subarray(order[i]! * columns, (order[i]! + 1) * columns), i * columns);
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) add(x, i * columns, -a[i * n + k]!, x, k * columns, columns);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) add(x, i * columns, -a[i * n + k]!, x, k * columns, columns);
    const by = a[i * n + i]!;
    for (let c = 0; c < columns; c++) x[i * columns + c]! /= by;
  }
  return x;
}
