import { dot } from './vectors.ts';

/**
 * The lower factor L of `a = L L^T` in place, zeros above the diagonal, row by
 * row. It reads the symmetric part of a. Gives the first position whose pivot
 * is not positive, and the pivot; null where all are.
 */
export function cholesky(a: Float64Array, n: number): { at: number; pivot: number } | null {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (a[i * n + j]! + a[j * n + i]!) / 2;
      a[i * n + j] = mean;
      a[j * n + i] = 0;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      a[i * n + j] = (a[i * n + j]! - dot(a, i * n, a, j * n, j)) / a[j * n + j]!;
    }
    const pivot = a[i * n + i]! - dot(a, i * n, a, i * n, i);
    if (!(pivot > 0)) return { at: i, pivot };
    a[i * n + i] = Math.sqrt(pivot);
  }
  return null;
}
