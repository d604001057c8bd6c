import { reflect, reflector, transposed } from './vectors.ts';
import { room } from './workspace.ts';

/**
 * Householder's decomposition of an `m` by `n` matrix, signs as in LAPACK:
 * `q` is m by `columns`, `r` is `columns` by n.
 */
export function qr(
  a: Float64Array,
  m: number,
  n: number,
  columns: number,
): { q: Float64Array; r: Float64Array } {
  // Columns lie in a row.
  const work = transposed(a, m, n);
  const count = Math.min(m, n);
  const taus: number[] = [];
  const r = new Float64Array(columns * n);
  for (let k = 0; k < count; k++) {
    const at = k * m + k;
    const { tau, beta } = reflector(work, at, m - k);
    taus.push(tau);
    for (let j = k + 1; j < n; j++) reflect(work, j * m + k, tau, work, at, m - k);
    r[k * n + k] = beta;
  }
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < Math.min(j, count); i++) r[i * n + j] = work[j * m + i]!;
  }
  const q = room(columns * m);
  for (let j = 0; j < columns; j++) q[j * m + j] = 1;
  for (let k = count - 1; k >= 0; k--) {
    for (let j = k; j < columns; j++) reflect(q, j * m + k, taus[k]!, work, k * m + k, m - k);
  }
  return { q: transposed(q, columns, m), r };
}
