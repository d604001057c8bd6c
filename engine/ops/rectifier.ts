import { map, resultOf, zip } from '../elementwise.ts';
import { maps, SELU_ALPHA, SELU_SCALE, type MapFormula } from '../formulas.ts';
import type { Computed, None, One, Op, Spec, T, Unary } from '../op.ts';
import { axisOf, text } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Further activations: what is bent, cut off or gated. At their kinks gradients are PyTorch's: nothing flows at
// either end of relu6, hardTanh and hardSigmoid, and what holds below 0 holds at 0.

type Slope = Computed<{ x: One }, [x: T], [alpha?: number], { alpha: number }>;
const edges = { in: { x: { shape: [7], values: [-90, -3, -1, 0, 1, 3, 90] } } } as const;
const usual = [{ in: { x: [2, 3] } }, edges] as const;

/** `min(max(x, 0), 6)` (Howard and others: MobileNets, 2017). */
export const relu6: Op<{ x: One }, [x: T], [], None, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => ofSame('relu6', 'clip', x),
  forward: (k, { x }, _, out) => k.map('clip', out, x, 0, 6),
  saves: ['x'],
  grad: { x: (g, { x }) => between(g, x, 0, 6) },
  samples: [{ in: { x: { shape: [2, 3], range: [-4, 9] } } }, edges],
};

/** `min(max(x, minVal), maxVal)`. */
export const hardTanh: Op<
  { x: One },
  [x: T],
  [minVal?: number, maxVal?: number],
  { minVal: number; maxVal: number },
  One
> = {
  inputs: { x: 'one' },
  attrs: (_, minVal = -1, maxVal = 1) => {
    if (minVal <= maxVal) return { minVal, maxVal };
    throw new Error(`hardTanh: the lower end ${minVal} lies above the upper end ${maxVal}`);
  },
  spec: ({ x }) => ofSame('hardTanh', 'clip', x),
  forward: (k, { x }, { minVal, maxVal }, out) => k.map('clip', out, x, minVal, maxVal),
  saves: ['x'],
  grad: { x: (g, { x }, { minVal, maxVal }) => between(g, x, minVal, maxVal) },
  samples: [...usual, { in: { x: [4] }, args: [-0.5, 0.7] }],
  errors: [{ in: { x: [2] }, args: [1, -1], says: 'the lower end 1 lies above the upper end -1' }],
};

/** x above 0, `alpha * x` up to there. Integers become f32. */
export const leakyRelu: Slope = {
  ...sloped('leakyRelu', 0.2),
  forward: (k, { x }, { alpha }, out) => k.map('leakyRelu', out, x, alpha),
  saves: ['x'],
  grad: { x: (g, { x }, { alpha }) => x.greater(0).where(g, g.mul(alpha)) },
  samples: [...usual, { in: { x: [4] }, args: [-1.5] }],
};

/** x above 0, `alpha * x` up to there, where alpha is a tensor that broadcasts and may be trained (He and others, 2015). Integers become f32. */
export const prelu: Op<{ x: One; alpha: One }, [x: T, alpha: T], [], None, One> = {
  inputs: { x: 'one', alpha: 'one' },
  spec: ({ x, alpha }) => parametric.spec({ x, y: alpha }),
  forward: (k, { x, alpha }, _, out) => k.zip('prelu', out, x, alpha),
  saves: ['x', 'alpha'],
  grad: {
    x: (g, { x, alpha }) => x.greater(0).where(g, g.mul(alpha)).sumTo(x.shape),
    alpha: (g, { x, alpha }) => x.greater(0).where(0, g.mul(x)).sumTo(alpha.shape),
  },
  samples: [
    { in: { x: [2, 3], alpha: [3] } },
    { in: { x: [2, 3], alpha: [] } },
    { in: { x: { shape: [3], values: [-1, 0, 1] }, alpha: [3] } },
  ],
  errors: [{ in: { x: [2, 3], alpha: [4] }, says: '[2,3] and [4] do not broadcast' }],
};
const parametric = zip('prelu');

/** x above 0, `alpha * (exp(x) - 1)` up to there (Clevert, Unterthiner, Hochreiter, 2015). Integers become f32. */
export const elu: Slope = {
  ...sloped('elu', 1),
  forward: (k, { x }, { alpha }, out) => k.map('elu', out, x, alpha, 1),
  saves: ['x'],
  grad: { x: (g, { x }, { alpha }) => bent(g, x, (low) => low.exp().mul(alpha)) },
  samples: [...usual, { in: { x: [4] }, args: [0.5] }],
};

/** elu whose slope has no step at 0: x above it, `alpha * (exp(x / alpha) - 1)` up to there (Barron, 2017). Integers become f32. */
export const celu: Slope = {
  ...sloped('celu', 1, 'elu'),
  forward: (k, { x }, { alpha }, out) => k.map('elu', out, x, alpha, 1 / alpha),
  saves: ['x'],
  grad: { x: (g, { x }, { alpha }) => bent(g, x, (low) => low.div(alpha).exp()) },
  samples: [...usual, { in: { x: [4] }, args: [0.5] }],
  errors: [{ in: { x: [2] }, args: [0], says: 'celu: an alpha of 0; it divides' }],
};

/** elu with the scale and alpha that keep mean and variance from layer to layer (Klambauer and others, 2017). Integers become f32. */
export const selu: Unary = {
  ...map('selu'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => bent(g.mul(SELU_SCALE), x, (low) => low.exp().mul(SELU_ALPHA)),
  },
  samples: usual,
};

/** `silu` by its other name: `x * sigmoid(x)` (Ramachandran, Zoph, Le, 2017). */
export const swish: Op<{ x: One }, [x: T], [], None, One> = {
  inputs: { x: 'one' },
  spec: map('silu', 'swish').spec,
  compose: ({ x }) => x.silu(),
  samples: usual,
};

/** `x * tanh(softplus(x))` (Misra, 2019). Integers become f32. */
export const mish: Unary = {
  ...map('mish'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => {
      const t = x.softplus().tanh();
      return g.mul(t.add(x.mul(x.sigmoid()).mul(t.square().neg().add(1))));
    },
  },
  samples: usual,
};

/** `min(max(x + 3, 0), 6) / 6`, as in PyTorch and Keras 3. Integers become f32. */
export const hardSigmoid: Unary = {
  ...map('hardSigmoid'),
  saves: ['x'],
  grad: { x: (g, { x }) => between(g.div(6), x, -3, 3) },
  samples: [{ in: { x: { shape: [2, 3], range: [-5, 5] } } }, edges],
};

/** `x * hardSigmoid(x)` (Howard and others: Searching for MobileNetV3, 2019). Integers become f32. */
export const hardSwish: Unary = {
  ...map('hardSwish'),
  saves: ['x'],
  grad: {
    x: (g, { x }) => {
      const slope = x.greaterEqual(3).where(1, x.div(3).add(0.5));
      return x.less(-3).where(0, g.mul(slope));
    },
  },
  samples: [{ in: { x: { shape: [2, 3], range: [-5, 5] } } }, edges],
};

/** `x / (1 + abs(x))`; -1 and 1 at the infinities. Integers become f32. */
export const softsign: Unary = {
  ...map('softsign'),
  saves: ['x'],
  grad: { x: (g, { x }) => g.div(x.abs().add(1).square()) },
  samples: [
    { in: { x: { shape: [2, 3], range: [0.2, 3] } } },
    { in: { x: { shape: [2, 3], range: [-3, -0.2] } } },
    { in: { x: { shape: [4], values: [-Infinity, NaN, -0, Infinity] } } },
  ],
};

/** The first half of x along an axis, by default the last, times the sigmoid of the other half (Dauphin and others, 2016). */
export const glu: Op<{ x: One }, [x: T], [axis?: number], { axis: number }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, axis = -1) => {
    const found = axisOf('glu', axis, x.shape.length);
    if (x.shape[found]! % 2 === 0) return { axis: found };
    throw new Error(
      `glu: axis ${found} of ${text(x.shape)} has ${x.shape[found]} elements; it is cut in two, so their number must be even`,
    );
  },
  spec: ({ x }, { axis }) => ({
    shape: x.shape.with(axis, x.shape[axis]! / 2),
    dtype: resultOf('glu', maps.sigmoid, x.dtype),
  }),
  compose: ({ x }, { axis }) => {
    const [a, b] = x.split(2, axis);
    return a!.mul(b!.sigmoid());
  },
  samples: [{ in: { x: [2, 4] } }, { in: { x: [4, 3] }, args: [0] }],
  errors: [{ in: { x: [2, 3] }, says: 'axis 1 of [2,3] has 3 elements; it is cut in two' }],
};

/** What the rows with a slope that the caller chooses have in common. */
function sloped(op: string, usual: number, formula: MapFormula = op as MapFormula) {
  return {
    inputs: { x: 'one' } as const,
    attrs: (_: unknown, alpha = usual) => {
      if (op === 'celu' && alpha === 0) throw new Error('celu: an alpha of 0; it divides x');
      return { alpha };
    },
    spec: ({ x }: { x: Spec }): Spec => ofSame(op, formula, x),
  };
}

function ofSame(op: string, formula: MapFormula, x: Spec): Spec {
  return { shape: x.shape, dtype: resultOf(op, maps[formula], x.dtype) };
}

/** The gradient where x lies between two ends, without them. */
function between(g: Tensor, x: Tensor, low: number, high: number): Tensor {
  return x.greater(low).logicalAnd(x.less(high)).where(g, 0);
}

/** The gradient of what is straight above 0 and bent up to there: the slope is asked of no number whose power would overflow. */
function bent(g: Tensor, x: Tensor, slope: (low: Tensor) => Tensor): Tensor {
  return x.greater(0).where(g, g.mul(slope(x.minimum(0))));
}
