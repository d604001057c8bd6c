import { map, resultOf } from '../elementwise.ts';
import { maps } from '../formulas.ts';
import type { One, Op, T, Unary } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Functions of mathematical physics, as SciPy's special has them. Integers become f32.

/** The error function: `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. Integers become f32. */
export const erf: Unary = {
  ...map('erf'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => g.mul(bell(x, 2 / Math.sqrt(Math.PI))),
  },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [4], values: [-30, -2.5, 0.1, 30] } } }],
};

/** `1 - erf(x)`, exact where that is small. Integers become f32. */
export const erfc: Unary = {
  ...map('erfc'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => g.mul(bell(x, -2 / Math.sqrt(Math.PI))),
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [5], values: [-7, 0, 3, 9.9, Infinity] } } },
  ],
};

/** What has x as its error function; infinite at -1 and 1, not-a-number outside. Integers become f32. */
export const erfinv: Unary = {
  ...map('erfinv'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(out.square().exp()).mul(Math.sqrt(Math.PI) / 2) },
  samples: [
    { in: { x: { shape: [2, 3], range: [-0.9, 0.9] } } },
    { in: { x: { shape: [6], values: [-2, -1, -0, 0.9999, 1, NaN] } } },
  ],
};

/** The logarithm of the absolute value of the gamma function; infinite at 0 and below it at whole numbers. Integers become f32. */
export const lgamma: Unary = {
  ...map('lgamma'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(x.digamma()) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.2, 4] } } },
    { in: { x: { shape: [2, 3], range: [-0.8, -0.2] } } },
    { in: { x: { shape: [7], values: [-Infinity, -3, -2.5, 0, 1e-30, 170, Infinity] } } },
  ],
};

/** The derivative of lgamma. At 0 it is infinite, below it not-a-number at whole numbers, as in PyTorch. Integers become f32. */
export const digamma: Unary = {
  ...map('digamma'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(x.polygamma(1)) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.2, 4] } } },
    { in: { x: { shape: [2, 3], range: [-0.8, -0.2] } } },
    { in: { x: { shape: [7], values: [-3, -2.5, -0, 0, 1e-30, 170, Infinity] } } },
  ],
};

/**
 * The n-th derivative of digamma, for whole n from 0 on; 1 is the trigamma
 * function. At 0 and below it at whole numbers it is infinite. PyTorch and
 * SciPy take n first. Integers become f32.
 */
export const polygamma: Op<{ x: One }, [x: T], [n: number], { n: number }, One> = {
  inputs: { x: 'one' },
  attrs: (_, n) => {
    if (Number.isInteger(n) && n >= 0) return { n };
    throw new Error(`polygamma: a derivative of order ${n}; it must be a whole number from 0 on`);
  },
  spec: ({ x }) => ({ shape: x.shape, dtype: resultOf('polygamma', maps.polygamma, x.dtype) }),
  forward: (k, { x }, { n }, out) => k.map('polygamma', out, x, n),
  saves: ['x'],
  grad: { x: (g, { x }, { n }) => g.mul(x.polygamma(n + 1)) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.5, 4] } }, args: [1] },
    { in: { x: { shape: [3], range: [1, 4] } }, args: [0] },
    { in: { x: { shape: [3], range: [-0.7, -0.3] } }, args: [2] },
    { in: { x: { shape: [5], values: [-2, 0, 1, 30, Infinity] } }, args: [3] },
  ],
  errors: [{ in: { x: [2] }, args: [1.5], says: 'a derivative of order 1.5; it must be' }],
};

/** `height * exp(-x^2)`. */
function bell(x: Tensor, height: number): Tensor {
  return x.square().neg().exp().mul(height);
}
