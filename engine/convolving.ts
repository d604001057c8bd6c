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
} from './convolution.ts';
import type { Buf, Kernels } from './device.ts';
import type { Op, One, Spec, T } from './op.ts';
import { checkShape, sameShape, text, type Shape } from './shape.ts';
import type { Padding, Rounding, Sizes } from './sliding.ts';
import type { Tensor } from './tensor.ts';

/**
 * What the rows of convolutions of images and of volumes have in common: all
 * but their names, samples and the data format they take by default.
 */

export type Convolution<Format> = Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: Format,
    dilations?: Sizes,
    dimRoundingMode?: Rounding,
    groups?: number,
  ],
  Convolved,
  One
>;

export type Transposed<Format> = Op<
  { x: One; filter: One },
  [x: T, filter: T],
  [
    outputShape: Shape,
    strides?: Sizes,
    pad?: Padding,
    dimRoundingMode?: Rounding,
    dataFormat?: Format,
    dilations?: Sizes,
    groups?: number,
  ],
  Convolved & { readonly outputShape: Shape },
  One
>;

export type FilterGradient<Format> = Op<
  { x: One; g: One },
  [x: T, g: T],
  [
    filterShape: Shape,
    strides?: Sizes,
    pad?: Padding,
    dataFormat?: Format,
    dilations?: Sizes,
    groups?: number,
  ],
  Convolved & { readonly filterShape: Shape },
  One
>;

type Format = 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW';
type Filtered<Of> = { readonly x: Of; readonly filter: Of };
type Sloped<Of> = { readonly x: Of; readonly g: Of };

export function convolves(op: string, last: Format) {
  return {
    inputs: { x: 'one', filter: 'one' } as const,
    attrs: (
      { x, filter }: Filtered<Spec>,
      strides: Sizes = 1,
      pad: Padding = 'valid',
      dataFormat: Format = last,
      dilations: Sizes = 1,
      rounding: Rounding = 'floor',
      groups = 1,
    ): Convolved => {
      const rest = [strides, pad, dilations, rounding] as const;
      return convolved(op, x, filter.shape, rest, groups, dataFormat);
    },
    spec: ({ x, filter }: Filtered<Spec>, how: Convolved): Spec => ({
      shape: result(op, x.shape, filter.shape, how),
      dtype: product(op, x, filter),
    }),
    forward: (k: Kernels, { x, filter }: Filtered<Buf>, how: Convolved, out: Buf): void =>
      k.conv('y', image(out, how), image(x, how), filter, how),
    saves: ['x', 'filter'] as const,
    readBy: { x: 'filter', filter: 'x' } as const,
    grad: {
      x: (g: Tensor, { x, filter }: Filtered<Tensor>, how: Convolved): Tensor =>
        transposed(g, filter, x.shape, how),
      filter: (g: Tensor, { x, filter }: Filtered<Tensor>, how: Convolved): Tensor =>
        slope(x, g, filter.shape, how),
    },
    cost: ({ x, filter }: Filtered<Spec>, how: Convolved) =>
      work(result(op, x.shape, filter.shape, how), x.shape, filter.shape),
  };
}

export function transposes(op: string, last: Format) {
  return {
    inputs: { x: 'one', filter: 'one' } as const,
    attrs: (
      { x, filter }: Filtered<Spec>,
      shape: Shape,
      strides: Sizes = 1,
      pad: Padding = 'valid',
      rounding: Rounding = 'floor',
      dataFormat: Format = last,
      dilations: Sizes = 1,
      groups = 1,
    ): Convolved & { readonly outputShape: Shape } => {
      const outputShape = checkShape(op, shape);
      const rest = [strides, pad, dilations, rounding] as const;
      const whole = { shape: outputShape };
      const how = convolved(op, whole, filter.shape, rest, groups, dataFormat, 'outputShape');
      const back = result(op, outputShape, filter.shape, how);
      if (sameShape(back, x.shape)) return { ...how, outputShape };
      throw new Error(
        `${op}: a convolution of ${text(outputShape)} by the filter ${text(filter.shape)} has the shape ${text(back)}; x has ${text(x.shape)}, so that outputShape cannot be it`,
      );
    },
    spec: (
      { x, filter }: Filtered<Spec>,
      { outputShape }: { readonly outputShape: Shape },
    ): Spec => ({ shape: outputShape, dtype: product(op, x, filter) }),
    forward: (k: Kernels, { x, filter }: Filtered<Buf>, how: Convolved, out: Buf): void =>
      k.conv('x', image(out, how), image(x, how), filter, how),
    saves: ['x', 'filter'] as const,
    readBy: { x: 'filter', filter: 'x' } as const,
    grad: {
      x: (g: Tensor, { filter }: Filtered<Tensor>, how: Convolved): Tensor => again(g, filter, how),
      filter: (g: Tensor, { x, filter }: Filtered<Tensor>, how: Convolved): Tensor =>
        slope(g, x, filter.shape, how),
    },
    cost: ({ x, filter }: Filtered<Spec>, { outputShape }: { readonly outputShape: Shape }) =>
      work(x.shape, outputShape, filter.shape),
  };
}

export function backpropagatesFilter(op: string, last: Format) {
  return {
    inputs: { x: 'one', g: 'one' } as const,
    attrs: (
      { x, g }: Sloped<Spec>,
      shape: Shape,
      strides: Sizes = 1,
      pad: Padding = 'valid',
      dataFormat: Format = last,
      dilations: Sizes = 1,
      groups = 1,
    ): Convolved & { readonly filterShape: Shape } => {
      const filterShape = checkShape(op, shape);
      const rest = [strides, pad, dilations, 'floor'] as const;
      const how = convolved(op, x, filterShape, rest, groups, dataFormat);
      const made = result(op, x.shape, filterShape, how);
      if (sameShape(made, g.shape)) return { ...how, filterShape };
      throw new Error(
        `${op}: a convolution of ${text(x.shape)} by a filter ${text(filterShape)} has the shape ${text(made)}; that of g is ${text(g.shape)}`,
      );
    },
    spec: ({ x, g }: Sloped<Spec>, { filterShape }: { readonly filterShape: Shape }): Spec => ({
      shape: filterShape,
      dtype: product(op, x, g),
    }),
    forward: (k: Kernels, { x, g }: Sloped<Buf>, how: Convolved, out: Buf): void =>
      k.conv('filter', out, image(x, how), image(g, how), how),
    saves: ['x', 'g'] as const,
    readBy: { x: 'g', g: 'x' } as const,
    grad: {
      x: (d: Tensor, { x, g }: Sloped<Tensor>, how: Convolved): Tensor =>
        transposed(g, d, x.shape, how),
      g: (d: Tensor, { x }: Sloped<Tensor>, how: Convolved): Tensor => again(x, d, how),
    },
    cost: ({ x, g }: Sloped<Spec>, { filterShape }: { readonly filterShape: Shape }) =>
      work(g.shape, x.shape, filterShape),
  };
}
