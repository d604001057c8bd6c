import { floatOf, isFloat } from '../dtype.ts';
import { foldErrors, foldSamples, type FoldArgs } from '../folding.ts';
import { evenly } from '../half.ts';
import type { One, Op, Sample, Spec, T } from '../op.ts';
import { axesOf, reduced, sizeOf, text, type Axes } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// How the elements over some axes are distributed. `axis` is one axis or several, by default all; `keepDims` keeps
// them with length 1. Integers become f32.

export interface Over {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
type Reduction = Op<{ x: One }, [x: T], FoldArgs, Over, One>;
type Spread = Op<
  { x: One },
  [x: T],
  [...FoldArgs, correction?: number],
  Over & { correction: number },
  One
>;

/**
 * The mean square of the distances from the mean, over some axes. The sum of
 * squares is divided by their number less `correction`: 0 as in NumPy and
 * TensorFlow; 1, for an unbiased estimate, is PyTorch's own default.
 */
export const variance: Spread = {
  ...spread('variance'),
  compose: ({ x }, attrs) => squares(x, attrs),
};

/** The square root of `variance`. Where that is 0 nothing flows back. */
export const std: Spread = {
  ...spread('std'),
  compose: ({ x }, attrs) => root(squares(x, attrs)),
};

/** Mean and variance (without correction) over some axes, as in TensorFlow.js. */
export const moments: Op<{ x: One }, [x: T], FoldArgs, Over, { mean: One; variance: One }> = {
  inputs: { x: 'one' },
  outputs: { mean: 'one', variance: 'one' },
  attrs: over('moments'),
  spec: ({ x }, attrs) => {
    const spec = left('moments', x, attrs);
    return { mean: spec, variance: spec };
  },
  compose: ({ x }, attrs) => ({
    mean: x.mean(attrs.axes, attrs.keepDims),
    variance: squares(x, { ...attrs, correction: 0 }),
  }),
  samples: foldSamples(),
  errors: foldErrors('moments'),
};

/** The middle one of the elements in order, over some axes; of an even number the mean of the middle two, as in NumPy (PyTorch takes the lower one). Not-a-number where one is among them. */
export const median: Reduction = {
  inputs: { x: 'one' },
  attrs: over('median'),
  spec: ({ x }, attrs) => left('median', x, attrs),
  compose: ({ x }, attrs) =>
    inOrder(x, attrs, [0.5], 'linear').reshape(reduced(x.shape, attrs.axes, attrs.keepDims)),
  samples: [
    ...distinct(),
    { in: { x: { shape: [2, 4], values: [1, 2, 3, 4, 1, NaN, 2, 3] } }, args: [1] },
  ],
  errors: [
    ...foldErrors('median'),
    { in: { x: [2, 0] }, args: [1], says: 'median: there is no median of nothing' },
  ],
};

export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest';
const interpolations = ['linear', 'lower', 'higher', 'midpoint', 'nearest'];

/**
 * The values below which the shares `q` of the elements lie, over some axes: q
 * is a number from 0 to 1, or a list of them, which becomes the first axis of
 * the result. Between two elements goes `interpolation`: 'linear', 'lower',
 * 'higher', 'midpoint' or 'nearest', as in NumPy and PyTorch. Not-a-number where
 * one is among the elements.
 */
export const quantile: Op<
  { x: One },
  [x: T],
  [q: number | readonly number[], axis?: Axes, keepDims?: boolean, interpolation?: Interpolation],
  Over & { q: readonly number[]; single: boolean; interpolation: Interpolation },
  One
> = {
  inputs: { x: 'one' },
  attrs: (inputs, q, axis, keepDims, interpolation = 'linear') => {
    const list = typeof q === 'number' ? [q] : q;
    if (!Array.isArray(list)) {
      throw new Error('quantile: q must be a number from 0 to 1, or a list of them');
    }
    const wrong = list.find((share) => !(share >= 0 && share <= 1));
    if (wrong !== undefined) throw new Error(`quantile: q is ${wrong}; it must lie from 0 to 1`);
    if (!interpolations.includes(interpolation)) {
      throw new Error(
        `quantile: no interpolation '${interpolation}'; there are ${interpolations.join(', ')}`,
      );
    }
    const rest = over('quantile')(inputs, axis, keepDims);
    return { ...rest, q: list.slice(), single: typeof q === 'number', interpolation };
  },
  spec: ({ x }, attrs) => {
    const { shape, dtype } = left('quantile', x, attrs);
    return { shape: attrs.single ? shape : [attrs.q.length, ...shape], dtype };
  },
  compose: ({ x }, attrs) => {
    const { axes, keepDims, q, single, interpolation } = attrs;
    const each = inOrder(x, attrs, q, interpolation);
    const shape = reduced(x.shape, axes, keepDims);
    return single
      ? each.reshape(shape)
      : each
          .transpose([each.shape.length - 1, ...each.shape.slice(1).map((_, i) => i)])
          .reshape([q.length, ...shape]);
  },
  samples: [
    { in: { x: { shape: [2, 5], apart: 0.1 } }, args: [0.3] },
    { in: { x: { shape: [2, 5], apart: 0.1 } }, args: [[0, 0.25, 1], 1] },
    { in: { x: { shape: [2, 3, 2], apart: 0.1 } }, args: [[0.4, 0.6], [0, 2], true, 'nearest'] },
    { in: { x: { shape: [6], apart: 0.1 } }, args: [0.7, 0, false, 'lower'] },
    { in: { x: { shape: [6], apart: 0.1 } }, args: [0.7, 0, false, 'higher'] },
    { in: { x: { shape: [6], apart: 0.1 } }, args: [0.7, 0, false, 'midpoint'] },
    { in: { x: { shape: [3], values: [1, NaN, 0] } }, args: [0] },
  ],
  errors: [
    { in: { x: [2] }, args: [1.5], says: 'quantile: q is 1.5; it must lie from 0 to 1' },
    { in: { x: [2] }, args: ['1' as never], says: 'q must be a number from 0 to 1' },
    { in: { x: [2] }, args: [0.5, 1], says: 'quantile: no axis 1' },
    { in: { x: [0] }, args: [0.5], says: 'quantile: there is no quantile of nothing' },
    {
      in: { x: [2] },
      args: [0.5, 0, false, 'cubic' as Interpolation],
      says: "no interpolation 'cubic'",
    },
  ],
};

/** How many elements over some axes are not 0, as i32; not-a-number is not. */
export const countNonzero: Reduction = {
  inputs: { x: 'one' },
  attrs: over('countNonzero'),
  spec: ({ x }, { axes, keepDims }) => ({ shape: reduced(x.shape, axes, keepDims), dtype: 'i32' }),
  compose: ({ x }, { axes, keepDims }) => x.notEqual(0).sum(axes, keepDims),
  samples: [
    { in: { x: { shape: [2, 3], values: [0, 1, NaN, 0, -0, 2] } } },
    { in: { x: { shape: [2, 3], dtype: 'i32', range: [-1, 2] } }, args: [1, true] },
  ],
  errors: foldErrors('countNonzero'),
};

/** The sum over some axes of what is not not-a-number. */
export const nanSum: Reduction = {
  inputs: { x: 'one' },
  attrs: over('nanSum'),
  spec: ({ x }, attrs) => left('nanSum', x, attrs),
  compose: ({ x }, { axes, keepDims }) => numbers(x).sum(axes, keepDims),
  samples: [
    ...foldSamples(),
    { in: { x: { shape: [2, 2], values: [1, NaN, NaN, NaN] } }, args: [1] },
  ],
  errors: foldErrors('nanSum'),
};

/** The mean over some axes of what is not not-a-number; not-a-number where there is nothing else. */
export const nanMean: Reduction = {
  inputs: { x: 'one' },
  attrs: over('nanMean'),
  spec: ({ x }, attrs) => left('nanMean', x, attrs),
  compose: ({ x }, { axes, keepDims }) =>
    numbers(x).sum(axes, keepDims).div(x.isNaN().logicalNot().sum(axes, keepDims)),
  samples: [
    ...foldSamples(),
    { in: { x: { shape: [2, 2], values: [1, NaN, NaN, NaN] } }, args: [1] },
  ],
  errors: foldErrors('nanMean'),
};

function spread(op: string) {
  return {
    inputs: { x: 'one' } as const,
    attrs: (inputs: { x: Spec }, axis?: Axes, keepDims?: boolean, correction = 0) => ({
      ...over(op)(inputs, axis, keepDims),
      correction,
    }),
    spec: ({ x }: { x: Spec }, attrs: Over): Spec => left(op, x, attrs),
    samples: [
      ...foldSamples(),
      { in: { x: [4, 3] }, args: [0, false, 1] as [number, boolean, number] },
    ],
    errors: foldErrors(op),
  };
}

function over(op: string) {
  return ({ x }: { x: Spec }, axis?: Axes, keepDims = false): Over => ({
    axes: axesOf(op, axis, x.shape.length),
    keepDims,
  });
}

function left(op: string, x: Spec, { axes, keepDims }: Over): Spec {
  if ((op === 'median' || op === 'quantile') && axes.some((axis) => x.shape[axis] === 0)) {
    throw new Error(
      `${op}: there is no ${op} of nothing, and of ${text(x.shape)} nothing is left along its axes`,
    );
  }
  return { shape: reduced(x.shape, axes, keepDims), dtype: floatOf(op, x.dtype) };
}

/** The mean square of the distances from the mean. */
function squares(x: Tensor, { axes, keepDims, correction }: Over & { correction: number }): Tensor {
  const values = isFloat(x.dtype) ? x : x.cast('f32');
  const distances = values.sub(values.mean(axes, true));
  const count = sizeOf(axes.map((axis) => x.shape[axis]!));
  return distances
    .square()
    .sum(axes, keepDims)
    .div(Math.max(count - correction, 0));
}

/** The square root, to which at 0 nothing flows back. */
function root(x: Tensor): Tensor {
  const nothing = x.equal(0);
  return nothing.where(0, nothing.where(1, x).sqrt());
}

function numbers(x: Tensor): Tensor {
  const values = isFloat(x.dtype) ? x : x.cast('f32');
  return values.isNaN().where(0, values);
}

/** Rows of the elements at those shares of the way through their order: [rest, shares]. */
function inOrder(x: Tensor, { axes }: Over, q: readonly number[], how: Interpolation): Tensor {
  const values = isFloat(x.dtype) ? x : x.cast('f32');
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const n = sizeOf(axes.map((axis) => x.shape[axis]!));
  const rows = values
    .transpose([...rest, ...axes])
    .reshape([x.size / n, n])
    .sort(1);
  const places = q.map((share) => share * (n - 1));
  const at = (list: readonly number[]) => rows.gather(list, 1);
  const low = at(places.map(Math.floor));
  const last = at(q.map(() => n - 1));
  const high = () => at(places.map(Math.ceil));
  let result: Tensor;
  if (how === 'lower') result = low;
  else if (how === 'higher') result = high();
  else if (how === 'nearest') result = at(places.map(evenly));
  else {
    const part = places.map((place) =>
      how === 'linear' ? place - Math.floor(place) : place % 1 === 0 ? 0 : 0.5,
    );
    const weights = low.onesLike().mul(part);
    // What is infinite outweighs any share of what is not; of finite ones that are equal each has its share of the gradient.
    const most = high();
    const finite = low.isFinite().logicalAnd(most.isFinite());
    result = finite.where(low.lerp(most, weights), low.add(most));
  }
  return last.isNaN().where(NaN, result);
}

type Samples = readonly Sample<{ x: 'one' }, FoldArgs>[];

function distinct(): Samples {
  return [
    { in: { x: { shape: [3, 3], apart: 0.1 } } },
    { in: { x: { shape: [2, 3, 4], apart: 0.05 } }, args: [[0, -1]] },
    { in: { x: { shape: [2, 4], apart: 0.1 } }, args: [1, true] },
  ];
}
