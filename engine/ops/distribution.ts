import type { Buf, Kernels } from '../device.ts';
import { Draws, exp } from '../distributions.ts';
import { dtypeOf, isFloat, numeric, type DType, type DTypeLike } from '../dtype.ts';
import type { One, Op } from '../op.ts';
import { keyOf, type Key, type Seed } from '../random-state.ts';
import { checkShape, type Shape } from '../shape.ts';

// Numbers from further distributions, element by element a function of key and position: the same bits on every
// device and machine. The result is f32 unless another float is given. No gradient flows to parameters that are
// numbers; where it is to, take randomNormal or randomUniform times a tensor plus another.

/** What numbers of a distribution are drawn by. */
export interface DrawnFrom {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly key: Key;
  readonly parameters: readonly number[];
}
/** Normal numbers that lie within two standard deviations of the mean: others are drawn again, as in TensorFlow.js. */
export const truncatedNormal: Op<
  {},
  [],
  [shape: Shape, mean?: number, stdDev?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => d.truncated(-2, 2) * q! + p!),
  attrs: (_, shape, mean = 0, stdDev = 1, dtype, seed) => {
    positive('truncatedNormal', { stdDev });
    return drawn('truncatedNormal', shape, dtype, seed, [mean, stdDev]);
  },
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [
    { in: {}, args: [[2], 0, -1], says: 'truncatedNormal: stdDev is -1; it must be above 0' },
  ],
};

/** Times until something that happens `rate` times as often as once comes to pass: mean `1 / rate`. */
export const exponential: Op<
  {},
  [],
  [shape: Shape, rate?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p]) => d.exponential() / p!),
  attrs: (_, shape, rate = 1, dtype, seed) => {
    positive('exponential', { rate });
    return drawn('exponential', shape, dtype, seed, [rate]);
  },
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], -1], says: 'exponential: rate is -1; it must be above 0' }],
};

/** The difference of two exponential numbers, times `scale`, plus `loc`. */
export const randomLaplace: Op<
  {},
  [],
  [shape: Shape, loc?: number, scale?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => p! + q! * d.laplace()),
  attrs: (_, shape, loc = 0, scale = 1, dtype, seed) => {
    positive('randomLaplace', { scale });
    return drawn('randomLaplace', shape, dtype, seed, [loc, scale]);
  },
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], 0, -1], says: 'randomLaplace: scale is -1; it must be above 0' }],
};

/** The limit of greatest numbers, `-log(-log(u))`, times `scale`, plus `loc`. */
export const randomGumbel: Op<
  {},
  [],
  [shape: Shape, loc?: number, scale?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => p! + q! * d.gumbel()),
  attrs: (_, shape, loc = 0, scale = 1, dtype, seed) => {
    positive('randomGumbel', { scale });
    return drawn('randomGumbel', shape, dtype, seed, [loc, scale]);
  },
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], 0, -1], says: 'randomGumbel: scale is -1; it must be above 0' }],
};

/** The ratio of two normal numbers, times `scale`, plus `loc`: it has no mean. */
export const randomCauchy: Op<
  {},
  [],
  [shape: Shape, loc?: number, scale?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => p! + q! * d.cauchy()),
  attrs: (_, shape, loc = 0, scale = 1, dtype, seed) => {
    positive('randomCauchy', { scale });
    return drawn('randomCauchy', shape, dtype, seed, [loc, scale]);
  },
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], 0, -1], says: 'randomCauchy: scale is -1; it must be above 0' }],
};

/** Numbers whose logarithm is normal with that mean and standard deviation. */
export const randomLogNormal: Op<
  {},
  [],
  [shape: Shape, mean?: number, stdDev?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => exp(p! + q! * d.normal())),
  attrs: (_, shape, mean = 0, stdDev = 1, dtype, seed) => {
    positive('randomLogNormal', { stdDev });
    return drawn('randomLogNormal', shape, dtype, seed, [mean, stdDev]);
  },
  samples: [
    { in: {}, args: [[3, 4], undefined, undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [
    { in: {}, args: [[2], 0, -1], says: 'randomLogNormal: stdDev is -1; it must be above 0' },
  ],
};

/** Student's t with `df` degrees of freedom. */
export const randomStudentT: Op<
  {},
  [],
  [shape: Shape, df: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p]) => d.studentT(p!)),
  attrs: (_, shape, df, dtype, seed) => {
    positive('randomStudentT', { df });
    return drawn('randomStudentT', shape, dtype, seed, [df]);
  },
  samples: [
    { in: {}, args: [[3, 4], 2, undefined, 1] },
    { in: {}, args: [[5], 1.5, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], -1], says: 'randomStudentT: df is -1; it must be above 0' }],
};

/** The gamma distribution with shape `alpha` and rate `beta`: mean `alpha / beta`. With the arguments of TensorFlow.js. */
export const randomGamma: Op<
  {},
  [],
  [shape: Shape, alpha: number, beta?: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => d.gamma(p!) / q!),
  attrs: (_, shape, alpha, beta = 1, dtype, seed) => {
    positive('randomGamma', { alpha, beta });
    return drawn('randomGamma', shape, dtype, seed, [alpha, beta]);
  },
  samples: [
    { in: {}, args: [[3, 4], 2, undefined, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], -1, -1], says: 'randomGamma: alpha is -1; it must be above 0' }],
};

/** The beta distribution on 0 to 1: mean `a / (a + b)`. */
export const randomBeta: Op<
  {},
  [],
  [shape: Shape, a: number, b: number, dtype?: DTypeLike, seed?: Seed],
  DrawnFrom,
  One
> = {
  ...continuous((d, [p, q]) => d.beta(p!, q!)),
  attrs: (_, shape, a, b, dtype, seed) => {
    positive('randomBeta', { a, b });
    return drawn('randomBeta', shape, dtype, seed, [a, b]);
  },
  samples: [
    { in: {}, args: [[3, 4], 2, 2, undefined, 1] },
    { in: {}, args: [[5], 1.5, 0.7, 'f64', 2] },
  ],
  errors: [{ in: {}, args: [[2], -1, -1], says: 'randomBeta: a is -1; it must be above 0' }],
};

function continuous(draw: (d: Draws, parameters: readonly number[]) => number) {
  return {
    inputs: {},
    random: true as const,
    spec: (_: unknown, { shape, dtype }: DrawnFrom) => ({ shape, dtype }),
    forward: (k: Kernels, _: unknown, { key, parameters }: DrawnFrom, out: Buf) =>
      k.calculate([out], [], ([to]) => {
        for (let i = 0; i < to!.length; i++) to![i] = draw(new Draws(key, i), parameters);
      }),
    saves: [] as never[],
    grad: {},
  };
}

function drawn(
  op: string,
  shape: Shape,
  dtype: DTypeLike | undefined,
  seed: Seed | undefined,
  parameters: readonly number[],
): DrawnFrom {
  const type = dtypeOf(op, dtype ?? 'f32');
  numeric(op, type);
  if (!isFloat(type)) {
    throw new Error(`${op}: ${type} holds no fractions; the dtype must be a float`);
  }
  return { shape: checkShape(op, shape), dtype: type, key: keyOf(op, seed), parameters };
}

function positive(op: string, parameters: { readonly [name: string]: number }): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (!(value > 0)) throw new Error(`${op}: ${name} is ${value}; it must be above 0`);
  }
}
