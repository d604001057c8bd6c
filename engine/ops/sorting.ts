import { endingWith, startingAt } from '../axes.ts';
import { numeric } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { axisOf, text } from '../shape.ts';

// Elements by their order. Not-a-number counts as the greatest, as in PyTorch: last where the order rises, first where it falls.

export interface Sorted {
  readonly axis: number;
  readonly descending: boolean;
}

/**
 * The elements along one axis, by default the last, in rising order, or in
 * falling order where `descending`. Equal elements keep their order. As
 * `tf.sort` of TensorFlow, whose direction is a word.
 */
export const sort: Op<{ x: One }, [x: T], [axis?: number, descending?: boolean], Sorted, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, axis = -1, descending = false) => ({
    axis: axisOf('sort', axis, x.shape.length),
    descending,
  }),
  spec: ({ x }) => {
    numeric('sort', x.dtype);
    return x;
  },
  forward: (k, { x }, { axis, descending }, out) => k.sort(out, null, x, axis, descending),
  saves: ['x'],
  grad: {
    x: (g, { x }, { axis, descending }) => {
      const last = x.shape.length - 1;
      const back = endingWith(g, axis).scatterAdd(
        endingWith(x.argSort(axis, descending), axis),
        endingWith(x, axis).shape,
        last,
        last,
      );
      return startingAt(back, axis);
    },
  },
  samples: [
    { in: { x: { shape: [3, 4], apart: 0.1 } } },
    { in: { x: { shape: [3, 2, 2], apart: 0.1 } }, args: [0, true] },
    { in: { x: { shape: [2, 5, 2], dtype: 'i64', range: [-3, 3] } }, args: [1] },
    { in: { x: { shape: [6], values: [1, NaN, 0, 1, -1, NaN] } }, args: [0, true] },
    { in: { x: [0, 3] }, args: [0] },
  ],
  errors: [
    { in: { x: [] }, says: 'sort: no axis -1 in a tensor of rank 0' },
    { in: { x: [2, 3] }, args: [2], says: 'sort: no axis 2 in a tensor of rank 2' },
  ],
};

/**
 * The positions, as i32, that sort an axis, by default the last; equal elements
 * keep their order, and not-a-number counts as the greatest.
 */
export const argSort: Order = order('argSort');

/** The same as `argSort`, by its name in TensorFlow, NumPy and PyTorch. */
export const argsort: Order = order('argsort');

/**
 * The `k` greatest along one axis, by default the last, in falling order
 * (whether `sorted` asks for it or not), and their positions as i32; of equal
 * ones the first comes first.
 */
export const topk: Op<
  { x: One },
  [x: T],
  [k?: number, sorted?: boolean, axis?: number],
  { k: number; axis: number },
  { values: One; indices: One }
> = {
  inputs: { x: 'one' },
  outputs: { values: 'one', indices: 'one' },
  attrs: ({ x }, k = 1, _ = true, axis = -1) => {
    const along = axisOf('topk', axis, x.shape.length);
    const length = x.shape[along]!;
    if (Number.isInteger(k) && k >= 0 && k <= length) return { k, axis: along };
    const which = along === x.shape.length - 1 ? 'the last axis' : `axis ${along}`;
    throw new Error(
      `topk: there are no ${k} elements along ${which} of ${text(x.shape)} (0 to ${length})`,
    );
  },
  spec: ({ x }, { k, axis }) => {
    numeric('topk', x.dtype);
    const shape = x.shape.with(axis, k);
    return { values: { shape, dtype: x.dtype }, indices: { shape, dtype: 'i32' } };
  },
  compose: ({ x }, { k, axis }) => {
    const last = x.shape.length - 1;
    const indices = x.argSort(axis, true).slice(
      x.shape.map(() => 0),
      x.shape.with(axis, k),
    );
    const values = endingWith(x, axis).gather(endingWith(indices, axis), last, last);
    return { values: startingAt(values, axis), indices };
  },
  samples: [
    { in: { x: { shape: [3, 4], apart: 0.1 } }, args: [2] },
    { in: { x: { shape: [5], apart: 0.1 } } },
    { in: { x: { shape: [4, 3], apart: 0.1 } }, args: [2, true, 0] },
  ],
  errors: [
    { in: { x: [2, 3] }, args: [4], says: 'topk: there are no 4 elements along the last axis' },
    { in: { x: [2, 3] }, args: [3, true, 0], says: 'topk: there are no 3 elements along axis 0' },
  ],
};

type Order = Op<{ x: One }, [x: T], [axis?: number, descending?: boolean], Sorted, One>;

function order(op: string): Order {
  return {
    inputs: { x: 'one' },
    attrs: ({ x }, axis = -1, descending = false) => ({
      axis: axisOf(op, axis, x.shape.length),
      descending,
    }),
    spec: ({ x }) => {
      numeric(op, x.dtype);
      return { shape: x.shape, dtype: 'i32' };
    },
    forward: (k, { x }, { axis, descending }, out) => k.sort(null, out, x, axis, descending),
    saves: [],
    grad: { x: null },
    samples: [
      { in: { x: { shape: [3, 4], apart: 0.1 } } },
      { in: { x: { shape: [3, 4], apart: 0.1 } }, args: [0] },
      { in: { x: { shape: [6], values: [1, NaN, 0, 1, -1, NaN] } }, args: [-1, true] },
    ],
    errors: [{ in: { x: [] }, says: `${op}: no axis -1 in a tensor of rank 0` }],
  };
}
