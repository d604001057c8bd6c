import {
  again,
  convolved,
  formatOf,
  image,
  product,
  result,
  slope,
  transposed,
  work,
  type Convolved,
  type VolumeFormat,
} from '../convolution.ts';
import type { One, Op, T } from '../op.ts';
import { checkShape, sameShape, text, type Shape } from '../shape.ts';
import type { Padding, Rounding, Sizes } from '../sliding.ts';

// Convolutions of volumes.

/**
 * Slides a filter `[depth, height, width, channels in / groups, channels out]`
 * over volumes `[batch, depth, height, width, channels]` (or one without the
 * batch); see `conv2d`. `dataFormat: 'NCDHW'` has the channels before the
 * spatial axes.
 */
export const conv3d: Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: VolumeFormat,
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
    dataFormat = 'NDHWC',
    dilations = 1,
    rounding = 'floor',
    groups = 1,
  ) => {
    const rest = [strides, pad, dilations, rounding] as const;
    return convolved('conv3d', x, filter.shape, rest, groups, formatOf('conv3d', dataFormat));
  },
  spec: ({ x, filter }, how) => ({
    shape: result('conv3d', x.shape, filter.shape, how),
    dtype: product('conv3d', x, filter),
  }),
  forward: (k, { x, filter }, how, out) => k.conv('y', image(out, how), image(x, how), filter, how),
  saves: ['x', 'filter'],
  readBy: { x: 'filter', filter: 'x' },
  grad: {
    x: (g, { x, filter }, how) => transposed(g, filter, x.shape, how),
    filter: (g, { x, filter }, how) => slope(x, g, filter.shape, how),
  },
  cost: ({ x, filter }, how) =>
    work(result('conv3d', x.shape, filter.shape, how), x.shape, filter.shape),
  samples: [
    { in: { x: [2, 3, 4, 3, 2], filter: [2, 2, 3, 2, 3] } },
    { in: { x: [1, 3, 3, 3, 1], filter: [2, 2, 2, 1, 2] }, args: [2, 'same'] },
    { in: { x: [3, 3, 2, 1], filter: [2, 1, 2, 1, 1] }, args: [[1, 2, 1], 1] },
    {
      in: { x: [1, 4, 3, 3, 2], filter: [2, 2, 2, 2, 2] },
      args: [1, 'valid', 'NCDHW', [2, 1, 1], 'floor', 2],
    },
  ],
  errors: [
    {
      in: { x: [1, 4, 4, 4, 3], filter: [2, 2, 2, 2, 4] },
      says: 'conv3d: the filter [2,2,2,2,4] reads 2 channels, x [1,4,4,4,3] has 3 (NDHWC)',
    },
    { in: { x: [1, 4, 4, 3], filter: [2, 2, 3, 4] }, says: 'it must have 5 axes, [depth, height,' },
    {
      in: { x: [1, 4, 4, 4, 3], filter: [2, 2, 2, 3, 4] },
      args: [1, 'same', 'NHWC' as 'NDHWC'],
      says: 'conv3d: no data format is called NHWC; take NDHWC or NCDHW',
    },
  ],
};

/**
 * The gradient of `conv3d` with respect to its input, which spreads x over
 * `outputShape` by the filter `[depth, height, width, channels out / groups,
 * channels in]`; see `conv2dTranspose`.
 */
export const conv3dTranspose: Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    outputShape: Shape,
    strides?: Sizes,
    pad?: Padding,
    dimRoundingMode?: Rounding,
    dataFormat?: VolumeFormat,
    dilations?: Sizes,
    groups?: number,
  ],
  Convolved & { readonly outputShape: Shape },
  One
> = {
  inputs: { x: 'one', filter: 'one' },
  attrs: (
    { x, filter },
    wanted,
    strides = 1,
    pad = 'valid',
    rounding = 'floor',
    dataFormat = 'NDHWC',
    dilations = 1,
    groups = 1,
  ) => {
    const op = 'conv3dTranspose';
    const outputShape = checkShape(op, wanted);
    const rest = [strides, pad, dilations, rounding] as const;
    const image = { shape: outputShape };
    const format = formatOf(op, dataFormat);
    const how = convolved(op, image, filter.shape, rest, groups, format, 'outputShape');
    const back = result(op, outputShape, filter.shape, how);
    if (sameShape(back, x.shape)) return { ...how, outputShape };
    throw new Error(
      `${op}: a convolution of ${text(outputShape)} by the filter ${text(filter.shape)} has the shape ${text(back)}; x has ${text(x.shape)}, so that outputShape cannot be it`,
    );
  },
  spec: ({ x, filter }, { outputShape }) => ({
    shape: outputShape,
    dtype: product('conv3dTranspose', x, filter),
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
    { in: { x: [1, 2, 2, 2, 2], filter: [2, 2, 2, 1, 2] }, args: [[1, 3, 3, 3, 1]] },
    { in: { x: [2, 2, 1, 2, 1], filter: [2, 2, 2, 2, 1] }, args: [[2, 4, 2, 3, 2], 2, 'same'] },
    {
      in: { x: [1, 2, 2, 2, 1], filter: [1, 2, 2, 1, 2] },
      args: [[1, 1, 2, 3, 2], 1, 0, 'floor', 'NCDHW'],
    },
  ],
  errors: [
    {
      in: { x: [1, 2, 2, 2, 2], filter: [2, 2, 2, 1, 2] },
      args: [[1, 4, 3, 3, 1]],
      says: 'conv3dTranspose: a convolution of [1,4,3,3,1] by the filter [2,2,2,1,2] has the shape',
    },
  ],
};

/** The gradient of `conv3d` with respect to its filter, from its input and the gradient `g` of its result. */
export const conv3dBackpropFilter: Op<
  { x: One; g: One },
  [x: T, g: T],
  [
    filterShape: Shape,
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: VolumeFormat,
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
    dataFormat = 'NDHWC',
    dilations = 1,
    groups = 1,
  ) => {
    const op = 'conv3dBackpropFilter';
    const filterShape = checkShape(op, shape);
    const rest = [strides, pad, dilations, 'floor'] as const;
    const how = convolved(op, x, filterShape, rest, groups, formatOf(op, dataFormat));
    const made = result(op, x.shape, filterShape, how);
    if (sameShape(made, g.shape)) return { ...how, filterShape };
    throw new Error(
      `${op}: a convolution of ${text(x.shape)} by a filter ${text(filterShape)} has the shape ${text(made)}; that of g is ${text(g.shape)}`,
    );
  },
  spec: ({ x, g }, { filterShape }) => ({
    shape: filterShape,
    dtype: product('conv3dBackpropFilter', x, g),
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
    { in: { x: [1, 3, 3, 3, 1], g: [1, 2, 2, 2, 2] }, args: [[2, 2, 2, 1, 2]] },
    {
      in: { x: [2, 2, 3, 3, 2], g: [2, 1, 2, 2, 1] },
      args: [[2, 2, 2, 2, 1], 1, 0, 'NCDHW'],
    },
  ],
  errors: [
    {
      in: { x: [1, 3, 3, 3, 1], g: [1, 2, 2, 2, 1] },
      args: [[2, 2, 2, 1, 2]],
      says: 'has the shape [1,2,2,2,2]; that of g is [1,2,2,2,1]',
    },
  ],
};
