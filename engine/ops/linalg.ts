import { conjugate } from '../complex.ts';
import type { Buf } from '../device.ts';
import { promote, type DType } from '../dtype.ts';
import { resultOf } from '../elementwise.ts';
import { zips } from '../formulas.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { broadcast, sizeOf, stridesOf, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The matrix product of the last two axes, `[m,k] x [k,n] = [m,n]`; leading
 * axes are a batch and broadcast. `transposeA` and `transposeB` read an input
 * with its last two axes swapped, without copying it. For vectors there is
 * `dot`.
 */
export const matMul: Op<
  { x: One; y: One },
  [x: T, y: T],
  [transposeA?: boolean, transposeB?: boolean],
  { transposeA: boolean; transposeB: boolean },
  One
> = {
  inputs: { x: 'one', y: 'one' },
  attrs: (_, transposeA = false, transposeB = false) => ({ transposeA, transposeB }),
  spec: ({ x, y }, { transposeA, transposeB }) => {
    if (x.shape.length === 2 && y.shape.length === 2) {
      const [m, k] = transposeA ? [x.shape[1]!, x.shape[0]!] : [x.shape[0]!, x.shape[1]!];
      const [other, n] = transposeB ? [y.shape[1]!, y.shape[0]!] : [y.shape[0]!, y.shape[1]!];
      if (k === other) return { shape: [m, n], dtype: product(x.dtype, y.dtype) };
    }
    const [a, b] = [matrix(x.shape, transposeA), matrix(y.shape, transposeB)];
    const [inner, other] = [a.at(-1)!, b.at(-2)!];
    if (inner !== other) {
      throw new Error(
        `matMul: inner sizes differ: ${text(a)} x ${text(b)} (${inner} against ${other})${hint(x, y)}`,
      );
    }
    const batch = broadcast('matMul', a.slice(0, -2), b.slice(0, -2));
    return { shape: [...batch, a.at(-2)!, b.at(-1)!], dtype: product(x.dtype, y.dtype) };
  },
  forward: (k, { x, y }, { transposeA, transposeB }, out) =>
    k.matMul(out, transposeA ? swapped(x) : x, transposeB ? swapped(y) : y),
  saves: ['x', 'y'],
  readBy: { x: 'y', y: 'x' },
  grad: {
    x: (g, { x, y: factor }, { transposeA, transposeB }) => {
      const y = conjugate(factor);
      return (transposeA ? y.matMul(g, transposeB, true) : g.matMul(y, false, !transposeB)).sumTo(
        x.shape,
      );
    },
    y: (g, { x: factor, y }, { transposeA, transposeB }) => {
      const x = conjugate(factor);
      // One matrix for a whole batch: one product, not a sum of as many as the batch has.
      const one =
        y.shape.length === 2 && x.shape.length > 2 && !transposeA && g.size > 0 && x.size > 0;
      const [a, b] = one ? [rowsOf(x), rowsOf(g)] : [x, g];
      return (transposeB ? b.matMul(a, true, transposeA) : a.matMul(b, !transposeA, false)).sumTo(
        y.shape,
      );
    },
  },
  cost: ({ x, y }, { transposeA, transposeB }) => {
    const [a, b] = [matrix(x.shape, transposeA), matrix(y.shape, transposeB)];
    const batch = broadcast('matMul', a.slice(0, -2), b.slice(0, -2));
    const out = sizeOf(batch) * a.at(-2)! * b.at(-1)!;
    return {
      flops: 2 * out * a.at(-1)!,
      bytes: 4 * (sizeOf(x.shape) + sizeOf(y.shape) + out),
    };
  },
  samples: [
    { in: { x: [2, 3], y: [3, 4] } },
    { in: { x: [3, 2], y: [3, 4] }, args: [true] },
    { in: { x: [2, 3], y: [4, 3] }, args: [false, true] },
    { in: { x: [3, 2], y: [4, 3] }, args: [true, true] },
    { in: { x: [2, 1, 2, 3], y: [5, 3, 2] } },
    { in: { x: [2, 3, 2], y: [3, 4] }, args: [true] },
    { in: { x: [2, 0], y: [0, 3] } },
    { in: { x: { shape: [2, 3], dtype: 'i32' }, y: { shape: [3, 2], dtype: 'i32' } } },
  ],
  errors: [
    {
      in: { x: [32, 784], y: [128, 10] },
      says: 'matMul: inner sizes differ: [32,784] x [128,10] (784 against 128)',
    },
    {
      in: { x: [3], y: [3, 2] },
      says: 'matMul: x has the shape [3]; it must have two axes or more',
    },
    { in: { x: [2, 3, 4], y: [3, 4, 2] }, says: 'matMul: [2] and [3] do not broadcast' },
  ],
};

/**
 * The inner product of two vectors, or the product of a vector and a matrix or
 * of two matrices: the last axis of x against the first of y.
 */
export const dot: Op<{ x: One; y: One }, [x: T, y: T], [], object, One> = {
  inputs: { x: 'one', y: 'one' },
  spec: ({ x, y }) => {
    for (const [name, { shape }] of Object.entries({ x, y })) {
      if (shape.length === 1 || shape.length === 2) continue;
      throw new Error(`dot: ${name} has the shape ${text(shape)}; it must have one or two axes`);
    }
    const [inner, other] = [x.shape.at(-1)!, y.shape[0]!];
    if (inner !== other) {
      throw new Error(
        `dot: inner sizes differ: ${text(x.shape)} x ${text(y.shape)} (${inner} against ${other})`,
      );
    }
    const dtype = resultOf('dot', zips.mul, promote('dot', x.dtype, y.dtype));
    return { shape: [...x.shape.slice(0, -1), ...y.shape.slice(1)], dtype };
  },
  compose: ({ x, y }) => {
    const a = x.shape.length === 1 ? x.expandDims(0) : x;
    const b = y.shape.length === 1 ? y.expandDims(1) : y;
    return a.matMul(b).reshape([...x.shape.slice(0, -1), ...y.shape.slice(1)]);
  },
  samples: [
    { in: { x: [3], y: [3] } },
    { in: { x: [2, 3], y: [3] } },
    { in: { x: [3], y: [3, 2] } },
    { in: { x: [2, 3], y: [3, 2] } },
  ],
  errors: [
    { in: { x: [3], y: [4] }, says: 'dot: inner sizes differ: [3] x [4] (3 against 4)' },
    { in: { x: [2, 2, 2], y: [2] }, says: 'dot: x has the shape [2,2,2]' },
  ],
};

/** Adds a vector along the last axis: `x[..., i] + bias[i]`. */
export const biasAdd: Op<{ x: One; bias: One }, [x: T, bias: T], [], object, One> = {
  inputs: { x: 'one', bias: 'one' },
  formula: 'add',
  spec: ({ x, bias }) => {
    if (bias.shape.length !== 1 || x.shape.length === 0 || bias.shape[0] !== x.shape.at(-1)) {
      throw new Error(
        `biasAdd: a bias ${text(bias.shape)} does not fit ${text(x.shape)}; it must be a vector` +
          (x.shape.length === 0 ? '' : ` of ${x.shape.at(-1)}, the length of the last axis`),
      );
    }
    const dtype = resultOf('biasAdd', zips.add, promote('biasAdd', x.dtype, bias.dtype));
    return { shape: x.shape, dtype };
  },
  forward: (k, { x, bias }, _, out) => k.zip('add', out, x, bias),
  saves: [],
  grad: {
    x: (g) => g,
    bias: (g, { bias }) => g.sumTo(bias.shape),
  },
  samples: [{ in: { x: [2, 3], bias: [3] } }, { in: { x: [2, 1, 3], bias: [3] } }],
  errors: [
    {
      in: { x: [32, 10], bias: [32] },
      says: 'biasAdd: a bias [32] does not fit [32,10]; it must be a vector of 10',
    },
  ],
};

/** All rows of a batch of matrices. */
function rowsOf(x: Tensor): Tensor {
  const length = x.shape.at(-1)!;
  return x.reshape([x.size / length, length]);
}

function product(a: DType, b: DType): DType {
  return resultOf('matMul', zips.mul, promote('matMul', a, b));
}

/** The shape as the product reads it. */
function matrix(shape: Shape, transposed: boolean): Shape {
  if (shape.length < 2) throw tooFlat(shape);
  return transposed ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
}

function tooFlat(shape: Shape): Error {
  return new Error(
    `matMul: x has the shape ${text(shape)}; it must have two axes or more (dot takes vectors)`,
  );
}

/** Names the transposition that would fit. */
function hint(x: Spec, y: Spec): string {
  const [a, b] = [x.shape, y.shape];
  if (a.at(-1) === b.at(-1)) return '; transposeB would fit';
  return a.at(-2) === b.at(-2) ? '; transposeA would fit' : '';
}

/** The same bytes with the last two axes swapped. */
function swapped(x: Buf): Buf {
  const { dtype, size, offset, storage } = x;
  const strides = stridesOf(x);
  return { shape: swap(x.shape), strides: swap(strides), dtype, size, offset, storage };
}

function swap(list: readonly number[]): number[] {
  const swapped = list.slice();
  swapped.push(swapped.pop()!, swapped.pop()!);
  return swapped;
}
