/**
 * Functions of four f32 that are computed in f64, two at a time: where f32 has
 * too few digits on the way to a result that is right to its last one.
 */
export function doubles(): string {
  return [common, floorDiv, mod, pow, circular(), expm1].join('\n');
}

/** Two f64 of a f32x4 and back. */
const common = `
// @ts-ignore: decorator
@inline function lowOf(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
// @ts-ignore: decorator
@inline function highOf(x: v128): v128 { return f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)); }
// @ts-ignore: decorator
@inline function together(low: v128, high: v128): v128 {
  return i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
// @ts-ignore: decorator
@inline function madd64(a: v128, b: v128, c: v128): v128 { return f64x2.add(f64x2.mul(a, b), c); }
/** 2^n for whole n from -1022 to 1023. */
// @ts-ignore: decorator
@inline function power2(n: v128): v128 {
  return i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(1023)), 52);
}`;

const inHalves = (name: string, two: boolean) => `
// @ts-ignore: decorator
function inDoubles_${name}(x: v128${two ? ', y: v128' : ''}): v128 {
  return together(${name}64(lowOf(x)${two ? ', lowOf(y)' : ''}), ${name}64(highOf(x)${two ? ', highOf(y)' : ''}));
}`;

const floorDiv = `
// @ts-ignore: decorator
@inline function floorDiv64(x: v128, y: v128): v128 { return f64x2.floor(f64x2.div(x, y)); }
${inHalves('floorDiv', true)}`;

/** x - floor(x / y) y, exact while the quotient has at most 29 digits; else digit by digit. */
const mod = `
function mod64(x: v128, y: v128): v128 {
  const q = f64x2.floor(f64x2.div(x, y));
  let r = f64x2.sub(x, f64x2.mul(q, y));
  const most = f64x2.splat(536870912);
  if (v128.any_true(v128.and(f64x2.gt(f64x2.abs(q), most), f64x2.lt(f64x2.abs(q), f64x2.splat(Infinity))))) {
    r = f64x2(f64x2.extract_lane(x, 0) % f64x2.extract_lane(y, 0), f64x2.extract_lane(x, 1) % f64x2.extract_lane(y, 1));
  }
  const zero = f64x2.splat(0), infinite = f64x2.splat(Infinity);
  // Of an infinite y everything is left.
  r = v128.bitselect(x, r, v128.and(f64x2.eq(f64x2.abs(y), infinite), f64x2.lt(f64x2.abs(x), infinite)));
  const nothing = f64x2.eq(r, zero);
  const apart = v128.xor(f64x2.lt(r, zero), f64x2.lt(y, zero));
  r = f64x2.add(r, v128.andnot(v128.and(y, apart), nothing));
  // Nothing left has the sign of x.
  return v128.bitselect(v128.xor(x, f64x2.abs(x)), r, nothing);
}
${inHalves('mod', true)}`;

/** |x|^y = 2^(y log2 |x|), log2 by the series of atanh, 2^f by Taylor's; then the sign and what IEEE 754 says of strange arguments. */
const pow = `
function pow64(x: v128, y: v128): v128 {
  const zero = f64x2.splat(0), one = f64x2.splat(1);
  const a = f64x2.abs(x);
  const from = i64x2.sub(a, i64x2.splat(0x3fe6a09e667f3bcd));
  const e = i64x2.shr_s(from, 52);
  const m = i64x2.sub(a, i64x2.shl(e, 52));
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const z = f64x2.mul(s, s);
  let p = madd64(f64x2.splat(${2 / 15 / Math.LN2}), z, f64x2.splat(${2 / 13 / Math.LN2}));
  ${[11, 9, 7, 5, 3, 1].map((k) => `p = madd64(p, z, f64x2.splat(${2 / k / Math.LN2}));`).join('\n  ')}
  const whole = f64x2.convert_low_i32x4_s(i32x4.shuffle(e, e, 0, 2, 0, 2));
  let l = madd64(p, s, whole);
  l = v128.bitselect(f64x2.splat(-Infinity), l, f64x2.eq(a, zero));
  l = v128.bitselect(a, l, v128.not(f64x2.lt(a, f64x2.splat(Infinity))));
  let t = f64x2.mul(y, l);
  t = f64x2.pmin(f64x2.pmax(t, f64x2.splat(-300)), f64x2.splat(300));
  const n = f64x2.nearest(t);
  const f = f64x2.sub(t, n);
  let r = f64x2.splat(${Math.LN2 ** 11 / 39916800});
  ${[3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1].map((d, i) => `r = madd64(r, f, f64x2.splat(${Math.LN2 ** (10 - i) / d}));`).join('\n  ')}
  r = f64x2.mul(r, power2(n));
  // 1 to the power of anything, -1 to an infinite one.
  const unit = v128.and(f64x2.eq(a, one), v128.or(f64x2.eq(x, one), f64x2.eq(y, y)));
  r = v128.bitselect(one, r, v128.or(unit, f64x2.eq(y, zero)));
  const half = f64x2.mul(y, f64x2.splat(0.5));
  const integer = f64x2.eq(f64x2.trunc(y), y);
  const odd = v128.and(integer, f64x2.ne(f64x2.trunc(half), half));
  r = v128.xor(r, v128.and(odd, v128.xor(x, a)));
  const none = v128.and(v128.and(f64x2.lt(x, zero), f64x2.gt(x, f64x2.splat(-Infinity))), v128.andnot(f64x2.eq(y, y), integer));
  return v128.or(r, none);
}
${inHalves('pow', true)}`;

/**
 * sin, cos and tan: x less a multiple of pi / 2 in two parts, of which the
 * first has 25 digits (so that its multiples are exact below 2^28), and the
 * polynomials of FreeBSD's k_sinf and k_cosf. Larger x go one by one.
 */
function circular(): string {
  const one = (name: string) => `
function ${name}Large(x: v128): v128 {
  return f32x4(${[0, 1, 2, 3].map((i) => `NativeMathf.${name}(f32x4.extract_lane(x, ${i}))`).join(', ')});
}
function inDoubles_${name}(x: v128): v128 {
  if (v128.any_true(f32x4.gt(f32x4.abs(x), f32x4.splat(268435456)))) return ${name}Large(x);
  return together(${name}64(lowOf(x)), ${name}64(highOf(x)));
}`;
  const quarter = (shift: string) => `
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(${2 / Math.PI})));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(1.57079631090164184570))), f64x2.mul(n, f64x2.splat(1.58932547735281966916e-8)));
  const turn = ${shift === '0' ? 'i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n))' : `i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(${shift}))`};
  const z = f64x2.mul(r, r);
  const odd = i64x2.ne(v128.and(turn, i64x2.splat(1)), i64x2.splat(0));`;
  const polynomials = `
  const sine = f64x2.mul(r, madd64(madd64(madd64(madd64(f64x2.splat(2.718311493989822e-6), z, f64x2.splat(-1.9839334836096632e-4)), z, f64x2.splat(8.333329385889463e-3)), z, f64x2.splat(-0.16666666641626524)), z, f64x2.splat(1)));
  const cosine = madd64(madd64(madd64(madd64(f64x2.splat(2.439044879627741e-5), z, f64x2.splat(-1.388676377460993e-3)), z, f64x2.splat(0.04166662332373906)), z, f64x2.splat(-0.499999997251031)), z, f64x2.splat(1));`;
  const wave = (name: string, shift: string) => `
// @ts-ignore: decorator
@inline function ${name}64(x: v128): v128 {${quarter(shift)}${polynomials}
  const v = v128.bitselect(cosine, sine, odd);
  const signed = v128.xor(v, i64x2.shl(i64x2.shr_u(turn, 1), 63));
  ${name === 'sin' ? 'return v128.bitselect(x, signed, f64x2.eq(x, f64x2.splat(0)));' : 'return signed;'}
}`;
  return `
${wave('sin', '0')}
${wave('cos', '1')}
// @ts-ignore: decorator
@inline function tan64(x: v128): v128 {${quarter('0')}${polynomials}
  const v = f64x2.div(v128.bitselect(f64x2.neg(cosine), sine, odd), v128.bitselect(sine, cosine, odd));
  return v128.bitselect(x, v, f64x2.eq(x, f64x2.splat(0)));
}
${['sin', 'cos', 'tan'].map(one).join('\n')}`;
}

/** exp(x) - 1 = 2^n (exp(r) - 1) + (2^n - 1) with x = n ln 2 + r and Taylor's series. */
const expm1 = `
// @ts-ignore: decorator
@inline function expm164(x: v128): v128 {
  const c = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-200)), f64x2.splat(200));
  const n = f64x2.nearest(f64x2.mul(c, f64x2.splat(${1 / Math.LN2})));
  const r = f64x2.sub(c, f64x2.mul(n, f64x2.splat(${Math.LN2})));
  let p = f64x2.splat(${1 / 39916800});
  ${[3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1].map((d) => `p = madd64(p, r, f64x2.splat(${Number.isInteger(1 / d) ? '1' : 1 / d}));`).join('\n  ')}
  const by = power2(n);
  const v = madd64(f64x2.mul(p, r), by, f64x2.sub(by, f64x2.splat(1)));
  return v128.bitselect(x, v, f64x2.eq(x, f64x2.splat(0)));
}
${inHalves('expm1', false)}`;
