import { checkIndices } from '../dtype.ts';
import type { One, Op, Sample, Spec, T } from '../op.ts';
import { paired, reduceLosses, reductionOf, total, type Reduction } from '../reduction.ts';
import { axisOf, sameShape, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Losses of predictions against labels of the same shape. Names and defaults are those of TensorFlow.js's `tf.losses`,
// where it has them; weights come before all other arguments. engine/reduction.ts says what becomes of the losses of
// the examples.

type Inputs = { labels: One; predictions: One; weights?: One };
type Call = [labels: T, predictions: T, weights?: T];
export interface Reducing {
  readonly reduction: Reduction;
}
type Loss = Op<Inputs, Call, [reduction?: Reduction], Reducing, One>;

/** `abs(labels - predictions)`. */
export const absoluteDifference: Loss = {
  ...compared('absoluteDifference'),
  compose: ({ labels, predictions, weights }, attrs) =>
    reduceLosses(labels.sub(predictions).abs(), weights, attrs),
};

/** `(labels - predictions)^2`. */
export const meanSquaredError: Loss = {
  ...compared('meanSquaredError'),
  compose: ({ labels, predictions, weights }, attrs) =>
    reduceLosses(labels.squaredDifference(predictions), weights, attrs),
};

/** `max(0, 1 - predictions * (2 * labels - 1))`: labels are 0 or 1. */
export const hingeLoss: Loss = {
  ...compared('hingeLoss'),
  compose: ({ labels, predictions, weights }, attrs) =>
    reduceLosses(predictions.mul(labels.mul(2).sub(1)).neg().add(1).relu(), weights, attrs),
};

/** `-labels * log(predictions) - (1 - labels) * log(1 - predictions)` of probabilities, logarithms kept above -100 as in PyTorch. From logits take `sigmoidCrossEntropy`. */
export const bceLoss: Loss = {
  ...compared('bceLoss', [0.05, 0.95]),
  compose: ({ labels, predictions, weights }, attrs) => {
    const rest = predictions.neg().add(1);
    const other = labels.neg().add(1).mul(bounded(rest));
    return reduceLosses(labels.mul(bounded(predictions)).add(other).neg(), weights, attrs);
  },
};

/** Half the square of the distance up to `delta`, beyond it a straight line (Huber, 1964). */
export const huberLoss: Op<
  Inputs,
  Call,
  [delta?: number, reduction?: Reduction],
  Reducing & { delta: number },
  One
> = {
  ...compared('huberLoss'),
  attrs: (_, delta = 1, reduction) => ({ delta, reduction: reductionOf('huberLoss', reduction) }),
  compose: ({ labels, predictions, weights }, attrs) => {
    const distance = predictions.sub(labels).abs();
    const near = distance.minimum(attrs.delta);
    const far = distance.sub(near).mul(attrs.delta);
    return reduceLosses(near.square().mul(0.5).add(far), weights, attrs);
  },
  samples: [
    { in: { labels: [2, 3], predictions: [2, 3] } },
    { in: { labels: [3], predictions: [3], weights: [3] }, args: [0.5, 'none'] },
  ],
};

/** `-labels * log(predictions + epsilon) - (1 - labels) * log(1 - predictions + epsilon)` of probabilities. */
export const logLoss: Op<
  Inputs,
  Call,
  [epsilon?: number, reduction?: Reduction],
  Reducing & { epsilon: number },
  One
> = {
  ...compared('logLoss'),
  attrs: (_, epsilon = 1e-7, reduction) => ({
    epsilon,
    reduction: reductionOf('logLoss', reduction),
  }),
  compose: ({ labels, predictions, weights }, attrs) => {
    const yes = labels.mul(predictions.add(attrs.epsilon).log());
    const no = labels
      .neg()
      .add(1)
      .mul(
        predictions
          .neg()
          .add(1 + attrs.epsilon)
          .log(),
      );
    return reduceLosses(yes.add(no).neg(), weights, attrs);
  },
  samples: [
    {
      in: {
        labels: { shape: [4], range: [0, 1] },
        predictions: { shape: [4], range: [0.05, 0.95] },
      },
    },
  ],
};

/** The negative logarithm of Poisson's probability of the labels, without its constant part: `exp(p) - labels * p` for p the logarithm of the rate, or `p - labels * log(p + 1e-8)` where the predictions are rates. As in PyTorch. */
export const poissonNll: Op<
  Inputs,
  Call,
  [logInput?: boolean, reduction?: Reduction],
  Reducing & { logInput: boolean },
  One
> = {
  ...compared('poissonNll'),
  attrs: (_, logInput = true, reduction) => ({
    logInput,
    reduction: reductionOf('poissonNll', reduction),
  }),
  compose: ({ labels, predictions: p, weights }, attrs) =>
    reduceLosses(
      attrs.logInput ? p.exp().sub(labels.mul(p)) : p.sub(labels.mul(p.add(1e-8).log())),
      weights,
      attrs,
    ),
  samples: [
    { in: { labels: { shape: [4], range: [0, 4] }, predictions: [4] } },
    {
      in: { labels: { shape: [4], range: [0, 4] }, predictions: { shape: [4], range: [0.3, 3] } },
      args: [false],
    },
  ],
};

/** How far predicted probabilities are from the labels' own, `sum(labels * log(labels / predictions))` along the last axis (Kullback, Leibler, 1951); infinite where something comes that was predicted never to. */
export const klDivergence: Loss = {
  ...compared('klDivergence', [0.1, 0.9], (shape) => shape.slice(0, -1)),
  compose: ({ labels, predictions, weights }, attrs) =>
    reduceLosses(labels.xlogy(labels).sub(labels.xlogy(predictions)).sum(-1), weights, attrs),
};

/** `1 - sum(labels * predictions)` along an axis, by default the last, which stays with length 1; both are taken to have length 1 along it. */
export const cosineDistance: Op<
  Inputs,
  Call,
  [axis?: number, reduction?: Reduction],
  Reducing & { axis: number },
  One
> = {
  ...compared('cosineDistance'),
  attrs: ({ labels }, axis = -1, reduction) => ({
    axis: axisOf('cosineDistance', axis, labels.shape.length),
    reduction: reductionOf('cosineDistance', reduction),
  }),
  spec: ({ labels, predictions, weights }, { axis, reduction }) => {
    paired('cosineDistance', labels, 'predictions', predictions);
    const each = predictions.shape.with(axis, 1);
    return total('cosineDistance', 'predictions', predictions, weights, reduction, each);
  },
  compose: ({ labels, predictions, weights }, attrs) =>
    reduceLosses(labels.mul(predictions).sum(attrs.axis, true).neg().add(1), weights, attrs),
  samples: [
    { in: { labels: [2, 3], predictions: [2, 3] } },
    { in: { labels: [2, 3], predictions: [2, 3] }, args: [0, 'none'] },
  ],
};

/** `-logProbabilities[label]`, where labels are class numbers and classes lie along the last axis: what `sparseSoftmaxCrossEntropy` is of logits. */
export const nllLoss: Op<
  { labels: One; logProbabilities: One; weights?: One },
  [labels: T, logProbabilities: T, weights?: T],
  [reduction?: Reduction],
  Reducing,
  One
> = {
  inputs: { labels: 'one', logProbabilities: 'one', weights: 'maybe' },
  literals: { labels: 'i32' },
  attrs: (_, reduction) => ({ reduction: reductionOf('nllLoss', reduction) }),
  spec: ({ labels, logProbabilities, weights }, { reduction }) => {
    checkIndices('nllLoss', labels.dtype);
    const fits = logProbabilities.shape.slice(0, -1);
    if (logProbabilities.shape.length > 0 && sameShape(labels.shape, fits)) {
      return total('nllLoss', 'log probabilities', logProbabilities, weights, reduction, fits);
    }
    throw new Error(
      `nllLoss: labels ${text(labels.shape)} against log probabilities ${text(logProbabilities.shape)}; the labels must be ${text(fits)}`,
    );
  },
  compose: ({ labels, logProbabilities, weights }, attrs) => {
    const last = logProbabilities.shape.length - 1;
    const chosen = logProbabilities.gather(labels.expandDims(-1), last, last).squeeze(last);
    return reduceLosses(chosen.neg(), weights, attrs);
  },
  samples: [
    { in: { labels: { shape: [4], dtype: 'i32', range: [0, 3] }, logProbabilities: [4, 3] } },
    {
      in: { labels: { shape: [2, 2], dtype: 'i32', range: [0, 3] }, logProbabilities: [2, 2, 3] },
      args: ['none'],
    },
  ],
  errors: [
    {
      in: { labels: { shape: [3], dtype: 'i32', range: [0, 2] }, logProbabilities: [4, 2] },
      says: 'labels [3] against log probabilities [4,2]; the labels must be [4]',
    },
  ],
};

/** How much nearer, along the last axis, an anchor is to be to what is like it than to what is not: `max(|anchor - positive| - |anchor - negative| + margin, 0)`. As in PyTorch, 1e-6 is added to every distance. */
export const tripletLoss: Op<
  { anchor: One; positive: One; negative: One; weights?: One },
  [anchor: T, positive: T, negative: T, weights?: T],
  [margin?: number, reduction?: Reduction],
  Reducing & { margin: number },
  One
> = {
  inputs: { anchor: 'one', positive: 'one', negative: 'one', weights: 'maybe' },
  attrs: (_, margin = 1, reduction) => ({
    margin,
    reduction: reductionOf('tripletLoss', reduction),
  }),
  spec: ({ anchor, positive, negative, weights }, { reduction }) => {
    for (const [name, { shape }] of Object.entries({ positive, negative })) {
      if (anchor.shape.length > 0 && sameShape(shape, anchor.shape)) continue;
      throw new Error(
        `tripletLoss: anchor ${text(anchor.shape)} against ${name} ${text(shape)}; their shapes must be equal, with an axis at least`,
      );
    }
    return total('tripletLoss', 'anchors', anchor, weights, reduction, anchor.shape.slice(0, -1));
  },
  compose: ({ anchor, positive, negative, weights }, attrs) => {
    const far = (other: Tensor) => anchor.sub(other).add(1e-6).norm(2, -1);
    return reduceLosses(far(positive).sub(far(negative)).add(attrs.margin).relu(), weights, attrs);
  },
  samples: [
    { in: { anchor: [4, 3], positive: [4, 3], negative: [4, 3] }, args: [5] },
    { in: { anchor: [2, 3], positive: [2, 3], negative: [2, 3] }, args: [9, 'none'] },
  ],
  errors: [
    {
      in: { anchor: [2, 3], positive: [2, 2], negative: [2, 3] },
      says: 'anchor [2,3] against positive [2,2]',
    },
  ],
};

function compared(
  op: string,
  range: readonly [number, number] = [-2, 2],
  each: (shape: Shape) => Shape = (shape) => shape,
) {
  const given = { shape: [4, 2], range } as const;
  const samples: readonly Sample<Inputs, [reduction?: Reduction]>[] = [
    { in: { labels: given, predictions: given } },
    { in: { labels: given, predictions: given }, args: ['sum'] },
    {
      in: { labels: given, predictions: given, weights: { shape: each([4, 2]), range: [0.1, 2] } },
      args: ['mean'],
    },
  ];
  return {
    inputs: { labels: 'one', predictions: 'one', weights: 'maybe' } as const,
    attrs: (_: unknown, reduction?: Reduction): Reducing => ({
      reduction: reductionOf(op, reduction),
    }),
    spec: (
      { labels, predictions, weights }: { labels: Spec; predictions: Spec; weights?: Spec },
      { reduction }: Reducing,
    ): Spec => {
      paired(op, labels, 'predictions', predictions);
      return total(op, 'predictions', predictions, weights, reduction, each(predictions.shape));
    },
    samples,
    errors: [
      {
        in: { labels: [4], predictions: [4, 1] },
        says: `${op}: labels [4] against predictions [4,1]`,
      },
    ] as const,
  };
}

/** The logarithm, from -100 on. */
function bounded(p: Tensor): Tensor {
  const none = p.equal(0);
  return none.where(-100, none.where(1, p).log().maximum(-100));
}
