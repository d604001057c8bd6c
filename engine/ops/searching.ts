import type { Elements } from '../device.ts';
import { checkIndices, numeric } from '../dtype.ts';
import type { Computed, One, Op, Sample, T } from '../op.ts';
import { sameShape, text, type Shape } from '../shape.ts';

// Where values belong among others.

const sides = ['left', 'right'] as const;
type Side = (typeof sides)[number];
type Search<Args extends readonly unknown[], A> = Computed<
  { sortedSequence: One; values: One },
  [sortedSequence: T, values: T],
  Args,
  A
>;

/**
 * Where each value is to be put into a row that is sorted, so that it stays
 * so: before its equals, or behind them where `side` is `'right'`. The rows
 * are the last axis of `sortedSequence`; one row serves values of any shape,
 * several one row of values each. Not-a-number comes last.
 */
export const searchSorted: Search<[side?: Side], { side: Side }> = {
  ...searching('searchSorted'),
  attrs: (_, side = 'left') => {
    if (sides.includes(side)) return { side };
    throw new Error(`searchSorted: no side is called '${String(side)}'; there are left, right`);
  },
  forward: (k, { sortedSequence, values }, { side }, out) =>
    k.calculate([out], [sortedSequence, values], search(sortedSequence.shape, side)),
  samples: samples<[side?: Side]>([['left'], ['right']]),
  errors: [
    ...misfits('searchSorted'),
    {
      in: { sortedSequence: [3], values: [2] },
      args: ['middle' as Side],
      says: "no side is called 'middle'",
    },
  ],
};

/** Where each value is to be put into a sorted row, before its equals: `searchSorted` from the left. */
export const lowerBound: Search<[], object> = bound('lowerBound', 'left');

/** Where each value is to be put into a sorted row, behind its equals: `searchSorted` from the right. */
export const upperBound: Search<[], object> = bound('upperBound', 'right');

/**
 * Whether the target of each row is among its `k` greatest predictions: fewer
 * than k are greater, so that ties count as in. A target that is no class, or
 * whose prediction is no finite number, is not. (TensorFlow.js's
 * `inTopKAsync`, but at once.)
 */
export const inTopK: Op<
  { predictions: One; targets: One },
  [predictions: T, targets: T],
  [k?: number],
  { k: number },
  One
> = {
  inputs: { predictions: 'one', targets: 'one' },
  literals: { targets: 'i32' },
  attrs: ({ predictions }, k = 1) => {
    const classes = predictions.shape.at(-1) ?? 0;
    if (Number.isInteger(k) && k >= 1 && k <= classes) return { k };
    throw new Error(`inTopK: the ${k} greatest of ${classes} classes; k must be 1 to ${classes}`);
  },
  spec: ({ predictions, targets }) => {
    numeric('inTopK', predictions.dtype);
    checkIndices('inTopK', targets.dtype);
    const { shape } = targets;
    if (sameShape(predictions.shape.slice(0, -1), shape)) return { shape, dtype: 'bool' };
    throw new Error(
      `inTopK: targets ${text(shape)} for predictions ${text(predictions.shape)}; there must be one for each row of classes`,
    );
  },
  forward: (kernels, { predictions, targets }, { k }, out) =>
    kernels.calculate([out], [predictions, targets], ([to], [scores, wanted]) => {
      const classes = predictions.shape.at(-1)!;
      for (let row = 0; row < to!.length; row++) {
        const target = Number(wanted![row]);
        const start = row * classes;
        const own = target >= 0 && target < classes ? scores![start + target]! : NaN;
        let greater = 0;
        let odd = !Number.isFinite(Number(own));
        for (let i = start; i < start + classes; i++) {
          const score = scores![i]!;
          if (score > own) greater++;
          else if (score !== score) odd = true;
        }
        to![row] = !odd && greater < k ? 1 : 0;
      }
    }),
  saves: [],
  grad: { predictions: null, targets: null },
  samples: [
    {
      in: { predictions: [3, 4], targets: { shape: [3], dtype: 'i32', range: [0, 4] } },
      args: [2],
    },
    {
      in: {
        predictions: { shape: [2, 3], values: [1, 1, 0, 2, 5, 3] },
        targets: { shape: [2], dtype: 'i64', values: [1, 7] },
      },
    },
  ],
  errors: [
    {
      in: { predictions: [3, 4], targets: { shape: [3], dtype: 'i32' } },
      args: [5],
      says: 'inTopK: the 5 greatest of 4 classes',
    },
    {
      in: { predictions: [3, 4], targets: { shape: [2], dtype: 'i32' } },
      says: 'inTopK: targets [2] for predictions [3,4]',
    },
    { in: { predictions: [3, 4], targets: [3] }, says: 'inTopK: the indices are f32' },
  ],
};

function bound(op: string, side: Side): Search<[], object> {
  return {
    ...searching(op),
    forward: (k, { sortedSequence, values }, _, out) =>
      k.calculate([out], [sortedSequence, values], search(sortedSequence.shape, side)),
    samples: samples([[], []]),
    errors: misfits(op),
  };
}

function searching(op: string) {
  return {
    inputs: { sortedSequence: 'one', values: 'one' },
    spec: ({ sortedSequence, values }) => {
      for (const { dtype } of [sortedSequence, values]) numeric(op, dtype);
      const [rows, own] = [sortedSequence.shape, values.shape];
      const fits = rows.length === 1 || sameShape(rows.slice(0, -1), own.slice(0, -1));
      if (rows.length > 0 && fits) return { shape: own, dtype: 'i32' };
      throw new Error(
        `${op}: values ${text(own)} for sorted rows ${text(rows)}; all axes but the last must be equal, or there must be one row`,
      );
    },
    saves: [],
    grad: { sortedSequence: null, values: null },
  } satisfies Pick<Search<[], object>, 'inputs' | 'spec' | 'saves' | 'grad'>;
}

/** Looks for each value by halves. */
function search(rows: Shape, side: Side) {
  return ([to]: readonly Elements[], [sorted, values]: readonly Elements[]): void => {
    const n = rows.at(-1)!;
    const count = rows.length === 1 ? 1 : sorted!.length / Math.max(n, 1);
    const each = count === 0 ? 0 : to!.length / count;
    for (let i = 0; i < to!.length; i++) {
      const start = Math.floor(i / each) * n;
      const value = values![i]!;
      let [low, high] = [0, n];
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = sorted![start + middle]!;
        const before = side === 'left' ? less(other, value) : !less(value, other);
        if (before) low = middle + 1;
        else high = middle;
      }
      to![i] = low;
    }
  };
}

/** Not-a-number is greater than all numbers. */
function less(a: number | bigint, b: number | bigint): boolean {
  return a < b || (b !== b && a === a);
}

function samples<Args extends readonly unknown[]>(args: readonly [Readonly<Args>, Readonly<Args>]) {
  type Given = Sample<{ sortedSequence: One; values: One }, Args>;
  const list: readonly Given[] = [
    {
      in: { sortedSequence: { shape: [5], values: [-1, 0, 0, 1, 2] }, values: [2, 3] },
      args: args[0],
    },
    {
      in: {
        sortedSequence: { shape: [2, 3], dtype: 'i64', values: [0, 3, 3, 1, 2, 9] },
        values: { shape: [2, 4], dtype: 'i32', range: [0, 10] },
      },
      args: args[1],
    },
    { in: { sortedSequence: { shape: [0] }, values: [2] }, args: args[0] },
  ];
  return list;
}

function misfits(op: string) {
  const says = `${op}: values [3,2] for sorted rows [2,3]`;
  return [{ in: { sortedSequence: [2, 3], values: [3, 2] }, says }] as const;
}
