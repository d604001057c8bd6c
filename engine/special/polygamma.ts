import { digamma, lgamma } from './gamma-function.ts';

/**
 * The n-th derivative of digamma in f64, for whole n from 0 on: (-1)^(n + 1)
 * n! times Hurwitz's zeta(n + 1, x). At 0 and below it at whole numbers it is
 * infinite, with the sign it has above 0.
 */
export function polygamma(x: number, n: number): number {
  if (n === 0 || x !== x) return n === 0 ? digamma(x) : x;
  const sign = n % 2 === 0 ? -1 : 1;
  if (x > 0) return sign * factor(n, zeta(n + 1, x));
  const part = x - Math.floor(x + 0.5);
  if (part === 0 || x === -Infinity) return part === 0 ? sign * Infinity : NaN;
  // Reflection: (-1)^n polygamma(n, 1 - x) less the n-th derivative of pi cot(pi x).
  return -factor(n, zeta(n + 1, 1 - x)) - cotangent(part, n);
}

/** n! times a value that may be very small. */
function factor(n: number, value: number): number {
  if (n > 170) return Math.exp(lgamma(n + 1) + Math.log(value));
  for (let k = 2; k <= n; k++) value *= k;
  return value;
}

/** The sum of (x + k)^-s for k from 0 on, by the formula of Euler and Maclaurin. */
function zeta(s: number, x: number): number {
  let sum = 0;
  let a = x;
  for (; a < 10 + s; a++) sum += a ** -s;
  const power = a ** -s;
  // Not the power times a: it underflows where their product does not.
  sum += a ** (1 - s) / (s - 1) + 0.5 * power;
  // B_2k / (2k)! s (s + 1) ... (s + 2k - 2) a^(1 - s - 2k)
  let rising = (s * power) / a;
  EULER.forEach((b, i) => {
    sum += b * rising;
    rising *= ((s + 2 * i + 1) * (s + 2 * i + 2)) / (a * a);
  });
  return sum;
}

/** The n-th derivative of pi cot(pi x): a polynomial in c = cot(pi x), each the last one's derivative times -(1 + c^2). */
function cotangent(x: number, n: number): number {
  let p = [0, 1];
  for (let k = 0; k < n; k++) {
    const next = new Array<number>(p.length + 1).fill(0);
    p.forEach((a, i) => {
      if (i === 0) return;
      next[i - 1]! -= a * i;
      next[i + 1]! -= a * i;
    });
    p = next;
  }
  const c = 1 / Math.tan(Math.PI * x);
  return p.reduceRight((sum, a) => sum * c + a, 0) * Math.PI ** (n + 1);
}

/** B_2k / (2k)!. */
const EULER: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  43867 / 5109094217170944000,
];
