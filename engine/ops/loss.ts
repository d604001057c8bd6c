import { checkIndices } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { paired, reduceLosses, reductionOf, total, type Reduction } from '../reduction.ts';
import { sameShape, text } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Losses, computed from logits without overflow; engine/reduction.ts says what becomes of those of the examples.

export interface Weighed {
  readonly labelSmoothing: number;
  readonly reduction: Reduction;
}
type Loss = Op<
  { labels: One; logits: One; weights?: One },
  [labels: T, logits: T, weights?: T],
  [labelSmoothing?: number, reduction?: Reduction],
  Weighed,
  One
>;

/**
 * The cross entropy of softmax(logits) against labels that are probabilities
 * along the last axis (one-hot ones, say). Label smoothing s moves labels to
 * `labels * (1 - s) + s / classes`. With the arguments of TensorFlow.js's
 * `losses.softmaxCrossEntropy`.
 */
export const softmaxCrossEntropy: Loss = {
  inputs: { labels: 'one', logits: 'one', weights: 'maybe' },
  attrs: weighed('softmaxCrossEntropy'),
  spec: (inputs, attrs) => {
    const { labels, logits } = inputs;
    paired('softmaxCrossEntropy', labels, 'logits', logits);
    const classes = logits.shape.at(-1);
    if (classes === undefined) {
      throw new Error('softmaxCrossEntropy: the logits have no axis; classes lie along the last');
    }
    return total(
      'softmaxCrossEntropy',
      'logits',
      inputs.logits,
      inputs.weights,
      attrs.reduction,
      logits.shape.slice(0, -1),
    );
  },
  compose: ({ labels, logits, weights }, attrs) => {
    const s = attrs.labelSmoothing;
    const target = s === 0 ? labels : labels.mul(1 - s).add(s / logits.shape.at(-1)!);
    return reduceLosses(logits.logSoftmax().mul(target).sum(-1).neg(), weights, attrs);
  },
  samples: [
    { in: { labels: { shape: [4, 3], range: [0, 1] }, logits: [4, 3] } },
    { in: { labels: { shape: [4, 3], range: [0, 1] }, logits: [4, 3] }, args: [0.1, 'sum'] },
    {
      in: {
        labels: { shape: [3, 2], range: [0, 1] },
        logits: [3, 2],
        weights: { shape: [3], values: [1, 0, 3] },
      },
    },
  ],
  errors: [
    {
      in: { labels: [4, 3], logits: [4, 2] },
      says: 'softmaxCrossEntropy: labels [4,3] against logits [4,2]; their shapes must be equal',
    },
    {
      in: { labels: [4, 3], logits: [4, 3] },
      args: [0, 'average' as Reduction],
      says: "softmaxCrossEntropy: no reduction 'average'",
    },
  ],
};

/** The cross entropy of softmax(logits) against labels that are class numbers: `-logSoftmax(logits)[label]`. */
export const sparseSoftmaxCrossEntropy: Op<
  { labels: One; logits: One; weights?: One },
  [labels: T, logits: T, weights?: T],
  [reduction?: Reduction],
  Weighed,
  One
> = {
  inputs: { labels: 'one', logits: 'one', weights: 'maybe' },
  literals: { labels: 'i32' },
  attrs: (inputs, reduction) => weighed('sparseSoftmaxCrossEntropy')(inputs, 0, reduction),
  spec: (inputs, attrs) => {
    const { labels, logits } = inputs;
    checkIndices('sparseSoftmaxCrossEntropy', labels.dtype);
    const fits = logits.shape.slice(0, -1);
    if (logits.shape.length > 0 && sameShape(labels.shape, fits)) {
      return total(
        'sparseSoftmaxCrossEntropy',
        'logits',
        inputs.logits,
        inputs.weights,
        attrs.reduction,
        fits,
      );
    }
    throw new Error(
      `sparseSoftmaxCrossEntropy: labels ${text(labels.shape)} against logits ${text(logits.shape)}; the labels must be ${text(fits)}`,
    );
  },
  compose: ({ labels, logits, weights }, attrs) => {
    const last = logits.shape.length - 1;
    checkClasses('sparseSoftmaxCrossEntropy', labels, logits.shape[last]!);
    const chosen = logits.logSoftmax().gather(labels.expandDims(-1), last, last).squeeze(last);
    return reduceLosses(chosen.neg(), weights, attrs);
  },
  samples: [
    { in: { labels: { shape: [4], dtype: 'i32', range: [0, 3] }, logits: [4, 3] } },
    {
      in: { labels: { shape: [2, 2], dtype: 'i32', range: [0, 3] }, logits: [2, 2, 3] },
      args: ['none'],
    },
  ],
  errors: [
    {
      in: { labels: { shape: [3], dtype: 'i32', range: [0, 2] }, logits: [4, 2] },
      says: 'labels [3] against logits [4,2]; the labels must be [4]',
    },
    { in: { labels: [4], logits: [4, 2] }, says: 'the indices are f32; they must be integers' },
    {
      in: { labels: { shape: [2], dtype: 'i32', range: [3, 3] }, logits: [2, 3] },
      says: 'sparseSoftmaxCrossEntropy: label 3 is none of the 3 classes, 0 to 2',
    },
  ],
};

/** Each label is one of so many classes. */
function checkClasses(op: string, labels: Tensor, count: number): void {
  // Under vmap those of all examples.
  for (const label of labels.whole.data()) {
    if (label >= 0 && label < count) continue;
    throw new Error(`${op}: label ${label} is none of the ${count} classes, 0 to ${count - 1}`);
  }
}

/**
 * The cross entropy of sigmoid(logits) against labels that are probabilities,
 * element by element: `softplus(logits) - logits * labels`. Label smoothing s
 * moves labels to `labels * (1 - s) + s / 2`. With the arguments of
 * TensorFlow.js's `losses.sigmoidCrossEntropy`.
 */
export const sigmoidCrossEntropy: Loss = {
  inputs: { labels: 'one', logits: 'one', weights: 'maybe' },
  attrs: weighed('sigmoidCrossEntropy'),
  spec: (inputs, attrs) => {
    paired('sigmoidCrossEntropy', inputs.labels, 'logits', inputs.logits);
    return total(
      'sigmoidCrossEntropy',
      'logits',
      inputs.logits,
      inputs.weights,
      attrs.reduction,
      inputs.logits.shape,
    );
  },
  compose: ({ labels, logits, weights }, attrs) => {
    const s = attrs.labelSmoothing;
    const target = s === 0 ? labels : labels.mul(1 - s).add(s / 2);
    return reduceLosses(logits.softplus().sub(logits.mul(target)), weights, attrs);
  },
  samples: [
    { in: { labels: { shape: [4, 2], range: [0, 1] }, logits: [4, 2] } },
    {
      in: { labels: { shape: [3], range: [0, 1] }, logits: [3], weights: [3] },
      args: [0.2, 'none'],
    },
  ],
  errors: [
    {
      in: { labels: [4], logits: [4, 1] },
      says: 'sigmoidCrossEntropy: labels [4] against logits [4,1]; their shapes must be equal',
    },
  ],
};

function weighed(op: string) {
  return (_: unknown, labelSmoothing = 0, reduction?: Reduction): Weighed => ({
    labelSmoothing,
    reduction: reductionOf(op, reduction),
  });
}
