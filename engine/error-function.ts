/**
 * The error function and its complement in f64, for the formulas of the plain
 * device: a series of positive terms near zero (Abramowitz and Stegun, 7.1.6),
 * a continued fraction farther out (7.1.14).
 */

/** `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. */
export function erf(x: number): number {
  const a = Math.abs(x);
  return a < FAR ? series(x) : x > 0 ? 1 - tail(a) : x < 0 ? tail(a) - 1 : x;
}

/** `1 - erf(x)`, exact where that is small. */
export function erfc(x: number): number {
  const a = Math.abs(x);
  if (a < FAR) return 1 - series(x);
  return x > 0 ? tail(a) : x < 0 ? 2 - tail(a) : x;
}

const FAR = 1.5;

/** erf(x) = 2 / sqrt(pi) exp(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = exp(-x^2) / sqrt(pi) / (x + 1/2 / (x + 1 / (x + 3/2 / (x + ...)))), for x > 0. */
function tail(x: number): number {
  if (x > 28) return 0;
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
