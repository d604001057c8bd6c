import {
  along,
  any,
  box,
  filtered,
  indexAt,
  list,
  one,
  positionOf,
  same,
  spreadFrom,
  type Cells,
  type Given,
  type Question,
  type Rule,
  type Span,
} from './cells.ts';
import type { Shape } from '../shape.ts';

/** Ops that carry elements to other places, and what says where to. */

const concat: Rule = ({ inputs, attrs, index }) => {
  const { axis } = attrs as { readonly axis: number };
  let at = index[axis]!;
  const input = inputs.findIndex(({ shape }) => {
    if (at < shape[axis]!) return true;
    at -= shape[axis]!;
    return false;
  });
  return [one(input, positionOf(index.with(axis, at), inputs[input]!.shape))];
};

const pad: Rule = ({ inputs: [x], attrs, index }) => {
  const { paddings } = attrs as { readonly paddings: readonly (readonly [number, number])[] };
  return within(
    0,
    x!.shape,
    index.map((at, axis) => at - paddings[axis]![0]),
  );
};

/** The element at that place, where there is one. */
function within(input: number, shape: Shape, index: readonly number[]): readonly Cells[] {
  const there = index.every((at, axis) => Number.isInteger(at) && at >= 0 && at < shape[axis]!);
  return there ? [one(input, positionOf(index, shape))] : [];
}

interface Steps {
  readonly begin: readonly number[];
  readonly steps: readonly number[];
  readonly size: Shape;
  readonly kept?: readonly number[];
  readonly shape: Shape;
}

/** Which element of a strided slice lies at that place of the whole. */
function inSlice(index: readonly number[], { begin, steps }: Steps): readonly number[] {
  return index.map((at, axis) => (at - begin[axis]!) / steps[axis]!);
}

const stridedSliceGrad: Rule = ({ attrs, index }) =>
  within(0, (attrs as Steps).size, inSlice(index, attrs as Steps));

const stridedSliceUpdate: Rule = ({ inputs: [x, value], attrs, index }) => {
  const how = attrs as Steps;
  const at = inSlice(index, how);
  if (within(0, how.size, at).length === 0) return [one(0, positionOf(index, x!.shape))];
  return [
    one(
      1,
      spreadFrom(
        how.kept!.map((axis) => at[axis]!),
        value!.shape,
      ),
    ),
  ];
};

const band =
  (keeps: (below: number, attrs: any) => boolean): Rule =>
  ({ inputs: [x], attrs, index }) => {
    const [i, j] = index.slice(-2) as [number, number];
    return keeps(i - j, attrs) ? [one(0, positionOf(index, x!.shape))] : [];
  };

interface Along {
  readonly axis: number;
  readonly batchDims: number;
}

/** Where an element of what was gathered comes from. */
const gather: Rule = ({ inputs: [x, indices], attrs, index }) => {
  const { axis, batchDims } = attrs as Along;
  const picks = indices!.shape.length - batchDims;
  const chosen = positionOf(
    [...index.slice(0, batchDims), ...index.slice(axis, axis + picks)],
    indices!.shape,
  );
  const place = Number(indices!.value(chosen));
  const from = [...index.slice(0, axis), place, ...index.slice(axis + picks)];
  return [one(0, positionOf(from, x!.shape)), one(1, chosen)];
};

/** The places of what was scattered to one place: in what is scattered, and among the indices. */
function scattered(
  indices: Given,
  updates: Shape,
  index: readonly number[],
  { axis, batchDims }: Along,
): { readonly from: number[]; readonly chosen: number[] } {
  const picks = indices.shape.slice(batchDims);
  const batch = index.slice(0, batchDims);
  const [from, chosen]: [number[], number[]] = [[], []];
  const count = picks.reduce((a, b) => a * b, 1);
  for (let k = 0; k < count; k++) {
    const pick = indexAt(k, picks);
    const at = positionOf([...batch, ...pick], indices.shape);
    if (Number(indices.value(at)) !== index[axis]) continue;
    chosen.push(at);
    from.push(spreadFrom([...index.slice(0, axis), ...pick, ...index.slice(axis + 1)], updates));
  }
  return { from, chosen };
}

const scatterAdd: Rule = ({ inputs: [x, indices], attrs, index }) => {
  const { from, chosen } = scattered(indices!, x!.shape, index, attrs as Along);
  return [list(0, from), list(1, chosen)];
};

/** The last update of that place, else what was there. */
const scatterUpdate: Rule = ({ inputs: [x, indices, updates], attrs, index }) => {
  const { from, chosen } = scattered(indices!, updates!.shape, index, attrs as Along);
  if (from.length === 0) return [one(0, positionOf(index, x!.shape))];
  return [one(2, from.at(-1)!), one(1, chosen.at(-1)!)];
};

const oneHot: Rule = ({ inputs: [indices], index }) => [
  one(0, positionOf(index.slice(0, -1), indices!.shape)),
];

const ravelIndex: Rule = ({ inputs: [indices], index }) => {
  const { shape } = indices!;
  return [along(0, shape, [...index, 0], [shape.length - 1])];
};

/** The element whose place the result tells. */
const nonzero: Rule = ({ inputs: [x], out, index }) => {
  const [row] = index as [number];
  const place = x!.shape.map((_, axis) => Number(out.value(positionOf([row, axis], out.shape))));
  return [one(0, positionOf(place, x!.shape))];
};

/** The numbers that are that number, and what each counts for. */
const bincount: Rule = ({ inputs: [x, weights], index }) => {
  const count = x!.shape.reduce((a, b) => a * b, 1);
  const found = filtered(box(0, [count], [[0, count]]), (at) => Number(x!.value(at)) === index[0]);
  return [...(weights ? [{ ...found, input: 1 }] : []), found];
};

/** The rows of that segment; of an extreme those that are it. */
const segment =
  (picks: boolean): Rule =>
  ({ inputs: [x, ids], index, out }) => {
    const rows = ids!.shape.reduce((a, b) => a * b, 1);
    const each = x!.shape.slice(ids!.shape.length);
    const value = picks ? out.value(positionOf(index, out.shape)) : 0;
    const [from, chosen]: [number[], number[]] = [[], []];
    const width = each.reduce((a, b) => a * b, 1);
    for (let row = 0; row < rows; row++) {
      if (Number(ids!.value(row)) !== index[0]) continue;
      const at = row * width + positionOf(index.slice(1), each);
      if (picks && !same(x!.value(at), value)) continue;
      from.push(at);
      chosen.push(row);
    }
    return [list(0, from), list(1, chosen)];
  };

/** The value that was sought, and the row it was sought in. */
const sought: Rule = ({ inputs: [row, values], index }) => {
  const { shape } = row!;
  const batch = shape.length === 1 ? [] : index.slice(0, -1);
  return [
    one(1, positionOf(index, values!.shape)),
    along(0, shape, [...batch, 0], [shape.length - 1]),
  ];
};

const inTopK: Rule = ({ inputs: [predictions, targets], index }) => [
  along(0, predictions!.shape, [...index, 0], [predictions!.shape.length - 1]),
  one(1, positionOf(index, targets!.shape)),
];

/** Whole matrices of a batch, however their elements enter. */
const matrices: Rule = ({ inputs, index }: Question) => {
  const front = inputs[0]!.shape.length - 2;
  return inputs.map(({ shape }, input) => {
    const spans = shape.map((n, axis): Span => {
      return axis < front ? [n === 1 ? 0 : index[axis]!, 1] : [0, n];
    });
    return { ...box(input, shape, spans), unsure: true };
  });
};

const whole: Rule = ({ inputs }) => inputs.map((given, input) => any(input, given));

export const moves = {
  concat,
  pad,
  gather,
  scatterAdd,
  scatterUpdate,
  stridedSliceGrad,
  stridedSliceUpdate,
  bandPart: band(
    (below, { numLower, numUpper }: { numLower: number; numUpper: number }) =>
      (numLower < 0 || below <= numLower) && (numUpper < 0 || -below <= numUpper),
  ),
  tril: band((below, { k }: { k: number }) => -below <= k),
  triu: band((below, { k }: { k: number }) => -below >= k),
  oneHot,
  ravelIndex,
  nonzero,
  bincount,
  unsortedSegmentMax: segment(true),
  unsortedSegmentMin: segment(true),
  unsortedSegmentProd: segment(false),
  lowerBound: sought,
  upperBound: sought,
  searchSorted: sought,
  inTopK,
  cholesky: matrices,
  lu: matrices,
  qr: matrices,
  eig: matrices,
  eigvals: matrices,
  eigh: matrices,
  svd: matrices,
  inv: matrices,
  pinv: matrices,
  solve: whole,
  triangularSolve: whole,
  det: matrices,
  expm: matrices,
  matrixRank: matrices,
  slogdet: matrices,
  histogram: whole,
  unique: whole,
  broadcastArgs: whole,
  lastOccurrence: whole,
  nonMaxSuppression: whole,
  nonMaxSuppressionWithScore: whole,
} satisfies { readonly [op: string]: Rule };
