import { checkIndices, dtypeOf, numeric, type DType, type DTypeLike } from '../dtype.ts';
import { gathered, type Gathered } from '../indexing/indices.ts';
import { inTheNameOf } from '../inner-error.ts';
import type { One, Op, T } from '../op.ts';
import { axisOf, checkShape, sameShape, text, type Shape } from '../shape.ts';

// Elements chosen by position. Positions are whole numbers from 0 and are checked.

/**
 * Slices of x along one axis, by default the first, at the given positions:
 * `out[.., i.., ..] = x[.., indices[i..], ..]`. The first `batchDims` axes are
 * shared by both: each entry of the batch has positions of its own.
 */
export const gather: Op<
  { x: One; indices: One },
  [x: T, indices: T],
  [axis?: number, batchDims?: number],
  Gathered,
  One
> = {
  texts: true,
  inputs: { x: 'one', indices: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ x, indices }, axis = 0, batchDims = 0) =>
    gathered('gather', x.shape, indices.shape, axis, batchDims),
  spec: ({ x, indices }, { axis, batchDims }) => {
    checkIndices('gather', indices.dtype);
    const shape = [
      ...x.shape.slice(0, axis),
      ...indices.shape.slice(batchDims),
      ...x.shape.slice(axis + 1),
    ];
    return { shape, dtype: x.dtype };
  },
  forward: (k, { x, indices }, { axis, batchDims }, out) =>
    k.gather(out, x, indices, axis, batchDims),
  saves: ['indices'],
  grad: {
    x: (g, { x, indices }, { axis, batchDims }) => g.scatterAdd(indices, x.shape, axis, batchDims),
    indices: null,
  },
  samples: [
    { in: { x: [4, 3], indices: { shape: [5], dtype: 'i32', range: [0, 4] } } },
    { in: { x: [2, 3, 2], indices: { shape: [2, 2], dtype: 'i64', range: [0, 3] } }, args: [1] },
    { in: { x: [2, 3], indices: { shape: [2, 2], dtype: 'i32', range: [0, 3] } }, args: [1, 1] },
  ],
  errors: [
    {
      in: { x: [4, 3], indices: { shape: [1], dtype: 'i32', values: [4] } },
      says: 'gather: index 4 at [0] lies outside axis 0 of [4,3] (0 to 3)',
    },
    { in: { x: [4, 3], indices: [2] }, says: 'gather: the indices are f32; they must be integers' },
    {
      in: { x: [2, 3], indices: { shape: [3, 1], dtype: 'i32', range: [0, 1] } },
      args: [1, 1],
      says: 'gather: [2,3] and the indices [3,1] do not share their first axis',
    },
  ],
};

/**
 * The slices of x along one axis added into zeros of the given shape:
 * `out[.., indices[i..], ..] += x[.., i.., ..]`. The gradient of `gather`, and
 * the other way round.
 */
export const scatterAdd: Op<
  { x: One; indices: One },
  [x: T, indices: T],
  [shape: Shape, axis?: number, batchDims?: number],
  Gathered & { shape: Shape },
  One
> = {
  inputs: { x: 'one', indices: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ indices }, shape, axis = 0, batchDims = 0) => ({
    shape: checkShape('scatterAdd', shape),
    ...gathered('scatterAdd', shape, indices.shape, axis, batchDims),
  }),
  spec: ({ x, indices }, { shape, axis, batchDims }) => {
    checkIndices('scatterAdd', indices.dtype);
    const fits = [
      ...shape.slice(0, axis),
      ...indices.shape.slice(batchDims),
      ...shape.slice(axis + 1),
    ];
    if (sameShape(fits, x.shape)) return { shape, dtype: x.dtype };
    throw new Error(
      `scatterAdd: x has the shape ${text(x.shape)}; for indices ${text(indices.shape)} along axis ${axis} of ${text(shape)} it must be ${text(fits)}`,
    );
  },
  forward: (k, { x, indices }, { axis, batchDims }, out) => {
    k.fill(out, 0);
    k.scatterAdd(out, x, indices, axis, batchDims);
  },
  saves: ['indices'],
  grad: {
    x: (g, { indices }, { axis, batchDims }) => g.gather(indices, axis, batchDims),
    indices: null,
  },
  samples: [
    { in: { x: [5, 3], indices: { shape: [5], dtype: 'i32', range: [0, 4] } }, args: [[4, 3]] },
    {
      in: { x: [2, 2], indices: { shape: [2, 2], dtype: 'i32', range: [0, 3] } },
      args: [[2, 3], 1, 1],
    },
  ],
  errors: [
    {
      in: { x: [5, 2], indices: { shape: [5], dtype: 'i32', range: [0, 4] } },
      args: [[4, 3]],
      says: 'scatterAdd: x has the shape [5,2]; for indices [5] along axis 0 of [4,3] it must be [5,3]',
    },
  ],
};

/**
 * A new last axis of length `depth` that has `onValue` at the position and
 * `offValue` elsewhere; a position outside it has `offValue` everywhere. The
 * dtype is i32 unless another is given.
 */
export const oneHot: Op<
  { indices: One },
  [indices: T],
  [depth: number, onValue?: number, offValue?: number, dtype?: DTypeLike],
  { depth: number; onValue: number; offValue: number; dtype: DType },
  One
> = {
  inputs: { indices: 'one' },
  literals: { indices: 'i32' },
  attrs: (_, depth, onValue = 1, offValue = 0, dtype = 'i32') => {
    checkShape('oneHot', [depth]);
    const own = dtypeOf('oneHot', dtype);
    if (own === 'string') numeric('oneHot', own);
    return { depth, onValue, offValue, dtype: own };
  },
  spec: ({ indices }, { depth, dtype }) => {
    checkIndices('oneHot', indices.dtype);
    return { shape: [...indices.shape, depth], dtype };
  },
  forward: (k, { indices }, { onValue, offValue }, out) =>
    k.oneHot(out, indices, onValue, offValue),
  saves: [],
  grad: { indices: null },
  samples: [
    { in: { indices: { shape: [4], dtype: 'i32', range: [0, 3] } }, args: [3] },
    {
      in: { indices: { shape: [2, 2], dtype: 'i64', values: [0, 1, -1, 9] } },
      args: [2, 5, -1, 'f32'],
    },
  ],
  errors: [{ in: { indices: [2] }, args: [3], says: 'oneHot: the indices are f32' }],
};

/**
 * The rows of a table, `[words, ...]`, at positions of any shape: what turns
 * words into vectors (TensorFlow's `embedding_lookup`, PyTorch's
 * `embedding`). A row that is there several times gets the sum of the
 * gradients.
 */
export const embedding: Op<{ table: One; indices: One }, [table: T, indices: T], [], object, One> =
  {
    inputs: { table: 'one', indices: 'one' },
    literals: { indices: 'i32' },
    spec: ({ table, indices }) => {
      checkIndices('embedding', indices.dtype);
      axisOf('embedding', 0, table.shape.length);
      return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype };
    },
    compose: ({ table, indices }) => inTheNameOf('embedding', () => table.gather(indices)),
    samples: [
      { in: { table: [5, 3], indices: { shape: [2, 4], dtype: 'i32', range: [0, 5] } } },
      { in: { table: [3], indices: { shape: [], dtype: 'i64', range: [0, 3] } } },
    ],
    errors: [
      {
        in: { table: [5, 3], indices: { shape: [1], dtype: 'i32', values: [5] } },
        says: 'embedding: index 5 at [0] lies outside axis 0 of [5,3] (0 to 4)',
      },
      { in: { table: [5, 3], indices: [2] }, says: 'embedding: the indices are f32' },
    ],
  };
