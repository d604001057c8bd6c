import { checkIndices } from '../dtype.ts';
import { namedAxes, outside, positionText } from '../indexing/indices.ts';
import type { One, Op, T } from '../op.ts';
import { axisOf, broadcast, checkShape, sameShape, sizeOf, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Elements and slices picked by several positions at once. gather, along one axis, is in indexing.ts.

/**
 * The place, row-major, of each element that the last axis of `indices` names
 * in a tensor of the given shape. With `wrap` negative ones count from the
 * end. `who` is the op that errors speak of. (As `numpy.ravel_multi_index`.)
 */
export const ravelIndex: Op<
  { indices: One },
  [indices: T],
  [shape: Shape, wrap?: boolean, who?: string],
  { shape: Shape; wrap: boolean; who: string },
  One
> = {
  inputs: { indices: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ indices }, shape, wrap = false, who = 'ravelIndex') => {
    checkIndices(who, indices.dtype);
    const own = checkShape(who, shape);
    if (indices.shape.at(-1) === own.length) return { shape: own, wrap, who };
    throw new Error(
      `${who}: the indices ${text(indices.shape)} name an element of ${text(own)}; their last axis must have the length ${own.length}`,
    );
  },
  spec: ({ indices }) => ({ shape: indices.shape.slice(0, -1), dtype: 'i32' }),
  forward: (k, { indices }, { shape, wrap, who }, out) =>
    k.calculate([out], [indices], ([to], [from]) => {
      const rank = shape.length;
      for (let i = 0, next = 0; i < to!.length; i++) {
        let place = 0;
        for (let axis = 0; axis < rank; axis++) {
          const n = shape[axis]!;
          let index = Number(from![next++]);
          if (wrap && index < 0) index += n;
          if (!(index >= 0 && index < n)) {
            const at = positionText(i, indices.shape.slice(0, -1));
            throw outside(who, Number(from![next - 1]), at, axis, shape, wrap);
          }
          place = place * n + index;
        }
        to![i] = place;
      }
    }),
  saves: [],
  grad: { indices: null },
  samples: [
    {
      in: { indices: { shape: [2, 2], dtype: 'i32', values: [1, 2, 0, 3] } },
      args: [[2, 4]],
    },
    { in: { indices: { shape: [3, 1], dtype: 'i64', values: [-1, -4, 2] } }, args: [[4], true] },
    { in: { indices: { shape: [0, 2], dtype: 'i32' } }, args: [[2, 4]] },
  ],
  errors: [
    {
      in: { indices: { shape: [2, 2], dtype: 'i32', values: [0, 0, 1, 4] } },
      args: [[2, 4]],
      says: 'ravelIndex: index 4 at [1] lies outside axis 1 of [2,4] (0 to 3)',
    },
    {
      in: { indices: { shape: [1], dtype: 'i32', values: [-5] } },
      args: [[4], true],
      says: 'ravelIndex: index -5 lies outside axis 0 of [4] (-4 to 3)',
    },
    {
      in: { indices: { shape: [2], dtype: 'i32' } },
      args: [[4]],
      says: 'ravelIndex: the indices [2] name an element of [4]; their last axis must have the length 1',
    },
    { in: { indices: [1] }, args: [[4]], says: 'ravelIndex: the indices are f32' },
  ],
};

/**
 * Elements or slices of x by whole positions: the last axis of `indices` names
 * them, for all axes of x or for its first ones:
 * `out[i.., ..] = x[indices[i..], ..]`.
 */
export const gatherND: Op<{ x: One; indices: One }, [x: T, indices: T], [], object, One> = {
  texts: true,
  inputs: { x: 'one', indices: 'one' },
  literals: { indices: 'i32' },
  spec: ({ x, indices }) => {
    const named = namedAxes('gatherND', x.shape, indices.shape);
    checkIndices('gatherND', indices.dtype);
    return { shape: [...indices.shape.slice(0, -1), ...x.shape.slice(named)], dtype: x.dtype };
  },
  compose: ({ x, indices }) => {
    const named = indices.shape.at(-1)!;
    const lead = x.shape.slice(0, named);
    const rows = x.reshape([sizeOf(lead), ...x.shape.slice(named)]);
    return rows.gather(indices.ravelIndex(lead, false, 'gatherND'));
  },
  samples: [
    {
      in: {
        x: [3, 4],
        indices: { shape: [4, 2], dtype: 'i32', values: [0, 1, 2, 3, 0, 1, 1, 0] },
      },
    },
    { in: { x: [3, 2, 2], indices: { shape: [2, 2, 1], dtype: 'i64', values: [2, 0, 0, 1] } } },
    { in: { x: [2, 3], indices: { shape: [2, 0], dtype: 'i32' } } },
  ],
  errors: [
    {
      in: { x: [2, 3], indices: { shape: [1, 2], dtype: 'i32', values: [1, 3] } },
      says: 'gatherND: index 3 at [0] lies outside axis 1 of [2,3] (0 to 2)',
    },
    {
      in: { x: [2], indices: { shape: [1, 2], dtype: 'i32', values: [1, 3] } },
      says: 'gatherND: the indices [1,2] name 2 axes; [2] has 1',
    },
    { in: { x: [2], indices: [1, 1] }, says: 'gatherND: the indices are f32' },
  ],
};

type AlongAxis = { readonly axis: number };

/**
 * One element of x for each index, from the row along `axis` (by default the
 * last) that lies where the index lies: `out[.., i, ..] = x[.., indices[.., i, ..], ..]`.
 * Along the other axes the two broadcast. (As `numpy.take_along_axis`,
 * PyTorch's `gather`.)
 */
export const takeAlongAxis: Op<
  { x: One; indices: One },
  [x: T, indices: T],
  [axis?: number],
  AlongAxis,
  One
> = {
  inputs: { x: 'one', indices: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ x, indices }, axis = -1) => alongAxis('takeAlongAxis', x.shape, indices, axis),
  spec: ({ x, indices }, { axis }) => {
    const [, all] = besideAxis('takeAlongAxis', x.shape, indices.shape, axis);
    return { shape: all, dtype: x.dtype };
  },
  compose: ({ x, indices }, { axis }) => {
    const last = x.shape.length - 1;
    const [own, all] = besideAxis('takeAlongAxis', x.shape, indices.shape, axis);
    const rows = toLast(x.broadcastTo(own), axis);
    const places = toLast(indices.broadcastTo(all), axis);
    try {
      return fromLast(rows.gather(places, last, last), axis);
    } catch (error) {
      throw firstOutside('takeAlongAxis', indices, axis, x.shape) ?? error;
    }
  },
  samples: [
    { in: { x: [3, 4], indices: { shape: [3, 2], dtype: 'i32', range: [0, 4] } } },
    { in: { x: [3, 4, 2], indices: { shape: [2, 4, 2], dtype: 'i64', range: [0, 3] } }, args: [0] },
    { in: { x: [3, 4], indices: { shape: [1, 4], dtype: 'i32', range: [0, 3] } }, args: [0] },
    { in: { x: [1, 4], indices: { shape: [3, 2], dtype: 'i32', range: [0, 4] } }, args: [1] },
  ],
  errors: [
    {
      in: { x: [2, 3], indices: { shape: [2, 1], dtype: 'i32', values: [0, 3] } },
      says: 'takeAlongAxis: index 3 at [1,0] lies outside axis 1 of [2,3] (0 to 2)',
    },
    {
      in: { x: [2, 3], indices: { shape: [2], dtype: 'i32' } },
      says: 'takeAlongAxis: the indices [2] have not as many axes as [2,3]',
    },
    {
      in: { x: [2, 3], indices: { shape: [3, 1], dtype: 'i32' } },
      says: 'takeAlongAxis: [2] and [3] do not broadcast',
    },
    { in: { x: [2], indices: [2] }, says: 'takeAlongAxis: the indices are f32' },
  ],
};

/**
 * x with other elements where `indices` says, along `axis` as `takeAlongAxis`
 * reads them. `values` broadcasts to the indices; of several for one element
 * the last stays. (As `numpy.put_along_axis`, but x itself stays as it is.)
 */
export const putAlongAxis: Op<
  { x: One; indices: One; values: One },
  [x: T, indices: T, values: T],
  [axis?: number],
  AlongAxis,
  One
> = {
  inputs: { x: 'one', indices: 'one', values: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ x, indices }, axis = -1) => alongAxis('putAlongAxis', x.shape, indices, axis),
  spec: ({ x, indices, values }, { axis }) => {
    const [own, all] = besideAxis('putAlongAxis', x.shape, indices.shape, axis);
    if (!sameShape(own, x.shape)) {
      throw new Error(
        `putAlongAxis: the indices ${text(indices.shape)} go beyond ${text(x.shape)}`,
      );
    }
    if (!sameShape(broadcast('putAlongAxis', values.shape, all), all)) {
      throw new Error(
        `putAlongAxis: the values ${text(values.shape)} do not broadcast to the indices ${text(all)}`,
      );
    }
    return x;
  },
  compose: ({ x, indices, values }, { axis }) => {
    const rank = x.shape.length;
    const [, all] = besideAxis('putAlongAxis', x.shape, indices.shape, axis);
    const [rows, places, others] = [x, indices.broadcastTo(all), values.broadcastTo(all)].map((t) =>
      toLast(t, axis),
    ) as [Tensor, Tensor, Tensor];
    return fromLast(rows.scatterUpdate(places, others.cast(x.dtype), rank - 1, rank - 1), axis);
  },
  samples: [
    {
      in: { x: [3, 4], indices: { shape: [3, 2], dtype: 'i32', range: [0, 4] }, values: [3, 2] },
    },
    {
      in: { x: [3, 2], indices: { shape: [2, 2], dtype: 'i32', range: [0, 3] }, values: [2] },
      args: [0],
    },
  ],
  errors: [
    {
      in: { x: [1, 3], indices: { shape: [2, 1], dtype: 'i32' }, values: [] },
      says: 'putAlongAxis: the indices [2,1] go beyond [1,3]',
    },
    {
      in: { x: [2, 3], indices: { shape: [2, 1], dtype: 'i32' }, values: [2, 3] },
      says: 'putAlongAxis: the values [2,3] do not broadcast to the indices [2,1]',
    },
  ],
};

function alongAxis(
  op: string,
  shape: Shape,
  indices: { readonly shape: Shape; readonly dtype: Parameters<typeof checkIndices>[1] },
  axis: number,
): AlongAxis {
  checkIndices(op, indices.dtype);
  if (indices.shape.length === shape.length) return { axis: axisOf(op, axis, shape.length) };
  throw new Error(
    `${op}: the indices ${text(indices.shape)} have not as many axes as ${text(shape)}`,
  );
}

/** The shapes of x and of the indices when all axes but one have met. */
function besideAxis(op: string, x: Shape, indices: Shape, axis: number): readonly [Shape, Shape] {
  const rest = broadcast(op, x.toSpliced(axis, 1), indices.toSpliced(axis, 1));
  return [rest.toSpliced(axis, 0, x[axis]!), rest.toSpliced(axis, 0, indices[axis]!)];
}

/** The error about the first of the indices that is no position along an axis. */
function firstOutside(op: string, indices: Tensor, axis: number, shape: Shape): Error | null {
  const list = [...indices.data()].map(Number);
  const i = list.findIndex((index) => !(index >= 0 && index < shape[axis]!));
  if (i < 0) return null;
  return outside(op, list[i]!, positionText(i, indices.shape), axis, shape);
}

function toLast(x: Tensor, axis: number): Tensor {
  const order = x.shape.map((_, i) => i).toSpliced(axis, 1);
  return axis === x.shape.length - 1 ? x : x.transpose([...order, axis]);
}

function fromLast(x: Tensor, axis: number): Tensor {
  const last = x.shape.length - 1;
  const order = x.shape.map((_, i) => i).slice(0, -1);
  return axis === last ? x : x.transpose(order.toSpliced(axis, 0, last));
}
