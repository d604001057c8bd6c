import { Draws, exp, permuted } from '../distributions.ts';
import { isFloat, numeric } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { foldIn, keyOf, type Key, type Seed } from '../random-state.ts';
import { axisOf, checkShape, sizeOf, type Shape } from '../shape.ts';

// Random numbers that are counts, classes and orders, and those drawn by the values of a tensor: the same on every
// device and machine. Nothing flows back.

export interface Keyed {
  readonly key: Key;
}
type Each = Op<{ x: One }, [x: T], [seed?: Seed], Keyed, One>;

/** 1 with the probability that x says, else 0, in the dtype of x. No gradient. As in PyTorch. */
export const bernoulli: Each = {
  ...discrete('bernoulli', (d, x) => (d.unit() < x ? 1 : 0)),
  samples: [
    { in: { x: { shape: [3, 4], range: [0, 1] } }, args: [1] },
    { in: { x: { shape: [3], values: [0, 1, 0.5] } }, args: [2] },
  ],
};

/** How often something happens that happens x times on average, in the dtype of x. No gradient. As in PyTorch. */
export const poisson: Each = {
  ...discrete('poisson', (d, x) => d.poisson(x)),
  samples: [
    { in: { x: { shape: [3, 4], range: [0, 5] } }, args: [1] },
    { in: { x: { shape: [5], values: [0, 0.5, 9, 30, 1000] } }, args: [2] },
  ],
};

/** Shares that add up to 1 along the last axis, of the Dirichlet distribution with the concentrations alpha. No gradient. */
export const randomDirichlet: Op<{ alpha: One }, [alpha: T], [seed?: Seed], Keyed, One> = {
  inputs: { alpha: 'one' },
  random: true,
  attrs: (_, seed) => ({ key: keyOf('randomDirichlet', seed) }),
  spec: ({ alpha }) => {
    float('randomDirichlet', 'alpha', alpha);
    if (alpha.shape.length > 0) return alpha;
    throw new Error('randomDirichlet: alpha has no axis; concentrations lie along the last');
  },
  forward: (k, { alpha }, { key }, out) =>
    k.calculate([out], [alpha], ([to], [from]) => {
      const n = alpha.shape.at(-1)!;
      for (let row = 0; row < out.size; row += n) {
        const logs = Array.from({ length: n }, (_, i) =>
          new Draws(key, row + i).logGamma(Number(from![row + i])),
        );
        const most = Math.max(...logs);
        const parts = logs.map((log) => exp(log - most));
        const all = parts.reduce((sum, part) => sum + part, 0);
        parts.forEach((part, i) => void (to![row + i] = part / all));
      }
    }),
  saves: [],
  grad: { alpha: null },
  samples: [
    { in: { alpha: { shape: [2, 3], range: [0.2, 3] } }, args: [1] },
    { in: { alpha: { shape: [3], values: [0.001, 0.001, 0.001] } }, args: [2] },
  ],
  errors: [
    { in: { alpha: [] }, says: 'randomDirichlet: alpha has no axis' },
    { in: { alpha: { shape: [2], dtype: 'i32' } }, says: 'randomDirichlet: alpha is i32' },
  ],
};

/** Whole numbers drawn evenly from `minval` up to, but without, `maxval`, as i32: `randomUniform` of that dtype. With the arguments of TensorFlow.js. */
export const randomUniformInt: Int = int('randomUniformInt');

/** `randomUniformInt` by a shorter name. */
export const randomInt: Int = int('randomInt');

export interface Sampled {
  readonly numSamples: number;
  readonly normalized: boolean;
  readonly key: Key;
}
type Int = Op<
  {},
  [],
  [shape: Shape, minval: number, maxval: number, seed?: Seed],
  { shape: Shape; minval: number; maxval: number; key: Key },
  One
>;

/**
 * So many class numbers for each row of logits, as i32, drawn by the
 * probabilities softmax(logits), or by the rows themselves where they are
 * `normalized`: probabilities. With the arguments of TensorFlow.js.
 */
export const multinomial: Op<
  { logits: One },
  [logits: T],
  [numSamples: number, seed?: Seed, normalized?: boolean],
  Sampled,
  One
> = {
  ...classes('multinomial'),
  attrs: (_, numSamples, seed, normalized = false) =>
    sampled('multinomial', numSamples, seed, normalized),
  samples: [
    { in: { logits: [2, 3] }, args: [5, 1] },
    { in: { logits: { shape: [3], range: [0, 1] } }, args: [5, 1, true] },
  ],
};

/** So many class numbers for each row of logits, as i32, drawn by the probabilities softmax(logits): `multinomial` by the name it has in TensorFlow. */
export const categorical: Op<
  { logits: One },
  [logits: T],
  [numSamples: number, seed?: Seed],
  Sampled,
  One
> = {
  ...classes('categorical'),
  attrs: (_, numSamples, seed) => sampled('categorical', numSamples, seed, false),
  samples: [{ in: { logits: [2, 2, 3] }, args: [4, 1] }],
};

/** The whole numbers from 0 up to, but without, n in random order, as i32. */
export const permutation: Op<{}, [], [n: number, seed?: Seed], { shape: Shape; key: Key }, One> = {
  inputs: {},
  random: true,
  attrs: (_, n, seed) => {
    if (Number.isInteger(n) && n >= 0) return { shape: [n], key: keyOf('permutation', seed) };
    throw new Error(`permutation: ${n} numbers; their count must be whole, from 0 on`);
  },
  spec: (_, { shape }) => ({ shape, dtype: 'i32' }),
  forward: (k, _, { shape, key }, out) =>
    k.calculate([out], [], ([to]) => {
      const n = shape.at(-1)!;
      // Under vmap each example has an order of its own.
      const rows = sizeOf(shape.slice(0, -1));
      for (let row = 0; row < rows; row++) {
        const order = permuted(n, shape.length === 1 ? key : foldIn(key, row));
        (to as Int32Array).set(order, row * n);
      }
    }),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [9, 1] },
    { in: {}, args: [0, 1] },
  ],
  errors: [{ in: {}, args: [-1], says: 'permutation: -1 numbers' }],
};

/** The slices of x along an axis, by default the first, in random order. */
export const shuffle: Op<
  { x: One },
  [x: T],
  [axis?: number, seed?: Seed],
  { axis: number; key: Key },
  One
> = {
  texts: true,
  inputs: { x: 'one' },
  random: true,
  attrs: ({ x }, axis = 0, seed) => ({
    axis: axisOf('shuffle', axis, x.shape.length),
    key: keyOf('shuffle', seed),
  }),
  spec: ({ x }) => x,
  batch: 'order',
  compose: ({ x }, { axis, key }) => {
    const order = permuted(x.shape[axis]!, key);
    return x.gather(Int32Array.from(order), axis);
  },
  samples: [
    { in: { x: [5, 2] }, args: [0, 1] },
    { in: { x: [2, 5] }, args: [1, 1] },
  ],
  errors: [{ in: { x: [] }, says: 'shuffle: no axis 0 in a tensor of rank 0' }],
};

function discrete(op: string, draw: (d: Draws, x: number) => number) {
  const row: Omit<Each, 'samples'> = {
    inputs: { x: 'one' },
    random: true,
    attrs: (_, seed) => ({ key: keyOf(op, seed) }),
    spec: ({ x }) => float(op, 'x', x),
    forward: (k, { x }, { key }, out) =>
      k.calculate([out], [x], ([to], [from]) => {
        for (let i = 0; i < out.size; i++) to![i] = draw(new Draws(key, i), Number(from![i]));
      }),
    saves: [],
    grad: { x: null },
    errors: [
      { in: { x: { shape: [2], dtype: 'i32' } }, says: `${op}: x is i32; it must be a float` },
    ],
  };
  return row as Each;
}

function int(op: string): Int {
  return {
    inputs: {},
    random: true,
    attrs: (_, shape, minval, maxval, seed) => {
      if (Number.isInteger(minval) && Number.isInteger(maxval) && minval < maxval) {
        return { shape: checkShape(op, shape), minval, maxval, key: keyOf(op, seed) };
      }
      throw new Error(`${op}: from ${minval} up to ${maxval}; take whole numbers that rise`);
    },
    spec: (_, { shape }) => ({ shape, dtype: 'i32' }),
    forward: (k, _, { minval, maxval, key }, out) => k.random('uniform', out, key, minval, maxval),
    saves: [],
    grad: {},
    samples: [{ in: {}, args: [[3, 4], -2, 7, 1] }],
    errors: [{ in: {}, args: [[2], 3, 3], says: `${op}: from 3 up to 3` }],
  };
}

function classes(op: string) {
  return {
    inputs: { logits: 'one' } as const,
    random: true as const,
    spec: ({ logits }: { logits: Spec }, { numSamples }: Sampled): Spec => {
      float(op, 'logits', logits);
      const { shape } = logits;
      if ((shape.at(-1) ?? 0) > 0) return { shape: shape.with(-1, numSamples), dtype: 'i32' };
      throw new Error(`${op}: the logits have no classes; these lie along the last axis`);
    },
    forward: ((k, { logits }, { numSamples, normalized, key }, out) =>
      k.calculate([out], [logits], ([to], [from]) => {
        const n = logits.shape.at(-1)!;
        for (let row = 0; row * n < logits.size; row++) {
          const list = new Float64Array(n);
          for (let i = 0; i < n; i++) list[i] = Number(from![row * n + i]);
          const below = shares(list, normalized);
          for (let i = row * numSamples; i < (row + 1) * numSamples; i++) {
            const point = new Draws(key, i).unit() * below[n - 1]!;
            to![i] = Math.min(firstAbove(below, point), n - 1);
          }
        }
      })) as NonNullable<typeof multinomial.forward>,
    saves: [],
    grad: { logits: null },
    errors: [
      { in: { logits: [] }, args: [2], says: `${op}: the logits have no classes` },
      { in: { logits: [2] }, args: [-1], says: `${op}: -1 samples` },
    ] as const,
  } as const;
}

function sampled(
  op: string,
  numSamples: number,
  seed: Seed | undefined,
  normalized: boolean,
): Sampled {
  if (Number.isInteger(numSamples) && numSamples >= 0) {
    return { numSamples, normalized, key: keyOf(op, seed) };
  }
  throw new Error(`${op}: ${numSamples} samples; their number must be whole, from 0 on`);
}

/** What the probabilities of classes add up to, class by class. */
function shares(logits: Float64Array, normalized: boolean): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  return logits.map((logit) => (sum += normalized ? logit : exp(logit - most)));
}

/** The first of numbers in rising order that is above a point, by halves; their count where none is. */
function firstAbove(rising: Float64Array, point: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (point < rising[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function float(op: string, name: string, x: Spec): Spec {
  numeric(op, x.dtype);
  if (isFloat(x.dtype)) return x;
  throw new Error(`${op}: ${name} is ${x.dtype}; it must be a float`);
}
