/** An element type as kernels are written for it: its names in AssemblyScript and how many fit in a vector. */
export interface Element {
  /** The dtype of the engine, or the word of so many bits whose sign makes no difference: the end of an export's name. */
  readonly name: string;
  /** The scalar type in AssemblyScript. */
  readonly scalar: string;
  /** The namespace of its vector instructions. */
  readonly simd: string;
  readonly bytes: number;
  readonly lanes: number;
}

export const f32: Element = { name: 'f32', scalar: 'f32', simd: 'f32x4', bytes: 4, lanes: 4 };
export const f64: Element = { name: 'f64', scalar: 'f64', simd: 'f64x2', bytes: 8, lanes: 2 };
export const bool: Element = { name: 'bool', scalar: 'u8', simd: 'i8x16', bytes: 1, lanes: 16 };

export const [i8, u8, word8] = integers(8);
export const [i16, u16, word16] = integers(16);
export const [i32, u32, word32] = integers(32);
export const [i64, u64, word64] = integers(64);
export const signed = [i8, i16, i32, i64];
export const unsigned = [u8, u16, u32, u64];
export const words = [word8, word16, word32, word64];
/** Every dtype whose elements WebAssembly reads as they are. */
export const elements = [f32, f64, bool, ...signed, ...unsigned];

function integers(bits: number): readonly [signed: Element, unsigned: Element, word: Element] {
  const bytes = bits / 8;
  const lanes = 16 / bytes;
  const of = (name: string, scalar: string): Element => ({
    name,
    scalar,
    simd: `i${bits}x${lanes}`,
    bytes,
    lanes,
  });
  return [of(`i${bits}`, `i${bits}`), of(`u${bits}`, `u${bits}`), of(`word${bits}`, `i${bits}`)];
}

/** `n` lines, one for every number below it. */
export function lines(n: number, line: (i: number) => string): string {
  return Array.from({ length: n }, (_, i) => line(i)).join('\n');
}

/**
 * Loads and stores of fewer elements than a vector holds. The last elements of
 * an array go through the same vector instructions as all others, so that an
 * element's result does not depend on where in the array it lies.
 */
export function tails(): string {
  return words
    .map(
      ({ bytes, lanes }) => `
function loadTail_${bytes}(p: usize, n: i32): v128 {
  let v = i32x4.splat(0);
  ${lines(lanes - 1, (i) => `if (n > ${i}) v = v128.load${bytes * 8}_lane(p, v, ${i}, ${i * bytes});`)}
  return v;
}
function storeTail_${bytes}(p: usize, n: i32, v: v128): void {
  ${lines(lanes - 1, (i) => `if (n > ${i}) v128.store${bytes * 8}_lane(p, v, ${i}, ${i * bytes});`)}
}
/** A vector of elements that lie \`s\` bytes apart. */
// @ts-ignore: decorator
@inline function gather_${bytes}(p: usize, s: usize): v128 {
  let v = v128.load${bytes * 8}_splat(p);
  ${lines(lanes - 1, (i) => `v = v128.load${bytes * 8}_lane(p + ${i + 1} * s, v, ${i + 1});`)}
  return v;
}
function gatherTail_${bytes}(p: usize, s: usize, n: i32): v128 {
  let v = i32x4.splat(0);
  ${lines(lanes - 1, (i) => `if (n > ${i}) v = v128.load${bytes * 8}_lane(p + ${i} * s, v, ${i});`)}
  return v;
}`,
    )
    .join('\n');
}
