/**
 * Functions of a vector of four f32. Errors are measured over every kind of
 * argument in test/engine/devices/cpu-math.test.ts.
 */
export function math(): string {
  return `
// @ts-ignore: decorator
@inline function madd(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }

${exp}
${log}
${tanh}
${sigmoid}
`;
}

/** p of degree n - 1 by Horner's rule, coefficients from the highest power down. */
function horner(x: string, coefficients: readonly string[]): string {
  return coefficients
    .slice(1)
    .reduce((sum, c) => `madd(${sum}, ${x}, f32x4.splat(${c}))`, `f32x4.splat(${coefficients[0]})`);
}

/**
 * exp(x) = 2^n exp(r) with n = round(x / ln 2), r = x - n ln 2 in two parts so
 * that it is exact, and a polynomial for |r| <= ln 2 / 2 (Cephes' expf). 2^n
 * goes on in two factors: n reaches -150, below what one exponent can say.
 */
const exp = `
function exp(x: v128): v128 {
  // pmin and pmax in this order keep NaN.
  const c = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(c, f32x4.splat(1.44269504088896341)));
  const r = f32x4.sub(f32x4.sub(c, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  const q = ${horner('r', ['1.9875691500e-4', '1.3981999507e-3', '8.3334519073e-3', '4.1665795894e-2', '1.6666665459e-1', '5.0000001201e-1'])};
  const p = f32x4.add(madd(q, f32x4.mul(r, r), r), f32x4.splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const a = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const b = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(p, a), b);
}`;

/**
 * log(x) = e ln 2 + log(m) with m in [sqrt 1/2, sqrt 2) and a polynomial in
 * m - 1 (Cephes' logf). Subnormal x is scaled by 2^25 first.
 */
const log = `
function log(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const s = v128.bitselect(f32x4.mul(x, f32x4.splat(33554432)), x, tiny);
  let e = i32x4.sub(i32x4.shr_u(s, 23), i32x4.splat(126));
  e = i32x4.sub(e, v128.and(tiny, i32x4.splat(25)));
  let m = v128.or(v128.and(s, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.70710678118654752440));
  e = i32x4.add(e, low);
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), f32x4.splat(1));
  const n = f32x4.convert_i32x4_s(e);
  const z = f32x4.mul(m, m);
  let y = ${horner('m', ['7.0376836292e-2', '-1.1514610310e-1', '1.1676998740e-1', '-1.2420140846e-1', '1.4249322787e-1', '-1.6668057665e-1', '2.0000714765e-1', '-2.4999993993e-1', '3.3333331174e-1'])};
  y = f32x4.mul(y, f32x4.mul(m, z));
  y = madd(n, f32x4.splat(-2.12194440e-4), y);
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  const r = madd(n, f32x4.splat(0.693359375), f32x4.add(m, y));
  // Infinity and NaN are their own logarithms, that of zero is -Infinity, a negative number has none.
  const finite = f32x4.lt(x, f32x4.splat(Infinity));
  const whole = v128.bitselect(r, x, finite);
  const positive = v128.bitselect(f32x4.splat(-Infinity), whole, f32x4.eq(x, f32x4.splat(0)));
  return v128.or(positive, f32x4.lt(x, f32x4.splat(0)));
}`;

/** tanh(x) is an odd polynomial near zero (Cephes' tanhf), 1 - 2 / (exp(2|x|) + 1) with x's sign elsewhere. */
const tanh = `
function tanh(x: v128): v128 {
  const z = f32x4.mul(x, x);
  const near = madd(f32x4.mul(${horner('z', ['-5.70498872745e-3', '2.06390887954e-2', '-5.37397155531e-2', '1.33314422036e-1', '-3.33332819422e-1'])}, z), x, x);
  const a = f32x4.abs(x);
  const e = exp(f32x4.add(a, a));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const signed = v128.or(far, v128.and(x, f32x4.splat(-0.0)));
  return v128.bitselect(near, signed, f32x4.lt(a, f32x4.splat(0.625)));
}`;

/** sigmoid(x) = 1 / (1 + exp(-x)), and exp(x) / (1 + exp(x)) below zero, so that small results stay exact. */
const sigmoid = `
function sigmoid(x: v128): v128 {
  const e = exp(v128.or(x, f32x4.splat(-0.0)));
  const below = f32x4.lt(x, f32x4.splat(0));
  return f32x4.div(v128.bitselect(e, f32x4.splat(1), below), f32x4.add(f32x4.splat(1), e));
}`;
