import { central, far, near } from '../devices/plain/random.ts';
import { horner } from './polynomial.ts';

/**
 * The error function, its complement and its inverse in f64. Written so that
 * AssemblyScript compiles the same text (scripts/kernels/special.ts): numbers,
 * `Math` and each other are all that the functions know. The polynomials are
 * interpolated where Chebyshev's are zero, from sixty digits.
 */

/** `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 1) return x * horner(NEAR, x * x);
  return x > 0 ? 1 - erfTail(a) : x < 0 ? erfTail(a) - 1 : x;
}

/** `1 - erf(x)`, exact where that is small. */
export function erfc(x: number): number {
  const a = Math.abs(x);
  if (a < 0.5) return 1 - x * horner(NEAR, x * x);
  return x > 0 ? erfTail(a) : x < 0 ? 2 - erfTail(a) : x;
}

/** erfc(x) = exp(-x^2) / (1 + 2 x) times a polynomial in (x - 3.75) / (x + 3.75) (Shepherd, Laframboise, 1981), for x > 0. */
function erfTail(x: number): number {
  if (x > 28) return 0;
  // The square of the first 24 digits is exact; what they leave goes into a second power.
  const s: number = Math.fround(x);
  const power = Math.exp(-s * s) * Math.exp((s - x) * (s + x));
  const t = (x - 3.75) / (x + 3.75);
  return (power * horner(TAIL, t)) / (1 + 2 * x);
}

/** The x whose erf is y (Wichura: algorithm AS 241, Applied Statistics 37, 1988). */
export function erfinv(y: number): number {
  const a = Math.abs(y);
  if (a <= 0.85) {
    const r = 0.180625 - 0.25 * y * y;
    return (y * Math.SQRT1_2 * 0.5 * horner(central[0], r)) / horner(central[1], r);
  }
  if (!(a < 1)) return a === 1 ? y * Infinity : NaN;
  const r = Math.sqrt(-Math.log((1 - a) / 2));
  const x =
    r <= 5
      ? horner(near[0], r - 1.6) / horner(near[1], r - 1.6)
      : horner(far[0], r - 5) / horner(far[1], r - 5);
  return (y < 0 ? -x : x) * Math.SQRT1_2;
}

/** erf(x) / x as a polynomial in x^2, for |x| up to 1. */
export const NEAR: readonly number[] = [
  1.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792,
  0.0052239776248180145, -0.000854832698083379, 0.0001205533111164271, -0.000014925595266831182,
  0.0000016461000484121368, -1.6350312701054695e-7, 1.4659775274047436e-8, -1.1372848856791674e-9,
  5.957176147748911e-11,
];

/** erfc(x) exp(x^2) (1 + 2 x) for all x from 0 on, as (x - 3.75) / (x + 3.75) goes from -1 to 1. */
export const TAIL: readonly number[] = [
  1.2375126308378275, -0.14024059858554697, 0.003585415485463775, 0.08227673849014516,
  -0.10880393014171785, 0.09230432116037876, -0.058693398590212366, 0.028362277418940665,
  -0.009746579552504244, 0.0017556258530017257, 0.0002937136342850081, -0.0002901540809795271,
  0.000051649211390702855, 0.000022384240314224437, -0.000011444412439171722, -9.735619015182663e-7,
  0.000001752057970166318, -5.721597255990987e-8, -2.591069687796658e-7, 2.3261913276696566e-8,
  3.8965452548985966e-8, -3.743568033634583e-9, -5.28428697963142e-9, 3.110310719839165e-10,
  4.434959070009628e-10,
];
