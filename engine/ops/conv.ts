import {
  again,
  convolved,
  image,
  product,
  result,
  slope,
  transposed,
  work,
  type Convolved,
} from '../convolution.ts';
import type { One, Op, T } from '../op.ts';
import { checkShape, sameShape, text, type Shape } from '../shape.ts';
import type { DataFormat, Padding, Rounding, Sizes } from '../sliding.ts';

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
export const conv2d: Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: DataFormat,
    dilations?: Sizes,
    dimRoundingMode?: Rounding,
    groups?: number,
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
    groups = 1,
  ) =>
    convolved(
      'conv2d',
      x,
      filter.shape,
      [strides, pad, dilations, dimRoundingMode],
      groups,
      dataFormat,
    ),
  spec: ({ x, filter }, how) => ({
    shape: result('conv2d', x.shape, filter.shape, how),
    dtype: product('conv2d', x, filter),
  }),
  forward: (k, { x, filter }, how, out) => k.conv('y', image(out, how), image(x, how), filter, how),
  saves: ['x', 'filter'],
  readBy: { x: 'filter', filter: 'x' },
  grad: {
    x: (g, { x, filter }, how) => transposed(g, filter, x.shape, how),
    filter: (g, { x, filter }, how) => slope(x, g, filter.shape, how),
  },
  cost: ({ x, filter }, how) =>
    work(result('conv2d', x.shape, filter.shape, how), x.shape, filter.shape),
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
export const conv2dTranspose: Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    outputShape: Shape,
    strides?: Sizes,
    pad?: Padding,
    dimRoundingMode?: Rounding,
    dataFormat?: DataFormat,
    dilations?: Sizes,
    groups?: number,
  ],
  Convolved & { readonly outputShape: Shape },
  One
> = {
  inputs: { x: 'one', filter: 'one' },
  attrs: (
    { x, filter },
    shape,
    strides = 1,
    pad = 'valid',
    dimRoundingMode = 'floor',
    dataFormat = 'NHWC',
    dilations = 1,
    groups = 1,
  ) => {
    const op = 'conv2dTranspose';
    const outputShape = checkShape(op, shape);
    const rest = [strides, pad, dilations, dimRoundingMode] as const;
    const how = convolved(
      op,
      { shape: outputShape },
      filter.shape,
      rest,
      groups,
      dataFormat,
      'outputShape',
    );
    const back = result(op, outputShape, filter.shape, how);
    if (sameShape(back, x.shape)) return { ...how, outputShape };
    throw new Error(
      `${op}: a convolution of ${text(outputShape)} by the filter ${text(filter.shape)} has the shape ${text(back)}; x has ${text(x.shape)}, so that outputShape cannot be it`,
    );
  },
  spec: ({ x, filter }, { outputShape }) => ({
    shape: outputShape,
    dtype: product('conv2dTranspose', x, filter),
  }),
  forward: (k, { x, filter }, how, out) => k.conv('x', image(out, how), image(x, how), filter, how),
  saves: ['x', 'filter'],
  readBy: { x: 'filter', filter: 'x' },
  grad: {
    x: (g, { filter }, how) => again(g, filter, how),
    filter: (g, { x, filter }, how) => slope(g, x, filter.shape, how),
  },
  cost: ({ x, filter }, { outputShape }) => work(x.shape, outputShape, filter.shape),
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
export const conv2dBackpropFilter: Op<
  { x: One; g: One },
  [x: T, g: T],
  [
    filterShape: Shape,
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: DataFormat,
    dilations?: Sizes,
    groups?: number,
  ],
  Convolved & { readonly filterShape: Shape },
  One
> = {
  inputs: { x: 'one', g: 'one' },
  attrs: (
    { x, g },
    shape,
    strides = 1,
    pad = 'valid',
    dataFormat = 'NHWC',
    dilations = 1,
    groups = 1,
  ) => {
    const op = 'conv2dBackpropFilter';
    const filterShape = checkShape(op, shape);
    const how = convolved(
      op,
      x,
      filterShape,
      [strides, pad, dilations, 'floor'],
      groups,
      dataFormat,
    );
    const made = result(op, x.shape, filterShape, how);
    if (sameShape(made, g.shape)) return { ...how, filterShape };
    throw new Error(
      `${op}: a convolution of ${text(x.shape)} by a filter ${text(filterShape)} has the shape ${text(made)}; that of g is ${text(g.shape)}`,
    );
  },
  spec: ({ x, g }, { filterShape }) => ({
    shape: filterShape,
    dtype: product('conv2dBackpropFilter', x, g),
  }),
  forward: (k, { x, g }, how, out) => k.conv('filter', out, image(x, how), image(g, how), how),
  saves: ['x', 'g'],
  readBy: { x: 'g', g: 'x' },
  grad: {
    x: (d, { x, g }, how) => transposed(g, d, x.shape, how),
    g: (d, { x }, how) => again(x, d, how),
  },
  cost: ({ x, g }, { filterShape }) => work(g.shape, x.shape, filterShape),
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
