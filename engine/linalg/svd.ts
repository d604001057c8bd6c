import { signOf } from './eigh.ts';
import { tallSvd, type Singular } from './golub-reinsch.ts';
import { greatest, transposed } from './vectors.ts';

/**
 * Singular values of an `m` by `n` matrix and, where they are wanted, their
 * vectors, `us` on the left and `vs` on the right (as many as the shorter side
 * has, or all). The greatest element of each vector on the left is positive.
 * Householder's bidiagonal form and implicit QR steps (Golub, Reinsch, 1970;
 * LINPACK's dsvdc). All are not-a-number where an element is not finite.
 */
export function svd(a: Float64Array, m: number, n: number, us: number, vs: number): Singular {
  const most = greatest(a, 0, a.length);
  if (!Number.isFinite(most)) {
    const none = (size: number) => new Float64Array(size).fill(NaN);
    return { s: none(Math.min(m, n)), u: none(us * m), v: none(vs * n) };
  }
  // Squares of what is very great or very small would leave the range.
  const scale = most > 1e100 || (most > 0 && most < 1e-100) ? most : 1;
  if (scale !== 1) for (let i = 0; i < a.length; i++) a[i]! /= scale;
  const tall = m >= n;
  const columns = tall ? transposed(a, m, n) : a;
  const made = tall ? tallSvd(columns, m, n, us, vs) : tallSvd(columns, n, m, vs, us);
  const { s } = made;
  const [u, v] = tall ? [made.u, made.v] : [made.v, made.u];
  if (scale !== 1) for (let i = 0; i < s.length; i++) s[i]! *= scale;
  for (let i = 0; i < Math.max(us, vs); i++) {
    const left = u.subarray(i * m, i < us ? (i + 1) * m : i * m);
    const right = v.subarray(i * n, i < vs ? (i + 1) * n : i * n);
    // Beyond the shorter side a vector has no partner.
    const paired = i < Math.min(m, n) && us > 0;
    const sign = signOf(paired ? left : right);
    if (signOf(left) < 0) negate(left);
    if (sign < 0) negate(right);
  }
  return { s, u, v };
}

function negate(row: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] = -row[i]!;
}
