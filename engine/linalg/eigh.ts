import { add, dot, greatest, hypotenuse, lessTwo, reflector, rotate } from './vectors.ts';
import { room } from './workspace.ts';

/**
 * Eigenvalues, rising, and eigenvectors, in the rows of `vectors`, of the
 * symmetric part of an `n` by `n` matrix: Householder's tridiagonal form and
 * the implicit QL method (Bowdler, Martin, Reinsch, Wilkinson, 1968). All are
 * not-a-number where an element is not finite.
 */
export function eigh(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      a[i * n + j] = a[j * n + i] = a[i * n + j]! / 2 + a[j * n + i]! / 2;
    }
  }
  const most = greatest(a, 0, n * n);
  if (!Number.isFinite(most)) {
    return { values: new Float64Array(n).fill(NaN), vectors: new Float64Array(n * n).fill(NaN) };
  }
  // Squares of what is very great or very small would leave the range.
  const scale = most > 1e100 || (most > 0 && most < 1e-100) ? most : 1;
  if (scale !== 1) for (let i = 0; i < n * n; i++) a[i]! /= scale;
  const { diagonal, beside, vectors } = tridiagonal(a, n);
  ql(diagonal, beside, vectors, n);
  if (scale !== 1) for (let i = 0; i < n; i++) diagonal[i]! *= scale;
  return sorted(diagonal, vectors, n);
}

/** `a = Q T Q^T`: the diagonal of T and what is beside it, and the transpose of Q. */
function tridiagonal(
  a: Float64Array,
  n: number,
): { diagonal: Float64Array; beside: Float64Array; vectors: Float64Array } {
  const beside = new Float64Array(n);
  const taus = new Float64Array(n);
  const p = room(n);
  for (let k = 0; k < n - 2; k++) {
    const [v, size] = [k * n + k + 1, n - k - 1];
    const { tau, beta } = reflector(a, v, size);
    beside[k] = beta;
    taus[k] = tau;
    if (tau === 0) continue;
    // From both sides: a - v w^T - w v^T, where w = tau (a v) - tau^2 / 2 (v^T a v) v.
    for (let i = 0; i < size; i++) p[i] = tau * dot(a, (k + 1 + i) * n + k + 1, a, v, size);
    add(p, 0, (-tau / 2) * dot(p, 0, a, v, size), a, v, size);
    for (let i = 0; i < size; i++) {
      const row = (k + 1 + i) * n + k + 1;
      const [x, y] = [a[v + i]!, p[i]!];
      lessTwo(a, row, x, p, 0, y, a, v, size);
    }
  }
  if (n > 1) beside[n - 2] = a[(n - 2) * n + n - 1]!;
  const diagonal = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  const vectors = room(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const [v, size, tau] = [k * n + k + 1, n - k - 1, taus[k]!];
    if (tau === 0) continue;
    for (let i = k + 1; i < n; i++) {
      add(vectors, i * n + k + 1, -tau * dot(vectors, i * n + k + 1, a, v, size), a, v, size);
    }
  }
  return { diagonal, beside, vectors };
}

/** Eigenvalues of the tridiagonal matrix over its diagonal `d`; `vectors` are turned along. */
function ql(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number): void {
  let [shifted, most] = [0, 0];
  for (let l = 0; l < n; l++) {
    most = Math.max(most, Math.abs(d[l]!) + Math.abs(e[l]!));
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * most) m++;
    while (m > l) {
      const before = d[l]!;
      const half = (d[l + 1]! - before) / (2 * e[l]!);
      const root = half < 0 ? half - hypotenuse(half, 1) : half + hypotenuse(half, 1);
      d[l] = e[l]! / root;
      d[l + 1] = e[l]! * root;
      const [next, shift, below] = [d[l + 1]!, before - d[l]!, e[l + 1]!];
      for (let i = l + 2; i < n; i++) d[i]! -= shift;
      shifted += shift;
      let [p, c, c2, c3, s, s2] = [d[m]!, 1, 1, 1, 0, 0];
      for (let i = m - 1; i >= l; i--) {
        [c3, c2, s2] = [c2, c, s];
        const [g, h] = [c * e[i]!, c * p];
        const r = hypotenuse(p, e[i]!);
        e[i + 1] = s * r;
        s = e[i]! / r;
        c = p / r;
        p = c * d[i]! - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]!);
        rotate(vectors, (i + 1) * n, i * n, n, c, s);
      }
      p = (-s * s2 * c3 * below * e[l]!) / next;
      e[l] = s * p;
      d[l] = c * p;
      if (Math.abs(e[l]!) <= Number.EPSILON * most) break;
    }
    d[l]! += shifted;
    e[l] = 0;
  }
}

/** In rising order; each vector's greatest element is positive. */
function sorted(
  d: Float64Array,
  vectors: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const order = [...d.keys()].sort((i, j) => d[i]! - d[j]!);
  const out = new Float64Array(n * n);
  order.forEach((from, to) => {
    const row = vectors.subarray(from * n, (from + 1) * n);
    const sign = signOf(row);
    for (let i = 0; i < n; i++) out[to * n + i] = sign * row[i]!;
  });
  return { values: Float64Array.from(order, (i) => d[i]!), vectors: out };
}

/** The sign of the element of greatest size, the first of several that all but tie. */
export function signOf(row: Float64Array): number {
  let at = 0;
  for (let i = 1; i < row.length; i++) {
    if (Math.abs(row[i]!) > Math.abs(row[at]!) * (1 + 1e-10)) at = i;
  }
  return row[at]! < 0 ? -1 : 1;
}
