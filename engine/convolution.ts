import type { Buf } from './device.ts';
import { numberOf, promote, type DType } from './dtype.ts';
import type { Spec } from './op.ts';
import { sizeOf, stridesOf, text, type Shape } from './shape.ts';
import {
  checkFormat,
  sliding,
  stepsOf,
  type DataFormat,
  type Padding,
  type Rounding,
  type Sizes,
  type Sliding,
} from './sliding.ts';
import type { Tensor } from './tensor.ts';

/** What the rows of convolutions share: their attributes, shapes, and each other as gradients. */
export interface Convolved extends Sliding {
  readonly groups: number;
  readonly dataFormat: DataFormat;
}

/** How a filter slides, as a user says it. */
type Rest = readonly [strides: Sizes, pad: Padding, dilations: Sizes, rounding: Rounding];

/** The attributes of a convolution of x by a filter, checked against both. */
export function convolved(
  op: string,
  x: { readonly shape: Shape },
  filter: Shape,
  [strides, pad, dilations, rounding]: Rest,
  groups: number,
  format: DataFormat | VolumeFormat,
  name = 'x',
): Convolved {
  const rank = filter.length - 2;
  const axes = op === 'conv1d' ? 1 : op.startsWith('conv3d') ? 3 : 2;
  const dataFormat =
    axes === 3 ? formatOf(op, format as VolumeFormat) : checkFormat(op, format as DataFormat);
  if (rank !== axes) {
    const wanted = [
      '[width, channels in, channels out]',
      '[height, width, in, out]',
      '[depth, height, width, in, out]',
    ][axes - 1];
    throw new Error(
      `${op}: the filter has the shape ${text(filter)}; it must have ${axes + 2} axes, ${wanted}`,
    );
  }
  const channels = channelsOf(x.shape, dataFormat, axes);
  if (channels === undefined) {
    throw new Error(
      `${op}: ${name} has the shape ${text(x.shape)}; it must have ${axes + 2} axes (${nameOf(dataFormat, axes)}), or ${axes + 1} without a batch`,
    );
  }
  const [read, made] = filter.slice(-2) as [number, number];
  if (!Number.isSafeInteger(groups) || groups < 1 || channels % groups > 0 || made % groups > 0) {
    throw new Error(
      `${op}: ${groups} groups do not divide the ${channels} channels of ${name} and the ${made} of the filter ${text(filter)}`,
    );
  }
  if (read * groups !== channels) {
    const fit = channels / read;
    const would = Number.isInteger(fit) && made % fit === 0 ? `; groups = ${fit} would fit` : '';
    throw new Error(
      `${op}: the filter ${text(filter)} reads ${read * groups} channels, ${name} ${text(x.shape)} has ${channels} (${nameOf(dataFormat, axes)})${would}`,
    );
  }
  const lengths = spaceOf(x.shape, dataFormat, axes);
  const window = filter.slice(0, -2);
  return { ...sliding(op, lengths, window, strides, pad, dilations, rounding), groups, dataFormat };
}

/** The shape of x convolved by a filter. */
export function result(op: string, x: Shape, filter: Shape, how: Convolved): Shape {
  const axes = how.strides.length;
  const space = stepsOf(op, spaceOf(x, how.dataFormat, axes), filter.slice(0, -2), how);
  const batch = x.slice(0, x.length - axes - 1);
  const made = filter.at(-1)!;
  return how.dataFormat === 'NHWC' ? [...batch, ...space, made] : [...batch, made, ...space];
}

export function product(op: string, x: Spec, y: Spec): DType {
  return numberOf(op, promote(op, x.dtype, y.dtype));
}

/** Where the channels of volumes are. */
export type VolumeFormat = 'NDHWC' | 'NCDHW';

/** The order of the axes of volumes, by the name of that of images. */
export function formatOf(op: string, format: VolumeFormat): DataFormat {
  if (format === 'NDHWC' || format === 'NCDHW') return format === 'NDHWC' ? 'NHWC' : 'NCHW';
  throw new Error(`${op}: no data format is called ${String(format)}; take NDHWC or NCDHW`);
}

/** Sequences have no height, volumes a depth besides. */
function nameOf(format: DataFormat, axes: number): string {
  return axes === 2 ? format : format.replace('H', axes === 1 ? '' : 'DH');
}

function volume(format: DataFormat): VolumeFormat {
  return nameOf(format, 3) as VolumeFormat;
}

/** Undefined where the shape is none of images or sequences. */
export function channelsOf(x: Shape, format: DataFormat, axes = 2): number | undefined {
  if (x.length !== axes + 1 && x.length !== axes + 2) return undefined;
  return format === 'NHWC' ? x.at(-1) : x.at(-1 - axes);
}

function spaceOf(x: Shape, format: DataFormat, axes: number): Shape {
  return format === 'NHWC' ? x.slice(-1 - axes, -1) : x.slice(-axes);
}

/** A tensor as kernels read it: with a batch, its channels last. */
export function image(x: Buf, { dataFormat, strides: { length: axes } }: Convolved): Buf {
  const { dtype, size, offset, storage } = x;
  const alone = x.shape.length === axes + 1;
  const shape = alone ? [1, ...x.shape] : x.shape;
  if (dataFormat === 'NHWC') {
    const strides = x.strides && alone ? [0, ...x.strides] : x.strides;
    return { shape, strides, dtype, size, offset, storage };
  }
  const strides = alone ? [0, ...stridesOf(x)] : stridesOf(x);
  const last = <E>(list: readonly E[]): E[] => [list[0]!, ...list.slice(2), list[1]!];
  return { shape: last(shape), strides: last(strides), dtype, size, offset, storage };
}

/** A convolution of its own attributes, which are explicit. */
export function again(x: Tensor, filter: Tensor, how: Convolved): Tensor {
  const { strides, padding, dataFormat, dilations, groups } = how;
  if (strides.length === 3) {
    return x.conv3d(filter, strides, padding, volume(dataFormat), dilations, 'floor', groups);
  }
  return x.conv2d(filter, strides, padding, dataFormat, dilations, 'floor', groups);
}

export function transposed(g: Tensor, filter: Tensor, shape: Shape, how: Convolved): Tensor {
  const { strides, padding, dataFormat, dilations, groups } = how;
  const rest = [dilations, groups] as const;
  if (strides.length === 3) {
    const format = volume(dataFormat);
    return g.conv3dTranspose(filter, shape, strides, padding, 'floor', format, ...rest);
  }
  return g.conv2dTranspose(filter, shape, strides, padding, 'floor', dataFormat, ...rest);
}

export function slope(x: Tensor, g: Tensor, shape: Shape, how: Convolved): Tensor {
  const { strides, padding, dataFormat, dilations, groups } = how;
  if (strides.length === 3) {
    const format = volume(dataFormat);
    return x.conv3dBackpropFilter(g, shape, strides, padding, format, dilations, groups);
  }
  return x.conv2dBackpropFilter(g, shape, strides, padding, dataFormat, dilations, groups);
}

/** Every element of y is a sum over the window and the channels a filter reads. */
export function work(y: Shape, x: Shape, filter: Shape): { flops: number; bytes: number } {
  const window = sizeOf(filter) / filter.at(-1)!;
  return {
    flops: 2 * sizeOf(y) * (Number.isNaN(window) ? 0 : window),
    bytes: 4 * (sizeOf(y) + sizeOf(x) + sizeOf(filter)),
  };
}
