import { call, define, load, type Name } from './constants.ts';

/**
 * Functions of a vector of four f32. Errors are measured over every kind of
 * argument in test/engine/devices/cpu-math.test.ts, with `fused` and without:
 * no function counts on a product that is not rounded, because relaxed SIMD
 * promises none.
 */
export function math({ fused }: { readonly fused: boolean }): string {
  return [
    steps(fused),
    exp(fused),
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

/**
 * `madd` is a b + c, rounded twice. `fma`, and `fnma` for c - a b, round once
 * where there are relaxed instructions. `choose` is `bitselect` for masks of
 * whole lanes.
 */
function steps(fused: boolean): string {
  const both = (['f32x4', 'f64x2'] as const).map((t) => {
    const bits = t === 'f32x4' ? '' : '64';
    return `
// @ts-ignore: decorator
@inline function fma${bits}(a: v128, b: v128, c: v128): v128 { return ${fused ? `${t}.relaxed_madd(a, b, c)` : `${t}.add(${t}.mul(a, b), c)`}; }
// @ts-ignore: decorator
@inline function fnma${bits}(a: v128, b: v128, c: v128): v128 { return ${fused ? `${t}.relaxed_nmadd(a, b, c)` : `${t}.sub(c, ${t}.mul(a, b))`}; }`;
  });
  return `
// @ts-ignore: decorator
@inline function madd(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }
// @ts-ignore: decorator
@inline function choose(a: v128, b: v128, mask: v128): v128 { return ${fused ? 'i32x4.relaxed_laneselect' : 'v128.bitselect'}(a, b, mask); }
${both.join('')}`;
}

/** A polynomial by Horner's rule, coefficients from the highest power down. */
function horner(k: Name, x: string, [first, ...rest]: readonly string[]): string {
  return rest.reduce((sum, c) => `fma(${sum}, ${x}, ${k(c)})`, k(first!));
}

/**
 * exp(x) = 2^n exp(r) with n = round(x / ln 2), r = x - n ln 2 in two parts, of
 * which the first has so few digits that its multiples are exact, and a
 * polynomial for |r| <= ln 2 / 2 of the least greatest relative error. 2^n goes
 * on in two factors: n reaches -150, below what one exponent can say. Adding
 * 1.5 * 2^23 rounds to a whole number and leaves it in the low bits; 254 more
 * are the exponents of two ones. Where products are rounded too, the last terms
 * are added so that few of the roundings are of large numbers.
 */
const exp = (fused: boolean) =>
  define(
    'exp',
    (k) => `
  // pmin and pmax in this order keep NaN.
  const c = f32x4.pmin(f32x4.pmax(x, ${k('-104')}), ${k('89')});
  const shifted = fma(c, ${k('1.44269504088896341')}, ${k('12583166')});
  const n = f32x4.sub(shifted, ${k('12583166')});
  const r = fnma(n, ${k('-2.12194440e-4')}, fnma(n, ${k('0.693359375')}, c));
  const p = ${
    fused
      ? horner(k, 'r', [...EXP, '1', '1'])
      : `f32x4.add(fma(${horner(k, 'r', EXP)}, f32x4.mul(r, r), r), ${k('1')})`
  };
  const all = i32x4.shl(shifted, 23);
  const half = v128.and(i32x4.shl(shifted, 22), ${k('-Infinity')});
  return f32x4.mul(f32x4.mul(p, half), i32x4.sub(all, half));
`,
  );

const EXP = [
  ...['1.3814596459269524e-3', '8.3687175065279e-3', '4.166838899254799e-2'],
  ...['1.666652113199234e-1', '4.999999403953552e-1'],
];

/**
 * log(x) = e ln 2 + log(m) with m in [sqrt 1/2, sqrt 2) and a polynomial in
 * m - 1 of the least greatest relative error. A vector with anything in it but
 * normal positive numbers is left to a function that sees to those too: it has
 * the same steps, so that a number's logarithm is the same beside them.
 */
const log = () => {
  const logarithm = (k: Name) => `
  // Without the bits of sqrt 1/2 the exponent counts from there, so that m begins there. (The bits of
  // -Infinity are those of sign and exponent.)
  const from = i32x4.sub(s, ${k('0.70710678118654752440')});
  const e = EXPONENT;
  const m = f32x4.sub(i32x4.sub(s, v128.and(from, ${k('-Infinity')})), ${k('1')});
  const z = f32x4.mul(m, m);
  let y = ${horner(k, 'm', LOG)};
  y = fnma(e, ${k('2.12194440e-4')}, f32x4.mul(y, f32x4.mul(m, z)));
  const r = fma(e, ${k('0.693359375')}, f32x4.add(m, fnma(z, ${k('0.5')}, y)));`;
  const whole = 'f32x4.convert_i32x4_s(i32x4.shr_s(from, 23))';
  const any = define(
    'logOfAny',
    (k) => `
  const zero = f32x4.splat(0);
  const tiny = f32x4.lt(x, ${k('1.17549435e-38')});
  // Subnormal numbers are scaled by 2^25 first.
  const s = choose(f32x4.mul(x, ${k('33554432')}), x, tiny);
  ${logarithm(k).replace('EXPONENT', `f32x4.sub(${whole}, v128.and(tiny, ${k('25')}))`)}
  // Infinity and NaN are their own logarithms, that of zero is -Infinity, a negative number has none.
  const finite = choose(r, x, f32x4.lt(x, ${k('Infinity')}));
  const positive = choose(${k('-Infinity')}, finite, f32x4.eq(x, zero));
  return v128.or(positive, f32x4.lt(x, zero));
`,
  );
  return `${any}
function logOfRare(x: v128): v128 {
  ${load('logOfAny')}
  return ${call('logOfAny', 'x')};
}
${define(
  'log',
  (k) => `
  // The least normal number's bits are one in the exponent; those of what is not finite or has a sign are far above.
  if (v128.any_true(i32x4.ge_u(i32x4.sub(x, ${k('1.17549435e-38')}), ${k('1.7014118346046923e38')}))) return logOfRare(x);
  const s = x;
  ${logarithm(k).replace('EXPONENT', whole)}
  return r;
`,
)}`;
};
const LOG = [
  ...[
    '-7.634429633617401e-2',
    '1.2761549651622772e-1',
    '-1.31601944565773e-1',
    '1.4201761782169342e-1',
  ],
  ...[
    '-1.6623356938362122e-1',
    '2.0001226663589478e-1',
    '-2.50008225440979e-1',
    '3.333333134651184e-1',
  ],
];

/** tanh(x) is an odd polynomial near zero (Cephes' tanhf), 1 - 2 / (exp(2|x|) + 1) with x's sign elsewhere. */
const tanh = () =>
  define(
    'tanh',
    (k, call) => `
  const z = f32x4.mul(x, x);
  const near = fma(f32x4.mul(${horner(k, 'z', ['-5.70498872745e-3', '2.06390887954e-2', '-5.37397155531e-2', '1.33314422036e-1', '-3.33332819422e-1'])}, z), x, x);
  const a = f32x4.abs(x);
  const e = ${call('exp', 'f32x4.add(a, a)')};
  const far = f32x4.sub(${k('1')}, f32x4.div(${k('2')}, f32x4.add(e, ${k('1')})));
  const signed = v128.or(far, v128.xor(x, a));
  return choose(near, signed, f32x4.lt(a, ${k('0.625')}));
`,
  );

/**
 * sigmoid(x) = 1 / (1 + exp(-x)), and exp(x) / (1 + exp(x)) below zero, so that small results stay exact; less what
 * rounding added to the divisor, which matters where that is little more than 1.
 */
const sigmoid = () =>
  define(
    'sigmoid',
    (k, call) => `
  const e = ${call('exp', `v128.or(x, ${k('-0.0')})`)};
  const d = f32x4.add(${k('1')}, e);
  const more = f32x4.sub(e, f32x4.sub(d, ${k('1')}));
  const v = f32x4.div(choose(e, ${k('1')}, f32x4.lt(x, f32x4.splat(0))), d);
  return fnma(v, more, v);
`,
  );

/** erfc(x) exp(x^2) for x >= 0: a polynomial in 1 / (1 + x / 2), fitted for the least greatest error. */
const tail = () =>
  define(
    'tail',
    (k) => `
  const t = f32x4.div(${k('1')}, fma(x, ${k('0.5')}, ${k('1')}));
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
  const near = fma(${horner(k, 'z', ['8.619022992206737e-5', '-0.0008199013536795974', '0.005205781199038029', '-0.02686123177409172', '0.11283726990222931', '-0.37612634897232056', '0.128379225730896'])}, x, x);
  const a = f32x4.abs(x);
  const far = f32x4.sub(${k('1')}, ${call('erfc', 'a')});
  return choose(near, v128.or(far, v128.xor(x, a)), f32x4.lt(a, ${k('0.875')}));
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
  const less = fnma(s, f32x4.add(h, r), h), l = f32x4.sub(e, less);
  // What rounding took from l goes along with x, beside which it counts.
  const rest = f32x4.sub(f32x4.sub(e, l), less);
  return f32x4.add(f32x4.add(f32x4.pmax(x, f32x4.splat(0)), rest), l);
`,
  );
