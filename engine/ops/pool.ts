import { floatOf, numeric } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { text, type Shape } from '../shape.ts';
import {
  batched,
  checkFormat,
  sizes,
  sliding,
  stepsOf,
  type Around,
  type DataFormat,
  type Padding,
  type Rounding,
  type Sizes,
  type Sliding,
} from '../sliding.ts';
import type { Tensor } from '../tensor.ts';

// One number for each window of an image, channel by channel.

export interface Pooled extends Sliding {
  readonly filterSize: readonly number[];
  readonly dataFormat: DataFormat;
}

/**
 * The greatest element of each window `filterSize`, which moves by `strides`
 * (by default its own size); not-a-number wins. Images are `[batch, height,
 * width, channels]`, or one without the batch; `dataFormat: 'NCHW'` has the
 * channels before the spatial axes. Padding never wins. The gradient goes to
 * the first of several that tie.
 */
export const maxPool: Op<
  { x: One },
  [x: T],
  [
    filterSize: Sizes,
    strides?: Sizes,
    pad?: Padding,
    dimRoundingMode?: Rounding,
    dataFormat?: DataFormat,
    dilations?: Sizes,
  ],
  Pooled,
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, filterSize, strides, pad, dimRoundingMode, dataFormat, dilations) =>
    pooled('maxPool', x.shape, filterSize, strides, pad, dimRoundingMode, dataFormat, dilations),
  spec: ({ x }, how) => {
    numeric('maxPool', x.dtype);
    return { shape: result('maxPool', x.shape, how), dtype: x.dtype };
  },
  compose: ({ x }, how) => {
    const { filterSize, strides, padding, dilations } = how;
    const all = [filterSize, strides, padding, false, 'floor', dilations] as const;
    return channelsBack(channelsLast(x, how).maxPoolWithArgmax(...all).result, how);
  },
  samples: [
    { in: { x: { shape: [2, 4, 5, 3], apart: 0.1 } }, args: [2] },
    { in: { x: { shape: [1, 5, 5, 2], apart: 0.1 } }, args: [3, 2, 'same'] },
    { in: { x: { shape: [5, 4, 1], apart: 0.1 } }, args: [[2, 3], 1, 1] },
    { in: { x: { shape: [2, 3, 4, 4], apart: 0.1 } }, args: [2, 1, 0, 'floor', 'NCHW'] },
    { in: { x: { shape: [1, 6, 5, 2], apart: 0.1 } }, args: [2, 2, 0, 'ceil', 'NHWC', 2] },
    { in: { x: { shape: [1, 2, 3, 1], values: [1, 1, NaN, 1, 2, 2] } }, args: [2, 1] },
    { in: { x: { shape: [1, 4, 4, 2], dtype: 'i64' } }, args: [2] },
    { in: { x: [0, 4, 4, 2] }, args: [2] },
  ],
  errors: [
    { in: { x: [8, 8] }, args: [2], says: 'maxPool: x has the shape [8,8]' },
    {
      in: { x: [1, 2, 2, 1] },
      args: [3],
      says: 'maxPool: a window of 3 does not fit into spatial axis 0 of [2,2]',
    },
    {
      in: { x: [1, 4, 4, 1] },
      args: [2, 1, 2],
      says: 'maxPool: a padding of 2 beside spatial axis 0 leaves windows of 2 without an element',
    },
    {
      in: { x: [1, 4, 4, 1] },
      args: [[2, 2, 2]],
      says: 'maxPool: a window of [2,2,2]; it must be a whole number from 1, or 2 of them',
    },
  ],
};

/**
 * The greatest element of each window, as `maxPool` in NHWC, and where it is:
 * `indexes` are row-major positions in its image, or with
 * `includeBatchInIndex` in the whole of x, as i32.
 */
export const maxPoolWithArgmax: Op<
  { x: One },
  [x: T],
  [
    filterSize: Sizes,
    strides?: Sizes,
    pad?: Padding,
    includeBatchInIndex?: boolean,
    dimRoundingMode?: Rounding,
    dilations?: Sizes,
  ],
  Pooled & { readonly includeBatchInIndex: boolean },
  { result: One; indexes: One }
> = {
  inputs: { x: 'one' },
  outputs: { result: 'one', indexes: 'one' },
  attrs: ({ x }, filterSize, strides, pad, includeBatchInIndex = false, rounding, dilations) => ({
    ...pooled('maxPoolWithArgmax', x.shape, filterSize, strides, pad, rounding, 'NHWC', dilations),
    includeBatchInIndex,
  }),
  spec: ({ x }, how) => {
    numeric('maxPoolWithArgmax', x.dtype);
    const shape = result('maxPoolWithArgmax', x.shape, how);
    return { result: { shape, dtype: x.dtype }, indexes: { shape, dtype: 'i32' } };
  },
  forward: (k, { x }, { filterSize, includeBatchInIndex, ...how }, out) => {
    const [to, indexes] = [batched(out.result), batched(out.indexes)];
    k.maxPool(to, indexes, batched(x), filterSize, how, includeBatchInIndex);
  },
  saves: ['indexes'],
  backward: ({ result: g }, { x, indexes }, { includeBatchInIndex }) => {
    if (g === undefined) return { x: null };
    const images = includeBatchInIndex || x.shape.length < 4 ? 1 : x.shape[0]!;
    const each = g.size / Math.max(images, 1);
    const rows = [g, indexes].map((t) => t.reshape([images, each]));
    const place = [images, x.size / Math.max(images, 1)];
    return { x: rows[0]!.scatterAdd(rows[1]!, place, 1, 1).reshape(x.shape) };
  },
  samples: [
    { in: { x: { shape: [2, 3, 4, 2], apart: 0.1 } }, args: [2, 1] },
    { in: { x: { shape: [2, 3, 3, 1], apart: 0.1 } }, args: [2, 1, 'same', true] },
    { in: { x: { shape: [3, 3, 2], apart: 0.1 } }, args: [2, 1] },
  ],
  errors: [{ in: { x: [3] }, args: [2], says: 'maxPoolWithArgmax: x has the shape [3]' }],
};

/**
 * The mean of each window, as `maxPool` moves it. Only what lies in the image
 * counts, as in TensorFlow; with `countPadding` the padding counts as zeros, as
 * PyTorch does unless told otherwise.
 */
export const avgPool: Op<
  { x: One },
  [x: T],
  [
    filterSize: Sizes,
    strides?: Sizes,
    pad?: Padding,
    dimRoundingMode?: Rounding,
    dataFormat?: DataFormat,
    countPadding?: boolean,
  ],
  Pooled & { readonly counted: readonly Around[] },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, filterSize, strides, pad, rounding, dataFormat, countPadding = false) => {
    const how = (by: Rounding | undefined) =>
      pooled('avgPool', x.shape, filterSize, strides, pad, by, dataFormat, 1);
    // What rounding up adds is never counted.
    const counted = countPadding ? how('floor').padding : [];
    return { ...how(rounding), counted };
  },
  spec: ({ x }, how) => ({
    shape: result('avgPool', x.shape, how),
    dtype: floatOf('avgPool', x.dtype),
  }),
  compose: ({ x }, how) => {
    const images = channelsLast(x.cast(floatOf('avgPool', x.dtype)), how);
    const { filterSize, strides, padding, dataFormat } = how;
    if (x.size === 0) return x.reshape(result('avgPool', x.shape, how));
    // The sum of a window is a convolution of each channel with ones.
    const channels = images.shape.at(-1)!;
    const pixel = images.slice(
      images.shape.map(() => 0),
      [...images.shape.slice(0, -1).map(() => 1), channels],
    );
    const ones = pixel
      .onesLike()
      .reshape([1, 1, 1, channels])
      .broadcastTo([...filterSize, 1, channels]);
    const sums = images.conv2d(ones, strides, padding, 'NHWC', 1, 'floor', channels);
    const space = spaceOf(x.shape, dataFormat);
    const [rows, columns] = space.map((n, axis) => counts(n, axis, how)) as [number[], number[]];
    const same = [rows, columns].every((list) => list.every((n) => n === list[0]));
    const means = same
      ? sums.div(rows[0]! * columns[0]!)
      : sums.div(rows.map((n) => [[n]])).div(columns.map((n) => [n]));
    return channelsBack(means, how);
  },
  samples: [
    { in: { x: [2, 4, 5, 3] }, args: [2] },
    { in: { x: [1, 5, 5, 2] }, args: [3, 2, 'same'] },
    { in: { x: [5, 4, 1] }, args: [[2, 3], 1, 1, 'floor', 'NHWC', true] },
    { in: { x: [2, 3, 4, 4] }, args: [2, 1, 0, 'floor', 'NCHW'] },
    { in: { x: [1, 6, 5, 2] }, args: [3, 2, 1, 'ceil', 'NHWC', true] },
    { in: { x: { shape: [1, 4, 4, 1], dtype: 'i32' } }, args: [2] },
    { in: { x: [0, 4, 4, 2] }, args: [2] },
  ],
  errors: [
    { in: { x: [8, 8] }, args: [2], says: 'avgPool: x has the shape [8,8]' },
    { in: { x: [1, 4, 4, 1] }, args: [2, 0], says: 'avgPool: a stride of 0' },
  ],
};

/** How many elements of each window along an axis count. */
function counts(
  length: number,
  axis: number,
  how: Pooled & { counted: readonly Around[] },
): number[] {
  const { filterSize, strides, padding, counted } = how;
  const [before, after] = counted[axis] ?? [0, 0];
  const [steps] = stepsOf('avgPool', [length], [filterSize[axis]!], {
    strides: [strides[axis]!],
    dilations: [1],
    padding: [padding[axis]!],
  });
  return Array.from({ length: steps! }, (_, i) => {
    const start = i * strides[axis]! - padding[axis]![0];
    return Math.min(start + filterSize[axis]!, length + after) - Math.max(start, -before);
  });
}

function pooled(
  op: string,
  x: Shape,
  filterSize: Sizes,
  strides: Sizes = filterSize,
  pad: Padding = 'valid',
  rounding: Rounding = 'floor',
  dataFormat: DataFormat = 'NHWC',
  dilations: Sizes = 1,
): Pooled {
  const format = checkFormat(op, dataFormat);
  if (x.length !== 3 && x.length !== 4) {
    throw new Error(
      `${op}: x has the shape ${text(x)}; it must have 4 axes (${format}), or 3 without a batch`,
    );
  }
  const window = sizes(op, 'window', filterSize, 2);
  const lengths = spaceOf(x, format);
  const how = sliding(op, lengths, window, strides, pad, dilations, rounding);
  how.padding.forEach(([before], axis) => {
    const reach = (window[axis]! - 1) * how.dilations[axis]! + 1;
    const last = (stepsOf(op, lengths, window, how)[axis]! - 1) * how.strides[axis]! - before;
    if (lengths[axis]! > 0 && before < reach && last < lengths[axis]!) return;
    throw new Error(
      lengths[axis] === 0
        ? `${op}: spatial axis ${axis} of ${text(x)} is empty; there must be something to pool`
        : `${op}: a padding of ${Math.max(...how.padding[axis]!)} beside spatial axis ${axis} leaves windows of ${reach} without an element`,
    );
  });
  return { ...how, filterSize: window, dataFormat: format };
}

function result(op: string, x: Shape, how: Pooled): Shape {
  const space = stepsOf(op, spaceOf(x, how.dataFormat), how.filterSize, how);
  return how.dataFormat === 'NHWC'
    ? [...x.slice(0, -3), ...space, x.at(-1)!]
    : [...x.slice(0, -2), ...space];
}

function spaceOf(x: Shape, format: DataFormat): Shape {
  return format === 'NHWC' ? x.slice(-3, -1) : x.slice(-2);
}

/** Images as the kernels take them. */
function channelsLast(x: Tensor, { dataFormat }: Pooled): Tensor {
  if (dataFormat === 'NHWC') return x;
  return x.transpose(x.shape.length === 3 ? [1, 2, 0] : [0, 2, 3, 1]);
}

/** And back. */
function channelsBack(x: Tensor, { dataFormat }: Pooled): Tensor {
  if (dataFormat === 'NHWC') return x;
  return x.transpose(x.shape.length === 3 ? [2, 0, 1] : [0, 3, 1, 2]);
}
