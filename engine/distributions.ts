import { quantile, threefry } from './devices/plain/random.ts';
import type { Key } from './random-state.ts';

/**
 * Draws from distributions, each a function of the key and the position of its
 * element alone, however many numbers it takes. As in devices/plain/random.ts
 * only the four operations and the square root are used, which every machine
 * rounds alike: so the same key gives the same bits everywhere.
 */

/** The numbers that one element is made of: those of a key of its own. */
export class Draws {
  readonly #key: Key;
  #taken = 0;

  constructor(key: Key, position: number) {
    this.#key = threefry(key, position);
  }

  /** Evenly from 0 to 1, without either. */
  unit(): number {
    const [high, low] = threefry(this.#key, this.#taken++);
    return (high * 2 ** 20 + (low >>> 12) + 0.5) / 2 ** 52;
  }

  normal(): number {
    return quantile(this.unit());
  }

  /** By 1 on average. */
  exponential(): number {
    return -ln(this.unit());
  }

  /** One below n. */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  gumbel(): number {
    return -ln(this.exponential());
  }

  laplace(): number {
    const p = this.unit();
    return p < 0.5 ? ln(2 * p) : -ln(2 - 2 * p);
  }

  /** The ratio of two normal numbers. */
  cauchy(): number {
    return this.normal() / this.normal();
  }

  /** Normal, between two ends. */
  truncated(low: number, high: number): number {
    for (;;) {
      const x = this.normal();
      if (x >= low && x <= high) return x;
    }
  }

  /** The logarithm of a number of the gamma distribution (Marsaglia, Tsang: A simple method, 2000). */
  logGamma(alpha: number): number {
    // No draw would ever be taken for these.
    if (alpha === 0) return -Infinity;
    if (alpha === Infinity) return Infinity;
    if (!(alpha > 0)) return NaN;
    // Below 1 by way of alpha + 1; its logarithm stays in range where the number itself would not.
    if (alpha < 1) return this.logGamma(alpha + 1) + ln(this.unit()) / alpha;
    const d = alpha - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const t = 1 + c * x;
      if (t <= 0) continue;
      const v = t * t * t;
      if (ln(this.unit()) < 0.5 * x * x + d - d * v + d * ln(v)) return ln(d * v);
    }
  }

  gamma(alpha: number): number {
    return exp(this.logGamma(alpha));
  }

  beta(a: number, b: number): number {
    return 1 / (1 + exp(this.logGamma(b) - this.logGamma(a)));
  }

  studentT(df: number): number {
    return this.normal() / Math.sqrt((2 * this.gamma(df / 2)) / df);
  }

  /** Counts arrivals; where there are many, by Hörmann's rejection (The transformed rejection method, 1993). */
  poisson(rate: number): number {
    if (rate !== rate || rate < 0) return NaN;
    if (rate === Infinity) return Infinity;
    if (rate < 10) {
      let count = 0;
      for (let time = this.exponential(); time < rate; time += this.exponential()) count++;
      return count;
    }
    const b = 0.931 + 2.53 * Math.sqrt(rate);
    const a = -0.059 + 0.02483 * b;
    const inverse = 1.1239 + 1.1328 / (b - 3.4);
    const sure = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.unit() - 0.5;
      const v = this.unit();
      const s = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / s + b) * u + rate + 0.43);
      if (s >= 0.07 && v <= sure) return k;
      if (k < 0 || (s < 0.013 && v > s)) continue;
      const wanted = k * ln(rate) - rate - lnFactorial(k);
      if (ln(v) + ln(inverse) - ln(a / (s * s) + b) <= wanted) return k;
    }
  }
}

/** The natural logarithm of x > 0: the exponent apart, the rest by the series of the area tangent. */
export function ln(x: number): number {
  if (x === Infinity) return x;
  let exponent = 0;
  for (; x >= 2 ** 32; exponent += 32) x *= 2 ** -32;
  for (; x < 2 ** -32; exponent -= 32) x *= 2 ** 32;
  for (; x > Math.SQRT2; exponent++) x /= 2;
  for (; x < Math.SQRT1_2; exponent--) x *= 2;
  const s = (x - 1) / (x + 1);
  const square = s * s;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return exponent * Math.LN2 + 2 * s * sum;
}

/** `e` to the power of x: halves of powers of two, and the series of the rest. */
export function exp(x: number): number {
  if (!(x < 710)) return x === x ? Infinity : x;
  if (x < -746) return 0;
  const n = Math.floor(x / Math.LN2 + 0.5);
  // ln 2 in two parts, of which the first has few digits.
  const rest = x - n * 0.69314718036912381649 - n * 1.90821492927058770002e-10;
  let sum = 1;
  for (let k = 14; k >= 1; k--) sum = (sum * rest) / k + 1;
  for (let left = n; left > 0; left -= Math.min(left, 30)) sum *= 2 ** Math.min(left, 30);
  for (let left = -n; left > 0; left -= Math.min(left, 30)) sum /= 2 ** Math.min(left, 30);
  return sum;
}

/** The logarithm of k!, by Stirling's series where k is not small. */
function lnFactorial(k: number): number {
  if (k < 16) {
    let product = 1;
    for (let i = 2; i <= k; i++) product *= i;
    return ln(product);
  }
  const x = k + 1;
  const r = 1 / x;
  const tail = r * (1 / 12 - r * r * (1 / 360 - r * r * (1 / 1260 - (r * r) / 1680)));
  return (x - 0.5) * ln(x) - x + 0.9189385332046728 + tail;
}

/** The whole numbers below n in random order: whatever lay in a place before goes to the end of what is done. */
export function permuted(n: number, key: Key): number[] {
  const order: number[] = [];
  for (let i = 0; i < n; i++) {
    const j = new Draws(key, i).below(i + 1);
    order[i] = order[j]!;
    order[j] = i;
  }
  return order;
}
