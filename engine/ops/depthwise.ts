import { again, channelsOf, convolved, product, result, type Convolved } from '../convolution.ts';
import type { One, Op, T } from '../op.ts';
import { text, type Shape } from '../shape.ts';
import {
  checkFormat,
  type DataFormat,
  type Padding,
  type Rounding,
  type Sizes,
} from '../sliding.ts';

// Convolutions that keep channels apart.

/**
 * Convolves each channel with filters of its own: the filter is `[height,
 * width, channels, multiplier]`, and channel c makes the channels
 * `c * multiplier` and on.
 */
export const depthwiseConv2d: Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: DataFormat,
    dilations?: Sizes,
    dimRoundingMode?: Rounding,
  ],
  Convolved,
  One
> = {
  inputs: { x: 'one', filter: 'one' },
  attrs: (
    { x, filter },
    strides = 1,
    pad = 'valid',
    dataFormat = 'NHWC',
    dilations = 1,
    dimRoundingMode = 'floor',
  ) => {
    const op = 'depthwiseConv2d';
    const rest = [strides, pad, dilations, dimRoundingMode] as const;
    const channels = filter.shape[2] ?? 1;
    const format = checkFormat(op, dataFormat);
    const own = channelsOf(x.shape, format);
    if (filter.shape.length === 4 && own !== undefined && own !== channels) {
      throw new Error(
        `${op}: the filter ${text(filter.shape)} has ${channels} channels, x ${text(x.shape)} has ${own} (${format}); one must be as many as the other`,
      );
    }
    return convolved(op, x, single(filter.shape), rest, channels, format);
  },
  spec: ({ x, filter }, how) => ({
    shape: result('depthwiseConv2d', x.shape, single(filter.shape), how),
    dtype: product('depthwiseConv2d', x, filter),
  }),
  compose: ({ x, filter }, how) => again(x, filter.reshape(single(filter.shape)), how),
  samples: [
    { in: { x: [1, 4, 4, 2], filter: [3, 3, 2, 1] }, args: [1, 'same'] },
    { in: { x: [4, 5, 2], filter: [2, 2, 2, 3] }, args: [2, 'valid', 'NHWC'] },
    { in: { x: [2, 3, 4, 4], filter: [2, 2, 3, 2] }, args: [1, 1, 'NCHW', 2] },
  ],
  errors: [
    {
      in: { x: [1, 4, 4, 3], filter: [3, 3, 2, 1] },
      says: 'depthwiseConv2d: the filter [3,3,2,1] has 2 channels, x [1,4,4,3] has 3',
    },
    { in: { x: [1, 4, 4, 3], filter: [3, 3, 3] }, says: 'the filter has the shape [3,3,3]' },
  ],
};

/**
 * A depthwise convolution and then one by single pixels, `[1, 1, channels *
 * multiplier, channels out]`, which mixes the channels.
 */
export const separableConv2d: Op<
  { x: One; depthwiseFilter: One; pointwiseFilter: One },
  [x: T, depthwiseFilter: T, pointwiseFilter: T],
  [strides?: Sizes, pad?: Padding, dilation?: Sizes, dataFormat?: DataFormat],
  Convolved,
  One
> = {
  inputs: { x: 'one', depthwiseFilter: 'one', pointwiseFilter: 'one' },
  attrs: ({ x, depthwiseFilter }, strides = 1, pad = 'valid', dilation = 1, format = 'NHWC') => {
    const op = 'separableConv2d';
    const { shape } = depthwiseFilter;
    const dataFormat = checkFormat(op, format);
    const rest = [strides, pad, dilation, 'floor'] as const;
    return convolved(op, x, single(shape), rest, shape[2] ?? 1, dataFormat);
  },
  spec: ({ x, depthwiseFilter, pointwiseFilter }, how) => {
    const op = 'separableConv2d';
    const between = single(depthwiseFilter.shape);
    const { shape } = pointwiseFilter;
    if (shape.length !== 4 || shape[0] !== 1 || shape[1] !== 1 || shape[2] !== between.at(-1)) {
      throw new Error(
        `${op}: the pointwise filter is ${text(shape)}; beside a depthwise one of ${text(depthwiseFilter.shape)} it must be [1,1,${between.at(-1)},channels out]`,
      );
    }
    const made = result(op, x.shape, [...between.slice(0, -1), shape[3]!], { ...how, groups: 1 });
    const dtype = product(op, { ...x, dtype: product(op, x, depthwiseFilter) }, pointwiseFilter);
    return { shape: made, dtype };
  },
  compose: ({ x, depthwiseFilter, pointwiseFilter }, how) => {
    const each = again(x, depthwiseFilter.reshape(single(depthwiseFilter.shape)), how);
    return each.conv2d(pointwiseFilter, 1, 'valid', how.dataFormat);
  },
  samples: [
    { in: { x: [1, 4, 4, 2], depthwiseFilter: [3, 3, 2, 2], pointwiseFilter: [1, 1, 4, 3] } },
    {
      in: { x: [4, 4, 2], depthwiseFilter: [2, 2, 2, 1], pointwiseFilter: [1, 1, 2, 3] },
      args: [2, 'same'],
    },
    {
      in: { x: [1, 2, 5, 5], depthwiseFilter: [2, 2, 2, 1], pointwiseFilter: [1, 1, 2, 1] },
      args: [1, 1, 2, 'NCHW'],
    },
  ],
  errors: [
    {
      in: { x: [1, 4, 4, 2], depthwiseFilter: [3, 3, 2, 2], pointwiseFilter: [1, 1, 2, 3] },
      says: 'the pointwise filter is [1,1,2,3]; beside a depthwise one of [3,3,2,2] it must be [1,1,4,',
    },
    {
      in: { x: [1, 4, 4, 3], depthwiseFilter: [3, 3, 2, 2], pointwiseFilter: [1, 1, 4, 3] },
      says: 'separableConv2d: 2 groups do not divide the 3 channels of x',
    },
  ],
};

/** The filter of a depthwise convolution as one of as many groups as channels. */
function single(filter: Shape): Shape {
  if (filter.length !== 4) return filter;
  return [filter[0]!, filter[1]!, 1, filter[2]! * filter[3]!];
}
