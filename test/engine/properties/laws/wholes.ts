/** Laws of what makes few numbers of many: sums, extremes, scans, sorting, searching. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tensor } from '../../../../engine/creation.ts';
import type { Tensor } from '../../../../engine/tensor.ts';
import { call } from '../../../kit/samples.ts';
import { holds, near, one, truths, vectors, words, type Law } from './law.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
const counting = words('all any');

/** What the order of the elements does not matter to, with the arguments it needs. */
const unordered: { readonly [op: string]: readonly unknown[] } = {
  ...none(
    'sum mean prod max min all any logSumExp variance std median norm countNonzero nanSum nanMean moments',
  ),
  quantile: [0.3],
  histogram: [7, [-50, 50]],
};

/** A reduction of two parts is that of the reductions of these. */
const parts: { readonly [op: string]: string } = {
  sum: 'add',
  prod: 'mul',
  max: 'maximum',
  min: 'minimum',
  all: 'logicalAnd',
  any: 'logicalOr',
  logSumExp: 'logAddExp',
  countNonzero: 'add',
  nanSum: 'add',
};

/** The same when one number is added to all elements; what that number is added to. */
const stays = words('softmax logSoftmax argMax argMin variance std argSort argsort');
const moves = words('max min mean median logSumExp sort cummax cummin nanMean');

/** Each scan is the reduction of what stands before. */
const scans: { readonly [op: string]: string } = {
  cumsum: 'sum',
  cumprod: 'prod',
  cummax: 'max',
  cummin: 'min',
  cumLogSumExp: 'logSumExp',
};

const taken = (op: string) => (counting.includes(op) ? truths : vectors(-8, 8));

export const laws: readonly Law[] = [
  {
    says: 'takes its elements in any order',
    of: Object.keys(unordered),
    check: (op) =>
      holds(
        fc.property(taken(op), fc.integer(), (x, turn) => {
          const other = x.roll(turn % 6).reverse();
          const args = unordered[op]!;
          call(op, [x], args).forEach((each, i) => near(each, call(op, [other], args)[i]!, 1e-12));
        }),
      ),
  },
  {
    says: 'of two parts is that of both',
    of: Object.keys(parts),
    check: (op) =>
      holds(
        fc.property(taken(op), taken(op), (x, y) => {
          const both = one(parts[op]!, [one(op, [x]), one(op, [y])]);
          near(one(op, [x.concat([y])]), both, 1e-12);
        }),
      ),
  },
  {
    says: 'is made axis by axis, and keeps axes where it is asked to',
    of: Object.keys(parts),
    check: (op) =>
      holds(
        fc.property(shapes, fc.nat(3), (shape, k) => {
          const size = shape.reduce((a, b) => a * b, 1);
          const x = values(size, op).reshape(shape);
          const axis = k % shape.length;
          const kept = one(op, [x], [axis, true]);
          assert.deepEqual(kept.shape, shape.with(axis, 1));
          const gone = one(op, [x], [axis]);
          assert.deepEqual(gone.shape, shape.toSpliced(axis, 1));
          near(gone, kept.squeeze(axis));
          // How many are not 0 is counted once.
          if (op !== 'countNonzero') near(one(op, [gone]), one(op, [x]), 1e-12);
          near(one(op, [x.transpose()], [shape.length - 1 - axis]), gone.transpose(), 1e-12);
        }),
      ),
  },
  {
    says: 'does not see what is added to all',
    of: stays,
    check: (op) =>
      holds(
        fc.property(vectors(-8, 8), fc.integer({ min: -9, max: 9 }), (x, c) => {
          const apart = x.round();
          near(one(op, [apart.add(c)]), one(op, [apart]), 1e-12);
        }),
      ),
  },
  {
    says: 'goes along with what is added to all',
    of: moves,
    check: (op) =>
      holds(
        fc.property(vectors(-8, 8), fc.integer({ min: -9, max: 9 }), (x, c) =>
          near(one(op, [x.add(c)]), one(op, [x]).add(c), 1e-12),
        ),
      ),
  },
  {
    says: 'at each place is the reduction of all before',
    of: Object.keys(scans),
    check: (op) =>
      holds(
        fc.property(vectors(-3, 3), (x) => {
          const y = one(op, [x]);
          for (let i = 0; i < 6; i++) near(y.at(i), one(scans[op]!, [x.at(`:${i + 1}`)]), 1e-12);
        }),
      ),
  },
  {
    says: 'is what other ops say',
    of: Object.keys(equations()),
    check: (op) =>
      holds(
        fc.property(vectors(-8, 8), vectors(-8, 8), (x, y) => {
          const [actual, expected] = equations()[op]!(x, y);
          near(actual, expected, 1e-11);
        }),
      ),
  },
];

/** Equations between two ways to say the same. */
function equations(): {
  readonly [op: string]: (x: Tensor, y: Tensor) => readonly [Tensor, Tensor];
} {
  const bins = (x: Tensor) => x.abs().cast('i32');
  return {
    mean: (x) => [x.mean().mul(x.size), x.sum()],
    variance: (x) => [x.variance(), x.square().mean().sub(x.mean().square())],
    std: (x) => [x.std().square(), x.variance()],
    moments: (x) => [x.moments().variance, x.variance()],
    median: (x) => [x.median(), x.quantile(0.5)],
    quantile: (x) => [x.quantile(1), x.max()],
    norm: (x) => [x.norm().square(), x.square().sum()],
    sumTo: (x, y) => [x.stack([y]).sumTo([6]), x.add(y)],
    argMax: (x) => [x.gather(x.argMax()), x.max()],
    argMin: (x) => [x.gather(x.argMin()), x.min()],
    sort: (x) => [x.sort(0, true), x.neg().sort().neg()],
    argSort: (x) => [x.gather(x.argSort()), x.sort()],
    argsort: (x) => [x.gather(x.argsort()), x.sort()],
    topk: (x) => [x.topk(4).values, x.sort(0, true).at(':4')],
    searchSorted: (x, y) => [x.sort().searchSorted(y), lower(x, y)],
    lowerBound: (x, y) => [x.sort().lowerBound(y), lower(x, y)],
    upperBound: (x, y) => [x.sort().upperBound(y), lower(x.add(0), y, true)],
    inTopK: (x) => [x.expandDims(0).inTopK([1], 6), tensor([true])],
    bincount: (x) => [bins(x).bincount(undefined, 9).sum(), tensor(6, [], 'i32')],
    unique: (x) => [x.unique().values.gather(x.unique().indices), x],
    nonzero: (x) => [x.gatherND(x.nonzero()).sum(), x.sum()],
    booleanMask: (x) => [x.booleanMask(x.greater(0)).sum(), x.relu().sum()],
    linearScan: (x) => [x.onesLike().linearScan(x), x.cumsum()],
    softmax: (x) => [x.softmax().log(), x.logSoftmax()],
    logSoftmax: (x) => [x.logSoftmax(), x.sub(x.logSumExp())],
    unsortedSegmentSum: (x, y) => [
      x.unsortedSegmentSum(segments(y), 3),
      groups(x, segments(y), 'sum'),
    ],
    unsortedSegmentProd: (x, y) => [
      x.unsortedSegmentProd(segments(y), 3),
      groups(x, segments(y), 'prod'),
    ],
    unsortedSegmentMean: (x, y) => [
      x.unsortedSegmentMean(segments(y), 3).mul(x.onesLike().unsortedSegmentSum(segments(y), 3)),
      groups(x, segments(y), 'sum'),
    ],
    unsortedSegmentMax: (x, y) => [
      x.unsortedSegmentMax(segments(y), 3).gather(segments(y)).greaterEqual(x),
      x.equal(x),
    ],
    unsortedSegmentMin: (x, y) => [
      x.unsortedSegmentMin(segments(y), 3).gather(segments(y)).lessEqual(x),
      x.equal(x),
    ],
    segmentSum: (x, y) => [x.segmentSum(rising(y)), groups(x, rising(y), 'sum', last(y))],
    segmentProd: (x, y) => [x.segmentProd(rising(y)), groups(x, rising(y), 'prod', last(y))],
    segmentMean: (x, y) => [
      x.segmentMean(rising(y)).mul(x.onesLike().segmentSum(rising(y))),
      x.segmentSum(rising(y)),
    ],
    segmentMax: (x, y) => [
      x.segmentMax(rising(y)).gather(rising(y)),
      x.neg().segmentMin(rising(y)).gather(rising(y)).neg(),
    ],
    segmentMin: (x, y) => [x.segmentMin(rising(y)).gather(rising(y)).lessEqual(x), x.equal(x)],
  };
}

const rising = (y: Tensor) => segments(y).sort();
const last = (y: Tensor) => Number(segments(y).max().item()) + 1;
const segments = (y: Tensor) => y.abs().cast('i32').mod(3);

/** The same one segment at a time. */
function groups(x: Tensor, ids: Tensor, op: 'sum' | 'prod', count = 3): Tensor {
  const all = Array.from({ length: count }, (_, k) => x.booleanMask(ids.equal(k))[op]());
  return all[0]!.stack(all.slice(1));
}

/** How many of x are below each of y, or not above. */
function lower(x: Tensor, y: Tensor, equal = false): Tensor {
  const columns = x.expandDims(1);
  return (equal ? columns.lessEqual(y) : columns.less(y)).sum(0);
}

function values(size: number, op: string): Tensor {
  const list = Array.from({ length: size }, (_, i) => Math.sin(7 * i + 1) * 2);
  const x = tensor(list, [size], 'f64');
  return counting.includes(op) ? x.greater(-1) : x;
}

function none(ops: string) {
  return Object.fromEntries(words(ops).map((op) => [op, []]));
}
