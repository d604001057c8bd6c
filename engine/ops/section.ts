import type { Buf } from '../device.ts';
import type { One, Op, T } from '../op.ts';
import { bounded, boundsOf, type Section } from '../section.ts';
import { broadcastAxes, checkShape, stridesOf, text, type Shape } from '../shape.ts';
import { inside } from '../spread.ts';

// Sections of a tensor, and what is written into them.

type Bounds = [
  begin: readonly number[],
  end: readonly number[],
  strides?: readonly number[],
  beginMask?: number,
  endMask?: number,
  ellipsisMask?: number,
  newAxisMask?: number,
  shrinkAxisMask?: number,
];
type Stretch = Pick<Section, 'begin' | 'steps' | 'size'>;

/**
 * Every `strides[i]`-th element from `begin[i]` up to, but without, `end[i]`
 * along axis i; backwards where a stride is negative, by default each.
 * Negative bounds count from the end, those beyond it are cut off, axes
 * without bounds are whole. Bit i of a mask gives entry i another meaning:
 * `beginMask` and `endMask` leave a bound out, `ellipsisMask` stands for all
 * axes that no other entry speaks of, `newAxisMask` is a new axis of length 1,
 * `shrinkAxisMask` is the position `begin[i]` alone, whose axis goes. Nothing
 * is copied. `x.at('1:, ::-1')` says the same more shortly.
 */
export const stridedSlice: Op<{ x: One }, [x: T], Bounds, Section, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, ...bounds) => sectionIn('stridedSlice', x.shape, bounds),
  spec: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  view: (x, section) => window(x, section),
  saves: [],
  grad: {
    x: (g, { x }, { begin, steps, size }) =>
      g.reshape(size).stridedSliceGrad(x.shape, begin, steps),
  },
  samples: [
    {
      in: { x: [4, 5] },
      args: [
        [3, 0],
        [0, 5],
        [-2, 2],
      ],
    },
    { in: { x: [5] }, args: [[0], [0], [-1], 1, 1] },
    { in: { x: [2, 3, 4] }, args: [[0, 1, 0, -1], [0, 9, 0, 0], [1, 1, 1, 1], 0, 0, 1, 4, 8] },
    { in: { x: [3, 2] }, args: [[2], [2]] },
  ],
  errors: [
    {
      in: { x: [4] },
      args: [[0], [4], [0]],
      says: 'stridedSlice: a step of 0 never arrives',
    },
    {
      in: { x: [4] },
      args: [[4], [5], [1], 0, 0, 0, 0, 1],
      says: 'stridedSlice: index 4 lies outside axis 0 of [4] (-4 to 3)',
    },
    {
      in: { x: [4] },
      args: [
        [0, 0],
        [1, 1],
      ],
      says: 'stridedSlice: 2 axes are spoken of; [4] has 1',
    },
    {
      in: { x: [4] },
      args: [[0], [4], [1, 1]],
      says: 'stridedSlice: begin, end and strides must be lists of as many whole numbers, not [0], [4], [1,1]',
    },
  ],
};

/**
 * Zeros of the given shape, and x from `begin` on in steps: the gradient of
 * `stridedSlice`, and the other way round.
 */
export const stridedSliceGrad: Op<
  { x: One },
  [x: T],
  [shape: Shape, begin: readonly number[], strides?: readonly number[]],
  Stretch & { shape: Shape },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, shape, begin, strides = begin.map(() => 1)) => {
    const own = checkShape('stridedSliceGrad', shape);
    const fits = x.shape.every((n, i) => {
      const last = begin[i]! + (n - 1) * strides[i]!;
      return n === 0 || [begin[i]!, last].every((at) => at >= 0 && at < own[i]!);
    });
    if (fits && [x.shape, begin, strides].every((list) => list.length === own.length)) {
      return { shape: own, begin: [...begin], steps: [...strides], size: x.shape };
    }
    throw new Error(
      `stridedSliceGrad: ${text(x.shape)} from ${text(begin)} on in steps of ${text(strides)} does not lie in ${text(own)}`,
    );
  },
  spec: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  forward: (k, { x }, { begin, steps }, out) => {
    k.fill(out, 0);
    k.place(out, x, begin, steps);
  },
  saves: [],
  grad: {
    x: (g, _, stretch) => {
      const { end, endMask } = boundsOf(stretch);
      return g.stridedSlice(stretch.begin, end, stretch.steps, 0, endMask);
    },
  },
  samples: [
    {
      in: { x: [2, 3] },
      args: [
        [4, 5],
        [3, 0],
        [-2, 2],
      ],
    },
    { in: { x: [3] }, args: [[3], [2], [-1]] },
    { in: { x: [2] }, args: [[4], [1]] },
  ],
  errors: [
    {
      in: { x: [3] },
      args: [[4], [1], [2]],
      says: 'stridedSliceGrad: [3] from [1] on in steps of [2] does not lie in [4]',
    },
  ],
};

/**
 * x with other values in a section of it, which is said as for `stridedSlice`.
 * `value` broadcasts to the section and is cast to the dtype of x.
 * (TensorFlow's TensorStridedSliceUpdate; `x.with('1:, ::-1', value)` says the
 * same more shortly.)
 */
export const stridedSliceUpdate: Op<
  { x: One; value: One },
  [x: T, value: T],
  Bounds,
  Section,
  One
> = {
  texts: true,
  inputs: { x: 'one', value: 'one' },
  attrs: ({ x }, ...bounds) => sectionIn('stridedSliceUpdate', x.shape, bounds),
  spec: ({ x, value }, { shape }) => {
    broadcastAxes('stridedSliceUpdate', shape, value.shape);
    return x;
  },
  forward: (k, { x, value }, section, out) => {
    k.map('identity', out, x);
    k.place(out, inside(value, section), section.begin, section.steps);
  },
  saves: [],
  grad: {
    x: (g, _, section) => {
      const { end, endMask } = boundsOf(section);
      return g.stridedSliceUpdate(0, section.begin, end, section.steps, 0, endMask);
    },
    value: (g, { value }, section) => {
      const { end, endMask } = boundsOf(section);
      const part = g.stridedSlice(section.begin, end, section.steps, 0, endMask);
      return part.reshape(section.shape).sumTo(value.shape);
    },
  },
  samples: [
    {
      in: { x: [4, 5], value: [2, 3] },
      args: [
        [3, 0],
        [0, 5],
        [-2, 2],
      ],
    },
    { in: { x: [3, 4], value: [4] }, args: [[-1], [0], [1], 0, 0, 0, 0, 1] },
    { in: { x: [3, 4], value: [1, 3] }, args: [[0, 0, 1], [0, 0, 2], [1, 1, 1], 0, 0, 2, 1, 4] },
    { in: { x: [3], value: [] }, args: [[2], [1]] },
  ],
  errors: [
    {
      in: { x: [4], value: [3] },
      args: [[0], [2]],
      says: 'stridedSliceUpdate: [3] does not broadcast to [2]',
    },
  ],
};

function sectionIn(op: string, shape: Shape, bounds: Bounds): Section {
  const [begin, end] = bounds;
  const strides = bounds[2] ?? (Array.isArray(begin) ? begin.map(() => 1) : []);
  const [, , , beginMask = 0, endMask = 0, ellipsis = 0, newAxis = 0, shrink = 0] = bounds;
  const masks = { begin: beginMask, end: endMask, ellipsis, newAxis, shrink };
  return bounded(op, shape, begin, end, strides, masks);
}

/** Where the elements of a section lie. */
function window(x: Buf, { begin, steps, kept, shape }: Section) {
  const strides = stridesOf(x);
  return {
    shape,
    strides: kept.map((axis) => (axis < 0 ? 0 : strides[axis]! * steps[axis]!)),
    offset: begin.reduce((at, from, axis) => at + from * strides[axis]!, x.offset),
  };
}
