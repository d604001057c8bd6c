import { divide, sizeAt, subtract, widened } from './complex-lu.ts';
import { rising, schur, type Eigenvalues } from './hqr.ts';
import { greatest, identity } from './vectors.ts';

/**
 * Eigenvalues, in pairs of parts and in the order of `rising`, and
 * eigenvectors, the columns of `vectors`, of a real `n` by `n` matrix, which is
 * lost: Schur's form made triangular in complex numbers, and substitution in
 * it. Each vector has the length 1, and its greatest element is real and
 * positive. All are not-a-number where an element is not finite; null where
 * the steps do not converge.
 */
export function eig(
  a: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } | null {
  const most = greatest(a, 0, a.length);
  if (!Number.isFinite(most)) {
    return { values: nan(2 * n), vectors: nan(2 * n * n) };
  }
  if (most > 0) for (let i = 0; i < a.length; i++) a[i]! /= most;
  const q = identity(n);
  const found = schur(a, n, q);
  if (found === null) return null;
  const [t, z] = [widened(a), widened(q)];
  triangular(t, z, n, found);
  const order = rising(found);
  const values = new Float64Array(2 * n);
  const vectors = new Float64Array(2 * n * n);
  order.forEach((from, to) => {
    values[2 * to] = found.real[from]! * most;
    values[2 * to + 1] = found.imag[from]! * most;
    const v = vectorAt(t, z, n, from);
    // The partner in a pair has the conjugate: to the last bit, as the values have.
    const partner = found.imag[from]! > 0 ? order.indexOf(from - 1) : -1;
    for (let i = 0; i < n; i++) {
      const at = 2 * (i * n + to);
      const like = 2 * (i * n + partner);
      vectors[at] = partner < 0 ? v[2 * i]! : vectors[like]!;
      vectors[at + 1] = partner < 0 ? v[2 * i + 1]! : -vectors[like + 1]!;
    }
  });
  return { values, vectors };
}

/** Takes away the blocks of two on the diagonal of Schur's form, by rotations. */
function triangular(
  t: Float64Array,
  z: Float64Array,
  n: number,
  { real, imag }: Eigenvalues,
): void {
  for (let k = 0; k < n - 1; k++) {
    const below = t[2 * ((k + 1) * n + k)]!;
    if (below === 0) continue;
    // The rotation that takes the block's eigenvector (value - d, below) onto its first axis.
    const re = real[k]! - t[2 * ((k + 1) * n + k + 1)]!;
    const im = imag[k]!;
    const size = Math.hypot(re, im, below);
    const [cRe, cIm, s] = [re / size, im / size, below / size];
    for (let j = k; j < n; j++) {
      turn(t, k * n + j, (k + 1) * n + j, cRe, -cIm, s);
    }
    for (const x of [t, z]) {
      const rows = x === t ? k + 2 : n;
      for (let i = 0; i < rows; i++) turn(x, i * n + k, i * n + k + 1, cRe, cIm, s);
    }
    t[2 * ((k + 1) * n + k)] = t[2 * ((k + 1) * n + k) + 1] = 0;
    for (const i of [k, k + 1]) {
      t[2 * (i * n + i)] = real[i]!;
      t[2 * (i * n + i) + 1] = imag[i]!;
    }
  }
}

/** Two elements x, y become `c x + s y` and `conj(c) y - s x`. */
function turn(a: Float64Array, i: number, j: number, cRe: number, cIm: number, s: number): void {
  const [xRe, xIm, yRe, yIm] = [a[2 * i]!, a[2 * i + 1]!, a[2 * j]!, a[2 * j + 1]!];
  a[2 * i] = cRe * xRe - cIm * xIm + s * yRe;
  a[2 * i + 1] = cRe * xIm + cIm * xRe + s * yIm;
  a[2 * j] = cRe * yRe + cIm * yIm - s * xRe;
  a[2 * j + 1] = cRe * yIm - cIm * yRe - s * xIm;
}

/** The eigenvector that belongs to position k of the triangle t, out of the frame z. */
function vectorAt(t: Float64Array, z: Float64Array, n: number, k: number): Float64Array {
  const x = new Float64Array(2 * n);
  const gap = new Float64Array(2);
  x[2 * k] = 1;
  for (let i = k - 1; i >= 0; i--) {
    for (let j = i + 1; j <= k; j++) subtract(x, i, x, j, t, i * n + j, 1);
    for (const part of [0, 1]) gap[part] = t[2 * (i * n + i) + part]! - t[2 * (k * n + k) + part]!;
    // Of values that are one, as in LAPACK, the least gap there could be is taken.
    const least = Number.EPSILON * Math.max(sizeAt(t, k * n + k), Number.EPSILON);
    if (sizeAt(gap, 0) < least) [gap[0], gap[1]] = [least, 0];
    divide(x, i, gap, 0);
    // Before squares leave the range of numbers.
    const size = sizeAt(x, i);
    if (size > 1e100) for (let j = 2 * i; j <= 2 * k + 1; j++) x[j]! /= size;
  }
  const v = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= k; j++) subtract(v, i, z, i * n + j, x, j, 1);
  return settled(v, n);
}

/** Of length 1, with a greatest element (the first of several that all but tie) that is real and positive. */
function settled(v: Float64Array, n: number): Float64Array {
  const most = greatest(v, 0, 2 * n);
  for (let i = 0; i < 2 * n; i++) v[i]! /= most;
  let [at, sum] = [0, 0];
  for (let i = 0; i < n; i++) {
    const size = sizeAt(v, i);
    sum += size * size;
    if (size > sizeAt(v, at) * (1 + 1e-10)) at = i;
  }
  const size = sizeAt(v, at);
  const by = new Float64Array([
    (v[2 * at]! / size) * Math.sqrt(sum),
    (v[2 * at + 1]! / size) * Math.sqrt(sum),
  ]);
  for (let i = 0; i < n; i++) divide(v, i, by, 0);
  v[2 * at + 1] = 0;
  return v;
}

function nan(size: number): Float64Array {
  return new Float64Array(size).fill(NaN);
}
