import { floatOf, isFloat } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { axesOf, reduced, text, type Axes } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// How long a vector is, or how large a matrix.

export type Ord = number | 'euclidean' | 'fro' | 'nuc';

/**
 * The norm of vectors along one axis or of matrices along two, as in
 * TensorFlow.js; without an axis that of all elements in a row. Of vectors:
 * 'euclidean' or 2, 1 (the sum of sizes), Infinity and -Infinity (the greatest
 * and the least of them), 0 (how many are not 0), any other p. Of matrices:
 * 'euclidean' or 'fro' (of all elements), 1 and Infinity (the greatest sum of
 * sizes of a column, of a row), -1 and -Infinity (the least), 2, -2 and 'nuc'
 * (the greatest, the least and the sum of singular values). Where a root is
 * taken of 0 nothing flows back. Integers become f32.
 */
export const norm: Op<
  { x: One },
  [x: T],
  [ord?: Ord, axis?: Axes, keepDims?: boolean],
  { ord: Ord; axes: readonly number[]; flat: boolean; keepDims: boolean },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, ord = 'euclidean', axis, keepDims = false) => {
    const flat = axis === undefined || axis === null;
    // In the order they were given in: rows before columns.
    const given = flat ? [] : typeof axis === 'number' ? [axis] : axis;
    const axes = flat
      ? axesOf('norm', null, x.shape.length)
      : given.map((one) => axesOf('norm', one, x.shape.length)[0]!);
    axesOf('norm', given, x.shape.length);
    const matrix = axes.length === 2 && !flat;
    if (!flat && axes.length !== 1 && !matrix) {
      throw new Error(`norm: the axes ${text(axes)}; there are norms along one axis and along two`);
    }
    const known = matrix
      ? ['euclidean', 'fro', 'nuc', 1, -1, 2, -2, Infinity, -Infinity].includes(ord)
      : ord === 'euclidean' || ord === 'fro' || (typeof ord === 'number' && ord === ord);
    if (!known) throw new Error(`norm: no norm '${ord}' of ${matrix ? 'matrices' : 'vectors'}`);
    return { ord, axes, flat, keepDims };
  },
  spec: ({ x }, { axes, keepDims }) => ({
    shape: reduced(
      x.shape,
      axes.toSorted((a, b) => a - b),
      keepDims,
    ),
    dtype: floatOf('norm', x.dtype),
  }),
  compose: ({ x }, { ord, axes, flat, keepDims }) => {
    const values = isFloat(x.dtype) ? x : x.cast('f32');
    const whole =
      axes.length === 2 && !flat ? ofMatrix(values, ord, axes) : ofVector(values, ord, axes);
    return whole.reshape(
      reduced(
        x.shape,
        axes.toSorted((a, b) => a - b),
        keepDims,
      ),
    );
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3] }, args: [1] },
    { in: { x: { shape: [2, 3], range: [0.5, 2] } }, args: [Infinity, 1] },
    { in: { x: { shape: [2, 3], range: [0.5, 2] } }, args: [3, 0, true] },
    { in: { x: { shape: [2, 3], range: [0.5, 2] } }, args: [-Infinity, -1] },
    { in: { x: [3, 2, 4] }, args: ['fro', [0, 2]] },
    { in: { x: { shape: [3, 2, 4], range: [0.5, 2] } }, args: [1, [0, 2], true] },
    { in: { x: { shape: [3, 2, 4], range: [0.5, 2] } }, args: [Infinity, [2, 0]] },
    { in: { x: { shape: [2, 2], values: [0, 0, 3, -4] } }, args: [2, 1] },
    { in: { x: { shape: [3], dtype: 'i32' } }, args: [0, 0] },
  ],
  errors: [
    { in: { x: [2, 3] }, args: [2, 2], says: 'norm: no axis 2' },
    { in: { x: [2, 3, 4] }, args: [2, [0, 1, 2]], says: 'norm: the axes [0,1,2]' },
    { in: { x: [2, 3] }, args: ['nuc', 1], says: "norm: no norm 'nuc' of vectors" },
    { in: { x: [2, 3] }, args: [3, [0, 1]], says: "norm: no norm '3' of matrices" },
  ],
};

function ofVector(x: Tensor, ord: Ord, axes: readonly number[]): Tensor {
  if (ord === Infinity) return x.abs().max(axes);
  if (ord === -Infinity) return x.abs().min(axes);
  if (ord === 0) return x.notEqual(0).sum(axes).cast(x.dtype);
  if (ord === 1) return x.abs().sum(axes);
  if (typeof ord === 'string' || ord === 2) return root(x.square().sum(axes), 2);
  return root(x.abs().pow(ord).sum(axes), ord);
}

function ofMatrix(x: Tensor, ord: Ord, axes: readonly number[]): Tensor {
  if (ord === 'euclidean' || ord === 'fro') return root(x.square().sum(axes), 2);
  const [rows, columns] = axes as readonly [number, number];
  if (ord === 'nuc' || ord === 2 || ord === -2) {
    const others = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    const { s } = x.transpose([...others, rows, columns]).svd();
    return ord === 'nuc' ? s.sum(-1) : ord === 2 ? s.max(-1) : s.min(-1);
  }
  const sums = x.abs().sum(Math.abs(ord) === 1 ? rows : columns, true);
  return ord > 0 ? sums.max(axes) : sums.min(axes);
}

/** The p-th root, to which at 0 nothing flows back. */
function root(x: Tensor, p: number): Tensor {
  const nothing = x.equal(0);
  const inside = nothing.where(1, x);
  return nothing.where(p > 0 ? 0 : Infinity, p === 2 ? inside.sqrt() : inside.pow(1 / p));
}
