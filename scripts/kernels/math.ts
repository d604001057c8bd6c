import { define, type Name } from './constants.ts';

/**
 * Functions of a vector of four f32. Errors are measured over every kind of
 * argument in test/engine/devices/cpu-math.test.ts.
 */
export function math(): string {
  return [
    `
// @ts-ignore: decorator
@inline function madd(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }`,
    exp(),
    log(),
    tanh(),
    sigmoid(),
    tail(),
    erfc(),
    erf(),
    log1p(),
    softplus(),
  ].join('\n');
}

/** A polynomial by Horner's rule, coefficients from the highest power down. */
function horner(k: Name, x: string, [first, ...rest]: readonly string[]): string {
  return rest.reduce((sum, c) => `madd(${sum}, ${x}, ${k(c)})`, k(first!));
}

/**
 * exp(x) = 2^n exp(r) with n = round(x / ln 2), r = x - n ln 2 in two parts so
 * that it is exact, and a polynomial for |r| <= ln 2 / 2 (Cephes' expf). 2^n
 * goes on in two factors: n reaches -150, below what one exponent can say.
 * Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
 */
const exp = () =>
  define(
    'exp',
    (k) => `
  // pmin and pmax in this order keep NaN.
  const c = f32x4.pmin(f32x4.pmax(x, ${k('-104')}), ${k('89')});
  const shifted = madd(c, ${k('1.44269504088896341')}, ${k('12582912')});
  const n = f32x4.sub(shifted, ${k('12582912')});
  const r = f32x4.sub(f32x4.sub(c, f32x4.mul(n, ${k('0.693359375')})), f32x4.mul(n, ${k('-2.12194440e-4')}));
  const q = ${horner(k, 'r', ['1.9875691500e-4', '1.3981999507e-3', '8.3334519073e-3', '4.1665795894e-2', '1.6666665459e-1', '5.0000001201e-1'])};
  const p = f32x4.add(madd(q, f32x4.mul(r, r), r), ${k('1')});
  const whole = i32x4.sub(shifted, ${k('12582912')});
  const half = i32x4.shr_s(whole, 1);
  const a = i32x4.add(i32x4.shl(half, 23), ${k('1')});
  const b = i32x4.add(i32x4.shl(i32x4.sub(whole, half), 23), ${k('1')});
  return f32x4.mul(f32x4.mul(p, a), b);
`,
  );

/**
 * log(x) = e ln 2 + log(m) with m in [sqrt 1/2, sqrt 2) and a polynomial in
 * m - 1 (Cephes' logf). Subnormal x is scaled by 2^25 first.
 */
const log = () =>
  define(
    'log',
    (k) => `
  const zero = f32x4.splat(0);
  const tiny = f32x4.lt(x, ${k('1.17549435e-38')});
  const s = v128.bitselect(f32x4.mul(x, ${k('33554432')}), x, tiny);
  // Without the bits of sqrt 1/2 the exponent counts from there, so that m begins there. (The bits of
  // -Infinity are those of sign and exponent.)
  const from = i32x4.sub(s, ${k('0.70710678118654752440')});
  const e = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_s(from, 23)), v128.and(tiny, ${k('25')}));
  const m = f32x4.sub(i32x4.sub(s, v128.and(from, ${k('-Infinity')})), ${k('1')});
  const z = f32x4.mul(m, m);
  let y = ${horner(k, 'm', ['7.0376836292e-2', '-1.1514610310e-1', '1.1676998740e-1', '-1.2420140846e-1', '1.4249322787e-1', '-1.6668057665e-1', '2.0000714765e-1', '-2.4999993993e-1', '3.3333331174e-1'])};
  y = f32x4.mul(y, f32x4.mul(m, z));
  y = madd(e, ${k('-2.12194440e-4')}, y);
  y = f32x4.sub(y, f32x4.mul(z, ${k('0.5')}));
  const r = madd(e, ${k('0.693359375')}, f32x4.add(m, y));
  // Infinity and NaN are their own logarithms, that of zero is -Infinity, a negative number has none.
  const whole = v128.bitselect(r, x, f32x4.lt(x, ${k('Infinity')}));
  const positive = v128.bitselect(${k('-Infinity')}, whole, f32x4.eq(x, zero));
  return v128.or(positive, f32x4.lt(x, zero));
`,
  );

/** tanh(x) is an odd polynomial near zero (Cephes' tanhf), 1 - 2 / (exp(2|x|) + 1) with x's sign elsewhere. */
const tanh = () =>
  define(
    'tanh',
    (k, call) => `
  const z = f32x4.mul(x, x);
  const near = madd(f32x4.mul(${horner(k, 'z', ['-5.70498872745e-3', '2.06390887954e-2', '-5.37397155531e-2', '1.33314422036e-1', '-3.33332819422e-1'])}, z), x, x);
  const a = f32x4.abs(x);
  const e = ${call('exp', 'f32x4.add(a, a)')};
  const far = f32x4.sub(${k('1')}, f32x4.div(${k('2')}, f32x4.add(e, ${k('1')})));
  const signed = v128.or(far, v128.xor(x, a));
  return v128.bitselect(near, signed, f32x4.lt(a, ${k('0.625')}));
`,
  );

/**
 * sigmoid(x) = 1 / (1 + exp(-x)), and exp(x) / (1 + exp(x)) below zero, so that small results stay exact; less what
 * rounding added to the divisor.
 */
const sigmoid = () =>
  define(
    'sigmoid',
    (k, call) => `
  const e = ${call('exp', 'f32x4.neg(f32x4.abs(x))')};
  const below = f32x4.lt(x, f32x4.splat(0));
  const d = f32x4.add(${k('1')}, e);
  const more = f32x4.sub(e, f32x4.sub(d, ${k('1')}));
  const v = f32x4.div(v128.bitselect(e, ${k('1')}, below), d);
  const share = v128.bitselect(f32x4.sub(${k('1')}, v), v, below);
  return f32x4.sub(v, f32x4.mul(v, f32x4.mul(more, share)));
`,
  );

/** erfc(x) exp(x^2) for x >= 0: a polynomial in 1 / (1 + x / 2), fitted for the least greatest error. */
const tail = () =>
  define(
    'tail',
    (k) => `
  const t = f32x4.div(${k('1')}, madd(x, ${k('0.5')}, ${k('1')}));
  const p = ${horner(k, 't', ['-0.059069037437438965', '0.28457531332969666', '-0.48720061779022217', '0.278067946434021', '-0.02662617713212967', '0.202687069773674', '0.24310371279716492', '0.282375305891037', '0.28208643198013306'])};
  return f32x4.mul(p, t);
`,
  );

/** The complement of erf for x >= 0. */
const erfc = () =>
  define(
    'erfc',
    (_, call) => `
  return f32x4.mul(${call('tail', 'x')}, ${call('exp', 'f32x4.neg(f32x4.mul(x, x))')});
`,
  );

/** erf(x) is an odd polynomial near zero, 1 - erfc(|x|) with x's sign elsewhere. */
const erf = () =>
  define(
    'erf',
    (k, call) => `
  const z = f32x4.mul(x, x);
  const near = madd(${horner(k, 'z', ['8.619022992206737e-5', '-0.0008199013536795974', '0.005205781199038029', '-0.02686123177409172', '0.11283726990222931', '-0.37612634897232056', '0.128379225730896'])}, x, x);
  const a = f32x4.abs(x);
  const far = f32x4.sub(${k('1')}, ${call('erfc', 'a')});
  return v128.bitselect(near, v128.or(far, v128.xor(x, a)), f32x4.lt(a, ${k('0.875')}));
`,
  );

/** log(1 + x) = log(u) + c / u, where u is 1 + x rounded and c what rounding took. */
const log1p = () =>
  define(
    'log1p',
    (k, call) => `
  const u = f32x4.add(x, ${k('1')});
  const c = f32x4.div(f32x4.sub(x, f32x4.sub(u, ${k('1')})), u);
  // At -1 and at Infinity it is no number, and nothing is to be added.
  return f32x4.add(${call('log', 'u')}, v128.and(c, f32x4.eq(c, c)));
`,
  );

/**
 * softplus(x) = max(x, 0) + log(1 + e) with e = exp(-|x|), which is 1 at most. With s = e / (2 + e) and z = s^2 that is
 * e - (h - s (h + R(z))), h being e^2 / 2 and R what the series of atanh has beyond its first term, interpolated where
 * Chebyshev's polynomials are zero.
 */
const softplus = () =>
  define(
    'softplus',
    (k, call) => `
  const e = ${call('exp', 'f32x4.neg(f32x4.abs(x))')};
  const s = f32x4.div(e, f32x4.add(e, ${k('2')}));
  const z = f32x4.mul(s, s);
  const h = f32x4.mul(f32x4.mul(e, e), ${k('0.5')});
  const r = f32x4.mul(z, ${horner(k, 'z', ['0.2685414452818228', '0.2823625397309261', '0.4000757275214794', '0.6666664028131042'])});
  const l = f32x4.sub(e, f32x4.sub(h, f32x4.mul(s, f32x4.add(h, r))));
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), l);
`,
  );
