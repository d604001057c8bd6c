import { checkIndices, isFloat } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { reduceLosses, reductionOf, type Reduction } from '../reduction.ts';
import { sameShape, text } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Two rows of the same two labels over three times and classes. */
const spelling = (labels: number[], labelLengths: number[], logitLengths: number[]) =>
  ({
    labels: { shape: [2, 2], dtype: 'i32', values: [...labels, ...labels] },
    logits: [2, 3, 3],
    labelLengths: { shape: [2], dtype: 'i32', values: labelLengths },
    logitLengths: { shape: [2], dtype: 'i32', values: logitLengths },
  }) as const;

/**
 * Connectionist temporal classification (Graves and others, 2006): the negative
 * logarithm of the probability that logits `[batch, time, classes]` spell the
 * labels `[batch, labels]`, whatever the times and with any blanks between
 * them, summed over all paths in logarithms. Only so many labels and steps of
 * time count as the lengths `[batch]` say. Infinite where there is no such
 * path. Lengths and the blank as in TensorFlow; PyTorch's own mean also divides
 * by the lengths of the labels. It is written in ops, so gradients of any order
 * are exact.
 */
export const ctcLoss: Op<
  { labels: One; logits: One; labelLengths: One; logitLengths: One },
  [labels: T, logits: T, labelLengths: T, logitLengths: T],
  [blankIndex?: number, reduction?: Reduction],
  { blankIndex: number; reduction: Reduction },
  One
> = {
  inputs: { labels: 'one', logits: 'one', labelLengths: 'one', logitLengths: 'one' },
  literals: { labels: 'i32', labelLengths: 'i32', logitLengths: 'i32' },
  attrs: ({ logits }, blankIndex = 0, reduction) => {
    const classes = logits.shape[2] ?? 0;
    if (Number.isInteger(blankIndex) && blankIndex >= 0 && blankIndex < classes) {
      return { blankIndex, reduction: reductionOf('ctcLoss', reduction) };
    }
    throw new Error(
      `ctcLoss: a blank of ${blankIndex} with logits ${text(logits.shape)}; these must be [batch, time, classes], and it one of the classes`,
    );
  },
  spec: ({ labels, logits, labelLengths, logitLengths }, { reduction }) => {
    const [batch, time] = logits.shape;
    for (const { dtype } of [labels, labelLengths, logitLengths]) checkIndices('ctcLoss', dtype);
    if (!isFloat(logits.dtype)) {
      throw new Error(`ctcLoss: the logits are ${logits.dtype}; they must be floats`);
    }
    const fits = [labelLengths, logitLengths].every(({ shape }) => sameShape(shape, [batch!]));
    if (
      logits.shape.length === 3 &&
      time! > 0 &&
      labels.shape.length === 2 &&
      labels.shape[0] === batch &&
      fits
    ) {
      return { shape: reduction === 'none' ? [batch!] : [], dtype: logits.dtype };
    }
    throw new Error(
      `ctcLoss: labels ${text(labels.shape)}, logits ${text(logits.shape)}, lengths ${text(labelLengths.shape)} and ${text(logitLengths.shape)}; they must be [batch, labels], [batch, time, classes], [batch] and [batch]`,
    );
  },
  compose: ({ labels, logits, labelLengths, logitLengths }, { blankIndex, reduction }) => {
    const [batch, count] = labels.shape as readonly [number, number];
    const classes = logits.shape[2]!;
    const beyond = labels.onesLike().cumsum(1).greater(labelLengths.expandDims(1));
    // Blanks before, between and behind the labels.
    const blanks = labels.zerosLike().add(blankIndex);
    const pairs = blanks.stack([beyond.where(blanks, labels)], 2).reshape([batch, 2 * count]);
    const path = pairs.pad(
      [
        [0, 0],
        [0, 1],
      ],
      blankIndex,
    );
    const scores = told(`the labels must be classes, from 0 to ${classes - 1}`, () =>
      logits.logSoftmax().gather(path, 2, 1),
    );
    // From one label straight to the next where they differ.
    const skips = path.notEqual(blankIndex).logicalAnd(path.notEqual(behind(path, 2, blankIndex)));
    const at = (t: number) => scores.slice([0, t, 0], [batch, 1, -1]).squeeze(1);
    const padded = (x: Tensor) =>
      x.pad(
        [
          [0, 0],
          [0, path.shape[1]! - x.shape[1]!],
        ],
        -Infinity,
      );
    const first = at(0);
    // Before any time nothing is spelled; a path begins with the blank or with the first label.
    const sums = [
      padded(first.slice([0, 0], [batch, 1]).zerosLike()),
      padded(first.slice([0, 0], [batch, Math.min(2, path.shape[1]!)])),
    ];
    for (let t = 1; t < logits.shape[1]!; t++) {
      const before = sums[t]!;
      const next = before
        .logAddExp(behind(before, 1, -Infinity))
        .logAddExp(skips.where(behind(before, 2, -Infinity), -Infinity))
        .add(at(t));
      sums.push(next);
    }
    const [none, ...some] = sums as [Tensor, ...Tensor[]];
    const spelled = told(`the logit lengths must be from 0 to ${logits.shape[1]}`, () =>
      none.stack(some, 1).gather(logitLengths.expandDims(1), 1, 1).squeeze(1),
    );
    const ends = labelLengths.mul(2).expandDims(1);
    const blank = told(`the label lengths must be from 0 to ${count}`, () =>
      spelled.gather(ends, 1, 1).squeeze(1),
    );
    const label = spelled.gather(ends.sub(1).maximum(0), 1, 1).squeeze(1);
    const all = blank.logAddExp(labelLengths.equal(0).where(-Infinity, label));
    return reduceLosses(all.neg(), undefined, { reduction });
  },
  samples: [
    {
      in: {
        labels: { shape: [2, 3], dtype: 'i32', values: [1, 2, 2, 3, 1, 0] },
        logits: [2, 6, 4],
        labelLengths: { shape: [2], dtype: 'i32', values: [3, 2] },
        logitLengths: { shape: [2], dtype: 'i32', values: [6, 5] },
      },
    },
    {
      in: {
        labels: { shape: [2, 1], dtype: 'i32', values: [1, 0] },
        logits: [2, 3, 3],
        labelLengths: { shape: [2], dtype: 'i32', values: [1, 0] },
        logitLengths: { shape: [2], dtype: 'i32', values: [2, 3] },
      },
      args: [2, 'none'],
    },
  ],
  errors: [
    {
      in: spelling([1, 9], [2, 2], [3, 3]),
      says: 'ctcLoss: the labels must be classes, from 0 to 2 (index 9 at [0,3]',
    },
    {
      in: spelling([1, 2], [2, 3], [3, 3]),
      says: 'ctcLoss: the label lengths must be from 0 to 2 (index 6 at',
    },
    {
      in: spelling([1, 2], [2, 2], [3, -1]),
      says: 'ctcLoss: the logit lengths must be from 0 to 3',
    },
    {
      in: {
        labels: { shape: [2, 1], dtype: 'i32' },
        logits: [3, 3, 3],
        labelLengths: { shape: [2], dtype: 'i32' },
        logitLengths: { shape: [2], dtype: 'i32' },
      },
      says: 'ctcLoss: labels [2,1], logits [3,3,3], lengths [2] and [2]; they must be',
    },
    {
      in: {
        labels: { shape: [2, 1], dtype: 'i32' },
        logits: [2, 3, 3],
        labelLengths: { shape: [2], dtype: 'i32' },
        logitLengths: { shape: [2], dtype: 'i32' },
      },
      args: [3],
      says: 'ctcLoss: a blank of 3 with logits [2,3,3]',
    },
  ],
};

/** Says what an index that lies outside means here. */
function told(what: string, f: () => Tensor): Tensor {
  try {
    return f();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`ctcLoss: ${what} (${message.replace(/^\w+: /, '')})`, { cause: error });
  }
}

/** Each row moved on by so many places, with that value in front. */
function behind(x: Tensor, places: number, value: number): Tensor {
  const [batch, n] = x.shape as readonly [number, number];
  const left = Math.max(n - places, 0);
  return x.slice([0, 0], [batch, left]).pad(
    [
      [0, 0],
      [n - left, 0],
    ],
    value,
  );
}
