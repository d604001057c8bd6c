import { checkIndices, dtypes } from '../dtype.ts';
import { numbersOf } from '../complex.ts';
import type { Elements } from '../device.ts';
import {
  gathered,
  namedAxes,
  outside,
  pickedShape,
  positionText,
  type Gathered,
} from '../indexing/indices.ts';
import type { One, Op, Spec, T } from '../op.ts';
import {
  axisOf,
  broadcastAxes,
  checkShape,
  sameShape,
  sizeOf,
  text,
  type Shape,
} from '../shape.ts';
import { spread } from '../spread.ts';

// Elements and slices written where positions say. scatterAdd, along one axis, is in indexing.ts.

/**
 * Zeros of the given shape, with `updates` added where the last axis of
 * `indices` says: what comes to one place several times is summed. The
 * gradient of `gatherND`, and the other way round.
 */
export const scatterND: Op<
  { indices: One; updates: One },
  [indices: T, updates: T],
  [shape: Shape],
  { shape: Shape },
  One
> = {
  inputs: { indices: 'one', updates: 'one' },
  literals: { indices: 'i32' },
  attrs: (_, shape) => ({ shape: checkShape('scatterND', shape) }),
  spec: ({ indices, updates }, { shape }) => {
    checkIndices('scatterND', indices.dtype);
    fits('scatterND', updates, updatesShape('scatterND', shape, indices.shape), indices.shape);
    return { shape, dtype: updates.dtype };
  },
  compose: ({ indices, updates }, { shape }) => {
    const named = indices.shape.at(-1)!;
    const lead = shape.slice(0, named);
    const flat = indices.ravelIndex(lead, false, 'scatterND');
    return updates.scatterAdd(flat, [sizeOf(lead), ...shape.slice(named)]).reshape(shape);
  },
  samples: [
    {
      in: {
        indices: { shape: [4, 1], dtype: 'i32', values: [4, 3, 1, 4] },
        updates: [4],
      },
      args: [[8]],
    },
    {
      in: {
        indices: { shape: [2, 2], dtype: 'i64', values: [0, 1, 2, 0] },
        updates: [2, 3],
      },
      args: [[3, 2, 3]],
    },
  ],
  errors: [
    {
      in: { indices: { shape: [1, 1], dtype: 'i32', values: [8] }, updates: [1] },
      args: [[8]],
      says: 'scatterND: index 8 at [0] lies outside axis 0 of [8] (0 to 7)',
    },
    {
      in: { indices: { shape: [2, 1], dtype: 'i32' }, updates: [3] },
      args: [[8]],
      says: 'scatterND: the updates are [3]; for the indices [2,1] they must be [2]',
    },
  ],
};

/**
 * x with other slices along one axis, by default the first, where `indices`
 * says: `out[.., indices[i..], ..] = updates[.., i.., ..]`. `updates`
 * broadcasts; of several slices for one place the last stays, and the gradient
 * flows to that one alone. The first `batchDims` axes are shared as those of
 * `gather`. (TensorFlow's `scatter_update`, but x itself stays as it is.)
 */
export const scatterUpdate: Op<
  { x: One; indices: One; updates: One },
  [x: T, indices: T, updates: T],
  [axis?: number, batchDims?: number],
  Gathered,
  One
> = {
  inputs: { x: 'one', indices: 'one', updates: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ x, indices }, axis = 0, batchDims = 0) =>
    gathered('scatterUpdate', x.shape, indices.shape, axis, batchDims),
  spec: ({ x, indices, updates }, how) => {
    checkIndices('scatterUpdate', indices.dtype);
    broadcastAxes('scatterUpdate', pickedShape(x.shape, indices.shape, how), updates.shape);
    sameDtype('scatterUpdate', x, updates);
    return x;
  },
  forward: (k, { x, indices, updates }, how, out) => {
    const { axis, batchDims } = how;
    const shape = pickedShape(x.shape, indices.shape, how);
    const { each, numbers } = numbersOf(x);
    const values = numbersOf(spread(updates, shape)).numbers;
    k.calculate([numbersOf(out).numbers], [numbers, indices, values], (outs, ins) => {
      const [[to], [old, places, others]] = [outs, ins];
      to!.set(old as never);
      const n = x.shape[axis]!;
      const width = each * sizeOf(x.shape.slice(axis + 1));
      const outer = sizeOf(x.shape.slice(batchDims, axis));
      const shared = sizeOf(x.shape.slice(0, batchDims));
      const many = shared === 0 ? 0 : indices.size / shared;
      for (let batch = 0, from = 0; batch < shared; batch++) {
        for (let block = 0; block < outer; block++) {
          const start = (batch * outer + block) * n;
          for (let i = 0; i < many; i++, from += width) {
            const index = Number(places![batch * many + i]);
            if (!(index >= 0 && index < n)) {
              const at = positionText(batch * many + i, indices.shape);
              throw outside('scatterUpdate', index, at, axis, x.shape);
            }
            put(to!, (start + index) * width, others!, from, width);
          }
        }
      }
    });
  },
  saves: ['indices'],
  grad: {
    x: (g, { indices }, { axis, batchDims }) => g.scatterUpdate(indices, 0, axis, batchDims),
    indices: null,
    updates: (g, { indices, updates }, { axis, batchDims }) => {
      const part = g.gather(indices, axis, batchDims);
      const last = indices
        .lastOccurrence(batchDims)
        .reshape([
          ...indices.shape.slice(0, batchDims),
          ...g.shape.slice(batchDims, axis).map(() => 1),
          ...indices.shape.slice(batchDims),
          ...g.shape.slice(axis + 1).map(() => 1),
        ]);
      return last.where(part, 0).sumTo(updates.shape);
    },
  },
  samples: [
    {
      in: {
        x: [4, 3],
        indices: { shape: [2], dtype: 'i32', values: [3, 0] },
        updates: [2, 3],
      },
    },
    {
      in: {
        x: [2, 4],
        indices: { shape: [3], dtype: 'i64', values: [1, 2, 1] },
        updates: [2, 3],
      },
      args: [1],
    },
    {
      in: {
        x: [2, 2, 3],
        indices: { shape: [2, 2], dtype: 'i32', values: [0, 2, 1, 1] },
        updates: [2, 1, 2],
      },
      args: [2, 1],
    },
    { in: { x: [3], indices: { shape: [], dtype: 'i32', values: [1] }, updates: [] } },
  ],
  errors: [
    {
      in: { x: [3], indices: { shape: [1], dtype: 'i32', values: [3] }, updates: [1] },
      says: 'scatterUpdate: index 3 at [0] lies outside axis 0 of [3] (0 to 2)',
    },
    {
      in: { x: [3], indices: { shape: [2], dtype: 'i32' }, updates: [3] },
      says: 'scatterUpdate: [3] does not broadcast to [2]',
    },
    {
      in: {
        x: [3],
        indices: { shape: [1], dtype: 'i32' },
        updates: { shape: [1], dtype: 'i32' },
      },
      says: 'scatterUpdate: the updates are i32 and x is f32; cast one of them',
    },
  ],
};

/**
 * x with other elements or slices where the last axis of `indices` says, as
 * `gatherND` reads it. Of several for one place the last stays.
 */
export const tensorScatterUpdate: Op<
  { tensor: One; indices: One; updates: One },
  [tensor: T, indices: T, updates: T],
  [],
  object,
  One
> = {
  inputs: { tensor: 'one', indices: 'one', updates: 'one' },
  literals: { indices: 'i32' },
  spec: ({ tensor, indices, updates }) => {
    checkIndices('tensorScatterUpdate', indices.dtype);
    const shape = updatesShape('tensorScatterUpdate', tensor.shape, indices.shape);
    fits('tensorScatterUpdate', updates, shape, indices.shape);
    sameDtype('tensorScatterUpdate', tensor, updates);
    return tensor;
  },
  compose: ({ tensor, indices, updates }) => {
    const named = indices.shape.at(-1)!;
    const lead = tensor.shape.slice(0, named);
    const flat = indices.ravelIndex(lead, false, 'tensorScatterUpdate');
    const rows = tensor.reshape([sizeOf(lead), ...tensor.shape.slice(named)]);
    return rows.scatterUpdate(flat, updates).reshape(tensor.shape);
  },
  samples: [
    {
      in: {
        tensor: [3, 3],
        indices: { shape: [2, 2], dtype: 'i32', values: [0, 1, 2, 2] },
        updates: [2],
      },
    },
    {
      in: {
        tensor: [3, 2],
        indices: { shape: [3, 1], dtype: 'i32', values: [1, 0, 1] },
        updates: [3, 2],
      },
    },
  ],
  errors: [
    {
      in: {
        tensor: [3],
        indices: { shape: [1, 1], dtype: 'i32', values: [-1] },
        updates: [1],
      },
      says: 'tensorScatterUpdate: index -1 at [0] lies outside axis 0 of [3] (0 to 2)',
    },
    {
      in: { tensor: [3], indices: { shape: [2, 1], dtype: 'i32' }, updates: [1] },
      says: 'tensorScatterUpdate: the updates are [1]; for the indices [2,1] they must be [2]',
    },
  ],
};

/**
 * x with the slices of `source` along one axis, by default the first, added
 * where `indices` says: what comes to one place several times is summed. (As
 * PyTorch's `index_add`.)
 */
export const indexAdd: Op<
  { x: One; indices: One; source: One },
  [x: T, indices: T, source: T],
  [axis?: number],
  { axis: number },
  One
> = {
  inputs: { x: 'one', indices: 'one', source: 'one' },
  literals: { indices: 'i32' },
  attrs: ({ x }, axis = 0) => ({ axis: axisOf('indexAdd', axis, x.shape.length) }),
  spec: ({ x, indices, source }, { axis }) => {
    checkIndices('indexAdd', indices.dtype);
    const shape = pickedShape(x.shape, indices.shape, { axis, batchDims: 0 });
    sameDtype('indexAdd', x, source);
    if (sameShape(shape, source.shape)) return x;
    throw new Error(
      `indexAdd: the source is ${text(source.shape)}; for the indices ${text(indices.shape)} along axis ${axis} of ${text(x.shape)} it must be ${text(shape)}`,
    );
  },
  compose: ({ x, indices, source }, { axis }) => x.add(source.scatterAdd(indices, x.shape, axis)),
  samples: [
    {
      in: { x: [3, 2], indices: { shape: [4], dtype: 'i32', range: [0, 3] }, source: [4, 2] },
    },
    {
      in: { x: [2, 3], indices: { shape: [2], dtype: 'i64', range: [0, 3] }, source: [2, 2] },
      args: [-1],
    },
  ],
  errors: [
    {
      in: { x: [3, 2], indices: { shape: [4], dtype: 'i32' }, source: [3, 2] },
      says: 'indexAdd: the source is [3,2]; for the indices [4] along axis 0 of [3,2] it must be [4,2]',
    },
  ],
};

/**
 * Whether no later element of a row is equal. The first `batchDims` axes count
 * rows, all others are one row. (What `scatterUpdate` asks of its indices for
 * its gradient.)
 */
export const lastOccurrence: Op<
  { x: One },
  [x: T],
  [batchDims?: number],
  { batchDims: number },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, batchDims = 0) => {
    if (Number.isInteger(batchDims) && batchDims >= 0 && batchDims <= x.shape.length) {
      return { batchDims };
    }
    throw new Error(
      `lastOccurrence: ${batchDims} of the ${x.shape.length} axes of ${text(x.shape)}`,
    );
  },
  spec: ({ x }) => ({ shape: x.shape, dtype: 'bool' }),
  forward: (k, { x }, { batchDims }, out) =>
    k.calculate([out], [x], ([to], [from]) => {
      const length = sizeOf(x.shape.slice(batchDims));
      for (let start = 0; start < from!.length; start += length) {
        const seen = new Set<number | bigint>();
        for (let i = start + length - 1; i >= start; i--) {
          to![i] = seen.has(from![i]!) ? 0 : 1;
          seen.add(from![i]!);
        }
      }
    }),
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: { shape: [2, 3], dtype: 'i32', values: [1, 2, 1, 2, 0, 0] } } },
    { in: { x: { shape: [2, 3], dtype: 'i64', values: [1, 2, 1, 2, 0, 0] } }, args: [1] },
  ],
  errors: [{ in: { x: [2] }, args: [2], says: 'lastOccurrence: 2 of the 1 axes of [2]' }],
};

/** The shape of updates for indices whose last axis names elements or slices. */
function updatesShape(op: string, shape: Shape, indices: Shape): Shape {
  const named = namedAxes(op, shape, indices);
  return [...indices.slice(0, -1), ...shape.slice(named)];
}

function fits(op: string, updates: Spec, shape: Shape, indices: Shape): void {
  if (sameShape(updates.shape, shape)) return;
  throw new Error(
    `${op}: the updates are ${text(updates.shape)}; for the indices ${text(indices)} they must be ${text(shape)}`,
  );
}

function sameDtype(op: string, x: Spec, updates: Spec): void {
  if (updates.dtype === x.dtype && dtypes[x.dtype].array !== null) return;
  throw new Error(`${op}: the updates are ${updates.dtype} and x is ${x.dtype}; cast one of them`);
}

function put(to: Elements, at: number, from: Elements, begin: number, width: number): void {
  if (width === 1) to[at] = from[begin]!;
  else to.set(from.subarray(begin, begin + width) as never, at);
}
