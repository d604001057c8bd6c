import { promote } from '../dtype.ts';
import { map, zip } from '../elementwise.ts';
import type { Binary, One, Op, Sample, T, Unary } from '../op.ts';
import { broadcast, text } from '../shape.ts';

// Comparisons and logic: results are bool, and nothing flows back. Not-a-number equals nothing, itself included.

const flat = { saves: [], grad: { x: null, y: null } } as const;
const samples: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  { in: { x: [2, 3], y: [3] } },
  { in: { x: { shape: [3], values: [1, 2, NaN] }, y: { shape: [3], values: [1, 3, NaN] } } },
  { in: { x: { shape: [4], dtype: 'i64' }, y: { shape: [], dtype: 'i8' } } },
];
const truths: readonly Sample<{ x: 'one'; y: 'one' }, []>[] = [
  { in: { x: { shape: [2, 3], dtype: 'bool' }, y: { shape: [3], dtype: 'bool' } } },
  { in: { x: { shape: [3], values: [0, 1, NaN] }, y: { shape: [], values: [0] } } },
];
const errors = [{ in: { x: [2, 3], y: [4] }, says: '[2,3] and [4] do not broadcast' }] as const;

/** Whether `x = y`, with broadcasting. */
export const equal: Binary = { ...zip('equal'), ...flat, texts: true, samples, errors };

/** Whether x and y differ, with broadcasting. */
export const notEqual: Binary = { ...zip('notEqual'), ...flat, texts: true, samples, errors };

/** Whether `x < y`, with broadcasting. */
export const less: Binary = { ...zip('less'), ...flat, samples, errors };

/** Whether `x <= y`, with broadcasting. */
export const lessEqual: Binary = { ...zip('lessEqual'), ...flat, samples, errors };

/** Whether `x > y`, with broadcasting. */
export const greater: Binary = { ...zip('greater'), ...flat, samples, errors };

/** Whether `x >= y`, with broadcasting. */
export const greaterEqual: Binary = { ...zip('greaterEqual'), ...flat, samples, errors };

/** Whether both are true, with broadcasting; anything but zero is true. */
export const logicalAnd: Binary = { ...zip('logicalAnd'), ...flat, samples: truths, errors };

/** Whether one of the two is true or both, with broadcasting; anything but zero is true. */
export const logicalOr: Binary = { ...zip('logicalOr'), ...flat, samples: truths, errors };

/** Whether one of the two is true and not both, with broadcasting; anything but zero is true. */
export const logicalXor: Binary = { ...zip('logicalXor'), ...flat, samples: truths, errors };

/** Whether x is false: zero. */
export const logicalNot: Unary = {
  ...map('logicalNot'),
  saves: [],
  grad: { x: null },
  samples: [{ in: { x: { shape: [2, 3], dtype: 'bool' } } }],
};

/**
 * `x` where the condition is true, `y` where it is not; the three broadcast.
 * The condition is bool and comes first, also as a method: `condition.where(x, y)`.
 */
export const where: Op<
  { condition: One; x: One; y: One },
  [condition: T, x: T, y: T],
  [],
  object,
  One
> = {
  texts: true,
  inputs: { condition: 'one', x: 'one', y: 'one' },
  literals: { condition: 'bool' },
  spec: ({ condition, x, y }) => {
    if (condition.dtype !== 'bool') {
      throw new Error(
        `where: the condition, which comes first, is ${condition.dtype}${text(condition.shape)}; it must be bool: x.greater(0).where(x, y), or cast('bool') for what is not 0`,
      );
    }
    return {
      shape: broadcast('where', condition.shape, broadcast('where', x.shape, y.shape)),
      dtype: promote('where', x.dtype, y.dtype),
    };
  },
  forward: (k, { condition, x, y }, _, out) => k.select(out, condition, x, y),
  saves: ['condition'],
  grad: {
    condition: null,
    x: (g, { condition, x }) => condition.where(g, 0).sumTo(x.shape),
    y: (g, { condition, y }) => condition.where(0, g).sumTo(y.shape),
  },
  samples: [
    { in: { condition: { shape: [2, 3], dtype: 'bool' }, x: [2, 3], y: [2, 3] } },
    { in: { condition: { shape: [3], dtype: 'bool' }, x: [2, 1], y: [] } },
    {
      in: {
        condition: { shape: [3], dtype: 'bool' },
        x: { shape: [3], dtype: 'i32' },
        y: { shape: [], dtype: 'i64' },
      },
    },
  ],
  errors: [
    {
      in: { condition: { shape: [2], dtype: 'bool' }, x: [3], y: [3] },
      says: '[2] and [3] do not broadcast',
    },
    {
      in: { condition: [3], x: { shape: [3], dtype: 'bool' }, y: [3] },
      says: 'where: the condition, which comes first, is f32[3]; it must be bool',
    },
  ],
};
