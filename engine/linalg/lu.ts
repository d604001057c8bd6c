import { add, BLOCK, combine, swap } from './vectors.ts';
import { room } from './workspace.ts';

export interface Factored {
  /** U on and above the diagonal, L without its ones below. */
  readonly a: Float64Array;
  /** Row i of the product is row `order[i]` of the matrix. */
  readonly order: Int32Array;
  /** 1 or -1: the sign of that permutation. */
  readonly sign: number;
}

/**
 * Gaussian elimination with partial pivoting of an `m` by `n` matrix, in place
 * (Golub, Van Loan, Matrix Computations, 3.4): some columns at a time, and what
 * they take from those behind them all at once.
 */
export function lu(a: Float64Array, m: number, n: number): Factored {
  const order = Int32Array.from({ length: m }, (_, i) => i);
  const steps = Math.min(m, n);
  let sign = 1;
  for (let first = 0; first < steps; first += PANEL) {
    const end = Math.min(first + PANEL, steps);
    for (let k = first; k < end; k++) {
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
        if (factor !== 0) add(a, i * n + k + 1, -factor, a, k * n + k + 1, end - k - 1);
      }
    }
    const others = { of: a, at: first * n + end, next: n };
    for (let i = first + 1; i < m && end < n; i++) {
      const factors = { of: a, at: i * n + first, next: 1 };
      combine(a, i * n + end, n - end, -1, factors, others, Math.min(i, end) - first, true);
    }
  }
  return { a, order, sign };
}

/** Columns that are eliminated before those behind them hear of it. */
const PANEL = 32;

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
  const x = room(n * columns);
  for (let i = 0; i < n; i++) {
    x.set(b.subarray(order[i]! * columns, (order[i]! + 1) * columns), i * columns);
  }
  for (let c = 0; c < columns; c += BLOCK) {
    const width = Math.min(BLOCK, columns - c);
    const row = (i: number) => ({ of: x, at: i * columns + c, next: columns });
    for (let i = 0; i < n; i++) {
      combine(x, i * columns + c, width, -1, { of: a, at: i * n, next: 1 }, row(0), i);
    }
    for (let i = n - 1; i >= 0; i--) {
      const factors = { of: a, at: i * n + i + 1, next: 1 };
      combine(x, i * columns + c, width, -1, factors, row(i + 1), n - i - 1);
      const by = a[i * n + i]!;
      for (let k = c; k < c + width; k++) x[i * columns + k]! /= by;
    }
  }
  return x;
}
