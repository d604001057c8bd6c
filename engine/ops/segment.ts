import { checkIndices, isBig, isFloat, isInteger, numberOf, range, type DType } from '../dtype.ts';
import type { One, Op, Sample, Spec, T } from '../op.ts';
import { sameShape, sizeOf, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Elements folded by the number of the segment they belong to, in any order, as in TensorFlow. The shape of the
// numbers is that of x or the front of it; what is left of x is one element of a segment. Elements whose number lies
// outside 0 to `numSegments` belong to none, as in TensorFlow.js.

export interface Segments {
  readonly numSegments: number;
}
type Fold = Op<
  { x: One; segmentIds: One },
  [x: T, segmentIds: T],
  [numSegments: number],
  Segments,
  One
>;

/** The sum of each segment; 0 where it is empty. */
export const unsortedSegmentSum: Fold = {
  ...fold('unsortedSegmentSum'),
  compose: ({ x, segmentIds }, { numSegments }) => {
    const [rows, ids] = aligned(x, segmentIds);
    return sums(rows, kept(ids, numSegments), numSegments).reshape(
      made(x, segmentIds, numSegments),
    );
  },
};

/** The mean of each segment; 0 where it is empty. Integers become f32. */
export const unsortedSegmentMean: Fold = {
  ...fold('unsortedSegmentMean', 'float'),
  compose: ({ x, segmentIds }, { numSegments }) => {
    const [rows, ids] = aligned(isFloat(x.dtype) ? x : x.cast('f32'), segmentIds);
    const places = kept(ids, numSegments);
    const counts = sums(rows.slice([0, 0], [rows.shape[0]!, 1]).onesLike(), places, numSegments);
    return sums(rows, places, numSegments)
      .div(counts.maximum(1))
      .reshape(made(x, segmentIds, numSegments));
  },
};

/** The product of each segment; 1 where it is empty. */
export const unsortedSegmentProd: Fold = ordered('unsortedSegmentProd', 'prod');

/** The greatest of each segment; the least value of the dtype (of floats -Infinity) where it is empty. Several that tie share the gradient evenly. */
export const unsortedSegmentMax: Fold = ordered('unsortedSegmentMax', 'max');

/** The least of each segment; the greatest value of the dtype (of floats Infinity) where it is empty. Several that tie share the gradient evenly. */
export const unsortedSegmentMin: Fold = ordered('unsortedSegmentMin', 'min');

function fold(op: string, to: 'number' | 'float' = 'number') {
  return {
    inputs: { x: 'one', segmentIds: 'one' } as const,
    literals: { segmentIds: 'i32' } as const,
    attrs: (_: unknown, numSegments: number): Segments => {
      if (Number.isInteger(numSegments) && numSegments >= 0) return { numSegments };
      throw new Error(`${op}: ${numSegments} segments; their number must be whole, from 0 on`);
    },
    spec: ({ x, segmentIds }: { x: Spec; segmentIds: Spec }, { numSegments }: Segments): Spec => {
      checkIndices(op, segmentIds.dtype);
      const front = x.shape.slice(0, segmentIds.shape.length);
      if (!sameShape(front, segmentIds.shape)) {
        throw new Error(
          `${op}: segmentIds ${text(segmentIds.shape)} for x ${text(x.shape)}; the shape of x must begin with that of the ids`,
        );
      }
      const dtype = numberOf(op, x.dtype);
      return {
        shape: made(x, segmentIds, numSegments),
        dtype: to === 'float' && !isFloat(dtype) ? 'f32' : dtype,
      };
    },
    samples: samples(),
    errors: [
      {
        in: { x: [3], segmentIds: { shape: [2], dtype: 'i32' } },
        args: [2],
        says: `${op}: segmentIds [2] for x [3]`,
      },
      {
        in: { x: [3], segmentIds: { shape: [3], dtype: 'i32' } },
        args: [-1],
        says: `${op}: -1 segments`,
      },
    ] as const,
  };
}

function ordered(op: string, f: 'prod' | 'max' | 'min'): Fold {
  return {
    ...fold(op),
    forward: (k, { x, segmentIds }, { numSegments }, out) =>
      k.calculate([out], [x, segmentIds], ([to], [from, ids]) => {
        const each = sizeOf(x.shape.slice(segmentIds.shape.length));
        const empty = f === 'prod' ? 1 : extreme(out.dtype, f);
        const product = times(out.dtype);
        type Values = { [i: number]: number | bigint };
        const [target, source] = [to as Values, from as Values];
        const first = isBig(out.dtype) ? BigInt(empty) : Number(empty);
        for (let i = 0; i < out.size; i++) target[i] = first;
        for (let row = 0; row < ids!.length; row++) {
          const id = Number(ids![row]);
          if (!(id >= 0 && id < numSegments)) continue;
          for (let j = 0; j < each; j++) {
            const [at, value] = [id * each + j, source[row * each + j]!];
            const old = target[at]!;
            if (f === 'prod') target[at] = product(old, value);
            else if (value !== value || (f === 'max' ? value > old : value < old))
              target[at] = value;
          }
        }
      }),
    saves: ['x', 'segmentIds', 'out'],
    grad: {
      x: (g, { x, segmentIds, out }, { numSegments }) => {
        const [rows, ids] = aligned(x, segmentIds);
        const inside = ids.greaterEqual(0).logicalAnd(ids.less(numSegments)).expandDims(1);
        const places = ids
          .maximum(0)
          .minimum(Math.max(numSegments - 1, 0))
          .cast('i32');
        if (numSegments === 0) return x.zerosLike();
        const wide = (t: Tensor) => t.reshape([numSegments, rows.shape[1]!]).gather(places);
        if (f === 'prod') {
          // The product of the others: by division where no zero is among them. Where one is or two, what is 0 is
          // written as a multiple of them, so that derivatives of the gradient are right, too.
          const zero = rows.equal(0);
          const others = zero.where(1, rows);
          const folded = (t: Tensor) => wide(t.unsortedSegmentSum(ids, numSegments));
          const [zeros, none] = [folded(zero.cast(rows.dtype)), folded(zero.where(rows, 0))];
          const product = wide(others.unsortedSegmentProd(ids, numSegments));
          const apart = product.div(others);
          const two = zeros.equal(2).where(none.sub(rows).mul(product), 0);
          const share = zero.where(
            zeros.equal(1).where(product, two),
            zeros.equal(0).where(apart, zeros.equal(1).where(none.mul(apart), 0)),
          );
          return inside.where(wide(g).mul(share), 0).reshape(x.shape);
        }
        const chosen = rows.equal(wide(out)).logicalOr(rows.isNaN()).logicalAnd(inside);
        const many = wide(chosen.cast(rows.dtype).unsortedSegmentSum(ids, numSegments));
        return chosen.where(wide(g).div(many), 0).reshape(x.shape);
      },
      segmentIds: null,
    },
  };
}

function times(dtype: DType): (a: number | bigint, b: number | bigint) => number | bigint {
  if (isBig(dtype)) return (a, b) => BigInt.asIntN(64, (a as bigint) * (b as bigint));
  // f64 would lose the low bits of large products, which count.
  if (isInteger(dtype)) return (a, b) => Math.imul(a as number, b as number);
  return (a, b) => (a as number) * (b as number);
}

/** x as rows of one element of a segment each, and the ids in a list. */
function aligned(x: Tensor, ids: Tensor): readonly [Tensor, Tensor] {
  return [x.reshape([ids.size, sizeOf(x.shape.slice(ids.shape.length))]), ids.flatten()];
}

function made(x: Spec, ids: Spec, numSegments: number): Shape {
  return [numSegments, ...x.shape.slice(ids.shape.length)];
}

/** The ids as places of one segment more, to which all belong that belong to none. */
function kept(ids: Tensor, numSegments: number): Tensor {
  const inside = ids.greaterEqual(0).logicalAnd(ids.less(numSegments));
  return inside.where(ids, numSegments);
}

function sums(rows: Tensor, places: Tensor, numSegments: number): Tensor {
  const width = rows.shape[1]!;
  const numbers = rows.dtype === 'bool' ? rows.cast('i32') : rows;
  return numbers.scatterAdd(places, [numSegments + 1, width]).slice([0, 0], [numSegments, width]);
}

function extreme(dtype: DType, f: 'max' | 'min'): number | bigint {
  if (isFloat(dtype)) return f === 'max' ? -Infinity : Infinity;
  return range(dtype)[f === 'max' ? 0 : 1];
}

function samples(): readonly Sample<{ x: 'one'; segmentIds: 'one' }, [numSegments: number]>[] {
  return [
    {
      in: {
        x: { shape: [6, 2], apart: 0.1 },
        segmentIds: { shape: [6], dtype: 'i32', values: [0, 2, 0, -1, 2, 1] },
      },
      args: [3],
    },
    {
      in: {
        x: { shape: [2, 3], apart: 0.1 },
        segmentIds: { shape: [2, 3], dtype: 'i32', range: [0, 3] },
      },
      args: [3],
    },
    {
      in: {
        x: { shape: [4], dtype: 'i32' },
        segmentIds: { shape: [4], dtype: 'i32', range: [0, 2] },
      },
      args: [2],
    },
  ];
}
