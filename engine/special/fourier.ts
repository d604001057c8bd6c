/**
 * Discrete Fourier transforms of any length in n log n, in f64. Complex
 * numbers are their two parts in turn.
 *
 * Lengths of small primes go by Stockham's method (each stage takes one prime
 * and leaves its results in order); others are a convolution, which needs
 * three transforms of a power of two (Bluestein, 1970).
 */
export class Fourier {
  readonly length: number;
  /** exp(-2 pi i k / n) for every k. */
  readonly turns: Float64Array;
  /** The primes of n, fours first; null where one is too large. */
  readonly #radices: readonly number[] | null;
  /** As much room again, from the first transform in JavaScript on. */
  #work: Float64Array | null = null;
  /** For Bluestein: the transform of a power of two, the chirp and the transformed chirp. */
  readonly #chirp: {
    readonly by: Fourier;
    readonly own: Float64Array;
    readonly far: Float64Array;
  } | null;

  private constructor(n: number) {
    this.length = n;
    this.turns = turns(n);
    this.#radices = radicesOf(n);
    this.#chirp = this.#radices === null ? chirped(n) : null;
  }

  /** The transform of that length; the last few are kept. */
  static of(n: number): Fourier {
    const known = kept.get(n);
    // Asked for last, dropped last.
    if (known !== undefined) kept.delete(n);
    const plan = known ?? new Fourier(n);
    kept.set(n, plan);
    let total = 0;
    for (const length of kept.keys()) total += length;
    for (const length of kept.keys()) {
      if (total <= MOST_KEPT || length === n) break;
      kept.delete(length);
      total -= length;
    }
    return plan;
  }

  /**
   * What a kernel has to know of it: its turns, the primes, how many numbers it works on, and for lengths with a large
   * prime the chirp with its transform behind it. Turns and primes are then those of that many numbers.
   */
  get plan(): Plan {
    if (this.#chirp === null)
      return { turns: this.turns, radices: this.#radices!, size: this.length, chirp: null };
    const { by, own, far } = this.#chirp;
    const chirp = new Float64Array(own.length + far.length);
    chirp.set(own);
    chirp.set(far, own.length);
    return { ...by.plan, chirp };
  }

  /** x becomes its transform: with `sign` -1 the forward one, with 1 the other way, not divided by n. */
  run(x: Float64Array, sign: 1 | -1): void {
    if (this.#chirp !== null) return this.#bluestein(x, sign);
    let [from, to] = [x, (this.#work ??= new Float64Array(2 * this.length))];
    let left = this.length;
    let step = 1;
    for (const radix of this.#radices!) {
      left /= radix;
      if (radix === 4) this.#fours(from, to, left, step, sign);
      else if (radix === 2) this.#twos(from, to, left, step, sign);
      else this.#primes(from, to, left, step, radix, sign);
      step *= radix;
      [from, to] = [to, from];
    }
    if (from !== x) x.set(from);
  }

  /** The first half of the transform of n real numbers, and the middle: n / 2 + 1 numbers. */
  runReal(x: Float64Array, out: Float64Array): void {
    const n = this.length;
    const half = n / 2;
    if (n % 2 !== 0) {
      const wide = new Float64Array(2 * n);
      for (let i = 0; i < n; i++) wide[2 * i] = x[i]!;
      this.run(wide, -1);
      out.set(wide.subarray(0, out.length));
      return;
    }
    // Even and odd places as one complex number; the transforms of both are in that of these.
    const packed = x.slice(0, n);
    Fourier.of(half).run(packed, -1);
    for (let k = 0; k <= half; k++) {
      const [i, j] = [2 * (k % half), 2 * ((half - k) % half)];
      const [evenRe, evenIm] = [packed[i]! + packed[j]!, packed[i + 1]! - packed[j + 1]!];
      const [oddRe, oddIm] = [packed[i + 1]! + packed[j + 1]!, packed[j]! - packed[i]!];
      const [re, im] = [this.turns[2 * k]!, this.turns[2 * k + 1]!];
      out[2 * k] = (evenRe + re * oddRe - im * oddIm) / 2;
      out[2 * k + 1] = (evenIm + re * oddIm + im * oddRe) / 2;
    }
  }

  #twos(x: Float64Array, y: Float64Array, m: number, s: number, sign: number): void {
    const turns = this.turns;
    for (let p = 0; p < m; p++) {
      const re = turns[2 * p * s]!;
      const im = -sign * turns[2 * p * s + 1]!;
      for (let q = 0; q < s; q++) {
        const a = 2 * (q + s * p);
        const b = a + 2 * s * m;
        const to = 2 * (q + 2 * s * p);
        const [dRe, dIm] = [x[a]! - x[b]!, x[a + 1]! - x[b + 1]!];
        y[to] = x[a]! + x[b]!;
        y[to + 1] = x[a + 1]! + x[b + 1]!;
        y[to + 2 * s] = dRe * re - dIm * im;
        y[to + 2 * s + 1] = dRe * im + dIm * re;
      }
    }
  }

  #fours(x: Float64Array, y: Float64Array, m: number, s: number, sign: number): void {
    const turns = this.turns;
    const across = 2 * s * m;
    for (let p = 0; p < m; p++) {
      const at = 2 * p * s;
      const [re1, im1] = [turns[at]!, -sign * turns[at + 1]!];
      const [re2, im2] = [turns[2 * at]!, -sign * turns[2 * at + 1]!];
      const [re3, im3] = [turns[3 * at]!, -sign * turns[3 * at + 1]!];
      for (let q = 0; q < s; q++) {
        const a = 2 * (q + s * p);
        const b = a + across;
        const c = b + across;
        const d = c + across;
        const sumRe = x[a]! + x[c]!;
        const sumIm = x[a + 1]! + x[c + 1]!;
        const gapRe = x[a]! - x[c]!;
        const gapIm = x[a + 1]! - x[c + 1]!;
        const otherRe = x[b]! + x[d]!;
        const otherIm = x[b + 1]! + x[d + 1]!;
        // The other gap turned by a quarter: forward by -i.
        const turnRe = -sign * (x[b + 1]! - x[d + 1]!);
        const turnIm = sign * (x[b]! - x[d]!);
        const to = 2 * (q + 4 * s * p);
        y[to] = sumRe + otherRe;
        y[to + 1] = sumIm + otherIm;
        const oneRe = gapRe + turnRe;
        const oneIm = gapIm + turnIm;
        y[to + 2 * s] = oneRe * re1 - oneIm * im1;
        y[to + 2 * s + 1] = oneRe * im1 + oneIm * re1;
        const twoRe = sumRe - otherRe;
        const twoIm = sumIm - otherIm;
        y[to + 4 * s] = twoRe * re2 - twoIm * im2;
        y[to + 4 * s + 1] = twoRe * im2 + twoIm * re2;
        const threeRe = gapRe - turnRe;
        const threeIm = gapIm - turnIm;
        y[to + 6 * s] = threeRe * re3 - threeIm * im3;
        y[to + 6 * s + 1] = threeRe * im3 + threeIm * re3;
      }
    }
  }

  #primes(
    x: Float64Array,
    y: Float64Array,
    m: number,
    s: number,
    radix: number,
    sign: number,
  ): void {
    const turns = this.turns;
    const n = this.length;
    const turn = n / radix;
    for (let p = 0; p < m; p++) {
      for (let j = 0; j < radix; j++) {
        const re = turns[2 * p * j * s]!;
        const im = -sign * turns[2 * p * j * s + 1]!;
        for (let q = 0; q < s; q++) {
          let from = 2 * (q + s * p);
          let sumRe = x[from]!;
          let sumIm = x[from + 1]!;
          for (let k = 1, at = 0; k < radix; k++) {
            from += 2 * s * m;
            at += j * turn;
            if (at >= n) at -= n;
            const [wRe, wIm] = [turns[2 * at]!, -sign * turns[2 * at + 1]!];
            sumRe += x[from]! * wRe - x[from + 1]! * wIm;
            sumIm += x[from]! * wIm + x[from + 1]! * wRe;
          }
          const to = 2 * (q + s * (radix * p + j));
          y[to] = sumRe * re - sumIm * im;
          y[to + 1] = sumRe * im + sumIm * re;
        }
      }
    }
  }

  #bluestein(x: Float64Array, sign: 1 | -1): void {
    const n = this.length;
    const { by, own, far } = this.#chirp!;
    const a = new Float64Array(2 * by.length);
    // The other way round is the same with the conjugates of what goes in and comes out.
    for (let i = 0; i < 2 * n; i += 2) {
      const [re, im] = [x[i]!, -sign * x[i + 1]!];
      a[i] = re * own[i]! - im * own[i + 1]!;
      a[i + 1] = re * own[i + 1]! + im * own[i]!;
    }
    by.run(a, -1);
    for (let i = 0; i < a.length; i += 2) {
      const [re, im] = [a[i]!, a[i + 1]!];
      a[i] = re * far[i]! - im * far[i + 1]!;
      a[i + 1] = re * far[i + 1]! + im * far[i]!;
    }
    by.run(a, 1);
    for (let i = 0; i < 2 * n; i += 2) {
      const [re, im] = [a[i]! / by.length, a[i + 1]! / by.length];
      x[i] = re * own[i]! - im * own[i + 1]!;
      x[i + 1] = -sign * (re * own[i + 1]! + im * own[i]!);
    }
  }
}

export interface Plan {
  readonly turns: Float64Array;
  readonly radices: readonly number[];
  readonly size: number;
  readonly chirp: Float64Array | null;
}

/** How many numbers the transforms that are kept may have together. */
const MOST_KEPT = 2 ** 20;
const kept = new Map<number, Fourier>();

/** The largest prime that is worth a stage of its own, whose work grows with it. */
const LARGEST = 13;

function radicesOf(n: number): readonly number[] | null {
  const radices: number[] = [];
  let left = n;
  for (const radix of [4, 2, 3, 5, 7, 11, LARGEST]) {
    for (; left % radix === 0; left /= radix) radices.push(radix);
  }
  return left === 1 ? radices : null;
}

/** exp(-2 pi i k / n) for k from 0 to n, its angle within an eighth of the circle: exact to the last digit. */
function turns(n: number): Float64Array {
  const list = new Float64Array(2 * n + 2);
  for (let k = 0; k <= n; k++) [list[2 * k], list[2 * k + 1]] = turn(k, n);
  return list;
}

function turn(k: number, n: number): readonly [re: number, im: number] {
  const eighth = Math.floor((8 * k) / n);
  // From the nearest axis.
  const quarter = (eighth + 1) >> 1;
  const angle = (2 * Math.PI * (k - (quarter * n) / 4)) / n;
  const [c, s] = [Math.cos(angle), -Math.sin(angle)];
  switch (quarter % 4) {
    case 0:
      return [c, s];
    case 1:
      return [s, -c];
    case 2:
      return [-c, -s];
    default:
      return [-s, c];
  }
}

function chirped(n: number) {
  let m = 1;
  while (m < 2 * n - 1) m *= 2;
  const by = Fourier.of(m);
  const own = new Float64Array(2 * n);
  const far = new Float64Array(2 * m);
  for (let k = 0; k < n; k++) {
    // exp(-pi i k^2 / n): k^2 modulo 2n, as its size alone would cost digits.
    const [re, im] = turn(squareModulo(k, 2 * n), 2 * n);
    own[2 * k] = re;
    own[2 * k + 1] = im;
    for (const at of k === 0 ? [0] : [k, m - k]) {
      far[2 * at] = re;
      far[2 * at + 1] = -im;
    }
  }
  by.run(far, -1);
  return { by, own, far };
}

/** k * k modulo n without loss, also where the square has more digits than a number. */
function squareModulo(k: number, n: number): number {
  const square = k * k;
  return square <= Number.MAX_SAFE_INTEGER
    ? square % n
    : Number((BigInt(k) * BigInt(k)) % BigInt(n));
}
