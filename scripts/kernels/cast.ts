import { call, define, load } from './constants.ts';
import { bool, elements, lines, type Element } from './element.ts';

/**
 * Casts between the element types, rows to rows: cut toward zero and kept in
 * range (WebAssembly's own saturating conversions), not-a-number becomes 0,
 * whatever is not zero is true. Sixteen-bit floats go by way of f32, what an
 * f32 would round first by way of f64.
 */
export function casts(): string {
  return [
    ...elements.flatMap((from) => elements.map((to) => (from === to ? '' : cast(from, to)))),
    halves(),
  ].join('\n');
}

/** Conversions that are one vector instruction. */
const vectors: { readonly [pair: string]: string } = {
  f32_i32: 'i32x4.trunc_sat_f32x4_s',
  i32_f32: 'f32x4.convert_i32x4_s',
  f32_u32: 'i32x4.trunc_sat_f32x4_u',
  u32_f32: 'f32x4.convert_i32x4_u',
};

function cast(from: Element, to: Element): string {
  const vector = vectors[`${from.name}_${to.name}`];
  const quick =
    vector === undefined
      ? (wide[`${from.name}_${to.name}`] ?? '')
      : `for (; n >= 16; n -= 16) {
    ${lines(4, (i) => `v128.store(o, ${vector}(v128.load(x, ${16 * i})), ${16 * i});`)}
    o += 64; x += 64;
  }`;
  return `
export function cast_${from.name}_${to.name}(o: usize, x: usize, n: i32): void {
  ${quick}
  for (; n > 0; n--) { store<${to.scalar}>(o, ${converted(from, to, `load<${from.scalar}>(x)`)}); o += ${to.bytes}; x += ${from.bytes}; }
}`;
}

/** Sixteen elements at a time, where one instruction does not do. */
const bytesToFloats = (extend: 's' | 'u') => `for (; n >= 16; n -= 16) {
    const v = v128.load(x), low = i16x8.extend_low_i8x16_${extend}(v), high = i16x8.extend_high_i8x16_${extend}(v);
    v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_${extend}(low)));
    v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_${extend}(low)), 16);
    v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_${extend}(high)), 32);
    v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_${extend}(high)), 48);
    o += 64; x += 16;
  }`;
const floatsToBytes = (narrow: 's' | 'u') => {
  const four = (i: number) => `i32x4.trunc_sat_f32x4_s(v128.load(x, ${16 * i}))`;
  return `for (; n >= 16; n -= 16) {
    const low = i16x8.narrow_i32x4_s(${four(0)}, ${four(1)}), high = i16x8.narrow_i32x4_s(${four(2)}, ${four(3)});
    v128.store(o, i8x16.narrow_i16x8_${narrow}(low, high));
    o += 16; x += 64;
  }`;
};
const shortsToFloats = (extend: 's' | 'u') => `for (; n >= 8; n -= 8) {
    const v = v128.load(x);
    v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_${extend}(v)));
    v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_${extend}(v)), 16);
    o += 32; x += 16;
  }`;
const floatsToShorts = (narrow: 's' | 'u') => `for (; n >= 8; n -= 8) {
    v128.store(o, i16x8.narrow_i32x4_${narrow}(i32x4.trunc_sat_f32x4_s(v128.load(x)), i32x4.trunc_sat_f32x4_s(v128.load(x, 16))));
    o += 16; x += 32;
  }`;
const wide: { readonly [pair: string]: string } = {
  u16_f32: shortsToFloats('u'),
  i16_f32: shortsToFloats('s'),
  f32_u16: floatsToShorts('u'),
  f32_i16: floatsToShorts('s'),
  u8_f32: bytesToFloats('u'),
  bool_f32: bytesToFloats('u'),
  i8_f32: bytesToFloats('s'),
  f32_u8: floatsToBytes('u'),
  f32_i8: floatsToBytes('s'),
  f32_f64: `for (; n >= 4; n -= 4) {
    const v = v128.load(x);
    v128.store(o, f64x2.promote_low_f32x4(v));
    v128.store(o, f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3)), 16);
    o += 32; x += 16;
  }`,
  f64_f32: `for (; n >= 4; n -= 4) {
    v128.store(o, i32x4.shuffle(f32x4.demote_f64x2_zero(v128.load(x)), f32x4.demote_f64x2_zero(v128.load(x, 16)), 0, 1, 4, 5));
    o += 16; x += 32;
  }`,
};

function converted(from: Element, to: Element, value: string): string {
  if (to === bool) return `<u8>(${value} != 0)`;
  if (to.scalar === 'f64') return `<f64>${value}`;
  // As a number of JavaScript, an f64, is made an f32.
  if (to.scalar === 'f32') return from.bytes === 8 ? `<f32><f64>${value}` : `<f32>${value}`;
  const bits = to.bytes * 8;
  const low = to.scalar.startsWith('i') ? `-${2n ** BigInt(bits - 1)}` : '0';
  const high = String(2n ** BigInt(to.scalar.startsWith('i') ? bits - 1 : bits) - 1n);
  if (from.scalar.startsWith('f')) {
    if (bits >= 32) return `<${to.scalar}>${value}`;
    return `<${to.scalar}>min<i32>(max<i32>(<i32>${value}, ${low}), ${high})`;
  }
  if (from.scalar === 'u64') return `<${to.scalar}>min<u64>(${value}, ${high})`;
  const kept = `max<i64>(<i64>${value}, ${bits === 64 && low !== '0' ? 'i64.MIN_VALUE' : low})`;
  return bits === 64 ? `<${to.scalar}>${kept}` : `<${to.scalar}>min<i64>(${kept}, ${high})`;
}

/**
 * f16 and bf16 from and to f32, rounded to nearest, ties to even. A half's
 * exponent and fraction, read thirteen bits further left as an f32, are the
 * number times 2^-112, subnormal ones too. To a half a number is rounded by
 * adding a constant: what is below the smallest normal half by one whose last
 * bit is the smallest half, what is above by half of the last bit that stays.
 */
const halves = () => {
  const low = (v: string) => `i32x4.extend_low_i16x8_u(${v})`;
  const high = (v: string) => `i32x4.extend_high_i16x8_u(${v})`;
  const widen = (name: string) => `
export function cast_${name}_f32(o: usize, x: usize, n: i32): void {
  ${load(`${name}_f32`)}
  for (; n >= 8; n -= 8) {
    const v = v128.load(x);
    v128.store(o, ${call(`${name}_f32`, low('v'))});
    v128.store(o, ${call(`${name}_f32`, high('v'))}, 16);
    o += 32; x += 16;
  }
  for (; n > 0; n--) {
    v128.store32_lane(o, ${call(`${name}_f32`, low('v128.load16_splat(x)'))}, 0);
    o += 4; x += 2;
  }
}`;
  const narrow = (name: string) => `
export function cast_f32_${name}(o: usize, x: usize, n: i32): void {
  ${load(`f32_${name}`)}
  for (; n >= 8; n -= 8) {
    v128.store(o, i16x8.narrow_i32x4_u(${call(`f32_${name}`, 'v128.load(x)')}, ${call(`f32_${name}`, 'v128.load(x, 16)')}));
    o += 16; x += 32;
  }
  for (; n > 0; n--) {
    v128.store16_lane(o, ${call(`f32_${name}`, 'v128.load32_splat(x)')}, 0);
    o += 2; x += 4;
  }
}`;
  return [
    ...conversions(),
    ...['f16', 'bf16'].flatMap((name) => [widen(name), narrow(name)]),
    odd,
  ].join('\n');
};

function conversions(): string[] {
  return [
    define(
      'f16_f32',
      (k) => `
  const size = i32x4.shl(v128.and(x, ${k(bits(0x7fff))}), 13);
  const finite = f32x4.mul(size, ${k('5.192296858534828e33')});
  // Infinity and not-a-number keep the greatest exponent.
  const strange = v128.and(i32x4.ge_s(size, ${k(bits(0x0f800000))}), ${k('Infinity')});
  return v128.or(v128.or(finite, strange), i32x4.shl(v128.and(x, ${k(bits(0x8000))}), 16));
`,
    ),
    define(
      'f32_f16',
      (k) => `
  const size = f32x4.abs(x);
  const sign = i32x4.shr_u(v128.xor(x, size), 16);
  const small = i32x4.sub(f32x4.add(size, ${k('0.5')}), ${k('0.5')});
  const odd = v128.and(i32x4.shr_u(size, 13), ${k(bits(1))});
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(size, ${k(bits(0xfff))}), odd), 13);
  const normal = i32x4.min_s(i32x4.sub(rounded, ${k(bits(0x1c000))}), ${k(bits(0x7c00))});
  const half = v128.bitselect(small, normal, f32x4.lt(size, ${k('6.103515625e-5')}));
  return v128.bitselect(v128.or(half, sign), ${k(bits(0x7e00))}, f32x4.eq(x, x));
`,
    ),
    define('bf16_f32', () => 'return i32x4.shl(x, 16);'),
    define(
      'f32_bf16',
      (k) => `
  const odd = v128.and(i32x4.shr_u(x, 16), ${k(bits(1))});
  const rounded = i32x4.shr_u(i32x4.add(i32x4.add(x, ${k(bits(0x7fff))}), odd), 16);
  return v128.bitselect(rounded, ${k(bits(0x7fc0))}, f32x4.eq(x, x));
`,
    ),
  ];
}

/** The f32 that has these bits. */
function bits(word: number): string {
  return String(new Float32Array(new Uint32Array([word]).buffer)[0]);
}

/** To f32 as a step to f16: cut toward zero, with the last bit set where something was lost, so that rounding again is right. */
const odd = `
export function cast_f64_odd(o: usize, x: usize, n: i32): void {
  for (; n > 0; n--) {
    const exact = load<f64>(x), near = <f32>exact;
    let bits = reinterpret<u32>(near);
    if (<f64>near != exact && exact == exact) {
      if (abs(<f64>near) > abs(exact)) bits--;
      bits |= 1;
    }
    store<u32>(o, bits);
    o += 4; x += 8;
  }
}`;
