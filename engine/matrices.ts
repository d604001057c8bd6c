import type { Buf } from './device.ts';
import { conjugate } from './complex.ts';
import { dtypes, floatOf, isComplex, type DType } from './dtype.ts';
import type { Spec } from './op.ts';
import { broadcast, broadcastStrides, sizeOf, text, type Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

// What the rows of linear algebra share: the last two axes are matrices, the others a batch of them.

/** The float a decomposition is made in; integers become f32. */
export function realOf(op: string, dtype: DType): DType {
  if (dtypes[dtype].kind !== 'complex') return floatOf(op, dtype);
  throw new Error(
    `${op}: x is ${dtype}; it must be real, for complex matrices there is no ${op} yet`,
  );
}

/** The same where complex numbers will do as well. */
export function fieldOf(op: string, dtype: DType): DType {
  return isComplex(dtype) ? dtype : floatOf(op, dtype);
}

/** Rows and columns of each matrix. */
export function sidesOf(op: string, x: Spec, name = 'x'): readonly [rows: number, columns: number] {
  if (x.shape.length >= 2) return x.shape.slice(-2) as [number, number];
  throw new Error(
    `${op}: ${name} has the shape ${text(x.shape)}; it must have two axes or more, the last two of them those of a matrix`,
  );
}

/** The side of each matrix, all of which must be square. */
export function sideOf(op: string, x: Spec, name = 'x'): number {
  const [m, n] = sidesOf(op, x, name);
  if (m === n) return n;
  throw new Error(
    `${op}: ${name} has the shape ${text(x.shape)}; its matrices must be square, not ${m} by ${n}`,
  );
}

/** The same for results like the input; complex ones only where `field` says so. */
export function squareOf(op: string, x: Spec, field: typeof realOf = realOf): Spec {
  sideOf(op, x);
  return { shape: x.shape, dtype: field(op, x.dtype) };
}

/** The axes of the batch. */
export function batchOf(x: { readonly shape: Shape }): Shape {
  return x.shape.slice(0, -2);
}

/** The same matrices for every entry of a larger batch. */
export function spreadTo(x: Buf, batch: Shape): Buf {
  const shape = [...batch, ...x.shape.slice(-2)];
  const { dtype, offset, storage } = x;
  const strides = broadcastStrides(x, shape);
  return { shape, strides, dtype, size: sizeOf(shape), offset, storage };
}

/** The batch in which a matrix and a right side meet. */
export function commonBatch(op: string, a: Spec, b: Spec): Shape {
  return broadcast(op, batchOf(a), batchOf(b));
}

/** The matrices with rows and columns swapped. */
export function flipped(x: Tensor): Tensor {
  const rank = x.shape.length;
  return x.transpose([...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
}

/** The matrices transposed, and conjugated where they are complex. */
export function adjointOf(x: Tensor): Tensor {
  return flipped(conjugate(x));
}

/** The mean of the matrices and their transposes. */
export function symmetric(x: Tensor): Tensor {
  return x.add(flipped(x)).mul(0.5);
}

/** The lower triangles, with half of the diagonal. */
export function halfLower(x: Tensor): Tensor {
  return x.bandPart(-1, 0).sub(x.bandPart(0, 0).mul(0.5));
}

/** Square matrices with those values on their diagonals. */
export function diagonal(values: Tensor): Tensor {
  const n = values.shape.at(-1)!;
  return values
    .expandDims(-1)
    .broadcastTo([...values.shape, n])
    .bandPart(0, 0);
}

/** Ones on the diagonals of matrices like these. */
export function unit(x: Tensor): Tensor {
  return x.onesLike().bandPart(0, 0);
}

/** Floating-point operations and traffic of an algorithm that takes `factor` times the shape's cube. */
export function cubic(x: Spec, factor: number): { flops: number; bytes: number } {
  const [m, n] = x.shape.slice(-2) as [number, number];
  return {
    flops: factor * sizeOf(x.shape) * Math.min(m, n),
    bytes: 2 * sizeOf(x.shape) * dtypes[x.dtype].bytes,
  };
}

/** The distance from 1 to the next number. */
export function precisionOf(dtype: DType): number {
  return { f64: 2 ** -52, f32: 2 ** -23, f16: 2 ** -10, bf16: 2 ** -7 }[dtype as 'f64'];
}
