import { svd } from './svd.ts';
import { add } from './vectors.ts';

/** The pseudoinverse, `n` by `m`, of an `m` by `n` matrix; singular values up to `rcond` times the greatest count as 0. */
export function pinv(a: Float64Array, m: number, n: number, rcond: number): Float64Array {
  const k = Math.min(m, n);
  const { s, u, v } = svd(a, m, n, k, k);
  const out = new Float64Array(n * m);
  for (let i = 0; i < k; i++) {
    // What is not a number is not left out.
    if (s[i]! <= rcond * s[0]!) continue;
    for (let row = 0; row < n; row++) add(out, row * m, v[i * n + row]! / s[i]!, u, i * m, m);
  }
  return out;
}
