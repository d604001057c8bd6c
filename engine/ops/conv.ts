import { again, convolved, product, result, type Convolved } from '../convolution.ts';
import {
  backpropagatesFilter,
  convolves,
  transposes,
  type Convolution,
  type FilterGradient,
  type Transposed,
} from '../convolving.ts';
import type { One, Op, T } from '../op.ts';
import type { DataFormat, Padding, Rounding } from '../sliding.ts';

// Convolutions. As everywhere in machine learning the filter is not turned round: they are correlations.

/**
 * Slides a filter `[height, width, channels in / groups, channels out]` over
 * images `[batch, height, width, channels]` (or one image without the batch)
 * and sums the products. `dataFormat: 'NCHW'` has the channels before the
 * spatial axes; the filter keeps its order. With `groups` each part of the
 * output channels sees its own part of the input channels. There is no bias:
 * `biasAdd` follows. Names and order are TensorFlow.js's; `pad` takes
 * `'valid'`, `'same'`, a number or pairs `[before, after]`.
 */
export const conv2d: Convolution<DataFormat> = {
  ...convolves('conv2d', 'NHWC'),
  samples: [
    { in: { x: [2, 4, 5, 2], filter: [3, 2, 2, 3] } },
    { in: { x: [1, 5, 5, 2], filter: [3, 3, 2, 2] }, args: [2, 'same'] },
    { in: { x: [4, 4, 1], filter: [3, 3, 1, 2] }, args: [[1, 2], 1] },
    { in: { x: [2, 3, 4, 3], filter: [1, 1, 3, 4] } },
    { in: { x: [2, 3, 4, 5], filter: [3, 2, 3, 2] }, args: [1, 'same', 'NCHW'] },
    { in: { x: [2, 3, 2, 2], filter: [1, 1, 3, 2] }, args: [1, 0, 'NCHW'] },
    {
      in: { x: [1, 6, 5, 4], filter: [2, 2, 2, 6] },
      args: [
        1,
        [
          [0, 1],
          [2, 0],
        ],
        'NHWC',
        [2, 1],
        'floor',
        2,
      ],
    },
    { in: { x: [1, 4, 4, 3], filter: [3, 3, 1, 3] }, args: [1, 1, 'NHWC', 1, 'floor', 3] },
    { in: { x: [1, 3, 4, 4], filter: [2, 2, 1, 6] }, args: [1, 1, 'NCHW', 1, 'floor', 3] },
    { in: { x: [1, 4, 5, 1], filter: [2, 2, 1, 1] }, args: [2, 'valid', 'NHWC', 1, 'ceil'] },
    { in: { x: [0, 4, 4, 2], filter: [2, 2, 2, 1] } },
    {
      in: {
        x: { shape: [1, 3, 3, 2], dtype: 'i32' },
        filter: { shape: [2, 2, 2, 2], dtype: 'i32' },
      },
    },
  ],
  errors: [
    {
      in: { x: [1, 8, 8, 6], filter: [3, 3, 4, 8] },
      says: 'conv2d: the filter [3,3,4,8] reads 4 channels, x [1,8,8,6] has 6',
    },
    {
      in: { x: [1, 8, 8, 6], filter: [3, 3, 3, 8] },
      says: 'groups = 2 would fit',
    },
    { in: { x: [8, 8], filter: [3, 3, 1, 8] }, says: 'conv2d: x has the shape [8,8]' },
    {
      in: { x: [1, 8, 8, 1], filter: [3, 3, 8] },
      says: 'conv2d: the filter has the shape [3,3,8]',
    },
    {
      in: { x: [1, 2, 8, 1], filter: [3, 3, 1, 1] },
      says: 'conv2d: a window of 3 does not fit into spatial axis 0 of [2,8]',
    },
    {
      in: { x: [1, 8, 8, 1], filter: [3, 3, 1, 1] },
      args: [0],
      says: 'conv2d: a stride of 0; it must be a whole number from 1, or 2 of them',
    },
    {
      in: { x: [1, 8, 8, 4], filter: [3, 3, 2, 3] },
      args: [1, 'same', 'NHWC', 1, 'floor', 2],
      says: 'conv2d: 2 groups do not divide the 4 channels of x and the 3 of the filter [3,3,2,3]',
    },
    {
      in: { x: [1, 8, 8, 4], filter: [3, 3, 4, 3] },
      args: [1, [[1, 1]]],
      says: "conv2d: a padding of [[1,1]]; it must be 'valid', 'same'",
    },
  ],
};

/**
 * The gradient of `conv2d` with respect to its input, which spreads each pixel
 * of x over `outputShape` by the filter `[height, width, channels out / groups,
 * channels in]`: what generators and decoders grow images with. `strides`,
 * `pad`, `dilations` and `groups` are those of the convolution that would make
 * x from the result.
 */
export const conv2dTranspose: Transposed<DataFormat> = {
  ...transposes('conv2dTranspose', 'NHWC'),
  samples: [
    { in: { x: [1, 2, 3, 2], filter: [3, 2, 3, 2] }, args: [[1, 4, 4, 3]] },
    { in: { x: [2, 2, 2, 3], filter: [3, 3, 2, 3] }, args: [[2, 4, 4, 2], 2, 'same'] },
    { in: { x: [2, 3, 1], filter: [1, 1, 2, 1] }, args: [[2, 3, 2]] },
    {
      in: { x: [1, 4, 2, 2], filter: [2, 2, 1, 4] },
      args: [[1, 2, 3, 3], 1, 0, 'floor', 'NCHW', 1, 2],
    },
    {
      in: { x: [1, 3, 3, 2], filter: [3, 3, 1, 2] },
      args: [[1, 3, 3, 2], 1, 1, 'floor', 'NHWC', 1, 2],
    },
    {
      in: { x: [1, 1, 2, 1], filter: [2, 2, 1, 1] },
      args: [[1, 3, 5, 1], 2, 0, 'floor', 'NHWC', 2],
    },
  ],
  errors: [
    {
      in: { x: [1, 2, 2, 3], filter: [3, 3, 2, 3] },
      args: [[1, 4, 4, 2], 1, 'same'],
      says: 'has the shape [1,4,4,3]; x has [1,2,2,3], so that outputShape cannot be it',
    },
    {
      in: { x: [1, 2, 2, 3], filter: [3, 3, 5, 3] },
      args: [[1, 4, 4, 2], 2, 'same'],
      says: 'the filter [3,3,5,3] reads 5 channels, outputShape [1,4,4,2] has 2',
    },
  ],
};

/**
 * The gradient of `conv2d` with respect to its filter: for every element of it
 * the sum of the products of the pixels of x and of g that it brings together.
 * `g` has the shape of the convolution's result.
 */
export const conv2dBackpropFilter: FilterGradient<DataFormat> = {
  ...backpropagatesFilter('conv2dBackpropFilter', 'NHWC'),
  samples: [
    { in: { x: [2, 4, 4, 2], g: [2, 2, 3, 3] }, args: [[3, 2, 2, 3]] },
    { in: { x: [1, 5, 5, 2], g: [1, 3, 3, 2] }, args: [[3, 3, 2, 2], 2, 'same'] },
    { in: { x: [2, 3, 2], g: [2, 3, 3] }, args: [[1, 1, 2, 3]] },
    { in: { x: [1, 4, 3, 3], g: [1, 2, 2, 2] }, args: [[2, 2, 2, 2], 1, 0, 'NCHW', 1, 2] },
    { in: { x: [1, 4, 4, 2], g: [1, 4, 4, 2] }, args: [[3, 3, 1, 2], 1, 1, 'NHWC', 1, 2] },
  ],
  errors: [
    {
      in: { x: [1, 4, 4, 2], g: [1, 2, 2, 3] },
      args: [[2, 2, 2, 3]],
      says: 'has the shape [1,3,3,3]; that of g is [1,2,2,3]',
    },
  ],
};

/**
 * Slides a filter `[width, channels in / groups, channels out]` over sequences
 * `[batch, width, channels]` (or one without the batch); see `conv2d`.
 * `dataFormat: 'NCW'` has the channels before the width.
 */
export const conv1d: Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    stride?: number,
    pad?: Padding,
    dataFormat?: 'NWC' | 'NCW',
    dilation?: number,
    dimRoundingMode?: Rounding,
    groups?: number,
  ],
  Convolved,
  One
> = {
  inputs: { x: 'one', filter: 'one' },
  attrs: (
    { x, filter },
    stride = 1,
    pad = 'valid',
    dataFormat = 'NWC',
    dilation = 1,
    dimRoundingMode = 'floor',
    groups = 1,
  ) => {
    if (dataFormat !== 'NWC' && dataFormat !== 'NCW') {
      throw new Error(`conv1d: no data format is called ${String(dataFormat)}; take NWC or NCW`);
    }
    const format = dataFormat === 'NWC' ? 'NHWC' : 'NCHW';
    const rest = [stride, pad, dilation, dimRoundingMode] as const;
    return convolved('conv1d', x, filter.shape, rest, groups, format);
  },
  spec: ({ x, filter }, how) => ({
    shape: result('conv1d', x.shape, filter.shape, how),
    dtype: product('conv1d', x, filter),
  }),
  compose: ({ x, filter }, how) => {
    // An image of height 1.
    const height = how.dataFormat === 'NHWC' ? -2 : -1;
    const axis = x.shape.length + 1 + height - 1;
    return again(x.expandDims(axis), filter.expandDims(0), {
      ...how,
      strides: [1, ...how.strides],
      dilations: [1, ...how.dilations],
      padding: [[0, 0], ...how.padding],
    }).squeeze(axis);
  },
  samples: [
    { in: { x: [2, 5, 2], filter: [3, 2, 3] }, args: [2, 'same'] },
    { in: { x: [5, 2], filter: [2, 2, 1] }, args: [1, [[1, 0]], 'NWC', 2] },
    { in: { x: [2, 4, 5], filter: [2, 2, 2] }, args: [1, 0, 'NCW', 1, 'floor', 2] },
    { in: { x: [2, 5], filter: [2, 2, 3] }, args: [1, 0, 'NCW'] },
  ],
  errors: [
    {
      in: { x: [1, 5, 2], filter: [3, 3, 2] },
      says: 'conv1d: the filter [3,3,2] reads 3 channels, x [1,5,2] has 2',
    },
    { in: { x: [1, 5, 5, 2], filter: [3, 2, 2] }, says: 'conv1d: x has the shape [1,5,5,2]' },
  ],
};
