import { checkIndices, isFloat, numberOf } from '../dtype.ts';
import { valuesOf } from '../known-inputs.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { text } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import type { Segments } from './segment.ts';

// Slices of x folded by the number of the segment they belong to, whose numbers rise from 0 on, as in TensorFlow's
// `math.segment_sum`. There are as many segments as the last number says; those that no slice belongs to are empty.

type Fold = Op<{ x: One; segmentIds: One }, [x: T, segmentIds: T], [], Segments, One>;

/** The sum of each segment; 0 where it is empty. */
export const segmentSum: Fold = {
  ...fold('segmentSum'),
  compose: ({ x, segmentIds }, { numSegments }) => x.unsortedSegmentSum(segmentIds, numSegments),
};

/** The mean of each segment; 0 where it is empty. Integers become f32. */
export const segmentMean: Fold = {
  ...fold('segmentMean', 'float'),
  compose: ({ x, segmentIds }, { numSegments }) => x.unsortedSegmentMean(segmentIds, numSegments),
};

/** The product of each segment; 1 where it is empty. */
export const segmentProd: Fold = {
  ...fold('segmentProd'),
  compose: ({ x, segmentIds }, { numSegments }) => x.unsortedSegmentProd(segmentIds, numSegments),
};

/** The greatest of each segment; 0 where it is empty. Several that tie share the gradient evenly. */
export const segmentMax: Fold = {
  ...fold('segmentMax'),
  compose: ({ x, segmentIds }, { numSegments }) =>
    filled(x.unsortedSegmentMax(segmentIds, numSegments), segmentIds),
};

/** The least of each segment; 0 where it is empty. Several that tie share the gradient evenly. */
export const segmentMin: Fold = {
  ...fold('segmentMin'),
  compose: ({ x, segmentIds }, { numSegments }) =>
    filled(x.unsortedSegmentMin(segmentIds, numSegments), segmentIds),
};

/** 0 in place of what is the least or greatest number of its dtype where a segment is empty. */
function filled(folded: Tensor, ids: Tensor): Tensor {
  const [count] = folded.shape as readonly [number];
  const empty = ids.bincount(undefined, count).equal(0);
  return empty.reshape([count, ...folded.shape.slice(1).map(() => 1)]).where(0, folded);
}

function fold(op: string, to: 'number' | 'float' = 'number') {
  return {
    inputs: { x: 'one', segmentIds: 'one' } as const,
    literals: { segmentIds: 'i32' } as const,
    attrs: ({ x, segmentIds }: { x: Spec; segmentIds: Spec }): Segments => {
      checkIndices(op, segmentIds.dtype);
      if (segmentIds.shape.length !== 1 || x.shape[0] !== segmentIds.shape[0]) {
        throw new Error(
          `${op}: segmentIds ${text(segmentIds.shape)} for x ${text(x.shape)}; they need one axis, as long as the first of x`,
        );
      }
      return { numSegments: countOf(op, segmentIds) };
    },
    spec: ({ x }: { x: Spec }, { numSegments }: Segments): Spec => {
      const dtype = numberOf(op, x.dtype);
      return {
        shape: x.shape.with(0, numSegments),
        dtype: to === 'float' && !isFloat(dtype) ? 'f32' : dtype,
      };
    },
    samples: [
      {
        in: {
          x: { shape: [5, 2], apart: 0.1 },
          segmentIds: { shape: [5], dtype: 'i32', values: [0, 0, 1, 3, 3] },
        },
      },
      {
        in: {
          x: { shape: [4], dtype: 'i32' },
          segmentIds: { shape: [4], dtype: 'i64', values: [0, 1, 1, 1] },
        },
      },
      { in: { x: [0, 3], segmentIds: { shape: [0], dtype: 'i32' } } },
    ] as const,
    errors: [
      {
        in: { x: [3], segmentIds: { shape: [2], dtype: 'i32', values: [0, 1] } },
        says: `${op}: segmentIds [2] for x [3]; they need one axis, as long as the first of x`,
      },
      {
        in: { x: [3], segmentIds: { shape: [3], dtype: 'i32', values: [0, 2, 1] } },
        says: `${op}: segment 1 comes after 2; sort the ids, or take unsortedS${op.slice(1)}, which takes any order`,
      },
      {
        in: { x: [2], segmentIds: { shape: [2], dtype: 'i32', values: [-1, 0] } },
        says: `${op}: a segment -1; they are numbered from 0 on`,
      },
      {
        in: { x: [1], segmentIds: [1] },
        says: `${op}: the indices are f32; they must be integers`,
      },
    ] as const,
  };
}

/** How many segments there are: the last number and one. */
function countOf(op: string, segmentIds: Spec): number {
  let last: number | bigint = 0;
  const ids = valuesOf(op, segmentIds);
  if (ids.length === 0) return 0;
  for (const id of ids) {
    if (id < 0) throw new Error(`${op}: a segment ${id}; they are numbered from 0 on`);
    if (id < last) {
      throw new Error(
        `${op}: segment ${id} comes after ${last}; sort the ids, or take unsortedS${op.slice(1)}, which takes any order`,
      );
    }
    last = id;
  }
  return Number(last) + 1;
}
