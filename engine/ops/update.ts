import { unbiased, type Adapting } from '../adam.ts';
import { dtypes, isFloat } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { sameShape, sizeOf, text } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// What an optimizer does to one variable, as a function of it: the new values, and what is remembered of its
// gradients. The optimizers put them back into their variables.

/** Gradient descent: `variable - learningRate * gradient`. */
export const sgdStep: Op<
  { variable: One; gradient: One },
  [variable: T, gradient: T],
  [learningRate: number],
  { learningRate: number },
  One
> = {
  inputs: { variable: 'one', gradient: 'one' },
  attrs: (_, learningRate) => numbers('sgdStep', { learningRate }),
  spec: ({ variable, gradient }) => fitting('sgdStep', variable, { gradient }),
  compose: ({ variable, gradient }, { learningRate }) =>
    like(variable, variable.sub(gradient.mul(learningRate))),
  cost: ({ variable }) => work(variable, 2, 3),
  samples: [
    { in: { variable: [2, 3], gradient: [2, 3] }, args: [0.1] },
    { in: { variable: [3], gradient: { shape: [3], dtype: 'f64' } }, args: [0.5] },
  ],
  errors: [
    {
      in: { variable: [2, 3], gradient: [3] },
      args: [0.1],
      says: 'sgdStep: the gradient [3] does not fit the variable [2,3]; their shapes must be equal',
    },
    {
      in: { variable: [2], gradient: [2] },
      args: [Number.NaN],
      says: 'sgdStep: the learningRate is NaN; it must be a finite number',
    },
  ],
};

/**
 * Gradient descent with momentum: `moving * momentum + gradient` becomes the
 * new `moving`, by which the variable goes down; with `nesterov` by
 * `moving * momentum + gradient` of the new one.
 */
export const momentumStep: Op<
  { variable: One; gradient: One; moving: One },
  [variable: T, gradient: T, moving: T],
  [learningRate: number, momentum: number, nesterov?: boolean],
  { learningRate: number; momentum: number; nesterov: boolean },
  { variable: One; moving: One }
> = {
  inputs: { variable: 'one', gradient: 'one', moving: 'one' },
  outputs: { variable: 'one', moving: 'one' },
  attrs: (_, learningRate, momentum, nesterov = false) => ({
    ...numbers('momentumStep', { learningRate, momentum }),
    nesterov,
  }),
  spec: ({ variable, gradient, moving }) => {
    const op = 'momentumStep';
    return {
      variable: fitting(op, variable, { gradient, moving }),
      moving: fitting(op, moving, {}),
    };
  },
  compose: ({ variable, gradient, moving }, { learningRate, momentum, nesterov }) => {
    const next = like(moving, moving.mul(momentum).add(gradient));
    const by = nesterov ? next.mul(momentum).add(gradient) : next;
    return { variable: like(variable, variable.sub(by.mul(learningRate))), moving: next };
  },
  cost: ({ variable }) => work(variable, 4, 5),
  samples: [
    { in: { variable: [2, 3], gradient: [2, 3], moving: [2, 3] }, args: [0.1, 0.9] },
    { in: { variable: [3], gradient: [3], moving: [3] }, args: [0.1, 0.9, true] },
  ],
  errors: [
    {
      in: { variable: [2], gradient: [2], moving: [3] },
      args: [0.1, 0.9],
      says: 'momentumStep: the moving [3] does not fit the variable [2]',
    },
    {
      in: { variable: [2], gradient: [2], moving: [2] },
      args: [0.1, Infinity],
      says: 'momentumStep: the momentum is Infinity; it must be a finite number',
    },
  ],
};

/**
 * A step of Adam, its `count`-th (Kingma and Ba, 2015, algorithm 1): the moving
 * means `first * beta1 + gradient * (1 - beta1)` of the gradient and
 * `second * beta2 + gradient^2 * (1 - beta2)` of its square, and
 * `variable - learningRate * m / (sqrt(v) + epsilon)`, where m and v are these
 * means over `1 - beta1^count` and `1 - beta2^count`, for their start at zero.
 */
export const adamStep: Op<
  { variable: One; gradient: One; first: One; second: One },
  [variable: T, gradient: T, first: T, second: T],
  [count: number, learningRate?: number, beta1?: number, beta2?: number, epsilon?: number],
  Adapting,
  { variable: One; first: One; second: One }
> = {
  inputs: { variable: 'one', gradient: 'one', first: 'one', second: 'one' },
  outputs: { variable: 'one', first: 'one', second: 'one' },
  attrs: (_, count, learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8) => {
    if (count < 1) throw new Error(`adamStep: the count is ${count}; the first step is number 1`);
    return numbers('adamStep', { count, learningRate, beta1, beta2, epsilon });
  },
  spec: ({ variable, gradient, first, second }) => {
    const op = 'adamStep';
    return {
      variable: fitting(op, variable, { gradient, first, second }),
      first: fitting(op, first, {}),
      second: fitting(op, second, {}),
    };
  },
  compose: ({ variable, gradient, first, second }, attrs) => {
    const { beta1, beta2, epsilon } = attrs;
    const { rate, spread } = unbiased(attrs);
    const m = first.mul(beta1).add(gradient.mul(1 - beta1));
    const v = second.mul(beta2).add(gradient.square().mul(1 - beta2));
    const made = { first: like(first, m), second: like(second, v) };
    const by = made.first.mul(rate).div(made.second.mul(spread).sqrt().add(epsilon));
    return { variable: like(variable, variable.sub(by)), ...made };
  },
  cost: ({ variable }) => work(variable, 14, 7),
  samples: [
    {
      in: {
        variable: [2, 3],
        gradient: [2, 3],
        first: [2, 3],
        second: { shape: [2, 3], range: [0.5, 2] },
      },
      args: [3, 0.1],
    },
    {
      in: {
        variable: [5],
        gradient: [5],
        first: [5],
        second: { shape: [5], range: [0.5, 2] },
      },
      args: [1, 0.01, 0.8, 0.9, 0.1],
    },
  ],
  errors: [
    {
      in: { variable: [2], gradient: [2], first: [2], second: [1] },
      args: [1],
      says: 'adamStep: the second [1] does not fit the variable [2]',
    },
    {
      in: { variable: [2], gradient: [2], first: [2], second: [2] },
      args: [0],
      says: 'adamStep: the count is 0; the first step is number 1',
    },
    {
      in: { variable: [2], gradient: [2], first: [2], second: [2] },
      args: [Number.NaN],
      says: 'adamStep: the count is NaN; it must be a finite number',
    },
  ],
};

/** The variable, if all the others have its shape. */
function fitting(op: string, variable: Spec, others: { readonly [name: string]: Spec }): Spec {
  if (!isFloat(variable.dtype)) {
    throw new Error(`${op}: the variable is ${variable.dtype}; it must be a float`);
  }
  for (const [name, other] of Object.entries(others)) {
    if (sameShape(other.shape, variable.shape)) continue;
    throw new Error(
      `${op}: the ${name} ${text(other.shape)} does not fit the variable ${text(variable.shape)}; their shapes must be equal`,
    );
  }
  return variable;
}

/** What a step is told, none of it left out or no number: every value after it would be none. */
function numbers<A extends { readonly [name in keyof A]: number }>(op: string, attrs: A): A {
  for (const [name, value] of Object.entries<number>(attrs)) {
    if (Number.isFinite(value)) continue;
    throw new Error(`${op}: the ${name} is ${String(value)}; it must be a finite number`);
  }
  return attrs;
}

/** A new value in the dtype of the old one. */
function like(old: Tensor, value: Tensor): Tensor {
  return value.dtype === old.dtype ? value : value.cast(old.dtype);
}

function work({ shape, dtype }: Spec, flops: number, streams: number) {
  const size = sizeOf(shape);
  return { flops: flops * size, bytes: streams * dtypes[dtype].bytes * size };
}
