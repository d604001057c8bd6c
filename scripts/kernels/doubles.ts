import { define, type Name } from './constants.ts';

/**
 * Functions of four f32 that are computed in f64, two at a time: where f32 has
 * too few digits on the way to a result that is right to its last one.
 */
export function doubles(): string {
  return [
    common,
    ...['floorDiv', 'mod', 'pow'].map((name) => pairs[name]!() + inHalves(name, ['x', 'y'])),
    exp(),
    ...Object.entries(singles).map(([name, text]) => text() + inHalves(name, ['x'])),
    ...['sin', 'cos', 'tan'].map((name) => circular(name) + inReach(name)),
  ].join('\n');
}

const common = `
// @ts-ignore: decorator
@inline function highOf(x: v128): v128 { return i32x4.shuffle(x, x, 2, 3, 2, 3); }
// @ts-ignore: decorator
@inline function together(low: v128, high: v128): v128 {
  return i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}`;

/** The function of two f64 called `name64` for four f32. */
function inHalves(name: string, parameters: readonly string[]): string {
  const half = (part: (x: string) => string) =>
    parameters.map((x) => `f64x2.promote_low_f32x4(${part(x)})`);
  return define(
    name,
    (_, call) => `
  return together(${call(`${name}64`, ...half((x) => x))}, ${call(`${name}64`, ...half((x) => `highOf(${x})`))});
`,
    parameters,
  );
}

/** A polynomial by Horner's rule, coefficients from the highest power down. */
function horner(d: Name, x: string, [first, ...rest]: readonly number[]): string {
  return rest.reduce((sum, c) => `fma64(${sum}, ${x}, ${d(c)})`, d(first!));
}

/** Adding it rounds to a whole number, and leaves that in the low bits. */
const ROUND = 1.5 * 2 ** 52;
/** The f64 whose bits are 1023. */
const BIAS = 5.054e-321;
/** 2^n for whole n from -1022 to 1023, in the low bits of `shifted`. */
const power2 = (d: Name) => `i64x2.shl(i64x2.add(shifted, ${d(BIAS)}), 52)`;

// Interpolated where Chebyshev's polynomials are zero, for up to half of what a power of two takes away.
const EXP = [
  ...[0.0013941119262733648, 0.008375134776200565, 0.04166635276530577, 0.1666641541402106],
  ...[0.5000000047148163, 1.0000000377388754, 1],
];
/** (exp(r) - 1) / r. */
const EXPM1 = [
  ...[0.00019899289141179488, 0.0013941118904825885, 0.008333298464173794, 0.04166635277099571],
  ...[0.1666666671904922, 0.5000000047146084, 1],
];
const EXP2 = [
  ...[1.5303725910145524e-5, 0.00015469756060403054, 0.001333347839108937, 0.009618025529334148],
  ...[0.05550410906393818, 0.24022651214128365, 0.6931471805568223, 1],
];
/** log2(m) / s with z = s^2 and s = (m - 1) / (m + 1). */
const LOG2 = [
  ...[0.3407229011571917, 0.41167320437814564, 0.5770835749148944, 0.9617966734074999],
  2.88539008179002,
];

const pairs: { readonly [name: string]: () => string } = {
  floorDiv: () => define('floorDiv64', () => 'return f64x2.floor(f64x2.div(x, y));', ['x', 'y']),

  /** x - floor(x / y) y, exact while the quotient has at most 29 digits; else digit by digit. */
  mod: () =>
    define(
      'mod64',
      (_, __, d) => `
  const q = f64x2.floor(f64x2.div(x, y)), size = f64x2.abs(q);
  let r = f64x2.sub(x, f64x2.mul(q, y));
  const zero = f64x2.splat(0), infinite = ${d('Infinity')};
  if (v128.any_true(v128.and(f64x2.gt(size, ${d('536870912')}), f64x2.lt(size, infinite)))) {
    r = f64x2(f64x2.extract_lane(x, 0) % f64x2.extract_lane(y, 0), f64x2.extract_lane(x, 1) % f64x2.extract_lane(y, 1));
  }
  // Of an infinite y everything is left.
  r = v128.bitselect(x, r, v128.and(f64x2.eq(f64x2.abs(y), infinite), f64x2.lt(f64x2.abs(x), infinite)));
  const nothing = f64x2.eq(r, zero);
  const apart = v128.xor(f64x2.lt(r, zero), f64x2.lt(y, zero));
  r = f64x2.add(r, v128.andnot(v128.and(y, apart), nothing));
  // Nothing left has the sign of x.
  return v128.bitselect(v128.xor(x, f64x2.abs(x)), r, nothing);
`,
      ['x', 'y'],
    ),

  /** |x|^y = 2^(y log2 |x|), log2 by the series of atanh; then the sign, and what IEEE 754 says of strange arguments. */
  pow: () =>
    define(
      'pow64',
      (_, __, d) => `
  const zero = f64x2.splat(0), one = ${d('1')};
  const a = f64x2.abs(x);
  // Without the bits of sqrt 1/2 the exponent counts from there.
  const e = i64x2.shr_s(i64x2.sub(a, ${d(Math.SQRT1_2)}), 52);
  const m = i64x2.sub(a, i64x2.shl(e, 52));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  const p = ${horner(d, 'z', LOG2)};
  let l = fma64(p, s, f64x2.convert_low_i32x4_s(i32x4.shuffle(e, e, 0, 2, 0, 2)));
  l = v128.bitselect(${d('-Infinity')}, l, f64x2.eq(a, zero));
  l = v128.bitselect(l, a, f64x2.lt(a, ${d('Infinity')}));
  const t = f64x2.pmin(f64x2.pmax(f64x2.mul(y, l), ${d('-300')}), ${d('300')});
  const shifted = f64x2.add(t, ${d(ROUND)}), f = f64x2.sub(t, f64x2.sub(shifted, ${d(ROUND)}));
  let r = f64x2.mul(${horner(d, 'f', EXP2)}, ${power2(d)});
  // 1 to the power of anything, -1 to an infinite one.
  const unit = v128.and(f64x2.eq(a, one), v128.or(f64x2.eq(x, one), f64x2.eq(y, y)));
  r = v128.bitselect(one, r, v128.or(unit, f64x2.eq(y, zero)));
  const half = f64x2.mul(y, ${d('0.5')});
  const integer = f64x2.eq(f64x2.trunc(y), y);
  const odd = v128.and(integer, f64x2.ne(f64x2.trunc(half), half));
  r = v128.xor(r, v128.and(odd, v128.xor(x, a)));
  const none = v128.and(v128.and(f64x2.lt(x, zero), f64x2.gt(x, ${d('-Infinity')})), v128.andnot(f64x2.eq(y, y), integer));
  return v128.or(r, none);
`,
      ['x', 'y'],
    ),
};

/** n and r of x = n ln 2 + r, for x from -300 to 300; n is in `shifted`, too. */
const reduced = (d: Name) => `
  const c = f64x2.pmin(f64x2.pmax(x, ${d('-300')}), ${d('300')});
  const shifted = fma64(c, ${d(Math.LOG2E)}, ${d(ROUND)});
  const r = fnma64(f64x2.sub(shifted, ${d(ROUND)}), ${d(Math.LN2)}, c);`;

/** exp(x) = 2^n exp(r), right to 28 digits, from 2^-432 to 2^432. */
const exp = () =>
  define(
    'exp64',
    (_, __, d) => `${reduced(d)}
  return f64x2.mul(${horner(d, 'r', EXP)}, ${power2(d)});
`,
  );

/** x / (1 + exp(-u)): nothing for what is far below zero, not-a-number for -Infinity. */
const gate = (d: Name, exponential: string) => `
  const v = f64x2.div(x, f64x2.add(${d('1')}, ${exponential}));
  return v128.or(v, f64x2.eq(x, ${d('-Infinity')}));
`;

const singles: { readonly [name: string]: () => string } = {
  /** exp(x) - 1 = 2^n (exp(r) - 1) + (2^n - 1). */
  expm1: () =>
    define(
      'expm164',
      (_, __, d) => `${reduced(d)}
  const p = ${horner(d, 'r', EXPM1)};
  const by = ${power2(d)};
  const v = fma64(f64x2.mul(p, r), by, f64x2.sub(by, ${d('1')}));
  return v128.bitselect(x, v, f64x2.eq(x, f64x2.splat(0)));
`,
    ),

  /** silu(x) = x sigmoid(x). */
  silu: () => define('silu64', (_, call, d) => gate(d, call('exp64', 'f64x2.neg(x)'))),

  /** x (1 + tanh(u)) / 2 is x sigmoid(2 u). */
  geluTanh: () =>
    define(
      'geluTanh64',
      (_, call, d) => `
  const u = f64x2.mul(x, fma64(f64x2.mul(x, x), ${d(-0.08943 * Math.sqrt(2 / Math.PI))}, ${d(-2 * Math.sqrt(2 / Math.PI))}));
  ${gate(d, call('exp64', 'u'))}`,
    ),

  /**
   * gelu(x) = x (1 - h) with h = erfc(|x| / sqrt 2) / 2, and x h below zero. erfc(z) is exp(-z^2) times t = 1 / (1 + z / 2)
   * times a polynomial in t, interpolated where Chebyshev's are zero for z up to 10.6: further on x h is none of f32.
   */
  gelu: () =>
    define(
      'gelu64',
      (_, call, d) => `
  const z = f64x2.mul(f64x2.abs(x), ${d(Math.SQRT1_2)});
  // Half of t, for half of erfc.
  const t = f64x2.div(${d('0.5')}, fma64(z, ${d('0.5')}, ${d('1')}));
  const e = ${call('exp64', `f64x2.mul(f64x2.mul(x, x), ${d('-0.5')})`)};
  const u = fma64(t, ${d(4 / (1 - ERFC_LEAST))}, ${d(-(1 + ERFC_LEAST) / (1 - ERFC_LEAST))});
  const h = f64x2.mul(f64x2.mul(${horner(d, 'u', ERFC)}, t), e);
  return f64x2.mul(x, v128.bitselect(h, f64x2.sub(${d('1')}, h), f64x2.lt(x, f64x2.splat(0))));
`,
    ),
};
/** t where z is 10.6. */
const ERFC_LEAST = 1 / (1 + 10.6 / 2);
/** erfc(z) exp(z^2) / t for t from there to 1, as u goes from -1 to 1. */
const ERFC = [
  ...[7.094460681855708e-6, -5.740472517459239e-5, 9.54911570545391e-6, 6.179018496229814e-4],
  ...[-6.847708536765085e-4, -6.3559539748551325e-3, 6.375235404063468e-3, 0.10380486323403455],
  ...[0.3273691232382738, 0.5689143553210914],
];

/**
 * sin, cos and tan: x less a multiple of pi / 2 in two parts, of which the
 * first has 25 digits (so that its multiples are exact below 2^28), and the
 * polynomials of FreeBSD's k_sinf and k_cosf.
 */
function circular(name: string): string {
  return define(
    `${name}64`,
    (_, __, d) => `
  const shifted = fma64(x, ${d(2 / Math.PI)}, ${d(ROUND)}), n = f64x2.sub(shifted, ${d(ROUND)});
  const r = fnma64(n, ${d('1.58932547735281966916e-8')}, fnma64(n, ${d('1.57079631090164184570')}, x));
  const turn = ${name === 'cos' ? 'i64x2.add(shifted, i64x2.splat(1))' : 'shifted'};
  const z = f64x2.mul(r, r);
  const odd = i64x2.shr_s(i64x2.shl(turn, 63), 63);
  const sine = f64x2.mul(r, ${horner(d, 'z', [2.718311493989822e-6, -1.9839334836096632e-4, 8.333329385889463e-3, -0.16666666641626524, 1])});
  const cosine = ${horner(d, 'z', [2.439044879627741e-5, -1.388676377460993e-3, 0.04166662332373906, -0.499999997251031, 1])};
  ${
    name === 'tan'
      ? 'const v = f64x2.div(v128.bitselect(f64x2.neg(cosine), sine, odd), v128.bitselect(sine, cosine, odd));'
      : 'const v = v128.xor(v128.bitselect(cosine, sine, odd), i64x2.shl(i64x2.shr_u(turn, 1), 63));'
  }
  ${name === 'cos' ? 'return v;' : 'return v128.bitselect(x, v, f64x2.eq(x, f64x2.splat(0)));'}
`,
  );
}

/** The same for four f32; where one is beyond 2^28, one by one. */
function inReach(name: string): string {
  const lane = (i: number) => `<f32>NativeMath.${name}(<f64>f32x4.extract_lane(x, ${i}))`;
  return `
function ${name}Large(x: v128): v128 { return f32x4(${[0, 1, 2, 3].map(lane).join(', ')}); }
${define(
  name,
  (k, call) => `
  if (v128.any_true(f32x4.gt(f32x4.abs(x), ${k('268435456')}))) return ${name}Large(x);
  return together(${call(`${name}64`, 'f64x2.promote_low_f32x4(x)')}, ${call(`${name}64`, 'f64x2.promote_low_f32x4(highOf(x))')});
`,
)}`;
}
