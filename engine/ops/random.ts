import { dtypeOf, isFloat, numeric, type DType, type DTypeLike } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { keyOf, type Key, type Seed } from '../random-state.ts';
import { broadcastAxes, checkShape, type Shape } from '../shape.ts';

// Random numbers. Without a seed the key comes from the generator (`tf.setSeed`), with one from the seed alone: the
// same numbers every time. Either way they are the same on every device.

export interface Drawn {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly key: Key;
}

/** Numbers drawn evenly from `minval` up to, but without, `maxval`; f32 unless another dtype is given, whole ones for integers. */
export const randomUniform: Op<
  {},
  [],
  [shape: Shape, minval?: number, maxval?: number, dtype?: DTypeLike, seed?: Seed],
  Drawn & { minval: number; maxval: number },
  One
> = {
  inputs: {},
  random: true,
  attrs: (_, shape, minval = 0, maxval = 1, dtype = 'f32', seed) => ({
    ...drawn('randomUniform', shape, dtype, seed),
    minval,
    maxval,
  }),
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { minval, maxval, key }, out) => k.random('uniform', out, key, minval, maxval),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], -2, 3, 'f64', 2] },
    { in: {}, args: [[5], 0, 10, 'int32', 3] },
  ],
  errors: [{ in: {}, args: [[2], 0, 1, 'c64'], says: 'it is not made for complex numbers' }],
};

/** Numbers drawn from the normal distribution with the given mean and standard deviation; f32 unless another float is given. */
export const randomNormal: Op<
  {},
  [],
  [shape: Shape, mean?: number, stdDev?: number, dtype?: DTypeLike, seed?: Seed],
  Drawn & { mean: number; stdDev: number },
  One
> = {
  inputs: {},
  random: true,
  attrs: (_, shape, mean = 0, stdDev = 1, dtype = 'f32', seed) => {
    const rest = drawn('randomNormal', shape, dtype, seed);
    if (isFloat(rest.dtype)) return { ...rest, mean, stdDev };
    throw new Error(`randomNormal: ${rest.dtype} holds no fractions; the dtype must be a float`);
  },
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { mean, stdDev, key }, out) => k.random('normal', out, key, mean, stdDev),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], -2, 3, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], 0, 1, 'i32'], says: 'randomNormal: i32 holds no fractions' }],
};

export interface Dropped {
  readonly rate: number;
  readonly noiseShape: Shape;
  readonly key: Key;
}
type Dropping = Op<
  { x: One },
  [x: T],
  [rate: number, noiseShape?: Shape, seed?: Seed],
  Dropped,
  One
>;

/**
 * Sets elements to 0 with probability `rate` and divides the others by
 * `1 - rate`, so that the mean stays (Srivastava and others: Dropout, 2014). A
 * `noiseShape` that broadcasts to the shape of x drops whole slices. It always
 * drops: leave it out where the model does not train.
 */
export const dropout: Dropping = {
  inputs: { x: 'one' },
  random: true,
  attrs: dropping('dropout'),
  spec: ({ x }) => {
    if (isFloat(x.dtype)) return x;
    throw new Error(`dropout: x is ${x.dtype}; it must be a float`);
  },
  compose: ({ x }, { rate, noiseShape, key }) => x.mul(x.dropoutMask(rate, noiseShape, key)),
  samples: [
    { in: { x: [4, 5] }, args: [0.5, undefined, 7] },
    { in: { x: [4, 5] }, args: [0.3, [4, 1], 7] },
    { in: { x: [4, 5] }, args: [0, undefined, 7] },
  ],
  errors: [
    {
      in: { x: [2] },
      args: [1],
      says: 'dropout: a rate of 1; it must lie from 0 up to, but without, 1',
    },
    { in: { x: [2, 3] }, args: [0.5, [2]], says: 'dropout: [2] does not broadcast to [2,3]' },
  ],
};

/** What `dropout` multiplies with: 0 with probability `rate`, else `1 / (1 - rate)`, in the noise's shape and the dtype of x. No gradient: the values of x do not count. */
export const dropoutMask: Dropping = {
  inputs: { x: 'one' },
  random: true,
  attrs: dropping('dropoutMask'),
  spec: ({ x }, { noiseShape }) => {
    numeric('dropoutMask', x.dtype);
    return { shape: noiseShape, dtype: x.dtype };
  },
  forward: (k, _, { rate, key }, out) => {
    k.random('uniform', out, key, 0, 1);
    k.map('keep', out, out, rate, 1 / (1 - rate));
  },
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: [4, 5] }, args: [0.5, [4, 1], 7] }],
};

function dropping(op: string) {
  return ({ x }: { x: { shape: Shape } }, rate: number, noise?: Shape, seed?: Seed): Dropped => {
    if (!(rate >= 0 && rate < 1)) {
      throw new Error(`${op}: a rate of ${rate}; it must lie from 0 up to, but without, 1`);
    }
    const noiseShape = noise === undefined ? x.shape : checkShape(op, noise);
    broadcastAxes(op, x.shape, noiseShape);
    return { rate, noiseShape, key: keyOf(op, seed) };
  };
}

function drawn(op: string, shape: Shape, dtype: DTypeLike, seed: Seed | undefined): Drawn {
  const type = dtypeOf(op, dtype);
  numeric(op, type);
  return { shape: checkShape(op, shape), dtype: type, key: keyOf(op, seed) };
}
