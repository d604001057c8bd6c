import { conjugate } from '../complex.ts';
import { spread, walk } from '../devices/plain/elements.ts';
import { floatOf, isComplex, numberOf, promote } from '../dtype.ts';
import { zip } from '../elementwise.ts';
import { neighbour } from '../neighbour.ts';
import type { Binary, Many, None, One, Op, Sample, T } from '../op.ts';
import { broadcast, sameShape, text } from '../shape.ts';
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
    x: (g, { x, y }) => g.mul(conjugate(y)).sumTo(x.shape),
    y: (g, { x, y }) => g.mul(conjugate(x)).sumTo(y.shape),
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
    x: (g, { x, y }) => g.div(conjugate(y)).sumTo(x.shape),
    y: (g, { y, out }) => g.div(conjugate(y)).mul(conjugate(out)).neg().sumTo(y.shape),
  },
  samples: ratios,
  errors: [unfit],
};

/** `x / y`, and 0 where y is 0, with broadcasting. Integers become f32. */
export const divNoNan: Binary = {
  ...zip('divNoNan'),
  saves: ['y', 'out'],
  readBy: { out: 'y' },
  grad: {
    x: (g, { x, y }) => g.divNoNan(y).sumTo(x.shape),
    y: (g, { y, out }) => g.divNoNan(y).mul(out).neg().sumTo(y.shape),
  },
  samples: [
    ...ratios,
    { in: { x: { shape: [4], values: [0, 1, NaN, 3] }, y: { shape: [4], values: [0, -0, 0, 2] } } },
  ],
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

/** `mod` by the name it has in NumPy and PyTorch: what is left has the sign of y. With the sign of x it is `fmod`. */
export const remainder: Op<{ x: One; y: One }, [x: T, y: T], [], None, One> = {
  inputs: { x: 'one', y: 'one' },
  spec: zip('mod', 'remainder').spec,
  compose: ({ x, y }) => x.mod(y),
  samples: ratios,
  errors: [unfit],
};

/** `x - y * trunc(x / y)`, with broadcasting, as JavaScript's `%`: what is left has the sign of x. An integer divided by 0 leaves 0. */
export const fmod: Binary = {
  ...zip('fmod'),
  saves: ['x', 'y'],
  readBy: { x: 'y', y: 'y' },
  grad: {
    x: (g, { x }) => g.sumTo(x.shape),
    y: (g, { x, y }) => g.mul(x.div(y).trunc()).neg().sumTo(y.shape),
  },
  samples: ratios,
  errors: [unfit],
};

/**
 * `x` to the power of `y`, with broadcasting. Where y is 0 nothing flows back to x, and where x is 0 nothing to y unless
 * y is below 0 (then it is infinite).
 */
export const pow: Binary = {
  ...zip('pow'),
  saves: ['x', 'y', 'out'],
  grad: {
    x: (g, { x, y }) =>
      y
        .equal(0)
        .where(0, g.mul(conjugate(y)).mul(conjugate(x.pow(y.sub(1)))))
        .sumTo(x.shape),
    // The logarithm of 1 instead of 0 gives the 0 without not-a-number in higher derivatives.
    y: (g, { x, y, out }) => {
      // A number below 0 has a logarithm as a complex one.
      const base = isComplex(out.dtype) ? x.cast(out.dtype) : x;
      const zero = x.equal(0);
      const flat = isComplex(y.dtype) ? zero : zero.logicalAnd(y.greaterEqual(0));
      const log = flat.where(1, base).log();
      return g.mul(conjugate(out)).mul(conjugate(log)).sumTo(y.shape);
    },
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

/** The size of x with the sign of y, with broadcasting. Nothing flows back to y. Integers become f32. */
export const copySign: Binary = {
  ...zip('copySign'),
  saves: ['x', 'y'],
  grad: {
    // -1 where the sign was turned.
    x: (g, { x, y }) => g.mul(x.sign().mul(y.onesLike().copySign(y))).sumTo(x.shape),
    y: null,
  },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.2, 2] }, y: { shape: [3], range: [-2, -0.2] } } },
    {
      in: { x: { shape: [4], values: [-1, 0, 2, NaN] }, y: { shape: [4], values: [0, -0, -3, 1] } },
    },
  ],
  errors: [unfit],
};

/** The next number of the dtype after x on the way to y, with broadcasting. No gradient. Integers become f32. */
export const nextAfter: Op<{ x: One; y: One }, [x: T, y: T], [], None, One> = {
  inputs: { x: 'one', y: 'one' },
  spec: ({ x, y }) => ({
    shape: broadcast('nextAfter', x.shape, y.shape),
    dtype: floatOf('nextAfter', promote('nextAfter', x.dtype, y.dtype)),
  }),
  forward: (k, { x, y }, _, out) => {
    const next = neighbour(out.dtype);
    // The elements lie row-major now, whatever they did before.
    const [from, to] = [x, y].map((z) => spread({ ...z, strides: null, offset: 0 }, out.shape));
    k.calculate([out], [x, y], ([z], [a, b]) => {
      walk(out.shape, [from!, to!], (i, at) => {
        z![i] = next(Number(a![at[0]!]), Number(b![at[1]!]));
      });
    });
  },
  saves: [],
  grad: { x: null, y: null },
  samples: [
    { in: { x: [2, 3], y: [3] } },
    {
      in: {
        x: { shape: [6], values: [1, 1, 0, -0, Infinity, NaN] },
        y: { shape: [6], values: [2, 0, -1, 0, 0, 1] },
      },
    },
  ],
  errors: [unfit],
};

/** `x * log(y)`, with broadcasting, and 0 where x is 0 unless y is not-a-number. Integers become f32. */
export const xlogy: Binary = {
  ...zip('xlogy'),
  saves: ['x', 'y'],
  grad: {
    // As in PyTorch: 0 where the value is 0 whatever the logarithm.
    x: (g, { x, y }) =>
      g.mul(x.equal(0).logicalAnd(y.lessEqual(0)).where(1, y).log()).sumTo(x.shape),
    y: (g, { x, y }) => g.mul(x).div(y).sumTo(y.shape),
  },
  samples: [
    { in: { x: [2, 3], y: { shape: [3], range: [0.3, 3] } } },
    { in: { x: { shape: [4], values: [0, 0, 1, 0] }, y: { shape: [4], values: [0, -1, 0, NaN] } } },
  ],
  errors: [unfit],
};

/** `log(exp(x) + exp(y))`, with broadcasting, computed without overflow. Integers become f32. */
export const logAddExp: Binary = {
  ...zip('logAddExp'),
  saves: ['x', 'y'],
  grad: {
    x: (g, { x, y }) => g.mul(share(x, y)).sumTo(x.shape),
    y: (g, { x, y }) => g.mul(share(y, x)).sumTo(y.shape),
  },
  samples: [
    { in: { x: [2, 3], y: [3] } },
    {
      in: {
        x: { shape: [4], values: [900, -Infinity, Infinity, 1] },
        y: { shape: [4], values: [900, -Infinity, -Infinity, NaN] },
      },
    },
  ],
  errors: [unfit],
};

/** From x to y by so much of the way as weight says, exact at both ends; the three broadcast. As PyTorch has it. */
export const lerp: Op<{ x: One; y: One; weight: One }, [x: T, y: T, weight: T], [], None, One> = {
  inputs: { x: 'one', y: 'one', weight: 'one' },
  spec: ({ x, y, weight }) => ({
    shape: broadcast('lerp', broadcast('lerp', x.shape, y.shape), weight.shape),
    dtype: floatOf('lerp', promote('lerp', promote('lerp', x.dtype, y.dtype), weight.dtype)),
  }),
  compose: ({ x, y, weight }) => {
    const way = y.sub(x);
    const early = x.add(way.mul(weight));
    const late = y.sub(way.mul(weight.neg().add(1)));
    return weight.less(0.5).where(early, late);
  },
  samples: [
    { in: { x: [2, 3], y: [3], weight: [] } },
    { in: { x: [3], y: [3], weight: { shape: [3], values: [0, 1, 0.25] } } },
  ],
  errors: [{ in: { x: [2], y: [3], weight: [] }, says: '[2] and [3] do not broadcast' }],
};

/** The sum of tensors of one shape. */
export const addN: Op<{ tensors: Many }, [tensors: readonly T[]], [], None, One> = {
  inputs: { tensors: 'many' },
  spec: ({ tensors }) => {
    const [first, ...rest] = tensors;
    if (first === undefined) throw new Error('addN: an empty list; there is nothing to add');
    const other = rest.find(({ shape }) => !sameShape(shape, first.shape));
    if (other !== undefined) {
      throw new Error(
        `addN: ${text(first.shape)} and ${text(other.shape)}; all must have one shape (add broadcasts)`,
      );
    }
    const dtype = rest.reduce((all, one) => promote('addN', all, one.dtype), first.dtype);
    return { shape: first.shape, dtype: numberOf('addN', dtype) };
  },
  compose: ({ tensors: [first, ...rest] }) =>
    rest.length === 0
      ? first!.cast(numberOf('addN', first!.dtype)).identity()
      : rest.reduce((sum, x) => sum.add(x), first!),
  samples: [
    {
      in: {
        tensors: [
          [2, 3],
          [2, 3],
          [2, 3],
        ],
      },
    },
    { in: { tensors: [[2]] } },
    {
      in: {
        tensors: [
          { shape: [2], dtype: 'i32' },
          { shape: [2], dtype: 'i64' },
        ],
      },
    },
  ],
  errors: [
    { in: { tensors: [] }, says: 'addN: an empty list' },
    { in: { tensors: [[2], [3]] }, says: 'addN: [2] and [3]; all must have one shape' },
  ],
};

/** How much of log(exp(x) + exp(y)) is x's: sigmoid(x - y), where equal infinities share. */
function share(x: Tensor, y: Tensor): Tensor {
  const even = x.equal(y).logicalAnd(x.isInf());
  return even.where(0, x.sub(y)).sigmoid();
}

/** The gradient of whichever of two was chosen. Chosen, not multiplied: nothing times infinity is not-a-number. */
function half(g: Tensor, other: Tensor, both: Tensor): Tensor {
  return other.where(0, both.where(g.mul(0.5), g));
}
