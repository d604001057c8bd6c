import { isComplex, realOf, type DType } from './dtype.ts';
import type { Buf } from './device.ts';
import { broadcastStrides, sizeOf, stridesOf, type Shape } from './shape.ts';

/**
 * Complex numbers. A tensor of them holds the real part and right after it
 * the imaginary one, so it is also a tensor of real numbers with one axis of
 * length 2 more: by that, most kernels for real numbers do for complex ones.
 */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Whether a user wrote a complex number: `{ re: 1, im: 2 }`. */
export function isComplexValue(value: unknown): value is Complex {
  if (typeof value !== 'object' || value === null) return false;
  const { re, im } = value as Partial<Complex>;
  return typeof re === 'number' && typeof im === 'number';
}

/** The same elements as real numbers, with an axis of length 2 behind the others. */
export function pairs(x: Buf): Buf {
  return {
    shape: [...x.shape, 2],
    dtype: realOf(x.dtype),
    size: 2 * x.size,
    offset: 2 * x.offset,
    strides: x.strides === null ? null : [...x.strides.map((step) => 2 * step), 1],
    storage: x.storage,
  };
}

/** The numbers of a buffer, whatever they are the parts of: how many an element has, and the buffer of them. */
export function numbersOf(x: Buf): { readonly each: 1 | 2; readonly numbers: Buf } {
  return isComplex(x.dtype) ? { each: 2, numbers: pairs(x) } : { each: 1, numbers: x };
}

/** The real parts alone (0), or the imaginary ones (1). */
export function part(x: Buf, which: 0 | 1): Buf {
  return {
    shape: x.shape,
    dtype: realOf(x.dtype),
    size: x.size,
    offset: 2 * x.offset + which,
    strides: stridesOf(x).map((step) => 2 * step),
    storage: x.storage,
  };
}

/** Real numbers, read as if they had the given shape, with an axis of length 1 behind the others. */
export function column(x: Buf, shape: Shape = x.shape): Buf {
  return {
    shape: [...shape, 1],
    dtype: x.dtype,
    size: sizeOf(shape),
    offset: x.offset,
    strides: [...broadcastStrides(x, shape), 1],
    storage: x.storage,
  };
}

/** The conjugate for gradient formulas: a tensor of real numbers is its own. */
export function conjugate<T extends { readonly dtype: DType; conj(): T }>(x: T): T {
  return isComplex(x.dtype) ? x.conj() : x;
}
