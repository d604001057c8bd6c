import type { Elements } from './device.ts';
import type { Complex } from './complex.ts';
import { dtypes, isComplex, realOf, type DType } from './dtype.ts';
import { reader, show } from './element.ts';
import { denseStrides } from './shape.ts';
import type { Tensor } from './tensor.ts';
import { blank } from './tensor.ts';

/** Values out of tensors, as arrays of the reader's own. */

export type NestedArray = number | bigint | boolean | string | Complex | readonly NestedArray[];

/** The elements in row-major order, in an array that shares nothing with the tensor; complex ones as their parts in turn. */
export function dense(tensor: Tensor): Elements {
  const { device } = tensor.storage.bytes;
  const { dtype, offset, size, shape } = tensor;
  if (dtype === 'string') return listOf(tensor.reshape([size])) as unknown as Elements;
  const half = dtype === 'f16' || dtype === 'bf16';
  const each = isComplex(dtype) ? 2 : 1;
  if (tensor.strides === null && !half) {
    return device.array(tensor).slice(each * offset, each * (offset + size));
  }
  const to = half ? 'f32' : dtype;
  const copy = blank(device, shape, to, size, size * dtypes[to].bytes);
  device.kernels.map('identity', copy, tensor);
  const values = device.array(copy).slice(0, each * size);
  copy.dispose();
  return values;
}

/** The same in nested lists of the tensor's shape. */
export function nested(tensor: Tensor): NestedArray {
  const values = dense(tensor);
  const { shape, dtype } = tensor;
  let at = 0;
  const read = (axis: number): NestedArray => {
    if (axis < shape.length) return Array.from({ length: shape[axis]! }, () => read(axis + 1));
    if (isComplex(dtype)) return { re: values[at++] as number, im: values[at++] as number };
    const value = values[at++]!;
    return dtype === 'bool' ? value !== 0 : value;
  };
  return read(0);
}

/** What JSON can carry of an element: a number, a boolean, or text where it fits neither. */
export type JsonArray =
  | number
  | boolean
  | string
  | { readonly re: number | string; readonly im: number | string }
  | readonly JsonArray[];

/**
 * The same in the shortest numbers that mean the elements. Numbers that JSON
 * has not (not-a-number, infinities, integers of 64 bits) are text. Read
 * element by element where they lie: no op runs, nothing is allocated.
 */
export function listOf(tensor: Tensor): JsonArray {
  const { shape, dtype } = tensor;
  const strides = tensor.strides ?? denseStrides(shape);
  const read = reader(tensor);
  const walk = (axis: number, at: number): JsonArray => {
    if (axis < shape.length) {
      return Array.from({ length: shape[axis]! }, (_, i) =>
        walk(axis + 1, at + i * strides[axis]!),
      );
    }
    const value = read(at);
    if (dtype === 'bool') return value !== 0;
    if (typeof value === 'string') return value;
    if (typeof value !== 'object') return json(value, dtype);
    return { re: json(value.re, realOf(dtype)), im: json(value.im, realOf(dtype)) };
  };
  return walk(0, tensor.offset);
}

function json(value: number | bigint, dtype: DType): number | string {
  return typeof value === 'bigint' || !Number.isFinite(value)
    ? String(value)
    : Number(show(value, dtype));
}
