import { isFloat } from '../dtype.ts';
import { map, resultOf, zip } from '../elementwise.ts';
import { maps } from '../formulas.ts';
import type { Binary, One, Op, Spec, T, Unary } from '../op.ts';
import { axisOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// What stands between the layers of a network.

/** `max(x, 0)`. Its derivative at 0 is 0. */
export const relu: Unary = {
  ...map('relu'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.reluGrad(out) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [3], values: [-1, 0, 2] } } }],
};

/** The gradient of `relu`: x where y, its input or result, is above 0, else 0, also where x is infinite. */
export const reluGrad: Binary = {
  ...zip('reluGrad'),
  saves: ['y'],
  grad: { x: (g, { x, y }) => g.reluGrad(y).sumTo(x.shape), y: null },
  samples: [
    { in: { x: [2, 3], y: [3] } },
    { in: { x: { shape: [3], dtype: 'i32' }, y: { shape: [], dtype: 'i64' } } },
  ],
};

/** `1 / (1 + exp(-x))`, computed without overflow. Integers become f32. */
export const sigmoid: Unary = {
  ...map('sigmoid'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(out.sub(out.square())) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [2], values: [-90, 90] } } }],
};

/** `x * sigmoid(x)`, also called swish (Elfwing, Uchibe, Doya, 2017). Integers become f32. */
export const silu: Unary = {
  ...map('silu'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => {
      const s = x.sigmoid();
      return g.mul(s).mul(s.neg().add(1).mul(x).add(1));
    },
  },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [3], values: [-90, 0, 90] } } }],
};

/**
 * x times the share of the normal distribution below it: `x / 2 * (1 + erf(x /
 * sqrt(2)))` (Hendrycks, Gimpel: Gaussian Error Linear Units, 2016). With
 * `approximate` by `tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))` in place of erf,
 * as GPT-2 has it. Integers become f32.
 */
export const gelu: Op<{ x: One }, [x: T], [approximate?: boolean], { approximate: boolean }, One> =
  {
    inputs: { x: 'one' },
    attrs: (_, approximate = false) => ({ approximate }),
    spec: ({ x }) => ({ shape: x.shape, dtype: resultOf('gelu', maps.gelu, x.dtype) }),
    forward: (k, { x }, { approximate }, out) => k.map(approximate ? 'geluTanh' : 'gelu', out, x),
    saves: ['x'],
    grad: {
      x: (g, { x }, { approximate }) => {
        if (!approximate) {
          const below = x.mul(Math.SQRT1_2).erf().mul(0.5).add(0.5);
          const density = x
            .square()
            .mul(-0.5)
            .exp()
            .mul(1 / Math.sqrt(2 * Math.PI));
          return g.mul(below.add(x.mul(density)));
        }
        // x sigmoid(u), u = a (x + b x^3): sigmoid(u) (1 + x u' (1 - sigmoid(u))).
        const a = 2 * Math.sqrt(2 / Math.PI);
        const square = x.square();
        const s = square.mul(0.044715).add(1).mul(x).mul(a).sigmoid();
        const slope = square
          .mul(3 * 0.044715)
          .add(1)
          .mul(a);
        return g.mul(s).mul(s.neg().add(1).mul(x).mul(slope).add(1));
      },
    },
    samples: [
      { in: { x: [2, 3] } },
      { in: { x: [2, 3] }, args: [true] },
      { in: { x: { shape: [4], values: [-90, -6, 0, 90] } } },
      { in: { x: { shape: [4], values: [-90, -6, 0, 90] } }, args: [true] },
      { in: { x: { shape: [3], dtype: 'i32' } } },
    ],
  };

/** `log(1 + exp(x))`, computed without overflow. Integers become f32. */
export const softplus: Unary = {
  ...map('softplus'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(x.sigmoid()) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [2], values: [-90, 90] } } }],
};

/** `log(sigmoid(x))`, which is `-softplus(-x)`, computed without overflow. Integers become f32. */
export const logSigmoid: Unary = {
  ...map('logSigmoid'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(x.neg().sigmoid()) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [2], values: [-90, 90] } } }],
};

/** 1 where `x > 0`, `alpha` where it is not; not-a-number stays. No gradient: it is flat on both sides of its step. */
export const step: Op<{ x: One }, [x: T], [alpha?: number], { alpha: number }, One> = {
  inputs: { x: 'one' },
  attrs: (_, alpha = 0) => ({ alpha }),
  spec: ({ x }) => ({ shape: x.shape, dtype: resultOf('step', maps.step, x.dtype) }),
  forward: (k, { x }, { alpha }, out) => k.map('step', out, x, alpha),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: [2, 3] } }, { in: { x: [3] }, args: [0.5] }],
};

/**
 * `exp(x) / sum(exp(x))` along one axis, by default the last. The greatest
 * element is taken away first, so that nothing overflows.
 */
export const softmax: Op<{ x: One }, [x: T], [dim?: number], { axis: number }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, dim = -1) => ({ axis: axisOf('softmax', dim, x.shape.length) }),
  spec: ({ x }) => ofFloats('softmax', x),
  compose: ({ x }, { axis }) => {
    const e = below(x, axis).exp();
    return e.div(e.sum(axis, true));
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3, 2] }, args: [1] },
    { in: { x: [0, 2] }, args: [0] },
  ],
  errors: [
    { in: { x: { shape: [2], dtype: 'i32' } }, says: 'softmax: x is i32; it must be a float' },
  ],
};

/** The logarithm of `softmax`, computed without taking it: `x - log(sum(exp(x)))` along one axis, by default the last. */
export const logSoftmax: Op<{ x: One }, [x: T], [axis?: number], { axis: number }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, axis = -1) => ({ axis: axisOf('logSoftmax', axis, x.shape.length) }),
  spec: ({ x }) => ofFloats('logSoftmax', x),
  compose: ({ x }, { axis }) => {
    const shifted = below(x, axis);
    return shifted.sub(shifted.exp().sum(axis, true).log());
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3, 2] }, args: [1] },
    { in: { x: [0, 2] }, args: [0] },
  ],
  errors: [{ in: { x: [] }, says: 'no axis -1 in a tensor of rank 0' }],
};

/** What is left of x without its greatest along an axis; of nothing there is none to take away. */
function below(x: Tensor, axis: number): Tensor {
  return x.size === 0 ? x : x.sub(x.max(axis, true).stopGradient());
}

function ofFloats(op: string, x: Spec): Spec {
  if (isFloat(x.dtype)) return x;
  throw new Error(`${op}: x is ${x.dtype}; it must be a float (cast it to f32)`);
}
