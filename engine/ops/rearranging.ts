import type { Elements } from '../device.ts';
import type { One, Op, T } from '../op.ts';
import { axisOf, broadcast, checkShape, sizeOf, text, type Axes, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// The same elements in other places, some of them several times.

/**
 * The elements moved on by `shift` places along an axis; what leaves at one end
 * comes in at the other. Several axes have a shift each; without an axis all
 * elements are one row. (As `tf.roll` and `numpy.roll`.)
 */
export const roll: Op<
  { x: One },
  [x: T],
  [shift: number | readonly number[], axis?: Axes],
  { shifts: readonly number[]; axes: readonly number[] | null },
  One
> = {
  texts: true,
  inputs: { x: 'one' },
  attrs: ({ x }, shift, axis) => {
    const shifts = listOf(shift);
    if (!shifts.every(Number.isInteger)) {
      throw new Error(`roll: a shift of ${shifts.join(', ')}; it must be a whole number`);
    }
    if (axis === undefined || axis === null) {
      if (shifts.length === 1) return { shifts, axes: null };
      throw new Error(`roll: ${shifts.length} shifts and no axes; there must be an axis for each`);
    }
    const axes = listOf(axis).map((one) => axisOf('roll', one, x.shape.length));
    if (axes.length === shifts.length) return { shifts, axes };
    throw new Error(
      `roll: ${shifts.length} shifts for ${axes.length} axes; there must be one for each`,
    );
  },
  spec: ({ x }) => x,
  compose: ({ x }, { shifts, axes }) => {
    if (axes === null) return turned(x.flatten(), 0, shifts[0]!).reshape(x.shape);
    return axes.reduce((y, axis, i) => turned(y, axis, shifts[i]!), x);
  },
  samples: [
    { in: { x: [2, 5] }, args: [2, 1] },
    {
      in: { x: [3, 4] },
      args: [
        [-1, 6],
        [0, -1],
      ],
    },
    { in: { x: [2, 3] }, args: [4] },
    { in: { x: [2, 3] }, args: [3, 1] },
  ],
  errors: [
    { in: { x: [2] }, args: [0.5, 0], says: 'roll: a shift of 0.5' },
    { in: { x: [2, 3] }, args: [[1, 2], 0], says: 'roll: 2 shifts for 1 axes' },
    { in: { x: [2, 3] }, args: [[1, 2]], says: 'roll: 2 shifts and no axes' },
  ],
};

/**
 * Every element along an axis several times in a row: as often as `repeats`
 * says, for all or for each. Without an axis all elements are one row. (As
 * `tf.repeat`, `numpy.repeat` and `torch.repeat_interleave`.)
 */
export const repeat: Op<
  { x: One },
  [x: T],
  [repeats: number | readonly number[], axis?: number | null],
  { repeats: number | readonly number[]; axis: number | null },
  One
> = {
  texts: true,
  inputs: { x: 'one' },
  attrs: ({ x }, repeats, axis) => {
    const flat = axis === undefined || axis === null;
    const along = flat ? null : axisOf('repeat', axis, x.shape.length);
    const length = along === null ? sizeOf(x.shape) : x.shape[along]!;
    const list = checkShape('repeat', listOf(repeats));
    if (list.length === 1) return { repeats: list[0]!, axis: along };
    if (list.length === length) return { repeats: list, axis: along };
    throw new Error(
      `repeat: ${list.length} repeats for ${length} elements${along === null ? '' : ` along axis ${along}`}; there must be one for all or one for each`,
    );
  },
  spec: ({ x }, { repeats, axis }) => {
    const [shape, along] = axis === null ? [[sizeOf(x.shape)], 0] : [x.shape, axis];
    const length = typeof repeats === 'number' ? shape[along]! * repeats : total(repeats);
    return { shape: shape.with(along, length), dtype: x.dtype };
  },
  compose: ({ x }, { repeats, axis }) => {
    const [row, along] = axis === null ? [x.flatten(), 0] : [x, axis];
    const { shape } = row;
    if (typeof repeats === 'number') {
      const wide = row.expandDims(along + 1).broadcastTo(shape.toSpliced(along + 1, 0, repeats));
      return wide.reshape(shape.with(along, shape[along]! * repeats));
    }
    const picked = new Int32Array(total(repeats));
    let at = 0;
    repeats.forEach((n, i) => picked.fill(i, at, (at += n)));
    return row.gather(picked, along);
  },
  samples: [
    { in: { x: [2, 3] }, args: [2] },
    { in: { x: [2, 3] }, args: [3, 0] },
    { in: { x: [2, 3] }, args: [[2, 0, 1], -1] },
    { in: { x: [3] }, args: [[0, 0, 0]] },
  ],
  errors: [
    {
      in: { x: [2, 3] },
      args: [[1, 2], 1],
      says: 'repeat: 2 repeats for 3 elements along axis 1; there must be one for all or one for each',
    },
    { in: { x: [2] }, args: [-1], says: 'repeat: a shape is a list of whole numbers, not [-1]' },
  ],
};

type Paddings = readonly (readonly [before: number, after: number])[];
const mirrors = ['reflect', 'symmetric', 'edge', 'wrap'] as const;
type Mirror = (typeof mirrors)[number];

/**
 * With `paddings[i] = [before, after]` elements around axis i that are those of
 * x again: mirrored at the outermost element (`'reflect'`), mirrored behind it
 * so that it comes twice (`'symmetric'`), the outermost one again and again
 * (`'edge'`), or those at the other end (`'wrap'`). (The first two are
 * TensorFlow.js's; the others are NumPy's, PyTorch's `replicate` and
 * `circular`.)
 */
export const mirrorPad: Op<
  { x: One },
  [x: T],
  [paddings: Paddings, mode: Mirror],
  { paddings: Paddings; mode: Mirror },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, paddings, mode) => {
    if (!mirrors.includes(mode)) {
      throw new Error(`mirrorPad: no mode is called '${mode}'; there are ${mirrors.join(', ')}`);
    }
    const pairs = Array.isArray(paddings) ? (paddings as Paddings) : [];
    if (pairs.length !== x.shape.length || pairs.some((pair) => pair?.length !== 2)) {
      throw new Error(
        `mirrorPad: ${JSON.stringify(paddings)} for a tensor ${text(x.shape)}; there must be a pair [before, after] for each axis`,
      );
    }
    checkShape('mirrorPad', pairs.flat());
    pairs.forEach((pair, axis) => {
      const n = x.shape[axis]!;
      const most = mode === 'reflect' ? n - 1 : mode === 'edge' && n > 0 ? Infinity : n;
      const odd = pair.find((length) => length > Math.max(most, 0));
      if (odd === undefined) return;
      throw new Error(
        `mirrorPad: ${odd} elements beside the ${n} of axis ${axis} of ${text(x.shape)}; '${mode}' has at most ${Math.max(most, 0)}`,
      );
    });
    return { paddings: pairs.map(([before, after]) => [before, after] as const), mode };
  },
  spec: ({ x }, { paddings }) => ({
    shape: x.shape.map((n, i) => n + paddings[i]![0] + paddings[i]![1]),
    dtype: x.dtype,
  }),
  compose: ({ x }, { paddings, mode }) =>
    paddings.reduce((y, [before, after], axis) => {
      if (before === 0 && after === 0) return y;
      const n = y.shape[axis]!;
      const around = (length: number, last: boolean): Tensor[] => {
        if (length === 0) return [];
        if (mode === 'edge') {
          const edge = cut(y, axis, last ? n - 1 : 0, 1);
          return [edge.broadcastTo(y.shape.with(axis, length))];
        }
        if (mode === 'wrap') return [cut(y, axis, last ? 0 : n - length, length)];
        const apart = mode === 'reflect' ? 1 : 0;
        return [cut(y, axis, last ? n - apart - length : apart, length).reverse(axis)];
      };
      const [head, ...rest] = [...around(before, false), y, ...around(after, true)];
      return head!.concat(rest, axis);
    }, x),
  samples: [
    {
      in: { x: [3, 4] },
      args: [
        [
          [2, 1],
          [0, 3],
        ],
        'reflect',
      ],
    },
    {
      in: { x: [3, 2] },
      args: [
        [
          [3, 1],
          [1, 2],
        ],
        'symmetric',
      ],
    },
    {
      in: { x: [3, 2] },
      args: [
        [
          [4, 0],
          [1, 2],
        ],
        'edge',
      ],
    },
    {
      in: { x: [3, 2] },
      args: [
        [
          [3, 1],
          [0, 2],
        ],
        'wrap',
      ],
    },
    { in: { x: [2] }, args: [[[0, 0]], 'reflect'] },
  ],
  errors: [
    {
      in: { x: [3] },
      args: [[[3, 0]], 'reflect'],
      says: "mirrorPad: 3 elements beside the 3 of axis 0 of [3]; 'reflect' has at most 2",
    },
    { in: { x: [3] }, args: [[[4, 0]], 'symmetric'], says: "'symmetric' has at most 3" },
    {
      in: { x: [3] },
      args: [[[1, 0]], 'constant' as Mirror],
      says: "mirrorPad: no mode is called 'constant'",
    },
    { in: { x: [3, 2] }, args: [[[1, 1]], 'reflect'], says: 'there must be a pair' },
  ],
};

/**
 * The shape that two shapes broadcast to, as whole numbers in a tensor; with
 * shapes as lists rather than tensors nothing needs to be asked.
 */
export const broadcastArgs: Op<
  { s0: One; s1: One },
  [s0: T, s1: T],
  [],
  { batchDims: number },
  One
> = {
  inputs: { s0: 'one', s1: 'one' },
  literals: { s0: 'i32', s1: 'i32' },
  attrs: () => ({ batchDims: 0 }),
  spec: ({ s0, s1 }, { batchDims }) => {
    for (const { shape, dtype } of [s0, s1]) {
      if (shape.length === batchDims + 1 && dtype === 'i32') continue;
      throw new Error(
        `broadcastArgs: ${dtype}${text(shape)} is no shape; a shape is i32 of one axis`,
      );
    }
    const length = Math.max(s0.shape.at(-1)!, s1.shape.at(-1)!);
    return { shape: [...s0.shape.slice(0, batchDims), length], dtype: 'i32' };
  },
  forward: (k, { s0, s1 }, _, out) =>
    k.calculate([out], [s0, s1], ([to], [a, b]) => {
      const [na, nb, n] = [s0, s1, out].map(({ shape }) => shape.at(-1)!) as [
        number,
        number,
        number,
      ];
      for (let row = 0; row * n < to!.length; row++) {
        const of = (list: Elements, length: number) =>
          Array.from(list.subarray(row * length, (row + 1) * length), Number);
        (to as Int32Array).set(broadcast('broadcastArgs', of(a!, na), of(b!, nb)), row * n);
      }
    }),
  saves: [],
  grad: { s0: null, s1: null },
  samples: [
    {
      in: {
        s0: { shape: [2], dtype: 'i32', values: [1, 3] },
        s1: { shape: [3], dtype: 'i32', values: [4, 5, 1] },
      },
    },
    { in: { s0: { shape: [0], dtype: 'i32' }, s1: { shape: [1], dtype: 'i32', values: [4] } } },
  ],
  errors: [
    {
      in: {
        s0: { shape: [1], dtype: 'i32', values: [3] },
        s1: { shape: [1], dtype: 'i32', values: [4] },
      },
      says: 'broadcastArgs: [3] and [4] do not broadcast',
    },
    { in: { s0: [1], s1: [1] }, says: 'broadcastArgs: f32[1] is no shape' },
  ],
};

/** x with its elements moved on by `shift` along one axis. */
function turned(x: Tensor, axis: number, shift: number): Tensor {
  const n = x.shape[axis]!;
  const by = n === 0 ? 0 : ((shift % n) + n) % n;
  if (by === 0) return x;
  return cut(x, axis, n - by, by).concat(cut(x, axis, 0, n - by), axis);
}

/** `length` elements along one axis, from `begin` on. */
function cut(x: Tensor, axis: number, begin: number, length: number): Tensor {
  return x.slice(
    x.shape.map((_, i) => (i === axis ? begin : 0)),
    x.shape.with(axis, length),
  );
}

function listOf(value: number | Shape): Shape {
  return Array.isArray(value) ? (value as Shape) : [value as number];
}

function total(list: Shape): number {
  return list.reduce((sum, n) => sum + n, 0);
}
