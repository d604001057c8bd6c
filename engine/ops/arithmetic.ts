import { zip } from '../elementwise.ts';
import type { Binary, Sample } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Arithmetic of two tensors that broadcast against each other. Their dtypes are promoted; a bare number takes the
// other's dtype. The gradient of an input that was stretched is summed back to its shape.

const samples: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  { in: { x: [2, 3], y: [2, 3] } },
  { in: { x: [2, 3], y: [3] } },
  { in: { x: [4, 1], y: [2, 1, 3] } },
  { in: { x: [2, 2], y: [] } },
  { in: { x: { shape: [3], dtype: 'i32' }, y: { shape: [3], dtype: 'i32', range: [1, 9] } } },
];
/** Bounded away from 0 below the fraction line. */
const ratios: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  { in: { x: [2, 3], y: { shape: [3], range: [0.5, 3] } } },
  { in: { x: [2, 1], y: { shape: [3], range: [-3, -0.5] } } },
  { in: { x: { shape: [3], dtype: 'i32' }, y: { shape: [3], dtype: 'i32', range: [1, 9] } } },
];
const unfit = { in: { x: [2, 3], y: [4] }, says: '[2,3] and [4] do not broadcast' } as const;

/** `x + y`, with broadcasting. */
export const add: Binary = {
  ...zip('add'),
  saves: [],
  grad: {
    x: (g, { x }) => g.sumTo(x.shape),
    y: (g, { y }) => g.sumTo(y.shape),
  },
  samples,
  errors: [
    unfit,
    {
      in: { x: { shape: [2], dtype: 'u64' }, y: { shape: [2], dtype: 'i8' } },
      says: 'no integer holds the values of u64 and i8',
    },
  ],
};

/** `x - y`, with broadcasting. */
export const sub: Binary = {
  ...zip('sub'),
  saves: [],
  grad: {
    x: (g, { x }) => g.sumTo(x.shape),
    y: (g, { y }) => g.neg().sumTo(y.shape),
  },
  samples,
  errors: [unfit],
};

/** `x * y`, element by element, with broadcasting. */
export const mul: Binary = {
  ...zip('mul'),
  saves: ['x', 'y'],
  readBy: { x: 'y', y: 'x' },
  grad: {
    x: (g, { x, y }) => g.mul(y).sumTo(x.shape),
    y: (g, { x, y }) => g.mul(x).sumTo(y.shape),
  },
  samples,
  errors: [unfit],
};

/** `x / y`, with broadcasting. Integers become f32, as in NumPy and PyTorch (TensorFlow.js rounds them down: `floorDiv`). */
export const div: Binary = {
  ...zip('div'),
  saves: ['y', 'out'],
  readBy: { out: 'y' },
  grad: {
    x: (g, { x, y }) => g.div(y).sumTo(x.shape),
    y: (g, { y, out }) => g.div(y).mul(out).neg().sumTo(y.shape),
  },
  samples: ratios,
  errors: [unfit],
};

/** `floor(x / y)`, with broadcasting. An integer divided by 0 is 0. No gradient: it is flat between its steps. */
export const floorDiv: Binary = {
  ...zip('floorDiv'),
  saves: [],
  grad: { x: null, y: null },
  samples: ratios,
  errors: [unfit],
};

/** `x - y * floor(x / y)`, with broadcasting: what is left has the sign of y. */
export const mod: Binary = {
  ...zip('mod'),
  saves: ['x', 'y'],
  readBy: { x: 'y', y: 'y' },
  grad: {
    x: (g, { x }) => g.sumTo(x.shape),
    y: (g, { x, y }) => g.mul(x.floorDiv(y)).neg().sumTo(y.shape),
  },
  samples: ratios,
  errors: [unfit],
};

/** `x` to the power of `y`, with broadcasting. Where y is 0 nothing flows back to x, and where x is 0 nothing to y. */
export const pow: Binary = {
  ...zip('pow'),
  saves: ['x', 'y', 'out'],
  grad: {
    x: (g, { x, y }) =>
      y
        .equal(0)
        .where(0, g.mul(y).mul(x.pow(y.sub(1))))
        .sumTo(x.shape),
    // The logarithm of 1 instead of 0 gives the 0 without not-a-number in higher derivatives.
    y: (g, { x, y, out }) => g.mul(out).mul(x.equal(0).where(1, x).log()).sumTo(y.shape),
  },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.3, 3] }, y: [3] } },
    { in: { x: { shape: [3], values: [-2, 0, 3] }, y: { shape: [], values: [2] } } },
    { in: { x: { shape: [3], dtype: 'i32' }, y: { shape: [], dtype: 'i32', values: [3] } } },
  ],
  errors: [unfit],
};

/** The larger of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const maximum: Binary = {
  ...zip('maximum'),
  saves: ['x', 'y'],
  grad: {
    x: (g, { x, y }) => half(g, x.less(y), x.equal(y)).sumTo(x.shape),
    y: (g, { x, y }) => half(g, y.less(x), x.equal(y)).sumTo(y.shape),
  },
  samples,
  errors: [unfit],
};

/** The smaller of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const minimum: Binary = {
  ...zip('minimum'),
  saves: ['x', 'y'],
  grad: {
    x: (g, { x, y }) => half(g, x.greater(y), x.equal(y)).sumTo(x.shape),
    y: (g, { x, y }) => half(g, y.greater(x), x.equal(y)).sumTo(y.shape),
  },
  samples,
  errors: [unfit],
};

/** `(x - y) * (x - y)`, with broadcasting. */
export const squaredDifference: Binary = {
  ...zip('squaredDifference'),
  saves: ['x', 'y'],
  grad: {
    x: (g, { x, y }) => g.mul(x.sub(y)).mul(2).sumTo(x.shape),
    y: (g, { x, y }) => g.mul(y.sub(x)).mul(2).sumTo(y.shape),
  },
  samples,
  errors: [unfit],
};

/** The gradient of whichever of two was chosen. Chosen, not multiplied: nothing times infinity is not-a-number. */
function half(g: Tensor, other: Tensor, both: Tensor): Tensor {
  return other.where(0, both.where(g.mul(0.5), g));
}
