import { formatOf, type VolumeFormat } from '../convolution.ts';
import { floatOf, numeric, type DType } from '../dtype.ts';
import { inTheNameOf } from '../inner-error.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { axesOf, reduced, text, type Shape } from '../shape.ts';
import {
  checkFormat,
  sizes,
  sliding,
  stepsOf,
  type DataFormat,
  type Padding,
  type Rounding,
  type Sizes,
  type Sliding,
} from '../sliding.ts';
import type { Tensor } from '../tensor.ts';
import type { Pooled } from './pool.ts';

// Pools of sequences and of volumes, and of whole images.

export interface Rounded extends Pooled {
  readonly dimRoundingMode: Rounding;
}

type Pool<Format, Last> = Op<
  { x: One },
  [x: T],
  [
    filterSize?: Sizes,
    strides?: Sizes,
    pad?: Padding,
    dimRoundingMode?: Rounding,
    dataFormat?: Format,
    ...last: Last extends 'dilations' ? [dilations?: Sizes] : [countPadding?: boolean],
  ],
  Rounded & { readonly countPadding: boolean },
  One
>;

const volumes = {
  samples: [
    { in: { x: { shape: [1, 3, 4, 3, 2], apart: 0.1 } }, args: [2, 1] },
    { in: { x: { shape: [2, 4, 4, 2, 1], apart: 0.1 } }, args: [[2, 3, 1], 2, 'same'] },
    { in: { x: { shape: [3, 3, 4, 1], apart: 0.1 } }, args: [2, 2, 1, 'ceil'] },
    { in: { x: { shape: [1, 2, 3, 2, 4], apart: 0.1 } }, args: [2, 1, 0, 'floor', 'NCDHW'] },
    { in: { x: [0, 3, 3, 3, 1] }, args: [2] },
  ],
} as const;
const sequences = {
  samples: [
    { in: { x: { shape: [2, 6, 2], apart: 0.1 } }, args: [3, 2] },
    { in: { x: { shape: [5, 2], apart: 0.1 } }, args: [2, 2, 'same'] },
    { in: { x: { shape: [1, 2, 5], apart: 0.1 } }, args: [2, 1, 1, 'ceil', 'NCW'] },
  ],
} as const;

/** The greatest element of each window of volumes `[batch, depth, height, width, channels]` (or one without the batch); see `maxPool`. */
export const maxPool3d: Pool<VolumeFormat, 'dilations'> = {
  ...pool('maxPool3d', 3, numbers, (filterSize, strides, pad, rounding, format, dilations) => ({
    ...{ filterSize, strides, pad, rounding, dilations, countPadding: false },
    format: formatOf('maxPool3d', format ?? 'NDHWC'),
  })),
  samples: [
    ...volumes.samples,
    {
      in: { x: { shape: [1, 4, 3, 4, 1], apart: 0.1 } },
      args: [2, 1, 0, 'floor', 'NDHWC', [2, 1, 3]],
    },
  ],
  errors: [
    { in: { x: [4, 4] }, args: [2], says: 'maxPool3d: x has the shape [4,4]; it must have 5 axes' },
    {
      in: { x: [1, 2, 2, 2, 1] },
      args: [3],
      says: 'a window of 3 does not fit into spatial axis 0',
    },
  ],
};

/** The mean of each window of volumes `[batch, depth, height, width, channels]` (or one without the batch); see `avgPool`. */
export const avgPool3d: Pool<VolumeFormat, 'countPadding'> = {
  ...pool('avgPool3d', 3, floatOf, (filterSize, strides, pad, rounding, format, counted) => ({
    ...{ filterSize, strides, pad, rounding, dilations: 1, countPadding: counted ?? false },
    format: formatOf('avgPool3d', format ?? 'NDHWC'),
  })),
  samples: [
    ...volumes.samples,
    { in: { x: [1, 3, 3, 2, 1] }, args: [2, 2, 1, 'ceil', 'NDHWC', true] },
  ],
  errors: [{ in: { x: [4, 4] }, args: [2], says: 'avgPool3d: x has the shape [4,4]' }],
};

/** The greatest element of each window of sequences `[batch, width, channels]` (or one without the batch); see `maxPool`. */
export const maxPool1d: Pool<'NWC' | 'NCW', 'dilations'> = {
  ...pool('maxPool1d', 1, numbers, (filterSize, strides, pad, rounding, format, dilations) => ({
    ...{ filterSize, strides, pad, rounding, dilations, countPadding: false },
    format: ofSequences('maxPool1d', format),
  })),
  samples: [
    ...sequences.samples,
    { in: { x: { shape: [1, 6, 2], apart: 0.1 } }, args: [2, 1, 0, 'floor', 'NWC', 2] },
  ],
  errors: [
    {
      in: { x: [4] },
      args: [2],
      says: 'maxPool1d: x has the shape [4]; it must have 3 axes (NWC)',
    },
    {
      in: { x: [1, 4, 1] },
      args: [2, 1, 0, 'floor', 'NHWC' as 'NWC'],
      says: 'maxPool1d: no data format is called NHWC; take NWC or NCW',
    },
  ],
};

/** The mean of each window of sequences `[batch, width, channels]` (or one without the batch); see `avgPool`. */
export const avgPool1d: Pool<'NWC' | 'NCW', 'countPadding'> = {
  ...pool('avgPool1d', 1, floatOf, (filterSize, strides, pad, rounding, format, counted) => ({
    ...{ filterSize, strides, pad, rounding, dilations: 1, countPadding: counted ?? false },
    format: ofSequences('avgPool1d', format),
  })),
  samples: [...sequences.samples, { in: { x: [1, 5, 1] }, args: [3, 2, 1, 'floor', 'NWC', true] }],
  errors: [{ in: { x: [4] }, args: [2], says: 'avgPool1d: x has the shape [4]' }],
};

type Global = Op<
  { x: One },
  [x: T],
  [dataFormat?: DataFormat, keepDims?: boolean],
  { axes: readonly number[]; keepDims: boolean },
  One
>;

/**
 * The mean of each channel over all of space, with any number of spatial axes:
 * `[batch, ..space, channels]` becomes `[batch, channels]`. The channels come
 * second with `dataFormat: 'NCHW'`; `keepDims` keeps axes of length 1.
 * (Keras' names: GlobalAveragePooling.)
 */
export const globalAvgPool: Global = {
  ...whole('globalAvgPool'),
  spec: ({ x }, { axes, keepDims }) => ({
    shape: reduced(x.shape, axes, keepDims),
    dtype: floatOf('globalAvgPool', x.dtype),
  }),
  compose: ({ x }, { axes, keepDims }) => x.mean(axes, keepDims),
  samples: [
    { in: { x: [2, 3, 4, 2] } },
    { in: { x: [2, 3, 2] }, args: ['NCHW', true] },
    { in: { x: { shape: [2, 3, 3, 1], dtype: 'i32' } } },
  ],
};

/** The greatest element of each channel over all of space; see `globalAvgPool`. */
export const globalMaxPool: Global = {
  ...whole('globalMaxPool'),
  spec: ({ x }, { axes, keepDims }) => ({
    shape: reduced(x.shape, axes, keepDims),
    dtype: numbers('globalMaxPool', x.dtype),
  }),
  compose: ({ x }, { axes, keepDims }) => x.max(axes, keepDims),
  samples: [
    { in: { x: { shape: [2, 3, 4, 2], apart: 0.1 } } },
    { in: { x: { shape: [2, 3, 2], apart: 0.1 } }, args: ['NCHW', true] },
  ],
};

/**
 * Means of windows that divide space into `outputSize` parts as equal as can
 * be: part i of n elements cut into m goes from `floor(i n / m)` to
 * `ceil((i + 1) n / m)` (PyTorch's `adaptive_avg_pool`). One number counts for
 * all spatial axes, of which there may be any number.
 */
export const adaptiveAvgPool: Op<
  { x: One },
  [x: T],
  [outputSize: Sizes, dataFormat?: DataFormat],
  { outputSize: readonly number[]; axes: readonly number[] },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, outputSize, dataFormat = 'NHWC') => {
    const axes = spatial('adaptiveAvgPool', x.shape, dataFormat);
    return { outputSize: sizes('adaptiveAvgPool', 'size', outputSize, axes.length), axes };
  },
  spec: ({ x }, { outputSize, axes }) => {
    const empty = axes.find((axis) => x.shape[axis] === 0);
    if (empty !== undefined) {
      throw new Error(
        `adaptiveAvgPool: axis ${empty} of ${text(x.shape)} is empty; there is no mean`,
      );
    }
    const shape = x.shape.map((n, axis) => outputSize[axes.indexOf(axis)] ?? n);
    return { shape, dtype: floatOf('adaptiveAvgPool', x.dtype) };
  },
  compose: ({ x }, { outputSize, axes }) => {
    let out = x.cast(floatOf('adaptiveAvgPool', x.dtype));
    axes.forEach((axis, i) => (out = parts(out, axis, outputSize[i]!)));
    return out;
  },
  samples: [
    { in: { x: [2, 5, 4, 3] }, args: [[3, 2]] },
    { in: { x: [2, 2, 3, 3] }, args: [4, 'NCHW'] },
    { in: { x: [1, 7, 2] }, args: [3] },
    { in: { x: { shape: [1, 4, 4, 1], dtype: 'i32' } }, args: [1] },
  ],
  errors: [
    { in: { x: [2, 5, 4, 3] }, args: [0], says: 'adaptiveAvgPool: a size of 0' },
    { in: { x: [2, 0, 3] }, args: [2], says: 'axis 1 of [2,0,3] is empty; there is no mean' },
    { in: { x: [2, 3] }, args: [2], says: 'adaptiveAvgPool: x has the shape [2,3]' },
  ],
};

/** The means of m parts of an axis, in its place. */
function parts(x: Tensor, axis: number, m: number): Tensor {
  const n = x.shape[axis]!;
  if (n === m) return x;
  if (n % m === 0) return x.reshape(x.shape.toSpliced(axis, 1, m, n / m)).mean(axis + 1);
  const windows = Array.from({ length: m }, (_, i) => {
    const [from, to] = [Math.floor((i * n) / m), Math.ceil(((i + 1) * n) / m)];
    const begin = x.shape.map((_size, at) => (at === axis ? from : 0));
    return x.slice(begin, x.shape.with(axis, to - from)).mean(axis, true);
  });
  const [first, ...rest] = windows;
  return rest.length === 0 ? first! : first!.concat(rest, axis);
}

interface Asked {
  readonly filterSize: Sizes | undefined;
  readonly strides: Sizes | undefined;
  readonly pad: Padding | undefined;
  readonly rounding: Rounding | undefined;
  readonly dilations: Sizes | undefined;
  readonly countPadding: boolean;
  readonly format: DataFormat;
}

/** What pools over one or three spatial axes share: both are pools of images. */
function pool<Args extends readonly unknown[]>(
  op: string,
  rank: 1 | 3,
  dtypeOf: (op: string, dtype: DType) => DType,
  asked: (...args: Args) => Asked,
) {
  const find = (x: Shape, how: Omit<Rounded, 'dilations' | 'padding'> & Partial<Sliding>) =>
    how.dataFormat === 'NHWC' ? x.slice(-1 - rank, -1) : x.slice(-rank);
  return {
    inputs: { x: 'one' } as const,
    attrs: ({ x }: { x: Spec }, ...args: Args): Rounded & { countPadding: boolean } => {
      const { filterSize: window = 1, strides = window, pad = 'valid', ...rest } = asked(...args);
      const { rounding: dimRoundingMode = 'floor', dilations = 1, countPadding } = rest;
      if (x.shape.length !== rank + 1 && x.shape.length !== rank + 2) {
        const name = rest.format.replace('H', rank === 1 ? '' : 'DH');
        throw new Error(
          `${op}: x has the shape ${text(x.shape)}; it must have ${rank + 2} axes (${name}), or ${rank + 1} without a batch`,
        );
      }
      const filterSize = sizes(op, 'window', window, rank);
      const how = { filterSize, dataFormat: rest.format, strides: [], dimRoundingMode };
      const lengths = find(x.shape, how);
      // What rounding adds behind is left to the pools of images, which do not count it.
      sliding(op, lengths, filterSize, strides, pad, dilations, dimRoundingMode);
      return {
        ...how,
        ...sliding(op, lengths, filterSize, strides, pad, dilations, 'floor'),
        countPadding,
      };
    },
    spec: ({ x }: { x: Spec }, how: Rounded): Spec => {
      const lengths = find(x.shape, how);
      const { filterSize, strides, padding, dilations, dimRoundingMode } = how;
      const rounded = sliding(
        op,
        lengths,
        filterSize,
        strides,
        padding,
        dilations,
        dimRoundingMode,
      );
      const space = stepsOf(op, lengths, filterSize, rounded);
      const lead = x.shape.slice(0, x.shape.length - rank - 1);
      const shape =
        how.dataFormat === 'NHWC'
          ? [...lead, ...space, x.shape.at(-1)!]
          : [...lead, x.shape.at(-1 - rank)!, ...space];
      return { shape, dtype: dtypeOf(op, x.dtype) };
    },
    compose: ({ x }: { x: Tensor }, how: Rounded & { countPadding: boolean }): Tensor => {
      const back = x.shape.length === rank + 1;
      const last = [...x.shape.keys()];
      const channel = last.splice(how.dataFormat === 'NHWC' ? -1 : -1 - rank, 1);
      const perm = [...last, ...channel];
      const images = x.transpose(perm);
      const out = inTheNameOf(op, () => over(op, back ? images.expandDims(0) : images, how));
      const made = back ? out.squeeze(0) : out;
      return made.transpose(perm.map((_, i) => perm.indexOf(i)));
    },
  };
}

/** Pools `[batch, ..space, channels]`: volumes in their height and width, then in their depth. */
function over(op: string, x: Tensor, how: Rounded & { countPadding: boolean }): Tensor {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const images = (t: Tensor, axes: readonly (number | null)[]) => {
    const of = <E>(list: readonly E[], one: E) =>
      axes.map((axis) => (axis === null ? one : list[axis]!));
    const window = of(how.filterSize, 1);
    const [strides, padding] = [of(how.strides, 1), of(how.padding, [0, 0] as const)];
    const rest = [window, strides, padding, how.dimRoundingMode, 'NHWC'] as const;
    if (op.startsWith('avg')) return t.avgPool(...rest, how.countPadding);
    return t.maxPool(...rest, of(how.dilations, 1));
  };
  if (how.strides.length === 1) return images(x.expandDims(1), [null, 0]).squeeze(1);
  const [depth, height, width] = x.shape.slice(1) as [number, number, number];
  const flat = images(x.reshape([batch * depth, height, width, channels]), [1, 2]);
  const [rows, columns] = flat.shape.slice(1) as [number, number];
  const deep = images(flat.reshape([batch, depth, rows * columns, channels]), [0, null]);
  return deep.reshape([batch, deep.shape[1]!, rows, columns, channels]);
}

function numbers(op: string, dtype: DType): DType {
  numeric(op, dtype);
  return dtype;
}

function ofSequences(op: string, format: 'NWC' | 'NCW' = 'NWC'): DataFormat {
  if (format === 'NWC' || format === 'NCW') return format === 'NWC' ? 'NHWC' : 'NCHW';
  throw new Error(`${op}: no data format is called ${String(format)}; take NWC or NCW`);
}

function spatial(op: string, x: Shape, dataFormat: DataFormat): readonly number[] {
  const channel = checkFormat(op, dataFormat) === 'NHWC' ? x.length - 1 : 1;
  if (x.length > 2) return axesOf(op, null, x.length).filter((i) => i !== 0 && i !== channel);
  throw new Error(`${op}: x has the shape ${text(x)}; it must have a batch, space and channels`);
}

/** What pools over all of space share. */
function whole(op: string) {
  return {
    inputs: { x: 'one' } as const,
    attrs: ({ x }: { x: Spec }, dataFormat: DataFormat = 'NHWC', keepDims = false) => ({
      axes: spatial(op, x.shape, dataFormat),
      keepDims,
    }),
    errors: [{ in: { x: [2, 3] }, says: `${op}: x has the shape [2,3]; it must have a batch` }],
  };
}
