import type { Buf } from './device.ts';
import { sizeOf, text, type Shape } from './shape.ts';

/**
 * How a window slides over the spatial axes of a tensor: what convolutions and
 * pools share. Errors name the op and what would fit.
 */
export interface Sliding {
  /** Steps of the window along each spatial axis. */
  readonly strides: readonly number[];
  /** Steps between the elements of the window. */
  readonly dilations: readonly number[];
  /** Elements around each spatial axis that are not there. */
  readonly padding: readonly Around[];
}
export type Around = readonly [before: number, after: number];

/** One number for all spatial axes, or one for each. */
export type Sizes = number | readonly number[];

/**
 * `'valid'` is none; `'same'` makes ceil(length / stride) steps, with what is
 * odd behind, as TensorFlow; a number goes around every spatial axis; pairs
 * [before, after] are for each spatial axis, or for each axis as in
 * TensorFlow.js.
 */
export type Padding = 'valid' | 'same' | number | readonly Around[];

/** What becomes of a last step that does not fit whole; `ceil` and `round` may add padding behind. */
export type Rounding = 'floor' | 'round' | 'ceil';

/** Where the channels are: last, as in TensorFlow, or behind the batch, as in PyTorch. */
export type DataFormat = 'NHWC' | 'NCHW';

/** A user's arguments as numbers for each spatial axis. `lengths` are those of the spatial axes, `window` those of the window. */
export function sliding(
  op: string,
  lengths: Shape,
  window: Shape,
  strides: Sizes,
  pad: Padding,
  dilations: Sizes,
  rounding: Rounding,
): Sliding {
  sizes(op, 'window', window, lengths.length);
  const steps = sizes(op, 'stride', strides, lengths.length);
  const gaps = sizes(op, 'dilation', dilations, lengths.length);
  if (rounding !== 'floor' && rounding !== 'round' && rounding !== 'ceil') {
    throw new Error(`${op}: no rounding is called ${String(rounding)}; take floor, round or ceil`);
  }
  const reach = window.map((n, i) => (n - 1) * gaps[i]! + 1);
  const padding =
    pad === 'same'
      ? lengths.map((n, i): Around => {
          const total = Math.max((Math.ceil(n / steps[i]!) - 1) * steps[i]! + reach[i]! - n, 0);
          return [Math.floor(total / 2), Math.ceil(total / 2)];
        })
      : written(op, pad, lengths.length).map(([before, after], i): Around => {
          const left = lengths[i]! + before + after - reach[i]!;
          const count = Math[rounding](left / steps[i]!);
          // A step that begins in the padding behind is none, as in PyTorch.
          if (left < 0 || count * steps[i]! >= lengths[i]! + before) return [before, after];
          return [before, after + Math.max(count * steps[i]! - left, 0)];
        });
  return { strides: steps, dilations: gaps, padding };
}

/** How many steps the window makes along each spatial axis. */
export function stepsOf(op: string, lengths: Shape, window: Shape, how: Sliding): Shape {
  return lengths.map((n, i) => {
    const [before, after] = how.padding[i]!;
    const reach = (window[i]! - 1) * how.dilations[i]! + 1;
    const padded = n + before + after;
    if (padded < reach && n > 0) {
      const spread = how.dilations[i] === 1 ? '' : ` (of ${reach} with its dilation)`;
      throw new Error(
        `${op}: a window of ${window[i]}${spread} does not fit into spatial axis ${i} of ${text(lengths)}, which has ${padded} elements with its padding; a padding of 'same' would fit`,
      );
    }
    return Math.max(Math.floor((padded - reach) / how.strides[i]!) + 1, 0);
  });
}

/** One positive whole number for each spatial axis. */
export function sizes(op: string, name: string, given: Sizes, rank: number): readonly number[] {
  const list = typeof given === 'number' ? new Array<number>(rank).fill(given) : given;
  if (Array.isArray(list) && list.length === 1 && rank > 1) return sizes(op, name, list[0]!, rank);
  const whole = Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (whole && list.length === rank) return [...list];
  throw new Error(
    `${op}: a ${name} of ${JSON.stringify(given)}; it must be a whole number from 1, or ${rank} of them`,
  );
}

/** Images as the kernels take them: with a batch of one in front where there is none. */
export function batched(x: Buf): Buf {
  if (x.shape.length === 4) return x;
  const { shape, strides, dtype, size, offset, storage } = x;
  return {
    shape: [1, ...shape],
    strides: strides && [sizeOf(shape), ...strides],
    dtype,
    size,
    offset,
    storage,
  };
}

/** The axis of the channels and those of space, in a tensor with or without a batch. */
export function checkFormat(op: string, format: DataFormat): DataFormat {
  if (format === 'NHWC' || format === 'NCHW') return format;
  throw new Error(`${op}: no data format is called ${String(format)}; take NHWC or NCHW`);
}

function written(op: string, pad: Exclude<Padding, 'same'>, rank: number): readonly Around[] {
  const around = (n: number) => Array.from({ length: rank }, (): Around => [n, n]);
  if (pad === 'valid') return around(0);
  if (typeof pad === 'number' && Number.isSafeInteger(pad) && pad >= 0) return around(pad);
  if (Array.isArray(pad)) {
    const pairs = pad as readonly Around[];
    const whole = pairs.every(
      (pair) => pair?.length === 2 && pair.every((n) => Number.isSafeInteger(n) && n >= 0),
    );
    if (whole && pairs.length === rank) return pairs.map(([before, after]) => [before, after]);
    // As TensorFlow.js has them: also for batch and channels, where they must be zero.
    const full = whole && pairs.length === rank + 2;
    const none = (pair: Around) => pair[0] === 0 && pair[1] === 0;
    if (full && none(pairs[0]!)) {
      if (none(pairs[rank + 1]!)) return pairs.slice(1, -1);
      if (none(pairs[1]!)) return pairs.slice(2);
    }
  }
  throw new Error(
    `${op}: a padding of ${JSON.stringify(pad)}; it must be 'valid', 'same', a whole number from 0, or a pair [before, after] for each of ${rank} spatial axes`,
  );
}
