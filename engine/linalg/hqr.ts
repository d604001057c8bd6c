import { greatest, reflect, reflector } from './vectors.ts';

/** The parts of the eigenvalues. */
export interface Eigenvalues {
  readonly real: Float64Array;
  readonly imag: Float64Array;
}

/**
 * The eigenvalues of an `n` by `n` matrix, which is lost, by rising real part
 * and then by rising imaginary part. Not-a-number where an element is not
 * finite; null where the steps do not converge.
 */
export function eigenvalues(a: Float64Array, n: number): Eigenvalues | null {
  const most = greatest(a, 0, a.length);
  if (!Number.isFinite(most)) {
    return { real: new Float64Array(n).fill(NaN), imag: new Float64Array(n).fill(NaN) };
  }
  if (most === 0) return { real: new Float64Array(n), imag: new Float64Array(n) };
  // Products of what is very great or very small would leave the range.
  for (let i = 0; i < a.length; i++) a[i]! /= most;
  const values = schur(a, n, null);
  if (values === null) return null;
  const order = rising(values);
  return {
    real: Float64Array.from(order, (i) => values.real[i]! * most),
    imag: Float64Array.from(order, (i) => values.imag[i]! * most),
  };
}

/** The order of eigenvalues: by real part and then by imaginary part. */
export function rising({ real, imag }: Eigenvalues): number[] {
  return [...real.keys()].sort((i, j) => real[i]! - real[j]! || imag[i]! - imag[j]!);
}

/**
 * Hessenberg's form and Francis' QR steps with two shifts (Golub, Van Loan,
 * Matrix Computations, 7.5; EISPACK's hqr), of elements of at most 1. The
 * eigenvalues come as they lie on the diagonal. With `q`, which begins as ones
 * on its diagonal, a becomes Schur's form T of `q T q^T`, with blocks of two on
 * its diagonal where eigenvalues are a pair; without, it is lost. Null where
 * the steps do not converge.
 */
export function schur(a: Float64Array, n: number, q: Float64Array | null): Eigenvalues | null {
  const real = new Float64Array(n);
  const imag = new Float64Array(n);
  hessenberg(a, n, q);
  let shifted = 0;
  let end = n - 1;
  for (let steps = 0; end >= 0;) {
    const start = blockOf(a, n, end);
    if (start === end) {
      real[end] = a[end * n + end]! += shifted;
      end--;
      steps = 0;
    } else if (start === end - 1) {
      a[(end - 1) * n + end - 1]! += shifted;
      a[end * n + end]! += shifted;
      pair(a, n, end, real, imag);
      end -= 2;
      steps = 0;
    } else {
      if (steps++ === 200) return null;
      // Where steps go in circles, a shift of another kind leads out.
      const odd = steps % 10 === 0;
      if (odd) {
        const by = a[end * n + end]!;
        shifted += by;
        for (let i = 0; i <= end; i++) a[i * n + i]! -= by;
      }
      francis(a, n, start, end, odd, q);
    }
  }
  return { real, imag };
}

/** Zeros below the first subdiagonal, by reflections from both sides. */
function hessenberg(a: Float64Array, n: number, q: Float64Array | null): void {
  const v = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const size = n - k - 1;
    for (let i = 0; i < size; i++) v[i] = a[(k + 1 + i) * n + k]!;
    const { tau, beta } = reflector(v, 0, size);
    if (tau !== 0) {
      for (let j = k + 1; j < n; j++) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += v[i]! * a[(k + 1 + i) * n + j]!;
        for (let i = 0; i < size; i++) a[(k + 1 + i) * n + j]! -= tau * sum * v[i]!;
      }
      for (let i = 0; i < n; i++) reflect(a, i * n + k + 1, tau, v, 0, size);
      if (q !== null) for (let i = 0; i < n; i++) reflect(q, i * n + k + 1, tau, v, 0, size);
    }
    a[(k + 1) * n + k] = beta;
    for (let i = k + 2; i < n; i++) a[i * n + k] = 0;
  }
}

/** Beside elements up to 1 this counts as zero: the squares of what is less would underflow, and the steps go nowhere. */
const tiny = 1e-140;

/** Where the block that ends there begins: above it is a zero, or what counts as one. */
function blockOf(a: Float64Array, n: number, end: number): number {
  let start = end;
  while (start > 0) {
    const near = Math.abs(a[(start - 1) * n + start - 1]!) + Math.abs(a[start * n + start]!);
    const below = Math.abs(a[start * n + start - 1]!);
    if (below <= Math.max(Number.EPSILON * near, tiny)) {
      a[start * n + start - 1] = 0;
      break;
    }
    start--;
  }
  return start;
}

/** The two eigenvalues of a block of two. */
function pair(
  a: Float64Array,
  n: number,
  end: number,
  real: Float64Array,
  imag: Float64Array,
): void {
  const [x, y] = [a[end * n + end]!, a[(end - 1) * n + end - 1]!];
  const w = a[end * n + end - 1]! * a[(end - 1) * n + end]!;
  const half = (y - x) / 2;
  const square = half * half + w;
  const root = Math.sqrt(Math.abs(square));
  if (square >= 0) {
    const far = half + (half < 0 ? -root : root);
    real[end - 1] = x + far;
    real[end] = far === 0 ? x : x - w / far;
  } else {
    real[end - 1] = real[end] = x + half;
    imag[end - 1] = -root;
    imag[end] = root;
  }
}

/** One step with two shifts on the block from start to end, by reflections of three rows and columns. */
function francis(
  a: Float64Array,
  n: number,
  start: number,
  end: number,
  odd: boolean,
  q: Float64Array | null,
): void {
  const at = (i: number, j: number) => a[i * n + j]!;
  let [x, y] = [at(end, end), at(end - 1, end - 1)];
  let w = at(end, end - 1) * at(end - 1, end);
  if (odd) {
    const size = Math.abs(at(end, end - 1)) + Math.abs(at(end - 1, end - 2));
    x = y = 0.75 * size;
    w = -0.4375 * size * size;
  }
  const v = new Float64Array(3);
  // Two small subdiagonal elements in a row will do to begin at.
  let m = end - 2;
  for (; m >= start; m--) {
    const [r, s] = [x - at(m, m), y - at(m, m)];
    v[0] = (r * s - w) / at(m + 1, m) + at(m, m + 1);
    v[1] = at(m + 1, m + 1) - at(m, m) - r - s;
    v[2] = at(m + 2, m + 1);
    const scale = Math.abs(v[0]!) + Math.abs(v[1]!) + Math.abs(v[2]!);
    if (scale > 0) for (let i = 0; i < 3; i++) v[i]! /= scale;
    if (m === start) break;
    const before = Math.abs(at(m, m - 1)) * (Math.abs(v[1]!) + Math.abs(v[2]!));
    const near = Math.abs(at(m - 1, m - 1)) + Math.abs(at(m, m)) + Math.abs(at(m + 1, m + 1));
    if (before <= Number.EPSILON * Math.abs(v[0]!) * near) break;
  }
  for (let k = m; k < end; k++) {
    const size = k === end - 1 ? 2 : 3;
    if (k > m) for (let i = 0; i < size; i++) v[i] = at(k + i, k - 1);
    const { tau, beta } = reflector(v, 0, size);
    if (k > m) {
      a[k * n + k - 1] = beta;
      for (let i = 1; i < size; i++) a[(k + i) * n + k - 1] = 0;
    } else if (k > start) a[k * n + k - 1]! *= 1 - tau;
    if (tau === 0) continue;
    // Beside the block only Schur's form is of interest.
    const [first, last] = q === null ? [start, end] : [0, n - 1];
    for (let j = k; j <= last; j++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += v[i]! * a[(k + i) * n + j]!;
      for (let i = 0; i < size; i++) a[(k + i) * n + j]! -= tau * sum * v[i]!;
    }
    for (let i = first; i <= Math.min(end, k + 3); i++) reflect(a, i * n + k, tau, v, 0, size);
    if (q !== null) for (let i = 0; i < n; i++) reflect(q, i * n + k, tau, v, 0, size);
  }
}
