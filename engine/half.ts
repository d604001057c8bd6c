/** Sixteen-bit floats: numbers from their bits and back, rounding to nearest, ties to even. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The number in the bits of an IEEE half. */
export function fromF16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of the half nearest to a number. */
export function toF16(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 halves lie 2^-24 apart; above, 1024 of them to a power of two.
  let exponent = -14;
  while (exponent < 15 && size >= 2 ** (exponent + 1)) exponent++;
  const steps = evenly(size * 2 ** (10 - exponent));
  // The step that carries into the next power of two is the next exponent's first: the sum is right as it is.
  return sign | ((exponent + 14) * 1024 + steps);
}

/** The number in the upper half of an f32. */
export function fromBf16(half: number): number {
  bits[0] = half << 16;
  return float[0]!;
}

/** The upper half of the f32 nearest to a number. */
export function toBf16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  float[0] = value;
  const word = bits[0]!;
  return ((word + 0x7fff + ((word >>> 16) & 1)) / 0x10000) & 0xffff;
}

/** To the nearest whole number, ties to even. */
export function evenly(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  const down = rest === 0.5 ? low % 2 === 0 : rest < 0.5;
  // What is rounded up to zero keeps its sign.
  if (down) return low;
  return low === -1 ? -0 : low + 1;
}
