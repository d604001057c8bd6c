import { checkIndices, floatOf } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { sizeOf, text } from '../shape.ts';

// How many elements are equal to a number, or lie between two.

/**
 * How often each whole number from 0 up to, but without, `size` is among x, or
 * the sum of the `weights` that stand beside it there. Numbers from `size` on
 * are left out, negative ones are an error. As in TensorFlow.js.
 */
export const bincount: Op<
  { x: One; weights?: One },
  [x: T, weights: T | undefined],
  [size: number],
  { size: number },
  One
> = {
  inputs: { x: 'one', weights: 'maybe' },
  literals: { x: 'i32' },
  attrs: (_, size) => {
    if (Number.isInteger(size) && size >= 0) return { size };
    throw new Error(`bincount: a size of ${size}; it must be a whole number from 0 on`);
  },
  spec: ({ x, weights }, { size }) => {
    checkIndices('bincount', x.dtype);
    if (weights !== undefined && text(weights.shape) !== text(x.shape)) {
      throw new Error(
        `bincount: weights ${text(weights.shape)} for x ${text(x.shape)}; their shapes must be equal`,
      );
    }
    return {
      shape: [size],
      dtype: weights === undefined ? 'i32' : floatOf('bincount', weights.dtype),
    };
  },
  forward: (k, { x, weights }, { size }, out) =>
    k.calculate([out], weights === undefined ? [x] : [x, weights], ([to], [numbers, by]) => {
      if (numbers instanceof Int32Array && by === undefined && counted(to as Int32Array, numbers))
        return;
      const sums = new Float64Array(size);
      numbers!.forEach((number: number | bigint, i: number) => {
        if (number < 0)
          throw new Error(`bincount: ${number} among the numbers; they must not be negative`);
        if (number < size) sums[Number(number)]! += by === undefined ? 1 : Number(by[i]);
      });
      sums.forEach((sum, i) => void (to![i] = sum));
    }),
  saves: ['x'],
  grad: {
    x: null,
    weights: (g, { x, weights }, { size }) => {
      if (size === 0) return weights!.zerosLike();
      const counted = x.less(size);
      return counted.where(g.gather(x.minimum(size - 1)), 0).cast(weights!.dtype);
    },
  },
  samples: [
    { in: { x: { shape: [6], dtype: 'i32', range: [0, 5] } }, args: [4] },
    { in: { x: { shape: [2, 3], dtype: 'i32', range: [0, 4] }, weights: [2, 3] }, args: [5] },
  ],
  errors: [
    { in: { x: [3] }, args: [2], says: 'the indices are f32; they must be integers' },
    {
      in: { x: { shape: [1], dtype: 'i32', values: [-1] } },
      args: [2],
      says: 'bincount: -1 among the numbers',
    },
    {
      in: { x: { shape: [3], dtype: 'i32' }, weights: [2] },
      args: [2],
      says: 'weights [2] for x [3]',
    },
    { in: { x: { shape: [3], dtype: 'i32' } }, args: [-1], says: 'bincount: a size of -1' },
  ],
};

/** The commonest case in a loop of its own; false where a number is negative. */
function counted(to: Int32Array, numbers: Int32Array): boolean {
  to.fill(0);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    if (number < 0) return false;
    if (number < to.length) to[number]!++;
  }
  return true;
}

/**
 * How many elements lie in each of so many bins of equal width, as i32, and the
 * edges between these: from the least to the greatest element unless a range is
 * given. A bin holds its lower edge, the last one its upper edge too; what lies
 * outside is left out. As in NumPy.
 */
export const histogram: Op<
  { x: One },
  [x: T],
  [bins?: number, range?: readonly [low: number, high: number]],
  { bins: number; range: readonly [number, number] | null; batchDims: number },
  { counts: One; edges: One }
> = {
  inputs: { x: 'one' },
  outputs: { counts: 'one', edges: 'one' },
  attrs: (_, bins = 10, range) => {
    if (!(Number.isInteger(bins) && bins > 0)) {
      throw new Error(`histogram: ${bins} bins; their number must be whole, from 1 on`);
    }
    if (range !== undefined && !(Number.isFinite(range[1] - range[0]) && range[0] <= range[1])) {
      throw new Error(
        `histogram: a range from ${range[0]} to ${range[1]}; it must rise and be finite`,
      );
    }
    return { bins, range: range === undefined ? null : [range[0], range[1]], batchDims: 0 };
  },
  spec: ({ x }, { bins, batchDims }) => ({
    counts: { shape: [...x.shape.slice(0, batchDims), bins], dtype: 'i32' },
    edges: {
      shape: [...x.shape.slice(0, batchDims), bins + 1],
      dtype: floatOf('histogram', x.dtype),
    },
  }),
  forward: (k, { x }, { bins, range, batchDims }, { counts, edges }) =>
    k.calculate([counts, edges], [x], ([many, edge], [values]) => {
      const all =
        values instanceof BigInt64Array || values instanceof BigUint64Array
          ? Float64Array.from(values as BigInt64Array, Number)
          : new Float64Array(values as Float64Array);
      const each = sizeOf(x.shape.slice(batchDims));
      for (let row = 0; row * bins < many!.length; row++) {
        const list = all.subarray(row * each, (row + 1) * each);
        const [low, high] = ends(range ?? extremes(list));
        const width = (high - low) / bins;
        // In f64, whatever the dtype of the result.
        const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + i * width);
        edges[bins] = high;
        (edge as Float64Array).set(edges, row * (bins + 1));
        (many as Int32Array).set(sorted(list, edges), row * bins);
      }
    }),
  saves: [],
  backward: () => ({ x: null }),
  samples: [
    { in: { x: { shape: [2, 3], values: [1, 5, 2, 2.5, 3, -1] } } },
    { in: { x: [20] }, args: [4, [-1, 1]] },
    { in: { x: { shape: [5], values: [0, 0.5, 1, NaN, 2] } }, args: [2, [0, 1]] },
    { in: { x: { shape: [3], dtype: 'i32', values: [2, 2, 2] } }, args: [3] },
    { in: { x: [0] }, args: [2] },
  ],
  errors: [
    { in: { x: [2] }, args: [0], says: 'histogram: 0 bins' },
    { in: { x: [2] }, args: [2, [1, 0]], says: 'histogram: a range from 1 to 0' },
    {
      in: { x: { shape: [2], values: [1, NaN] } },
      says: 'histogram: the elements reach from NaN to NaN',
    },
  ],
};

/** How many of the numbers lie between an edge and the next. */
function sorted(list: Float64Array, edges: Float64Array): Int32Array {
  const bins = edges.length - 1;
  const [low, high] = [edges[0]!, edges[bins]!];
  const width = (high - low) / bins;
  const found = new Int32Array(bins);
  for (let at = 0; at < list.length; at++) {
    const value = list[at]!;
    if (!(value >= low && value <= high)) continue;
    // Where numbers are so close that there is no width, all but the last bin are empty.
    const place = (value - low) / width;
    let i = place < bins - 1 ? Math.floor(place) : bins - 1;
    // Rounding may have put it one bin beside its own.
    if (value < edges[i]!) i--;
    else if (i < bins - 1 && value >= edges[i + 1]!) i++;
    found[i]!++;
  }
  return found;
}

function extremes(list: Float64Array): readonly [number, number] {
  if (list.length === 0) return [0, 1];
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < list.length; i++) {
    const value = list[i]!;
    // Not-a-number stays.
    if (!(value >= low)) low = low === low ? value : low;
    if (!(value <= high)) high = high === high ? value : high;
  }
  if (Number.isFinite(high - low)) return [low, high];
  throw new Error(`histogram: the elements reach from ${low} to ${high}; say the range`);
}

/** Where all elements are equal the bins reach half of 1 to either side. */
function ends([low, high]: readonly [number, number]): readonly [number, number] {
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}
