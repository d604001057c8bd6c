import { horner } from './polynomial.ts';

/**
 * The logarithm of the gamma function and its derivatives in f64. Written so
 * that AssemblyScript compiles the same text (scripts/kernels/special.ts). The
 * polynomials are interpolated where Chebyshev's are zero, from sixty digits.
 */

/** The logarithm of |gamma(x)|; infinite at 0 and below it at whole numbers. */
export function lgamma(x: number): number {
  if (x < 0) {
    // Gamma(x) Gamma(-x) = -pi / (x sin(pi x)).
    const part = x - Math.floor(x + 0.5);
    if (part === 0 || x === -Infinity) return Infinity;
    return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * part))) - lgammaAbove(-x);
  }
  return lgammaAbove(x);
}

function lgammaAbove(x: number): number {
  if (x < 0.5) return x < 1e-20 ? -Math.log(x) : x * horner(LOG, x) - Math.log(x) - Math.log1p(x);
  if (x < 1.5) return (x - 1) * horner(LOG, x - 1) - Math.log1p(x - 1);
  if (x < 10) {
    let product: number = 1;
    for (; x >= 2.5; product *= x) x -= 1;
    return Math.log(product) + (x - 2) * horner(LOG, x - 2);
  }
  // Stirling's series.
  const r = 1 / x;
  const tail = r * horner(STIRLING, r * r);
  if (x === Infinity) return x;
  return (x - 0.5) * (Math.log(x) - 1) + (0.41893853320467274 + tail);
}

/** The derivative of lgamma. At 0 it is infinite, below it not-a-number at whole numbers. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) {
    const part = x - Math.floor(x + 0.5);
    if (part === 0 || x === -Infinity) return NaN;
    return digammaAbove(1 - x) - Math.PI / Math.tan(Math.PI * part);
  }
  return digammaAbove(x);
}

function digammaAbove(x: number): number {
  let sum: number = 0;
  if (x < 1) {
    sum = -1 / x;
    x += 1;
  }
  if (x < 10) {
    for (; x > 2; sum += 1 / x) x -= 1;
    // The root has more digits than one number holds.
    return sum + (x - 1.4616321449683622 - 9.549995429965697e-17) * horner(ROOT, x - 1.5);
  }
  const r = 1 / x;
  return Math.log(x) - 0.5 * r - r * r * horner(HARMONIC, r * r);
}

/** lgamma(2 + y) / y for y from -1/2 to 1/2. */
export const LOG: readonly number[] = [
  0.42278433509846713, 0.3224670334241132, -0.06735230105319814, 0.02058080842778457,
  -0.0073855510286681535, 0.002890510330738737, -0.0011927539120010226, 0.0005096695248853096,
  -0.00022315475074520367, 0.00009945750909889392, -0.000044926351103833334, 0.00002050726741605779,
  -0.000009438458716242811, 0.000004374374916915131, -0.0000020449201467015115,
  9.578663334114758e-7, -4.303558760359961e-7, 2.0304806751615227e-7, -1.3412819758517287e-7,
  6.379047507619774e-8,
];

/** digamma(1.5 + y) divided by the distance from its root, for y from -1/2 to 1/2. */
export const ROOT: readonly number[] = [
  0.951055876031833, -0.4236274212814605, 0.2405424842407742, -0.14840492305390884,
  0.09498872445494122, -0.061922133273064534, 0.04076083381242074, -0.02697579675613825,
  0.0179072524394512, -0.011908218001568644, 0.007926944646403797, -0.005279964873257405,
  0.003519006401502276, -0.002345267632540769, 0.0015566317474486838, -0.0010376374098418604,
  0.0007233266279287554, -0.0004821990530566789, 0.0002272331660987376, -0.00015148586836773365,
  0.00025968482126430747, -0.00017312261802727394,
];

// The Bernoulli numbers B_2k over 2k (2k - 1), and over 2k.
export const STIRLING: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];
export const HARMONIC: readonly number[] = [
  1 / 12,
  -1 / 120,
  1 / 252,
  -1 / 240,
  1 / 132,
  -691 / 32760,
  1 / 12,
  -3617 / 8160,
];
