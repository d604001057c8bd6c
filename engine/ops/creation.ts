import { isComplexValue, type Complex } from '../complex.ts';
import type { Buf, Kernels } from '../device.ts';
import {
  dtypeOf,
  isBig,
  isComplex,
  numeric,
  weakOf,
  type DType,
  type DTypeLike,
} from '../dtype.ts';
import type { One, Op, Sample, T } from '../op.ts';
import { checkShape, type Shape } from '../shape.ts';

// Tensors made of nothing but a shape. (tf.tensor, tf.scalar, tf.eye and tf.meshgrid are in engine/creation.ts.)

export interface Blank {
  readonly shape: Shape;
  readonly dtype: DType;
}
type Filled = Op<{}, [], [shape: Shape, dtype?: DTypeLike], Blank, One>;
type Like = Op<{ x: One }, [x: T], [], object, One>;

/** Zeros of a shape; f32 unless another dtype is given. */
export const zeros: Filled = filled('zeros', 0);

/** Ones of a shape; f32 unless another dtype is given. */
export const ones: Filled = filled('ones', 1);

/** One value in every element of a shape. The dtype is f32 for a number, bool for a boolean, i64 for a bigint and c64 for `{ re, im }` unless another is given. */
export const fill: Full = wholly('fill');

/** The same as `fill`, by its name in NumPy and PyTorch. */
export const full: Full = wholly('full');

/** One value in every element, in the shape of x and, unless another is given, in its dtype. (As `numpy.full_like`.) No gradient: the values of x do not count. */
export const fullLike: Op<
  { x: One },
  [x: T],
  [value: Value, dtype?: DTypeLike],
  { value: Value; dtype: DType },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, value, dtype = x.dtype) => {
    const own = dtypeOf('fullLike', dtype);
    return { value: valueOf('fullLike', value, own), dtype: own };
  },
  spec: ({ x }, { dtype }) => ({ shape: x.shape, dtype }),
  forward: (k, _, { value }, out) => k.fill(out, plainly(value)),
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: [2, 3] }, args: [7] },
    { in: { x: { shape: [2], dtype: 'i64' } }, args: [2n ** 60n] },
    { in: { x: [2] }, args: [true, 'bool'] },
    { in: { x: { shape: [2], dtype: 'c64' } }, args: [{ re: 1, im: 2 }] },
  ],
  errors: [
    {
      in: { x: [2] },
      args: [{ re: 1, im: 2 }],
      says: 'fullLike: a complex value does not fit f32',
    },
    {
      in: { x: [2] },
      args: ['a' as unknown as number],
      says: 'fullLike: the value must be a number, not a',
    },
  ],
};

/** Zeros of the shape and dtype of x. No gradient: the values of x do not count. */
export const zerosLike: Like = like(0);

/** Ones of the shape and dtype of x. No gradient: the values of x do not count. */
export const onesLike: Like = like(1);

/**
 * The numbers from `start` up to, but without, `stop`, `step` apart; f32 unless
 * another dtype is given. Bigints count in i64, exactly.
 */
export const range: Op<
  {},
  [],
  [start: number | bigint, stop: number | bigint, step?: number | bigint, dtype?: DTypeLike],
  Blank & { start: number | bigint; step: number | bigint },
  One
> = {
  inputs: {},
  attrs: (_, start, stop, step = start <= stop ? 1 : -1, dtype) => {
    if (Number(step) === 0) throw new Error('range: a step of 0 never arrives');
    const bounds = [start, stop, step];
    if (bounds.some((bound) => !Number.isFinite(Number(bound)))) {
      const hint = stop === undefined ? `; range(0, ${start}) counts up to ${start}` : '';
      throw new Error(
        `range: from ${start} to ${stop} by ${step}; all must be finite numbers${hint}`,
      );
    }
    const big = bounds.some((bound) => typeof bound === 'bigint');
    const own = dtypeOf('range', dtype ?? (big ? 'i64' : 'f32'));
    const whole = bounds.every((bound) => typeof bound === 'bigint' || Number.isInteger(bound));
    if ((!big && !isBig(own)) || !whole) {
      const [from, to, by] = bounds.map(Number) as [number, number, number];
      const length = Math.max(0, Math.ceil((to - from) / by));
      return { ...row('range', length, own), start: from, step: by };
    }
    const [from, to, by] = bounds.map(BigInt) as [bigint, bigint, bigint];
    const gap = by > 0n ? to - from : from - to;
    const stride = by > 0n ? by : -by;
    const length = gap <= 0n ? 0 : Number((gap + stride - 1n) / stride);
    return { ...row('range', length, own), start: from, step: by };
  },
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { start, step, dtype }, out) => {
    if (typeof start === 'number') return k.range(out, start, step as number);
    k.calculate([out], [], ([to]) => {
      for (let i = 0, at = start; i < to!.length; i++, at += step as bigint) {
        to![i] = isBig(dtype) ? at : Number(at);
      }
    });
  },
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [0, 5] },
    { in: {}, args: [5, 0, -2, 'int32'] },
    { in: {}, args: [0.5, 2, 0.25] },
    { in: {}, args: [3, 1, 1] },
    { in: {}, args: [2n ** 60n, 2n ** 60n - 7n, -3n] },
    { in: {}, args: [0, 4, 1, 'u64'] },
  ],
  errors: [
    { in: {}, args: [0, 1, 0], says: 'range: a step of 0' },
    {
      in: {},
      args: [5, undefined as unknown as number],
      says: 'range: from 5 to undefined by -1; all must be finite numbers; range(0, 5) counts up to 5',
    },
  ],
};

/** `num` numbers at even distances from `start` to `stop`, both included; f32 unless another dtype is given. */
export const linspace: Op<
  {},
  [],
  [start: number, stop: number, num: number, dtype?: DTypeLike],
  Blank & { start: number; stop: number },
  One
> = {
  inputs: {},
  attrs: (_, start, stop, num, dtype = 'f32') => ({
    ...row('linspace', num, dtype),
    start,
    stop,
  }),
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { start, stop }, out) => spaced(k, out, start, stop, (x) => x),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [0, 1, 5] },
    { in: {}, args: [3, -1, 1] },
    { in: {}, args: [0, 10, 4, 'i32'] },
  ],
  errors: [
    { in: {}, args: [0, 1, -1], says: 'linspace: a shape is a list of whole numbers, not [-1]' },
  ],
};

/**
 * `num` numbers from `base ** start` to `base ** stop`, both included, each by
 * the same factor after the one before; f32 unless another dtype is given. (As
 * `numpy.logspace`.)
 */
export const logspace: Op<
  {},
  [],
  [start: number, stop: number, num?: number, base?: number, dtype?: DTypeLike],
  Blank & { start: number; stop: number; base: number },
  One
> = {
  inputs: {},
  attrs: (_, start, stop, num = 50, base = 10, dtype = 'f32') => ({
    ...row('logspace', num, dtype),
    start,
    stop,
    base,
  }),
  spec: (_, { shape, dtype }) => ({ shape, dtype }),
  forward: (k, _, { start, stop, base }, out) => spaced(k, out, start, stop, (x) => base ** x),
  saves: [],
  grad: {},
  samples: [
    { in: {}, args: [0, 2, 5] },
    { in: {}, args: [-1, 1, 3, 2, 'f64'] },
    { in: {}, args: [1, 2, 0] },
  ],
  errors: [
    { in: {}, args: [0, 1, 1.5], says: 'logspace: a shape is a list of whole numbers, not [1.5]' },
  ],
};

/** A function of numbers at even distances, the last of which is `stop` itself. */
function spaced(k: Kernels, out: Buf, start: number, stop: number, f: (x: number) => number): void {
  k.calculate([out], [], ([to]) => {
    const n = to!.length;
    const step = (stop - start) / (n - 1);
    for (let i = 0; i < n; i++) {
      const value = f(i > 0 && i === n - 1 ? stop : i === 0 ? start : start + step * i);
      to![i] =
        to instanceof BigInt64Array || to instanceof BigUint64Array
          ? BigInt(Math.trunc(value))
          : value;
    }
  });
}

type Value = number | bigint | boolean | Complex;
type Full = Op<
  {},
  [],
  [shape: Shape, value: Value, dtype?: DTypeLike],
  Blank & { value: Value },
  One
>;

function wholly(op: string): Full {
  return {
    inputs: {},
    attrs: (_, shape, value, dtype) => {
      const weak = isComplexValue(value) ? 'c64' : weakOf(op, value, null);
      const all = blank(op, shape, dtype ?? weak);
      return { ...all, value: valueOf(op, value, all.dtype) };
    },
    spec: (_, { shape, dtype }) => ({ shape, dtype }),
    forward: (k, _, { value }, out) => k.fill(out, plainly(value)),
    saves: [],
    grad: {},
    samples: [
      { in: {}, args: [[2, 3], 7] },
      { in: {}, args: [[2], -1, 'i64'] },
      { in: {}, args: [[2], true] },
      { in: {}, args: [[], 2n ** 60n] },
      { in: {}, args: [[2], { re: 1, im: -2 }] },
    ],
    errors: [
      {
        in: {},
        args: [[2], 'a' as unknown as number],
        says: `${op}: the value must be a number, not a`,
      },
      { in: {}, args: [[2, -1], 0], says: `${op}: a shape is a list of whole numbers, not [2,-1]` },
    ],
  };
}

function valueOf(op: string, value: Value, dtype: DType): Value {
  if (dtype === 'string') numeric(op, dtype);
  if (isComplexValue(value)) {
    if (isComplex(dtype)) return value;
    throw new Error(`${op}: a complex value does not fit ${dtype}; c64 and c128 hold it`);
  }
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return value;
  }
  throw new Error(`${op}: the value must be a number, not ${String(value)}`);
}

function plainly(value: Value): number | bigint | Complex {
  return typeof value === 'boolean' ? Number(value) : value;
}

function filled(op: string, value: number): Filled {
  return {
    inputs: {},
    attrs: (_, shape, dtype = 'f32') => {
      const all = blank(op, shape, dtype);
      // Text that is nothing stands for zero, and none for one.
      if (all.dtype === 'string' && value !== 0) numeric(op, all.dtype);
      return all;
    },
    spec: (_, attrs) => attrs,
    forward: (k, _, _attrs, out) => k.fill(out, value),
    saves: [],
    grad: {},
    samples: [
      { in: {}, args: [[2, 3]] },
      { in: {}, args: [[], 'int32'] },
    ],
    errors: [
      { in: {}, args: [[1.5]], says: `${op}: a shape is a list of whole numbers, not [1.5]` },
    ],
  };
}

function like(value: number): Like {
  const samples: readonly Sample<{ x: One }, []>[] = [
    { in: { x: [2, 3] } },
    { in: { x: { shape: [2], dtype: 'i64' } } },
  ];
  return {
    inputs: { x: 'one' },
    spec: ({ x }) => x,
    forward: (k, _, _attrs, out) => k.fill(out, value),
    saves: [],
    grad: { x: null },
    samples,
  };
}

/** The same for numbers that follow one another. */
function row(op: string, length: number, dtype: DTypeLike): Blank {
  const all = blank(op, [length], dtype);
  numeric(op, all.dtype);
  return all;
}

function blank(op: string, shape: Shape, dtype: DTypeLike): Blank {
  return { shape: checkShape(op, shape), dtype: dtypeOf(op, dtype) };
}
