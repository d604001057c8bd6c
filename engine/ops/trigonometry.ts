import { conjugate } from '../complex.ts';
import { isComplex } from '../dtype.ts';
import { map, zip } from '../elementwise.ts';
import type { Binary, Sample, Unary } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Angles are radians. Integers become f32.

/** The sine of x radians. Integers become f32. */
export const sin: Unary = {
  ...map('sin'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(conjugate(x).cos()) },
  samples: [{ in: { x: [2, 3] } }],
};

/** The cosine of x radians. Integers become f32. */
export const cos: Unary = {
  ...map('cos'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(conjugate(x).sin()).neg() },
  samples: [{ in: { x: [2, 3] } }],
};

/** The tangent of x radians. Integers become f32. */
export const tan: Unary = {
  ...map('tan'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(conjugate(out).square().add(1)) },
  samples: [{ in: { x: { shape: [2, 3], range: [-1, 1] } } }],
};

/** The hyperbolic tangent. Integers become f32. */
export const tanh: Unary = {
  ...map('tanh'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(conjugate(out).square().neg().add(1)) },
  samples: [{ in: { x: [2, 3] } }],
};

/** The angle from -pi/2 to pi/2 whose sine is x; not-a-number outside -1 to 1. Integers become f32. */
export const asin: Unary = {
  ...map('asin'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(withinOne(conjugate(x)).rsqrt()) },
  samples: [
    { in: { x: { shape: [2, 3], range: [-0.9, 0.9] } } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** The angle from 0 to pi whose cosine is x; not-a-number outside -1 to 1. Integers become f32. */
export const acos: Unary = {
  ...map('acos'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(withinOne(conjugate(x)).rsqrt()).neg() },
  samples: [
    { in: { x: { shape: [2, 3], range: [-0.9, 0.9] } } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** The angle from -pi/2 to pi/2 whose tangent is x. Integers become f32. */
export const atan: Unary = {
  ...map('atan'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(conjugate(x).square().add(1)) },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** The hyperbolic sine. Integers become f32. */
export const sinh: Unary = {
  ...map('sinh'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(conjugate(x).cosh()) },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** The hyperbolic cosine. Integers become f32. */
export const cosh: Unary = {
  ...map('cosh'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(conjugate(x).sinh()) },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** What has x as its hyperbolic sine. Integers become f32. */
export const asinh: Unary = {
  ...map('asinh'),
  saves: ['x'],
  grad: {
    // The hypotenuse of real numbers does not overflow.
    x: (g, { x }) => g.div(isComplex(x.dtype) ? x.conj().square().add(1).sqrt() : x.hypot(1)),
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** What from 0 on has x as its hyperbolic cosine; not-a-number below 1. Integers become f32. */
export const acosh: Unary = {
  ...map('acosh'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => {
      const conj = conjugate(x);
      return g.mul(conj.sub(1).rsqrt()).mul(conj.add(1).rsqrt());
    },
  },
  samples: [
    { in: { x: { shape: [2, 3], range: [1.2, 4] } } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

/** What has x as its hyperbolic tangent; infinite at -1 and 1, not-a-number outside. Integers become f32. */
export const atanh: Unary = {
  ...map('atanh'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(withinOne(conjugate(x))) },
  samples: [
    { in: { x: { shape: [2, 3], range: [-0.9, 0.9] } } },
    { in: { x: { shape: [7], values: [-Infinity, -2, -1, -0, 1, 2, Infinity] } } },
  ],
};

const plane: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  { in: { x: [2, 3], y: { shape: [3], range: [0.3, 2] } } },
  { in: { x: [2, 1], y: { shape: [3], range: [-2, -0.3] } } },
  {
    in: {
      x: { shape: [6], values: [0, -0, 0, 1, Infinity, 3] },
      y: { shape: [6], values: [-1, -1, 0, 0, Infinity, 4] },
    },
  },
];
const unfit = { in: { x: [2, 3], y: [4] }, says: '[2,3] and [4] do not broadcast' } as const;

/**
 * The angle from -pi to pi of the point whose ordinate is x and abscissa y,
 * with broadcasting: the ordinate comes first, as everywhere. Where both are 0
 * nothing flows back. Integers become f32.
 */
export const atan2: Binary = {
  ...zip('atan2'),
  saves: ['x', 'y'],
  grad: {
    x: (g, { x, y }) => g.mul(y.divNoNan(x.square().add(y.square()))).sumTo(x.shape),
    y: (g, { x, y }) =>
      g
        .mul(x.divNoNan(x.square().add(y.square())))
        .neg()
        .sumTo(y.shape),
  },
  samples: plane,
  errors: [unfit],
};

/** `sqrt(x * x + y * y)` without overflow, with broadcasting. Where both are 0 nothing flows back. Integers become f32. */
export const hypot: Binary = {
  ...zip('hypot'),
  saves: ['x', 'y', 'out'],
  readBy: { x: 'x', y: 'y' },
  grad: {
    x: (g, { x, out }) => g.mul(x.divNoNan(out)).sumTo(x.shape),
    y: (g, { y, out }) => g.mul(y.divNoNan(out)).sumTo(y.shape),
  },
  samples: plane,
  errors: [unfit],
};

/** 1 - x^2, exact near 1. */
function withinOne(x: Tensor): Tensor {
  return x.neg().add(1).mul(x.add(1));
}
