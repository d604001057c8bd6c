import { dtypes, isBig, isInteger, range, type DType } from '../../dtype.ts';
import type { Buf, Elements } from '../../device.ts';
import { fromBf16, fromF16, toBf16, toF16 } from '../../half.ts';
import { broadcastStrides, stridesOf, type Shape } from '../../shape.ts';

/**
 * Elements of a buffer as numbers, whatever their dtype, and walks over strided
 * windows: what the plain kernels are written in.
 */

/** The whole storage of a buffer as a typed array of the buffer's dtype: `offset` and `strides` index it. */
export type ArrayOf = (buf: Buf) => Elements;
export type Read = (at: number) => number;
export type ReadBig = (at: number) => bigint;
export type Write = (at: number, value: number) => void;
export type WriteBig = (at: number, value: bigint) => void;

/** Reads elements as numbers; 64-bit integers lose what f64 cannot hold. */
export function reader(array: Elements, dtype: DType): Read {
  if (dtype === 'f16') return (at) => fromF16(array[at] as number);
  if (dtype === 'bf16') return (at) => fromBf16(array[at] as number);
  if (isBig(dtype)) return (at) => Number(array[at]);
  return (at) => array[at] as number;
}

/** Reads elements of integers and booleans as bigints. */
export function bigReader(array: Elements, dtype: DType): ReadBig {
  return isBig(dtype) ? (at) => array[at] as bigint : (at) => BigInt(array[at]!);
}

/** Reads elements of a buffer without loss, for comparing. */
export function exact(arrayOf: ArrayOf, x: Buf): (at: number) => number | bigint {
  return isBig(x.dtype) ? bigReader(arrayOf(x), x.dtype) : reader(arrayOf(x), x.dtype);
}

/** Writes results of arithmetic: floats are rounded, integers wrap around. */
export function writer(array: Elements, dtype: DType): Write {
  if (dtype === 'f16') return (at, value) => void (array[at] = toF16(value));
  if (dtype === 'bf16') return (at, value) => void (array[at] = toBf16(value));
  if (dtype === 'bool') return (at, value) => void (array[at] = value === 0 ? 0 : 1);
  if (isBig(dtype)) return (at, value) => void (array[at] = bigOf(value, dtype));
  return (at, value) => void (array[at] = value);
}

/** Writes values of another dtype: integers are cut toward zero and stay in range, not-a-number becomes 0. */
export function caster(array: Elements, dtype: DType): Write {
  const write = writer(array, dtype);
  if (!isInteger(dtype) || isBig(dtype)) return write;
  const [low, high] = range(dtype).map(Number) as [number, number];
  return (at, value) => write(at, Math.min(Math.max(Math.trunc(value) || 0, low), high));
}

/** Writes bigints, wrapped around. */
export function bigWriter(array: Elements, dtype: DType): WriteBig {
  const bits = dtypes[dtype].bytes * 8;
  if (isBig(dtype)) return (at, value) => void (array[at] = value);
  if (dtype === 'bool') return (at, value) => void (array[at] = value === 0n ? 0 : 1);
  if (isInteger(dtype)) return (at, value) => void (array[at] = Number(BigInt.asIntN(bits, value)));
  const write = writer(array, dtype);
  return (at, value) => write(at, Number(value));
}

/** Writes bigints of another dtype: they stay in range. */
export function bigCaster(array: Elements, dtype: DType): WriteBig {
  const write = bigWriter(array, dtype);
  if (!isInteger(dtype)) return write;
  const [low, high] = range(dtype);
  return (at, value) => write(at, value < low ? low : value > high ? high : value);
}

/** A way over one or more windows that are read as if they had the same shape. */
export type Visit = (i: number, at: Float64Array) => void;

/** Visits all elements of `shape` in row-major order; `at` holds the position in each window's storage. */
export function walk(shape: Shape, windows: readonly Window[], visit: Visit): void {
  const strides = windows.map((w) => w.strides);
  const at = Float64Array.from(windows, (w) => w.offset);
  let i = 0;
  const enter = (axis: number): void => {
    if (axis === shape.length) return visit(i++, at);
    const n = shape[axis]!;
    for (let j = 0; j < n; j++) {
      enter(axis + 1);
      for (let w = 0; w < at.length; w++) at[w]! += strides[w]![axis]!;
    }
    for (let w = 0; w < at.length; w++) at[w]! -= strides[w]![axis]! * n;
  };
  enter(0);
}

export interface Window {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A buffer read as if it had a larger shape. */
export function spread(x: Buf, shape: Shape): Window {
  return { strides: broadcastStrides(x, shape), offset: x.offset };
}

/** Only some axes of a buffer. */
export function along(x: Buf, axes: readonly number[], offset = x.offset): Window {
  const strides = stridesOf(x);
  return { strides: axes.map((axis) => strides[axis]!), offset };
}

function bigOf(value: number, dtype: DType): bigint {
  const [low, high] = range(dtype);
  if (Number.isNaN(value)) return 0n;
  if (value >= Number(high)) return high;
  return value <= Number(low) ? low : BigInt(Math.trunc(value));
}
