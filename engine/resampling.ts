import type { NestedArray } from './read.ts';
import type { Tensor } from './tensor.ts';

// Images between their pixels: where the pixels of a result lie in its source, and what is there.

/** How positions in a resized image become positions in its source, as in TensorFlow.js. */
export interface Alignment {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Where each of `to` pixels lies among `from`. */
export function positions(from: number, to: number, how: Alignment): readonly number[] {
  const scale = how.alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const shift = how.halfPixelCenters ? 0.5 : 0;
  return Array.from({ length: to }, (_, i) => (i + shift) * scale - shift);
}

/** The pixels of an axis at those places, which are kept inside. */
export function pick(x: Tensor, axis: number, places: readonly number[]): Tensor {
  const last = x.shape[axis]! - 1;
  const inside = places.map((place) => Math.min(Math.max(place, 0), last));
  return x.gather(inside, axis);
}

/** Between two pixels along an axis. */
export function linear(x: Tensor, axis: number, at: readonly number[]): Tensor {
  const low = pick(x, axis, at.map(Math.floor));
  const high = pick(x, axis, at.map(Math.ceil));
  const part = at.map((place) => place - Math.floor(place));
  return low.add(high.sub(low).mul(along(x, axis, part)));
}

/** Among four pixels along an axis, weighed by Keys' kernel; the pixels at the border go on outside. */
export function cubic(x: Tensor, axis: number, at: readonly number[]): Tensor {
  const taps = [-1, 0, 1, 2].map((tap) => {
    const places = at.map((place) => Math.floor(place) + tap);
    const weights = at.map((place) => keys(Math.abs(place - Math.floor(place) - tap)));
    return pick(x, axis, places).mul(along(x, axis, weights));
  });
  return taps.reduce((a, b) => a.add(b));
}

/** Keys' kernel at a distance from 0 to 2, with the slope that PyTorch and TensorFlow give it. */
function keys(d: number): number {
  return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
}

/** The same of tensors, of which it may be the gradient that is wanted: of distances up to 1, and from 1 to 2. */
export function keysOf(d: Tensor, near: boolean): Tensor {
  return near
    ? d
        .mul(a + 2)
        .sub(a + 3)
        .mul(d)
        .mul(d)
        .add(1)
    : d
        .mul(a)
        .sub(5 * a)
        .mul(d)
        .add(8 * a)
        .mul(d)
        .sub(4 * a);
}

const a = -0.75;

/** Numbers for each place of an axis, so that they broadcast to x. */
function along(x: Tensor, axis: number, values: readonly number[]): NestedArray {
  const behind = x.shape.length - axis - 1;
  const wrapped = (value: NestedArray) => {
    for (let i = 0; i < behind; i++) value = [value];
    return value;
  };
  return values.map(wrapped);
}

/** The pixels of `images` `[batch, height, width, channels]` at whole positions, where `image` says in which; outside it is what is at the border. */
export function pixels(images: Tensor, image: Tensor, y: Tensor, x: Tensor): Tensor {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const row = y
    .cast('i32')
    .maximum(0)
    .minimum(height - 1);
  const column = x
    .cast('i32')
    .maximum(0)
    .minimum(width - 1);
  const at = image.mul(height).add(row).mul(width).add(column);
  return images.reshape([batch * height * width, channels]).gather(at);
}
