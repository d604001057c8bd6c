import type { Buf } from '../device.ts';
import type { One, Op, T, Window } from '../op.ts';
import {
  axesOf,
  axisOf,
  broadcastAxes,
  broadcastStrides,
  checkShape,
  filled,
  reshapedStrides,
  stridesOf,
  text,
  type Axes,
  type Shape,
} from '../shape.ts';

// Other views of the same elements: nothing is copied, and an edit of one shows in all.

/**
 * The same elements, row-major, in another shape; one length may be -1 and is
 * filled in. Copies only where no strides can say it, as after a transpose.
 */
export const reshape: Op<{ x: One }, [x: T], [shape: Shape], { shape: Shape }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, shape) => ({ shape: filled('reshape', shape, x.shape) }),
  spec: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  view: (x, { shape }) => recut(x, shape),
  saves: [],
  grad: { x: (g, { x }) => g.reshape(x.shape) },
  samples: [
    { in: { x: [2, 6] }, args: [[3, -1]] },
    { in: { x: [2, 3] }, args: [[3, 2]] },
    { in: { x: [1] }, args: [[]] },
  ],
  errors: [
    {
      in: { x: [2, 3] },
      args: [[4, 2]],
      says: 'reshape: [2,3] has 6 elements, [4,2] needs 8 of them',
    },
  ],
};

/** All elements, row-major, along one axis. */
export const flatten: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => ({ shape: filled('flatten', [-1], x.shape), dtype: x.dtype }),
  view: (x) => recut(x, [x.size]),
  saves: [],
  grad: { x: (g, { x }) => g.reshape(x.shape) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: [] } }],
};

/** Without axes of length 1: the given ones, by default all. */
export const squeeze: Op<{ x: One }, [x: T], [axis?: Axes], { axes: readonly number[] }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, axis) => {
    const all = axesOf('squeeze', axis, x.shape.length);
    if (axis === undefined || axis === null) return { axes: all.filter((i) => x.shape[i] === 1) };
    const long = all.find((i) => x.shape[i] !== 1);
    if (long === undefined) return { axes: all };
    throw new Error(
      `squeeze: axis ${long} of ${text(x.shape)} has the length ${x.shape[long]}; only axes of length 1 can go`,
    );
  },
  spec: ({ x }, { axes }) => ({ shape: without(x.shape, axes), dtype: x.dtype }),
  view: (x, { axes }) => ({
    shape: without(x.shape, axes),
    strides: without(stridesOf(x), axes),
    offset: x.offset,
  }),
  saves: [],
  grad: { x: (g, { x }) => g.reshape(x.shape) },
  samples: [{ in: { x: [1, 3, 1] } }, { in: { x: [1, 3, 1] }, args: [-1] }],
  errors: [{ in: { x: [1, 3] }, args: [1], says: 'squeeze: axis 1 of [1,3] has the length 3' }],
};

/** With a new axis of length 1 before the given one, by default in front. */
export const expandDims: Op<{ x: One }, [x: T], [axis?: number], { axis: number }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, axis = 0) => ({ axis: axisOf('expandDims', axis, x.shape.length + 1) }),
  spec: ({ x }, { axis }) => ({ shape: x.shape.toSpliced(axis, 0, 1), dtype: x.dtype }),
  view: (x, { axis }) => ({
    shape: x.shape.toSpliced(axis, 0, 1),
    strides: stridesOf(x).toSpliced(axis, 0, 1),
    offset: x.offset,
  }),
  saves: [],
  grad: { x: (g, _, { axis }) => g.squeeze(axis) },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3] }, args: [-1] },
    { in: { x: [2, 3] }, args: [1] },
  ],
  errors: [{ in: { x: [2] }, args: [3], says: 'expandDims: no axis 3' }],
};

/** The axes in another order: axis i of the result is axis `perm[i]` of x. By default they are reversed. */
export const transpose: Op<
  { x: One },
  [x: T],
  [perm?: readonly number[]],
  { perm: readonly number[] },
  One
> = {
  ...reordered('transpose', ({ length }) => Array.from({ length }, (_, i) => length - 1 - i)),
  samples: [{ in: { x: [2, 3] } }, { in: { x: [2, 3, 4] }, args: [[2, 0, 1]] }],
  errors: [
    {
      in: { x: [2, 3] },
      args: [[0, 0]],
      says: 'transpose: [0,0] does not name every axis of [2,3] once',
    },
  ],
};

/** The axes in another order: axis i of the result is axis `dims[i]` of x. (PyTorch's name for `transpose` with an order.) */
export const permute: Op<
  { x: One },
  [x: T],
  [dims: readonly number[]],
  { perm: readonly number[] },
  One
> = {
  ...reordered('permute'),
  samples: [
    { in: { x: [2, 3, 4] }, args: [[2, 0, -2]] },
    { in: { x: [] }, args: [[]] },
  ],
  errors: [
    { in: { x: [2, 3] }, args: [[1]], says: 'permute: [1] does not name every axis of [2,3] once' },
  ],
};

/** The tensor repeated along axes of length 1, and along new axes in front. */
export const broadcastTo: Op<{ x: One }, [x: T], [shape: Shape], { shape: Shape }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, wanted) => {
    const shape = checkShape('broadcastTo', wanted);
    broadcastAxes('broadcastTo', shape, x.shape);
    return { shape };
  },
  spec: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  view: (x, { shape }) => ({ shape, strides: broadcastStrides(x, shape), offset: x.offset }),
  saves: [],
  grad: { x: (g, { x }) => g.sumTo(x.shape) },
  samples: [
    { in: { x: [3, 1] }, args: [[2, 3, 4]] },
    { in: { x: [] }, args: [[2]] },
  ],
  errors: [
    { in: { x: [3] }, args: [[2, 4]], says: 'broadcastTo: [3] does not broadcast to [2,4]' },
  ],
};

/**
 * A window that starts at `begin` and has the given size; a size of -1, or one
 * left out, goes to the end of its axis. A bare number counts for the first
 * axis.
 */
export const slice: Op<
  { x: One },
  [x: T],
  [begin: number | readonly number[], size?: number | readonly number[]],
  { begin: Shape; size: Shape },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, begin, size = []) => {
    const from: readonly number[] = Array.isArray(begin) ? begin : [begin as number];
    const length: readonly number[] = Array.isArray(size) ? size : [size as number];
    const attrs = { begin: [] as number[], size: [] as number[] };
    let fits = Math.max(from.length, length.length) <= x.shape.length;
    for (let i = 0; i < x.shape.length; i++) {
      const start = from[i] ?? 0;
      const n = (length[i] ?? -1) < 0 ? x.shape[i]! - start : length[i]!;
      const whole = Number.isInteger(start) && Number.isInteger(n);
      if (!whole || start < 0 || n < 0 || start + n > x.shape[i]!) fits = false;
      attrs.begin.push(start);
      attrs.size.push(n);
    }
    if (fits) return attrs;
    throw new Error(
      `slice: a window at ${text(from)} of size ${text(length)} does not lie in ${text(x.shape)}`,
    );
  },
  spec: ({ x }, { size }) => ({ shape: size, dtype: x.dtype }),
  view: (x, { begin, size }) => {
    const strides = stridesOf(x);
    let { offset } = x;
    for (let axis = 0; axis < begin.length; axis++) offset += begin[axis]! * strides[axis]!;
    return { shape: size, strides, offset };
  },
  saves: [],
  grad: {
    x: (g, { x }, { begin, size }) =>
      g.pad(x.shape.map((n, i) => [begin[i]!, n - begin[i]! - size[i]!] as const)),
  },
  samples: [
    {
      in: { x: [4, 5] },
      args: [
        [1, 2],
        [2, 3],
      ],
    },
    { in: { x: [4, 5] }, args: [1, 2] },
    {
      in: { x: [4, 5] },
      args: [
        [0, 3],
        [-1, -1],
      ],
    },
  ],
  errors: [
    {
      in: { x: [4, 5] },
      args: [
        [3, 0],
        [2, 5],
      ],
      says: 'slice: a window at [3,0] of size [2,5] does not lie in [4,5]',
    },
  ],
};

/** The elements in opposite order along some axes, by default all. */
export const reverse: Op<{ x: One }, [x: T], [axis?: Axes], { axes: readonly number[] }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, axis) => ({ axes: axesOf('reverse', axis, x.shape.length) }),
  spec: ({ x }) => x,
  view: (x, { axes }) => {
    const strides = stridesOf(x);
    const last = axes.reduce((at, i) => at + Math.max(x.shape[i]! - 1, 0) * strides[i]!, 0);
    return {
      shape: x.shape,
      strides: strides.map((n, i) => (axes.includes(i) ? -n : n)),
      offset: x.offset + last,
    };
  },
  saves: [],
  grad: { x: (g, _, { axes }) => g.reverse(axes) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: [2, 3] }, args: [1] }],
};

/** The same tensor, through which nothing flows back. */
export const stopGradient: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => x,
  view: whole,
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: [2, 3] } }],
};

/** The same tensor under a new handle. */
export const identity: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => x,
  view: whole,
  saves: [],
  grad: { x: (g) => g },
  samples: [{ in: { x: [2, 3] } }],
};

/** A copy on bytes of its own, row-major without gaps. */
export const clone: Op<{ x: One }, [x: T], [], object, One> = {
  texts: true,
  inputs: { x: 'one' },
  formula: 'identity',
  spec: ({ x }) => x,
  forward: (k, { x }, _, out) => k.map('identity', out, x),
  saves: [],
  grad: { x: (g) => g },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [3], dtype: 'i64' } } }],
};

/** Both names of a new order of axes; without `otherwise` it must be said. */
function reordered(op: string, otherwise?: (shape: Shape) => readonly number[]) {
  type Row = Op<{ x: One }, [x: T], [perm?: readonly number[]], { perm: readonly number[] }, One>;
  const row = {
    inputs: { x: 'one' },
    attrs: ({ x }, perm) => {
      const rank = x.shape.length;
      if (otherwise !== undefined && (perm === undefined || perm === null)) {
        return { perm: otherwise(x.shape) };
      }
      if (Array.isArray(perm)) {
        const list = perm.map((axis) => axisOf(op, axis, rank));
        if (list.length === rank && new Set(list).size === rank) return { perm: list };
      }
      const came = Array.isArray(perm) ? text(perm) : String(perm);
      throw new Error(
        `${op}: ${came} does not name every axis of ${text(x.shape)} once, in a list`,
      );
    },
    spec: ({ x }, { perm }) => ({ shape: perm.map((i) => x.shape[i]!), dtype: x.dtype }),
    view: (x, { perm }) => {
      const strides = stridesOf(x);
      return {
        shape: perm.map((i) => x.shape[i]!),
        strides: perm.map((i) => strides[i]!),
        offset: x.offset,
      };
    },
    saves: [],
    grad: { x: (g, _, { perm }) => g.transpose(perm.map((_, i) => perm.indexOf(i))) },
  } satisfies Omit<Row, 'samples'>;
  return row;
}

function whole(x: Buf): Window {
  return { shape: x.shape, strides: stridesOf(x), offset: x.offset };
}

function recut(x: Buf, shape: Shape): Window | null {
  const strides = reshapedStrides(x, shape);
  return strides === null ? null : { shape, strides, offset: x.offset };
}

function without(list: readonly number[], axes: readonly number[]): readonly number[] {
  return list.filter((_, i) => !axes.includes(i));
}
