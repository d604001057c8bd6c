import { endingWith, startingAt } from '../axes.ts';
import type { Calculation } from '../device.ts';
import { floatOf, numeric, promote } from '../dtype.ts';
import { reducedOf } from '../elementwise.ts';
import type { Computed, One, Op, Sample, Spec, T } from '../op.ts';
import { axisOf, sameShape, sizeOf, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// What sums, products and extremes come to on the way along one axis, by default the first, as in TensorFlow.js.
// `exclusive` leaves each element itself out; `reverse` begins at the end.

export interface Scanned {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}
type Fold = Computed<
  { x: One },
  [x: T],
  [axis?: number, exclusive?: boolean, reverse?: boolean],
  Scanned
>;
type Extreme = Op<
  { x: One },
  [x: T],
  [axis?: number, reverse?: boolean],
  { axis: number; reverse: boolean },
  { values: One; indices: One }
>;

/** The sums of the elements along an axis up to each. Floats are added in f64, integers as by `sum`. */
export const cumsum: Fold = {
  ...fold('cumsum', 'sum'),
  saves: [],
  grad: {
    x: (g, { x }, { axis, exclusive, reverse }) =>
      g.cumsum(axis, exclusive, !reverse).cast(x.dtype),
  },
  samples: samples(),
  errors: unfit('cumsum'),
};

/** The products of the elements along an axis up to each. Zeros among them leave gradients right, of any order. */
export const cumprod: Fold = {
  ...fold('cumprod', 'prod'),
  saves: ['x'],
  grad: {
    // What comes before an element, times what it is multiplied with on the way to every later result.
    x: (g, { x }, { axis, exclusive, reverse }) => {
      const before = x.cumprod(axis, true, reverse);
      const [next, arrived] = [
        shifted(x, axis, reverse),
        exclusive ? shifted(g, axis, reverse) : g,
      ];
      return before.mul(next.linearScan(arrived, axis, !reverse));
    },
  },
  samples: [
    ...samples(),
    { in: { x: { shape: [3, 3], values: [1, 2, 3, 0, 2, 3, 0, 0, 3] } }, args: [1] },
  ],
  errors: unfit('cumprod'),
};

/** The greatest of the elements along an axis up to each, and where it lies, as i32: the last of several. Not-a-number wins. As in PyTorch; `reverse` as elsewhere here. */
export const cummax: Extreme = extreme('cummax', 'max');

/** The least of the elements along an axis up to each, and where it lies, as i32: the last of several. Not-a-number wins. As in PyTorch; `reverse` as elsewhere here. */
export const cummin: Extreme = extreme('cummin', 'min');

/**
 * `out[i] = a[i] * out[i - 1] + b[i]` along an axis, from `out[0] = b[0]` on: a
 * linear recurrence, of which cumsum (a = 1) and running means are cases. a and
 * b have one shape. Its gradient is one, too.
 */
export const linearScan: Op<
  { a: One; b: One },
  [a: T, b: T],
  [axis?: number, reverse?: boolean],
  { axis: number; reverse: boolean },
  One
> = {
  inputs: { a: 'one', b: 'one' },
  attrs: ({ b }, axis = 0, reverse = false) => ({
    axis: axisOf('linearScan', axis, b.shape.length),
    reverse,
  }),
  spec: ({ a, b }) => {
    if (sameShape(a.shape, b.shape)) {
      return {
        shape: a.shape,
        dtype: floatOf('linearScan', promote('linearScan', a.dtype, b.dtype)),
      };
    }
    throw new Error(
      `linearScan: a ${text(a.shape)} against b ${text(b.shape)}; their shapes must be equal`,
    );
  },
  forward: (k, { a, b }, { axis, reverse }, out) =>
    k.calculate([out], [a, b], ([z], [x, y]) => {
      along(out.shape, axis, reverse, (at, before) => {
        z![at] = Number(x![at]) * (before < 0 ? 0 : Number(z![before])) + Number(y![at]);
        if (before < 0) z![at] = Number(y![at]);
      });
    }),
  saves: ['a', 'out'],
  readBy: { out: 'a' },
  grad: {
    a: (g, { a, out }, { axis, reverse }) =>
      shifted(a, axis, reverse)
        .linearScan(g, axis, !reverse)
        .mul(shifted(out, axis, !reverse)),
    b: (g, { a }, { axis, reverse }) => shifted(a, axis, reverse).linearScan(g, axis, !reverse),
  },
  samples: [
    { in: { a: [4, 2], b: [4, 2] } },
    { in: { a: [2, 5], b: [2, 5] }, args: [1, true] },
    { in: { a: [0, 2], b: [0, 2] } },
  ],
  errors: [
    { in: { a: [2], b: [3] }, says: 'linearScan: a [2] against b [3]' },
    { in: { a: [], b: [] }, says: 'linearScan: no axis 0 in a tensor of rank 0' },
  ],
};

/** `log(cumsum(exp(x)))` along an axis, computed without overflow. Integers become f32. */
export const cumLogSumExp: Fold = {
  inputs: { x: 'one' },
  attrs: attrsOf('cumLogSumExp'),
  spec: ({ x }) => ({ shape: x.shape, dtype: floatOf('cumLogSumExp', x.dtype) }),
  forward: (k, { x }, { axis, exclusive, reverse }, out) =>
    k.calculate([out], [x], logSums(out.shape, axis, exclusive, reverse)),
  saves: ['x', 'out'],
  grad: {
    // exp(x[k]) times the sum of g[i] exp(-out[i]) over all results behind: by logarithms, those of its positive and
    // of its negative terms.
    x: (g, { x, out }, { axis, exclusive, reverse }) => {
      const behind = (part: Tensor) =>
        part
          .equal(0)
          .where(-Infinity, part.equal(0).where(1, part).log().sub(out))
          .cumLogSumExp(axis, exclusive, !reverse)
          .add(x)
          .exp();
      return behind(g.relu()).sub(behind(g.neg().relu()));
    },
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3] }, args: [1, false, true] },
    { in: { x: { shape: [4], values: [-1000, 0, 1000, -Infinity] } } },
  ],
  errors: unfit('cumLogSumExp'),
};

function fold(op: 'cumsum' | 'cumprod', f: 'sum' | 'prod') {
  return {
    inputs: { x: 'one' } as const,
    attrs: attrsOf(op),
    spec: ({ x }: { x: Spec }): Spec => {
      numeric(op, x.dtype);
      return { shape: x.shape, dtype: reducedOf(op, f, x.dtype) };
    },
    forward: ((k, { x }, { axis, exclusive, reverse }, out) =>
      k.scan(f, out, null, x, axis, exclusive, reverse)) as Fold['forward'],
  };
}

function attrsOf(op: string) {
  return ({ x }: { x: Spec }, axis = 0, exclusive = false, reverse = false): Scanned => ({
    axis: axisOf(op, axis, x.shape.length),
    exclusive,
    reverse,
  });
}

function extreme(op: 'cummax' | 'cummin', f: 'max' | 'min'): Extreme {
  return {
    inputs: { x: 'one' },
    outputs: { values: 'one', indices: 'one' },
    attrs: ({ x }, axis = 0, reverse = false) => ({
      axis: axisOf(op, axis, x.shape.length),
      reverse,
    }),
    spec: ({ x }) => {
      reducedOf(op, f, x.dtype);
      return { values: x, indices: { shape: x.shape, dtype: 'i32' } };
    },
    forward: (k, { x }, { axis, reverse }, { values, indices }) =>
      k.scan(f, values, indices, x, axis, false, reverse),
    saves: ['indices'],
    backward: ({ values: g }, { x, indices }, { axis }) => {
      if (g === undefined) return { x: null };
      const last = x.shape.length - 1;
      const shape = [...x.shape.toSpliced(axis, 1), x.shape[axis]!];
      const sums = endingWith(g, axis).scatterAdd(endingWith(indices, axis), shape, last, last);
      return { x: startingAt(sums, axis) };
    },
    samples: [
      { in: { x: { shape: [5, 2], apart: 0.1 } } },
      { in: { x: { shape: [2, 5, 2], apart: 0.1 } }, args: [1, true] },
      { in: { x: { shape: [3, 9], dtype: 'i64', range: [-3, 3] } }, args: [1] },
      { in: { x: { shape: [6], values: [1, 3, 3, NaN, 5, 0] } } },
      { in: { x: [0, 2] } },
    ],
    errors: [{ in: { x: [] }, says: `${op}: no axis 0 in a tensor of rank 0` }],
  };
}

/** Every element one step nearer to where the scan began: `t[i + 1]` in place of `t[i]`, 0 at the end. */
function shifted(t: Tensor, axis: number, reverse: boolean): Tensor {
  const n = t.shape[axis]!;
  if (n === 0) return t;
  const begin = t.shape.map((_, i) => (i === axis && !reverse ? 1 : 0));
  const rest = t.slice(begin, t.shape.with(axis, n - 1));
  return rest.pad(t.shape.map((_, i) => (i !== axis ? [0, 0] : reverse ? [1, 0] : [0, 1])));
}

/** Visits dense elements along an axis, each with the one before it on its way, or -1. */
function along(
  shape: Shape,
  axis: number,
  reverse: boolean,
  visit: (at: number, before: number) => void,
): void {
  const n = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const size = sizeOf(shape);
  for (let first = 0; first < size; first += n * inner) {
    for (let c = 0; c < inner; c++) {
      let before = -1;
      for (let i = 0; i < n; i++) {
        const at = first + (reverse ? n - 1 - i : i) * inner + c;
        visit(at, before);
        before = at;
      }
    }
  }
}

function logSums(shape: Shape, axis: number, exclusive: boolean, reverse: boolean): Calculation {
  return ([z], [x]) => {
    let [greatest, sum] = [-Infinity, 0];
    const take = (value: number) => {
      if (value > greatest) {
        sum = sum * Math.exp(greatest - value) + 1;
        greatest = value;
      } else if (value === greatest) sum += value === -Infinity ? 0 : 1;
      else sum += Math.exp(value - greatest);
    };
    const total = () =>
      sum === 0
        ? -Infinity
        : Math.abs(greatest) === Infinity && sum === sum
          ? greatest
          : greatest + Math.log(sum);
    along(shape, axis, reverse, (at, before) => {
      if (before < 0) [greatest, sum] = [-Infinity, 0];
      if (exclusive) {
        z![at] = total();
        take(Number(x![at]));
      } else {
        take(Number(x![at]));
        z![at] = total();
      }
    });
  };
}

function samples(): readonly Sample<{ x: 'one' }, [number?, boolean?, boolean?]>[] {
  return [
    { in: { x: [5, 3] } },
    { in: { x: [2, 4, 3] }, args: [1, true] },
    { in: { x: [2, 9] }, args: [-1, false, true] },
    { in: { x: [3, 4] }, args: [0, true, true] },
    { in: { x: { shape: [4], dtype: 'i32', range: [1, 9] } } },
    { in: { x: { shape: [4], dtype: 'bool' } } },
    { in: { x: [0, 3] } },
  ];
}

function unfit(op: string) {
  return [
    { in: { x: [] }, says: `${op}: no axis 0 in a tensor of rank 0` },
    { in: { x: [2] }, args: [1], says: `${op}: no axis 1 in a tensor of rank 1` },
  ] as const;
}
