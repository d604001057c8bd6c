import { promote, type DType } from '../dtype.ts';
import type { Many, One, Op, Spec, T } from '../op.ts';
import { axisOf, checkShape, text, type Shape } from '../shape.ts';

// Tensors put together and taken apart.

/** A list of tensors becomes one, along an axis. */
type Joining = Op<
  { tensors: Many },
  [tensors: readonly T[]],
  [axis?: number],
  { axis: number },
  One
>;

/** Joins tensors along one axis, by default the first; all other axes must be equal. As a method it joins others to this tensor. */
export const concat: Joining = {
  texts: true,
  inputs: { tensors: 'many' },
  attrs: ({ tensors }, axis = 0) => ({
    axis: axisOf('concat', axis, first('concat', tensors).shape.length),
  }),
  spec: ({ tensors }, { axis }) => {
    const { shape } = first('concat', tensors);
    tensors.forEach((t, at) => {
      if (t.shape.length === shape.length && shape.every((n, i) => i === axis || n === t.shape[i]))
        return;
      throw new Error(
        `concat: ${text(t.shape)} (number ${at}) does not join ${text(shape)} along axis ${axis}; all other axes must be equal`,
      );
    });
    const length = tensors.reduce((n, t) => n + t.shape[axis]!, 0);
    return { shape: shape.with(axis, length), dtype: common('concat', tensors) };
  },
  forward: (k, { tensors }, { axis }, out) => {
    const begin = out.shape.map(() => 0);
    for (const t of tensors) {
      k.place(out, t, begin);
      begin[axis]! += t.shape[axis]!;
    }
  },
  saves: [],
  grad: {
    tensors: (g, { tensors }, { axis }) => {
      const begin = g.shape.map(() => 0);
      return tensors.map((t) => {
        const part = g.slice([...begin], t.shape);
        begin[axis]! += t.shape[axis]!;
        return part;
      });
    },
  },
  samples: [
    {
      in: {
        tensors: [
          [2, 3],
          [1, 3],
          [0, 3],
        ],
      },
    },
    {
      in: {
        tensors: [
          [2, 3],
          [2, 2],
        ],
      },
      args: [-1],
    },
    {
      in: {
        tensors: [
          { shape: [2], dtype: 'i32' },
          { shape: [1], dtype: 'u8' },
        ],
      },
    },
  ],
  errors: [
    {
      in: {
        tensors: [
          [2, 3],
          [2, 4],
        ],
      },
      says: 'concat: [2,4] (number 1) does not join [2,3] along axis 0',
    },
    { in: { tensors: [] }, says: 'concat: an empty list' },
    { in: { tensors: [[], []] }, says: 'concat: no axis 0 in a tensor of rank 0' },
  ],
};

/** Joins tensors of one shape along a new axis, by default the first. As a method it joins others to this tensor. */
export const stack: Joining = {
  texts: true,
  inputs: { tensors: 'many' },
  attrs: ({ tensors }, axis = 0) => ({
    axis: axisOf('stack', axis, first('stack', tensors).shape.length + 1),
  }),
  spec: ({ tensors }, { axis }) => {
    const { shape } = first('stack', tensors);
    const odd = tensors.find((t) => text(t.shape) !== text(shape));
    if (odd !== undefined) {
      throw new Error(`stack: ${text(odd.shape)} beside ${text(shape)}; all shapes must be equal`);
    }
    return {
      shape: shape.toSpliced(axis, 0, tensors.length),
      dtype: common('stack', tensors),
    };
  },
  compose: ({ tensors: [head, ...rest] }, { axis }) =>
    head!.expandDims(axis).concat(
      rest.map((t) => t.expandDims(axis)),
      axis,
    ),
  samples: [
    {
      in: {
        tensors: [
          [2, 3],
          [2, 3],
        ],
      },
    },
    { in: { tensors: [[2], [2], [2]] }, args: [-1] },
  ],
  errors: [
    { in: { tensors: [[2], [3]] }, says: 'stack: [3] beside [2]; all shapes must be equal' },
    { in: { tensors: [] }, says: 'stack: an empty list' },
  ],
};

/** The slices of a tensor along one axis, by default the first, each without that axis. */
export const unstack: Op<{ x: One }, [x: T], [axis?: number], { axis: number }, Many> = {
  texts: true,
  inputs: { x: 'one' },
  outputs: 'many',
  attrs: ({ x }, axis = 0) => ({ axis: axisOf('unstack', axis, x.shape.length) }),
  spec: ({ x }, { axis }) =>
    Array.from({ length: x.shape[axis]! }, () => ({
      shape: x.shape.toSpliced(axis, 1),
      dtype: x.dtype,
    })),
  compose: ({ x }, { axis }) =>
    Array.from({ length: x.shape[axis]! }, (_, i) =>
      x.slice(at(x.shape, axis, i), x.shape.with(axis, 1)).squeeze(axis),
    ),
  samples: [{ in: { x: [2, 3] } }, { in: { x: [2, 3] }, args: [-1] }],
  errors: [{ in: { x: [] }, says: 'unstack: no axis 0 in a tensor of rank 0' }],
};

/** Cuts a tensor along one axis, by default the first: into a number of equal parts, or into parts of the given lengths (one may be -1). */
export const split: Op<
  { x: One },
  [x: T],
  [numOrSizeSplits: number | readonly number[], axis?: number],
  { sizes: readonly number[]; axis: number },
  Many
> = {
  texts: true,
  inputs: { x: 'one' },
  outputs: 'many',
  attrs: ({ x }, splits, axis = 0) => {
    const along = axisOf('split', axis, x.shape.length);
    return { sizes: parts(x.shape, splits as number | number[], along), axis: along };
  },
  spec: ({ x }, { sizes, axis }) =>
    sizes.map((n) => ({ shape: x.shape.with(axis, n), dtype: x.dtype })),
  compose: ({ x }, { sizes, axis }) => {
    let begin = 0;
    return sizes.map((n) => {
      const part = x.slice(at(x.shape, axis, begin), x.shape.with(axis, n));
      begin += n;
      return part;
    });
  },
  samples: [
    { in: { x: [4, 3] }, args: [2] },
    { in: { x: [2, 5] }, args: [[1, -1, 2], 1] },
  ],
  errors: [
    {
      in: { x: [4, 3] },
      args: [3],
      says: 'split: axis 0 of [4,3] cannot be cut into 3 equal parts',
    },
    {
      in: { x: [4, 3] },
      args: [[1, 2], 0],
      says: 'split: the parts [1,2] do not add up to the 4 of axis 0 of [4,3]',
    },
  ],
};

/** The tensor repeated `reps[i]` times along axis i. */
export const tile: Op<{ x: One }, [x: T], [reps: readonly number[]], { reps: Shape }, One> = {
  texts: true,
  inputs: { x: 'one' },
  attrs: ({ x }, reps) => {
    const own = checkShape('tile', reps);
    if (own.length === x.shape.length) return { reps: own };
    throw new Error(
      `tile: ${text(reps)} for a tensor ${text(x.shape)}; there must be one number for each axis`,
    );
  },
  spec: ({ x }, { reps }) => ({ shape: x.shape.map((n, i) => n * reps[i]!), dtype: x.dtype }),
  compose: ({ x }, { reps }) =>
    x
      .reshape(x.shape.flatMap((n) => [1, n]))
      .broadcastTo(x.shape.flatMap((n, i) => [reps[i]!, n]))
      .reshape(x.shape.map((n, i) => n * reps[i]!)),
  samples: [
    { in: { x: [2, 3] }, args: [[2, 1]] },
    { in: { x: [2] }, args: [[3]] },
  ],
  errors: [
    {
      in: { x: [2, 3] },
      args: [[2]],
      says: 'tile: [2] for a tensor [2,3]; there must be one number',
    },
  ],
};

/** With `paddings[i] = [before, after]` elements of a constant around axis i. */
export const pad: Op<
  { x: One },
  [x: T],
  [paddings: readonly (readonly [before: number, after: number])[], constantValue?: number],
  { paddings: readonly (readonly [number, number])[]; value: number },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, paddings, value = 0) => {
    const pairs = Array.isArray(paddings) ? (paddings as typeof paddings) : [];
    if (pairs.length !== x.shape.length || pairs.some((pair) => pair?.length !== 2)) {
      throw new Error(
        `pad: ${JSON.stringify(paddings)} for a tensor ${text(x.shape)}; there must be a pair [before, after] for each axis`,
      );
    }
    checkShape('pad', pairs.flat());
    return { paddings: pairs.map(([before, after]) => [before, after] as const), value };
  },
  spec: ({ x }, { paddings }) => ({
    shape: x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]),
    dtype: x.dtype,
  }),
  forward: (k, { x }, { paddings, value }, out) => {
    k.fill(out, value);
    k.place(
      out,
      x,
      paddings.map(([before]) => before),
    );
  },
  saves: [],
  grad: {
    x: (g, { x }, { paddings }) =>
      g.slice(
        paddings.map(([before]) => before),
        x.shape,
      ),
  },
  samples: [
    {
      in: { x: [2, 3] },
      args: [
        [
          [1, 0],
          [0, 2],
        ],
      ],
    },
    { in: { x: [2] }, args: [[[1, 1]], 7] },
  ],
  errors: [
    {
      in: { x: [2, 3] },
      args: [[[1, 1]]],
      says: 'pad: [[1,1]] for a tensor [2,3]; there must be a pair',
    },
    { in: { x: [2] }, args: [[[-1, 1]]], says: 'pad: a shape is a list of whole numbers' },
  ],
};

function first(op: string, tensors: readonly Spec[]): Spec {
  if (tensors[0] !== undefined) return tensors[0];
  throw new Error(`${op}: an empty list; there must be one tensor or more`);
}

function common(op: string, tensors: readonly Spec[]): DType {
  return tensors.map((t) => t.dtype).reduce((a, b) => promote(op, a, b));
}

/** The start of a slice that begins at `i` along one axis and at 0 along all others. */
function at(shape: Shape, axis: number, i: number): number[] {
  return shape.map((_, other) => (other === axis ? i : 0));
}

function parts(shape: Shape, splits: number | number[], axis: number): readonly number[] {
  const length = shape[axis]!;
  if (typeof splits === 'number') {
    if (Number.isInteger(length / splits) && splits > 0) {
      return Array.from({ length: splits }, () => length / splits);
    }
    throw new Error(
      `split: axis ${axis} of ${text(shape)} cannot be cut into ${splits} equal parts`,
    );
  }
  if (!Array.isArray(splits)) {
    throw new Error(
      `split: ${String(splits)} is neither a number of parts nor a list of their lengths`,
    );
  }
  const known = splits.reduce((sum, n) => sum + Math.max(n, 0), 0);
  const sizes = splits.map((n) => (n === -1 ? length - known : n));
  const whole = sizes.every((n) => Number.isInteger(n) && n >= 0);
  if (whole && sizes.reduce((a, b) => a + b, 0) === length) return sizes;
  throw new Error(
    `split: the parts ${text(splits)} do not add up to the ${length} of axis ${axis} of ${text(shape)}`,
  );
}
