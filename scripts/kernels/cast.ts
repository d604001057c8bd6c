import { bool, f32, f64, i32, lines, type Element } from './element.ts';

/**
 * Casts between the element types, rows to rows: cut toward zero and kept in
 * range (WebAssembly's own saturating conversions), not-a-number becomes 0,
 * whatever is not zero is true.
 */
export function casts(): string {
  const elements = [f32, f64, i32, bool];
  return elements
    .flatMap((from) => elements.map((to) => (from === to ? '' : cast(from, to))))
    .join('\n');
}

/** Conversions that are one vector instruction. */
const vectors: { readonly [pair: string]: string } = {
  f32_i32: 'i32x4.trunc_sat_f32x4_s',
  i32_f32: 'f32x4.convert_i32x4_s',
};

function cast(from: Element, to: Element): string {
  const read = `load<${from.scalar}>(x)`;
  const vector = vectors[`${from.name}_${to.name}`];
  const value = to === bool ? `<u8>(${read} != 0)` : `<${to.scalar}>${read}`;
  const quick =
    vector === undefined
      ? ''
      : `for (; n >= 16; n -= 16) {
    ${lines(4, (i) => `v128.store(o, ${vector}(v128.load(x, ${16 * i})), ${16 * i});`)}
    o += 64; x += 64;
  }`;
  return `
export function cast_${from.name}_${to.name}(o: usize, x: usize, n: i32): void {
  ${quick}
  for (; n > 0; n--) { store<${to.scalar}>(o, ${value}); o += ${to.bytes}; x += ${from.bytes}; }
}`;
}
