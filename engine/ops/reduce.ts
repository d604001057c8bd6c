import { conjugate } from '../complex.ts';
import type { Buf, Kernels } from '../device.ts';
import { floatOf } from '../dtype.ts';
import { reducedOf } from '../elementwise.ts';
import { foldErrors, foldSamples, type FoldArgs } from '../folding.ts';
import type { ReduceFormula } from '../formulas.ts';
import type { Computed, One, Op, Sample, Spec, T } from '../op.ts';
import {
  axesOf,
  axisOf,
  broadcastAxes,
  checkShape,
  reduced,
  sameShape,
  text,
  type Axes,
  type Shape,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Reductions. `axis` is one axis or several, by default all; `keepDims` keeps reduced axes with length 1.

type Reduction = Computed<{ x: One }, [x: T], FoldArgs, Reduced>;
export interface Reduced {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** The sum over some axes, added pairwise. Booleans are counted in i32, short integers added in 32 bits. */
export const sum: Reduction = {
  ...reducer('sum'),
  saves: [],
  grad: { x: (g, { x }, attrs) => kept(g, x, attrs).broadcastTo(x.shape) },
  samples: foldSamples(),
  errors: foldErrors('sum'),
};

/** The mean over some axes. Integers become f32; the mean of nothing is not-a-number. */
export const mean: Reduction = {
  ...reducer('mean'),
  saves: [],
  grad: {
    x: (g, { x, out }, attrs) => kept(g.mul(out.size / x.size), x, attrs).broadcastTo(x.shape),
  },
  samples: foldSamples(),
  errors: foldErrors('mean'),
};

/** The product over some axes. */
export const prod: Reduction = {
  ...reducer('prod'),
  saves: ['x'],
  grad: {
    // The product of the others: by division where no zero is among them. One zero gets what the others
    // make, and they nothing; beside what is not finite that is not-a-number. What is 0 because of one zero or
    // two is written as a multiple of them, so that derivatives of the gradient are right, too.
    x: (g, { x }, attrs) => {
      const { axes } = attrs;
      const zero = x.equal(0);
      const zeros = zero.sum(axes, true);
      const none = zero.where(x, 0).sum(axes, true);
      const others = zero.where(1, x);
      const product = others.prod(axes, true);
      const apart = product.div(others);
      const strange = x.isFinite().logicalNot();
      const beside = strange.sum(axes, true).sub(strange).greater(0);
      const two = zeros.equal(2).where(none.sub(x).mul(finite(product)), 0);
      const one = beside.where(NaN, none.mul(finite(apart)));
      const share = zero.where(
        zeros.equal(1).where(product, two),
        zeros.equal(0).where(apart, zeros.equal(1).where(one, 0)),
      );
      return kept(g, x, attrs).mul(conjugate(share));
    },
  },
  samples: [
    ...foldSamples(),
    { in: { x: { shape: [3, 3], values: [1, 2, 3, 0, 2, 3, 0, 0, 3] } }, args: [1] },
  ],
  errors: foldErrors('prod'),
};

/** The greatest over some axes; not-a-number wins. Several that tie share the gradient evenly. */
export const max: Reduction = {
  ...reducer('max'),
  saves: ['x', 'out'],
  grad: { x: shared },
  samples: extremes(),
  errors: [
    ...foldErrors('max'),
    { in: { x: [2, 0] }, args: [1], says: 'max: nothing to choose from' },
  ],
};

/** The least over some axes; not-a-number wins. Several that tie share the gradient evenly. */
export const min: Reduction = {
  ...reducer('min'),
  saves: ['x', 'out'],
  grad: { x: shared },
  samples: extremes(),
  errors: [
    ...foldErrors('min'),
    { in: { x: [2, 0] }, args: [1], says: 'min: nothing to choose from' },
  ],
};

/** Whether any element over some axes is true: not zero. */
export const any: Reduction = {
  ...reducer('any'),
  saves: [],
  grad: { x: null },
  samples: truths(),
  errors: foldErrors('any'),
};

/** Whether all elements over some axes are true: not zero. */
export const all: Reduction = {
  ...reducer('all'),
  saves: [],
  grad: { x: null },
  samples: truths(),
  errors: foldErrors('all'),
};

/** `log(sum(exp(x)))` over some axes, computed without overflow. */
export const logSumExp: Op<{ x: One }, [x: T], FoldArgs, Reduced, One> = {
  inputs: { x: 'one' },
  attrs: axesOfCall('logSumExp'),
  spec: ({ x }, { axes, keepDims }) => ({
    shape: reduced(x.shape, axes, keepDims),
    dtype: floatOf('logSumExp', x.dtype),
  }),
  compose: ({ x }, { axes, keepDims }) => {
    // The sum over nothing is 0 and its logarithm -infinity.
    if (x.size === 0) return x.exp().sum(axes, keepDims).log();
    // Where all are -infinity there is nothing to take away.
    const greatest = x.max(axes, true).stopGradient();
    const shift = greatest.isFinite().where(greatest, 0);
    const result = x.sub(shift).exp().sum(axes, true).log().add(shift);
    return keepDims ? result : result.squeeze(axes);
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3] }, args: [1] },
    { in: { x: { shape: [2, 2], values: [-Infinity, -Infinity, 1000, 1000] } }, args: [1] },
  ],
  errors: foldErrors('logSumExp'),
};

/**
 * Sums until the tensor has the given shape: the gradient of broadcasting. A
 * tensor that has the shape is returned itself.
 */
export const sumTo: Op<{ x: One }, [x: T], [shape: Shape], { shape: Shape }, One> = {
  inputs: { x: 'one' },
  // Most gradients have their shape already, and every formula of two inputs asks.
  idle: (x, shape) => sameShape(x.shape, shape),
  attrs: (_, shape) => ({ shape: checkShape('sumTo', shape) }),
  itself: true,
  spec: ({ x }, { shape }) => {
    broadcastAxes('sumTo', x.shape, shape);
    return { shape, dtype: reducedOf('sumTo', 'sum', x.dtype) };
  },
  forward: (k, { x }, { shape }, out) =>
    k.reduce('sum', out, x, broadcastAxes('sumTo', x.shape, shape)),
  saves: [],
  grad: { x: (g, { x }) => g.broadcastTo(x.shape) },
  samples: [
    { in: { x: [4, 2, 3] }, args: [[2, 1]] },
    { in: { x: [2, 3] }, args: [[]] },
    { in: { x: [1, 3] }, args: [[3]] },
  ],
  errors: [{ in: { x: [2, 3] }, args: [[2]], says: 'sumTo: [2] does not broadcast to [2,3]' }],
};

type Choice = Op<{ x: One }, [x: T], [axis?: number], { axis: number }, One>;

/** The position of the greatest along one axis, by default the first, as i32; the first of several, and not-a-number before any number. */
export const argMax: Choice = chooser('argMax');

/** The position of the least along one axis, by default the first, as i32; the first of several, and not-a-number before any number. */
export const argMin: Choice = chooser('argMin');

function reducer(formula: ReduceFormula) {
  return {
    inputs: { x: 'one' } as const,
    attrs: axesOfCall(formula),
    spec: ({ x }: { x: Spec }, { axes, keepDims }: Reduced): Spec => {
      if (formula === 'max' || formula === 'min') notEmpty(formula, x.shape, axes);
      return {
        shape: reduced(x.shape, axes, keepDims),
        dtype: reducedOf(formula, formula, x.dtype),
      };
    },
    forward: (k: Kernels, { x }: { x: Buf }, { axes }: Reduced, out: Buf): void =>
      k.reduce(formula, out, x, axes),
  };
}

function axesOfCall(op: string) {
  return ({ x }: { x: Spec }, axis?: Axes, keepDims = false): Reduced => ({
    axes: axesOf(op, axis, x.shape.length),
    keepDims,
  });
}

function chooser(f: 'argMax' | 'argMin'): Choice {
  return {
    inputs: { x: 'one' },
    attrs: ({ x }, axis = 0) => ({ axis: axisOf(f, axis, x.shape.length) }),
    spec: ({ x }, { axis }) => {
      notEmpty(f, x.shape, [axis]);
      reducedOf(f, f === 'argMax' ? 'max' : 'min', x.dtype);
      return { shape: reduced(x.shape, [axis], false), dtype: 'i32' };
    },
    forward: (k, { x }, { axis }, out) => k.argReduce(f, out, x, axis),
    saves: [],
    grad: { x: null },
    samples: [
      { in: { x: { shape: [3, 4], apart: 0.1 } } },
      { in: { x: { shape: [3, 4], apart: 0.1 } }, args: [-1] },
      { in: { x: { shape: [4], values: [1, NaN, 3, NaN] } } },
    ],
    errors: [
      { in: { x: [] }, says: `${f}: no axis 0 in a tensor of rank 0` },
      { in: { x: [0] }, says: `${f}: nothing to choose from` },
    ],
  };
}

/** 0 in place of what is infinite or not a number. */
function finite(x: Tensor): Tensor {
  return x.isFinite().where(x, 0);
}

/** A reduced tensor with its reduced axes back, of length 1: what broadcasts against x. */
function kept(t: Tensor, x: Tensor, { axes, keepDims }: Reduced): Tensor {
  return keepDims || axes.length === 0 ? t : t.reshape(reduced(x.shape, axes, true));
}

function shared(g: Tensor, { x, out }: { x: Tensor; out: Tensor }, attrs: Reduced): Tensor {
  const chosen = x.equal(kept(out, x, attrs)).logicalOr(x.isNaN());
  return chosen.where(kept(g, x, attrs).div(chosen.sum(attrs.axes, true)), 0);
}

function notEmpty(op: string, shape: Shape, axes: readonly number[]): void {
  const empty = axes.find((axis) => shape[axis] === 0);
  if (empty === undefined || shape.some((n, i) => n === 0 && !axes.includes(i))) return;
  throw new Error(`${op}: nothing to choose from along axis ${empty} of ${text(shape)}`);
}

type Samples = readonly Sample<{ x: One }, FoldArgs>[];

function extremes(): Samples {
  return [
    { in: { x: { shape: [2, 3], apart: 0.1 } } },
    { in: { x: { shape: [2, 3, 4], apart: 0.05 } }, args: [[0, -1]] },
    { in: { x: { shape: [2, 3], apart: 0.1 } }, args: [1, true] },
    { in: { x: { shape: [3], dtype: 'i64', range: [-9, 9] } } },
  ];
}

function truths(): Samples {
  return [
    { in: { x: { shape: [2, 3], dtype: 'bool' } } },
    { in: { x: { shape: [2, 2], values: [0, 0, 0, NaN] } }, args: [1, true] },
  ];
}
