import { numeric } from '../dtype.ts';
import type { One, Op, Sample, Spec, T } from '../op.ts';
import { text } from '../shape.ts';
import { selected, type Suppression } from '../suppression.ts';
import type { Tensor } from '../tensor.ts';

// Of boxes that overlap, those with the highest scores. How many there are depends on the values, which are read for it.

export interface Selection extends Suppression {
  readonly selected: readonly { readonly box: number; readonly score: number }[];
}
type Boxes = { boxes: One; scores: One };
type Call = [boxes: T, scores: T];
type Args = [maxOutputSize: number, iouThreshold?: number, scoreThreshold?: number];

const inputs = { boxes: 'one', scores: 'one' } as const;
const four = {
  boxes: {
    shape: [4, 4],
    values: [0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 2, 1, 3, 1, 3, 0, 2],
  },
  scores: { shape: [4], values: [0.5, 0.9, 0.3, 0.6] },
} as const;

/**
 * The positions, as i32, of the boxes `[n, 4]` (rows of y1, x1, y2, x2) that
 * stay, the highest score first: a box goes where its intersection with one
 * that stays is `iouThreshold` of their union or more, or its score not above
 * `scoreThreshold`. No more than `maxOutputSize` stay. No gradient: positions are whole numbers.
 */
export const nonMaxSuppression: Op<Boxes, Call, Args, Selection, One> = {
  inputs,
  attrs: ({ boxes, scores }, maxOutputSize, iouThreshold = 0.5, scoreThreshold = -Infinity) =>
    selection('nonMaxSuppression', boxes, scores, {
      ...{ maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma: 0 },
    }),
  spec: (_, { selected: list }) => ({ shape: [list.length], dtype: 'i32' }),
  forward: (k, _, { selected: list }, out) =>
    k.calculate([out], [], ([to]) => list.forEach(({ box }, i) => (to![i] = box))),
  saves: [],
  grad: { boxes: null, scores: null },
  samples: [
    { in: four, args: [4] },
    { in: four, args: [1] },
    { in: four, args: [4, 0.9, 0.4] },
    { in: { boxes: [0, 4], scores: [0] }, args: [3] },
  ],
  errors: mistakes('nonMaxSuppression'),
};

/**
 * As `nonMaxSuppression`, with the scores of the boxes that stay. With a
 * `softNmsSigma` above 0 boxes that overlap less than `iouThreshold` do not go,
 * but their scores are multiplied by `exp(-iou^2 / (2 softNmsSigma))` (Bodla,
 * Singh, Chellappa, Davis: Soft-NMS, 2017). No gradient, as in TensorFlow.js.
 */
export const nonMaxSuppressionWithScore: Op<
  Boxes,
  Call,
  [...Args, softNmsSigma?: number],
  Selection,
  { selectedIndices: One; selectedScores: One }
> = {
  inputs,
  outputs: { selectedIndices: 'one', selectedScores: 'one' },
  attrs: (
    { boxes, scores },
    maxOutputSize,
    iouThreshold = 0.5,
    scoreThreshold = -Infinity,
    softNmsSigma = 0,
  ) =>
    selection('nonMaxSuppressionWithScore', boxes, scores, {
      ...{ maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma },
    }),
  spec: (_, { selected: list }) => ({
    selectedIndices: { shape: [list.length], dtype: 'i32' },
    selectedScores: { shape: [list.length], dtype: 'f32' },
  }),
  forward: (k, _, { selected: list }, { selectedIndices, selectedScores }) =>
    k.calculate([selectedIndices, selectedScores], [], ([boxes, scores]) =>
      list.forEach(({ box, score }, i) => {
        boxes![i] = box;
        scores![i] = score;
      }),
    ),
  saves: [],
  grad: { boxes: null, scores: null },
  samples: [
    { in: four, args: [4] },
    { in: four, args: [4, 0.9, 0.2, 0.5] },
  ],
  errors: mistakes('nonMaxSuppressionWithScore'),
};

/** What stays, with what it was asked for. The row's `attrs` see the tensors themselves. */
function selection(op: string, boxes: Spec, scores: Spec, asked: Suppression): Selection {
  numeric(op, boxes.dtype);
  numeric(op, scores.dtype);
  const { maxOutputSize, iouThreshold } = asked;
  if (
    boxes.shape.length !== 2 ||
    boxes.shape[1] !== 4 ||
    text(scores.shape) !== `[${boxes.shape[0]}]`
  ) {
    throw new Error(
      `${op}: boxes are ${text(boxes.shape)} and scores ${text(scores.shape)}; they must be [n,4] and [n]`,
    );
  }
  if (!Number.isSafeInteger(maxOutputSize) || maxOutputSize < 0) {
    throw new Error(
      `${op}: a maxOutputSize of ${String(maxOutputSize)}; it must be a whole number from 0`,
    );
  }
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) {
    throw new Error(`${op}: an iouThreshold of ${iouThreshold}; it must lie between 0 and 1`);
  }
  const values = (x: Spec) => (x as Tensor).data() as Float64Array;
  return { ...asked, selected: selected(values(boxes), values(scores), asked) };
}

function mistakes(op: string): readonly (Sample<Boxes, Args> & { readonly says: string })[] {
  return [
    {
      in: { boxes: [3, 4], scores: [2] },
      args: [1],
      says: `${op}: boxes are [3,4] and scores [2]; they must be [n,4] and [n]`,
    },
    { in: { boxes: [3, 4], scores: [3] }, args: [-1], says: `${op}: a maxOutputSize of -1` },
    { in: { boxes: [3, 4], scores: [3] }, args: [1, 2], says: `${op}: an iouThreshold of 2` },
  ];
}
