import { add, dot, hypotenuse, length, rotate, swap } from './vectors.ts';
import { room } from './workspace.ts';

/** Singular values, falling, and the vectors on the left and on the right, in rows. */
export interface Singular {
  readonly s: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** A bidiagonal matrix, its diagonal and what is beside it, with the vectors that are turned along. */
interface Bidiagonal extends Singular {
  readonly e: Float64Array;
}

/**
 * The decomposition of a matrix of `m` rows and `n <= m` columns, which lie in
 * the rows of `a` and are lost. `us` is 0, n or m; `vs` 0 or n.
 */
export function tallSvd(a: Float64Array, m: number, n: number, us: number, vs: number): Singular {
  const form = bidiagonal(a, m, n, us, vs);
  const { s, e, u, v } = form;
  const sizeU = us > 0 ? m : 0;
  const sizeV = vs > 0 ? n : 0;
  let p = n;
  while (p > 0) {
    // Where the matrix falls apart, from behind.
    let k = p - 2;
    while (
      k >= 0 &&
      Math.abs(e[k]!) > tiny + Number.EPSILON * (Math.abs(s[k]!) + Math.abs(s[k + 1]!))
    )
      k--;
    if (k >= 0) e[k] = 0;
    if (k === p - 2) {
      settle(form, p - 1, n, sizeU, sizeV);
      p--;
      continue;
    }
    let zero = p - 1;
    while (zero > k) {
      const near =
        (zero === p - 1 ? 0 : Math.abs(e[zero]!)) + (zero === k + 1 ? 0 : Math.abs(e[zero - 1]!));
      if (Math.abs(s[zero]!) <= tiny + Number.EPSILON * near) break;
      zero--;
    }
    if (zero === k) step(form, k + 1, p, sizeU, sizeV);
    else if (zero === p - 1) {
      s[zero] = 0;
      // The last singular value is zero: its column is turned away.
      let f = e[p - 2]!;
      e[p - 2] = 0;
      for (let j = p - 2; j > k; j--) {
        const t = hypotenuse(s[j]!, f);
        const [c, sine] = [s[j]! / t, f / t];
        s[j] = t;
        if (j > k + 1) {
          f = -sine * e[j - 1]!;
          e[j - 1] = c * e[j - 1]!;
        }
        rotate(v, j * sizeV, (p - 1) * sizeV, sizeV, c, sine);
      }
    } else {
      s[zero] = 0;
      // One in the middle is: its row is turned away.
      let f = e[zero]!;
      e[zero] = 0;
      for (let j = zero + 1; j < p; j++) {
        const t = hypotenuse(s[j]!, f);
        const [c, sine] = [s[j]! / t, f / t];
        s[j] = t;
        f = -sine * e[j]!;
        e[j] = c * e[j]!;
        rotate(u, j * sizeU, zero * sizeU, sizeU, c, sine);
      }
    }
  }
  return { s, u, v };
}

/** Below this a number counts as zero beside anything. */
const tiny = 2 ** -966;

/** A singular value has converged: it is made positive and put among those behind it. */
function settle({ s, u, v }: Bidiagonal, at: number, n: number, sizeU: number, sizeV: number) {
  if (s[at]! <= 0) {
    s[at] = -s[at]! + 0;
    for (let i = at * sizeV; i < (at + 1) * sizeV; i++) v[i] = -v[i]!;
  }
  for (let k = at; k < n - 1 && s[k]! < s[k + 1]!; k++) {
    swap(s, k, k + 1, 1);
    swap(u, k * sizeU, (k + 1) * sizeU, sizeU);
    swap(v, k * sizeV, (k + 1) * sizeV, sizeV);
  }
}

/** One implicit QR step between k and p. */
function step(
  { s, e, u, v }: Bidiagonal,
  k: number,
  p: number,
  sizeU: number,
  sizeV: number,
): void {
  const scale = Math.max(
    Math.abs(s[p - 1]!),
    Math.abs(s[p - 2]!),
    Math.abs(e[p - 2]!),
    Math.abs(s[k]!),
    Math.abs(e[k]!),
  );
  const [last, before, beside] = [s[p - 1]! / scale, s[p - 2]! / scale, e[p - 2]! / scale];
  const [first, next] = [s[k]! / scale, e[k]! / scale];
  const b = ((before + last) * (before - last) + beside * beside) / 2;
  const c = (last * beside) ** 2;
  let shift = 0;
  if (b !== 0 || c !== 0) {
    const root = Math.sqrt(b * b + c);
    shift = c / (b + (b < 0 ? -root : root));
  }
  let f = (first + last) * (first - last) + shift;
  let g = first * next;
  for (let j = k; j < p - 1; j++) {
    let t = hypotenuse(f, g);
    let [cosine, sine] = t === 0 ? [1, 0] : [f / t, g / t];
    if (j > k) e[j - 1] = t;
    f = cosine * s[j]! + sine * e[j]!;
    e[j] = cosine * e[j]! - sine * s[j]!;
    g = sine * s[j + 1]!;
    s[j + 1]! *= cosine;
    rotate(v, j * sizeV, (j + 1) * sizeV, sizeV, cosine, sine);
    t = hypotenuse(f, g);
    [cosine, sine] = t === 0 ? [1, 0] : [f / t, g / t];
    s[j] = t;
    f = cosine * e[j]! + sine * s[j + 1]!;
    s[j + 1] = -sine * e[j]! + cosine * s[j + 1]!;
    g = sine * e[j + 1]!;
    e[j + 1]! *= cosine;
    rotate(u, j * sizeU, (j + 1) * sizeU, sizeU, cosine, sine);
  }
  e[p - 2] = f;
}

/** `a = U B V^T` by Householder's reflections from both sides. */
function bidiagonal(a: Float64Array, m: number, n: number, us: number, vs: number): Bidiagonal {
  const s = new Float64Array(n);
  const e = new Float64Array(n);
  const u = room(us * m);
  const v = room(vs * n);
  // What is reflected on the right, in rows of their own.
  const rows = room(n * n);
  const work = room(m);
  for (let k = 0; k < n; k++) {
    const at = k * m + k;
    const [size, rest] = [m - k, n - k - 1];
    s[k] = towards(a, at, size);
    for (let j = k + 1; j < n; j++) {
      if (s[k] !== 0) add(a, j * m + k, -dot(a, at, a, j * m + k, size) / a[at]!, a, at, size);
      rows[k * n + j] = a[j * m + k]!;
    }
    const row = k * n + k + 1;
    if (rest < 2) {
      if (rest === 1) e[k] = rows[row]!;
      continue;
    }
    e[k] = towards(rows, row, rest);
    if (e[k] === 0) continue;
    work.fill(0, k + 1);
    for (let j = k + 1; j < n; j++) {
      add(work, k + 1, rows[k * n + j]!, a, j * m + k + 1, size - 1);
    }
    for (let j = k + 1; j < n; j++) {
      add(a, j * m + k + 1, -rows[k * n + j]! / rows[row]!, work, k + 1, size - 1);
    }
  }
  for (let j = 0; j < us; j++) u[j * m + j] = 1;
  for (let k = us > 0 ? n - 1 : -1; k >= 0; k--) {
    const at = k * m + k;
    if (s[k] === 0) continue;
    for (let j = k; j < us; j++) {
      add(u, j * m + k, -dot(a, at, u, j * m + k, m - k) / a[at]!, a, at, m - k);
    }
  }
  for (let j = 0; j < vs; j++) v[j * n + j] = 1;
  for (let k = vs > 0 ? n - 3 : -1; k >= 0; k--) {
    const row = k * n + k + 1;
    if (e[k] === 0) continue;
    for (let j = k + 1; j < n; j++) {
      add(
        v,
        j * n + k + 1,
        -dot(rows, row, v, j * n + k + 1, n - k - 1) / rows[row]!,
        rows,
        row,
        n - k - 1,
      );
    }
  }
  return { s, e, u, v };
}

/**
 * Makes of a run the reflector that takes it onto its first axis, and gives
 * what is left there: `H = I - v v^T / v[0]`, as LINPACK has it. A run of
 * zeros stays, and is none.
 */
function towards(a: Float64Array, i: number, n: number): number {
  const size = length(a, i, n);
  if (size === 0) return 0;
  const by = a[i]! < 0 ? -size : size;
  for (let k = i; k < i + n; k++) a[k]! /= by;
  a[i]! += 1;
  return -by;
}
