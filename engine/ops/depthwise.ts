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

/** The filter of a depthwise convolution as one of as many groups as channels. */
function single(filter: Shape): Shape {
  if (filter.length !== 4) return filter;
  return [filter[0]!, filter[1]!, 1, filter[2]! * filter[3]!];
}
