import { dtypeOf, type DType, type DTypeLike } from '../dtype.ts';
import type { One, Op, Sample, T } from '../op.ts';
import { checkShape, type Shape } from '../shape.ts';

// Tensors made of nothing but a shape. (tf.tensor, tf.scalar and tf.eye are in engine/creation.ts.)

export interface Blank {
  readonly shape: Shape;
  readonly dtype: DType;
}
type Filled = Op<{}, [], [shape: Shape, dtype?: DTypeLike], Blank, One>;
type Like = Op<{ x: One }, [x: T], [], object, One>;

/** Zeros of a shape; f32 unless another dtype is given. */
export const zeros: Filled = filled('zeros', 0);

/** Ones of a shape; f32 unless another dtype is given. */
export const ones: Filled = filled('ones', 1);

/** One value in every element of a shape; f32 unless another dtype is given. (TensorFlow.js calls it `fill`.) */
export const full: Op<
  {},
  [],
  [shape: Shape, value: number, dtype?: DTypeLike],
  Blank & { value: number },
  One
> = {
  inputs: {},
  attrs: (_, shape, value, dtype = 'f32') => {
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
      return { ...blank('full', shape, dtype), value };
    }
    throw new Error(`full: the value must be a number, not ${String(value)}`);
  },
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { value }, out) => k.fill(out, value),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [[2, 3], 7] },
    { in: {}, args: [[2], -1, 'i64'] },
  ],
  errors: [
    {
      in: {},
      args: [[2], 'a' as unknown as number],
      says: 'full: the value must be a number, not a',
    },
    { in: {}, args: [[2, -1], 0], says: 'full: a shape is a list of whole numbers, not [2,-1]' },
  ],
};

/** Zeros of the shape and dtype of x. */
export const zerosLike: Like = like(0);

/** Ones of the shape and dtype of x. */
export const onesLike: Like = like(1);

/** The numbers from `start` up to, but without, `stop`, `step` apart; f32 unless another dtype is given. */
export const range: Op<
  {},
  [],
  [start: number, stop: number, step?: number, dtype?: DTypeLike],
  Blank & { start: number; step: number },
  One
> = {
  inputs: {},
  attrs: (_, start, stop, step = start <= stop ? 1 : -1, dtype = 'f32') => {
    if (step === 0) throw new Error('range: a step of 0 never arrives');
    const length = Math.max(0, Math.ceil((stop - start) / step));
    return { ...blank('range', [length], dtype), start, step };
  },
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { start, step }, out) => k.range(out, start, step),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [0, 5] },
    { in: {}, args: [5, 0, -2, 'int32'] },
    { in: {}, args: [0.5, 2, 0.25] },
    { in: {}, args: [3, 1, 1] },
  ],
  errors: [{ in: {}, args: [0, 1, 0], says: 'range: a step of 0' }],
};

/** `num` numbers at even distances from `start` to `stop`, both included, in f32. */
export const linspace: Op<
  {},
  [],
  [start: number, stop: number, num: number],
  Blank & { start: number; step: number },
  One
> = {
  inputs: {},
  attrs: (_, start, stop, num) => {
    const step = num > 1 ? (stop - start) / (num - 1) : 0;
    return { ...blank('linspace', [num], 'f32'), start, step };
  },
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { start, step }, out) => k.range(out, start, step),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [0, 1, 5] },
    { in: {}, args: [3, -1, 1] },
  ],
};

function filled(op: string, value: number): Filled {
  return {
    inputs: {},
    attrs: (_, shape, dtype = 'f32') => blank(op, shape, dtype),
    spec: (_, attrs) => attrs,
    forward: (k, _, _attrs, out) => k.fill(out, value),
    saves: [],
    grad: {},
    samples: [
      { in: {}, args: [[2, 3]] },
      { in: {}, args: [[], 'int32'] },
    ],
    errors: [
      { in: {}, args: [[1.5]], says: `${op}: a shape is a list of whole numbers, not [1.5]` },
    ],
  };
}

function like(value: number): Like {
  const samples: readonly Sample<{ x: One }, []>[] = [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [2], dtype: 'i64' } } },
  ];
  return {
    inputs: { x: 'one' },
    spec: ({ x }) => x,
    forward: (k, _, _attrs, out) => k.fill(out, value),
    saves: [],
    grad: { x: null },
    samples,
  };
}

function blank(op: string, shape: Shape, dtype: DTypeLike): Blank {
  return { shape: checkShape(op, shape), dtype: dtypeOf(op, dtype) };
}
