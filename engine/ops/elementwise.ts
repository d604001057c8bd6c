import { conjugate } from '../complex.ts';
import { dtypeOf, dtypes, isComplex, numeric, type DType, type DTypeLike } from '../dtype.ts';
import { map, resultOf } from '../elementwise.ts';
import { maps } from '../formulas.ts';
import type { One, Op, T, Unary } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Functions of one tensor, element by element. Names follow TensorFlow.js; derivatives at kinks follow PyTorch.

/** `-x`. */
export const neg: Unary = {
  ...map('neg'),
  saves: [],
  grad: { x: (g) => g.neg() },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [4], dtype: 'i32' } } }],
};

/** The absolute value; of a complex number its distance from 0, which is real. Its derivative at 0 is 0. */
export const abs: Unary = {
  ...map('abs'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(isComplex(x.dtype) ? direction(x) : x.sign()) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [4], dtype: 'i64' } } }],
};

/** -1, 0 or 1 after the sign of x; not-a-number stays. No gradient: it is flat wherever it has a derivative. */
export const sign: Unary = {
  ...map('sign'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [3], values: [-2, 0, 5] } } }],
};

/** `x * x`. */
export const square: Unary = {
  ...map('square'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.mul(conjugate(x)).mul(2) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [4], dtype: 'i32' } } }],
};

/** The square root; not-a-number below 0. Integers become f32. */
export const sqrt: Unary = {
  ...map('sqrt'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.div(conjugate(out).mul(2)) },
  samples: [{ in: { x: { shape: [2, 3], range: [0.1, 4] } } }],
};

/** The cube root, which has the sign of x. Integers become f32. */
export const cbrt: Unary = {
  ...map('cbrt'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.div(out.square().mul(3)) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.3, 4] } } },
    { in: { x: { shape: [4], values: [-8, -0, 1e-42, 1e38] } } },
  ],
};

/** `1 / sqrt(x)`. Integers become f32. */
export const rsqrt: Unary = {
  ...map('rsqrt'),
  saves: ['out'],
  // From g on: the cube alone overflows f16 at 40, as in layerNorm of what is constant.
  grad: {
    x: (g, { out }) => {
      const conj = conjugate(out);
      return g.mul(conj).mul(conj).mul(conj).mul(-0.5);
    },
  },
  samples: [{ in: { x: { shape: [2, 3], range: [0.3, 4] } } }],
};

/** `1 / x`. Integers become f32. */
export const reciprocal: Unary = {
  ...map('reciprocal'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(conjugate(out).square()).neg() },
  samples: [{ in: { x: { shape: [2, 3], range: [0.3, 4] } } }],
};

/** `e` to the power of x. Integers become f32. */
export const exp: Unary = {
  ...map('exp'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(conjugate(out)) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [3], dtype: 'i32' } } }],
};

/** 2 to the power of x. Integers become f32. */
export const exp2: Unary = {
  ...map('exp2'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(out).mul(Math.LN2) },
  samples: [{ in: { x: [2, 3] } }, { in: { x: { shape: [5], values: [-149, -1, 0, 10, 128] } } }],
};

/** `exp(x) - 1`, exact near 0. Integers become f32. */
export const expm1: Unary = {
  ...map('expm1'),
  saves: ['out'],
  grad: { x: (g, { out }) => g.mul(conjugate(out).add(1)) },
  samples: [{ in: { x: [2, 3] } }],
};

/** The natural logarithm; not-a-number below 0. Integers become f32. */
export const log: Unary = {
  ...map('log'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(conjugate(x)) },
  samples: [{ in: { x: { shape: [2, 3], range: [0.2, 4] } } }],
};

/** The logarithm to base 2; not-a-number below 0. Integers become f32. */
export const log2: Unary = {
  ...map('log2'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(conjugate(x)).mul(Math.LOG2E) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.2, 4] } } },
    { in: { x: { shape: [5], values: [-1, 0, 8, 1e-40, Infinity] } } },
  ],
};

/** The logarithm to base 10; not-a-number below 0. Integers become f32. */
export const log10: Unary = {
  ...map('log10'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(conjugate(x)).mul(Math.LOG10E) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.2, 4] } } },
    { in: { x: { shape: [5], values: [-1, 0, 1000, 1e-40, Infinity] } } },
  ],
};

/** `log(1 + x)`, exact near 0. Integers become f32. */
export const log1p: Unary = {
  ...map('log1p'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(conjugate(x).add(1)) },
  samples: [{ in: { x: { shape: [2, 3], range: [-0.5, 3] } } }],
};

/** To the next whole number below. No gradient: it is flat between its steps. */
export const floor: Unary = {
  ...map('floor'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: [2, 3] } }],
};

/** To the next whole number above. No gradient: it is flat between its steps. */
export const ceil: Unary = {
  ...map('ceil'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: [2, 3] } }],
};

/** To the next whole number toward 0. No gradient: it is flat between its steps. */
export const trunc: Unary = {
  ...map('trunc'),
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: { shape: [5], values: [-1.5, -0.5, 0.5, 1.5, 2.6] } } },
    { in: { x: { shape: [3], dtype: 'i64' } } },
  ],
};

/** To the nearest whole number, halves to the even one. No gradient: it is flat between its steps. */
export const round: Unary = {
  ...map('round'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: { shape: [6], values: [-1.5, -0.5, 0.5, 1.5, 2.4, 2.6] } } }],
};

/** Whether an element is not-a-number. */
export const isNaN: Unary = {
  ...map('isNaN'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: { shape: [4], values: [0, NaN, Infinity, 1] } } }],
};

/** Whether an element is neither infinite nor not-a-number. */
export const isFinite: Unary = {
  ...map('isFinite'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: { shape: [4], values: [0, NaN, -Infinity, 1] } } }],
};

/** Whether an element is infinite. */
export const isInf: Unary = {
  ...map('isInf'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: { shape: [4], values: [0, NaN, -Infinity, 1] } } }],
};

/** Keeps every element between `clipValueMin` and `clipValueMax`; not-a-number stays. The gradient passes between the two, ends included. */
export const clipByValue: Op<
  { x: One },
  [x: T],
  [clipValueMin: number, clipValueMax: number],
  { min: number; max: number },
  One
> = {
  inputs: { x: 'one' },
  attrs: (_, min, max) => {
    if (min <= max) return { min, max };
    if (typeof min !== 'number' || typeof max !== 'number') {
      throw new Error(`clipByValue: the ends are ${min} and ${max}; both must be numbers`);
    }
    throw new Error(`clipByValue: the lower end ${min} lies above the upper end ${max}`);
  },
  spec: ({ x }) => ({ shape: x.shape, dtype: resultOf('clipByValue', maps.clip, x.dtype) }),
  forward: (k, { x }, { min, max }, out) => k.map('clip', out, x, min, max),
  saves: ['x'],
  grad: {
    x: (g, { x }, { min, max }) => x.greaterEqual(min).logicalAnd(x.lessEqual(max)).where(g, 0),
  },
  samples: [
    { in: { x: [2, 3] }, args: [-0.5, 1] },
    { in: { x: { shape: [3], values: [-1, 0, 1] } }, args: [-1, 0.5] },
  ],
  errors: [{ in: { x: [2] }, args: [1, -1], says: 'the lower end 1 lies above the upper end -1' }],
};

/**
 * The same values in another dtype. Floats are cut toward zero on the way to
 * integers and kept in their range; not-a-number becomes 0. Anything but zero
 * is true. Of a complex number the real part is left. Of a tensor that has the dtype nothing is copied: the result is
 * another handle on the same values.
 */
export const cast: Op<{ x: One }, [x: T], [dtype: DTypeLike], { dtype: DType }, One> = {
  inputs: { x: 'one' },
  attrs: (_, name) => {
    const dtype = dtypeOf('cast', name);
    if (dtype === 'string') numeric('cast', dtype);
    return { dtype };
  },
  idle: (x, dtype) => x.dtype === dtype || dtypes[x.dtype].long === dtype,
  spec: ({ x }, { dtype }) => ({ shape: x.shape, dtype }),
  forward: (k, { x }, _, out) => k.map('identity', out, x),
  saves: [],
  grad: { x: (g, { x }) => g.cast(x.dtype) },
  samples: [
    { in: { x: [2, 3] }, args: ['f64'] },
    { in: { x: [2, 3] }, args: ['int32'] },
    { in: { x: { shape: [3], dtype: 'bool' } }, args: ['f32'] },
    { in: { x: { shape: [3], dtype: 'c64' } }, args: ['f64'] },
    { in: { x: [2, 2] }, args: ['complex128'] },
  ],
  errors: [{ in: { x: [2] }, args: ['string'], says: 'cast: no arithmetic on string' }],
};

/** Complex numbers at a distance of 1 from 0, in the same direction; 0 stays 0. */
function direction(x: Tensor): Tensor {
  const zero = x.equal(0);
  return zero.where(0, x.div(zero.where(1, x).abs()));
}
