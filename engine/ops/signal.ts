import { pairs } from '../complex.ts';
import { dtypeOf, isBig, isComplex, numeric, type DType, type DTypeLike } from '../dtype.ts';
import { resultOf } from '../elementwise.ts';
import { zips } from '../formulas.ts';
import { resized } from '../last-axis.ts';
import type { One, Op, T } from '../op.ts';
import { checkShape, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Signals cut into frames along their last axis. Names follow tf.signal of TensorFlow.js, without the prefix.

export interface Framing {
  readonly length: number;
  readonly step: number;
  readonly count: number;
  readonly padValue: number;
}

/**
 * Frames of `frameLength` elements along the last axis, `frameStep` apart: `[..., samples]` becomes
 * `[..., frames, frameLength]`. With `padEnd` frames begin as long as there are elements, and those that are missing
 * are `padValue`; else what does not fill a frame is left out.
 */
export const frame: Op<
  { signal: One },
  [signal: T],
  [frameLength: number, frameStep: number, padEnd?: boolean, padValue?: number],
  Framing,
  One
> = {
  inputs: { signal: 'one' },
  attrs: ({ signal }, length, step, padEnd = false, padValue = 0) => {
    const samples = samplesIn('frame', signal.shape);
    positive('frame', { frameLength: length, frameStep: step });
    const count = padEnd
      ? Math.ceil(samples / step)
      : Math.max(0, Math.floor((samples - length) / step) + 1);
    return { length, step, count, padValue };
  },
  spec: ({ signal }, { length, count }) => {
    if (signal.dtype === 'string') numeric('frame', signal.dtype);
    return { shape: [...signal.shape.slice(0, -1), count, length], dtype: signal.dtype };
  },
  forward: (k, { signal }, { length, step, count, padValue }, out) => {
    const complex = isComplex(out.dtype);
    const each = complex ? 2 : 1;
    const samples = each * signal.shape.at(-1)!;
    const [to, from] = complex ? [pairs(out), pairs(signal)] : [out, signal];
    k.calculate([to], [from], ([all], [x]) => {
      if (isBig(out.dtype)) all!.fill(BigInt(padValue) as never);
      else if (complex) for (let i = 0; i < all!.length; i++) all![i] = i % 2 === 0 ? padValue : 0;
      else all!.fill(padValue as never);
      for (let row = 0, end = 0; end < all!.length; row += samples) {
        for (let i = 0; i < count; i++, end += each * length) {
          const first = Math.min(each * i * step, samples);
          const part = x!.subarray(row + first, row + Math.min(first + each * length, samples));
          all!.set(part as never, end);
        }
      }
    });
  },
  saves: [],
  grad: {
    signal: (g, { signal }, { step }) => resized(g.overlapAndAdd(step), signal.shape.at(-1)!),
  },
  samples: [
    { in: { signal: [2, 7] }, args: [3, 2] },
    { in: { signal: [5] }, args: [2, 3] },
    { in: { signal: [7] }, args: [4, 3, true] },
    { in: { signal: [2] }, args: [4, 1] },
    { in: { signal: { shape: [5], dtype: 'i64' } }, args: [2, 2, true, -1] },
  ],
  errors: [
    { in: { signal: [] }, args: [2, 1], says: 'frame: a number by itself is no signal' },
    {
      in: { signal: [4] },
      args: [0, 1],
      says: 'frame: frameLength is 0; it must be a whole number from 1 on',
    },
    { in: { signal: [4] }, args: [2, 0.5], says: 'frame: frameStep is 0.5' },
  ],
};

/**
 * Frames laid over one another, `frameStep` apart, and added: `[..., frames, frameLength]` becomes
 * `[..., (frames - 1) * frameStep + frameLength]`. The gradient of `frame`, and the other way round. (As
 * `tf.signal.overlap_and_add`.)
 */
export const overlapAndAdd: Op<
  { frames: One },
  [frames: T],
  [frameStep: number],
  { step: number },
  One
> = {
  inputs: { frames: 'one' },
  attrs: (_, step) => {
    positive('overlapAndAdd', { frameStep: step });
    return { step };
  },
  spec: ({ frames }, { step }) => {
    const { shape } = frames;
    if (shape.length < 2) {
      throw new Error(
        `overlapAndAdd: frames of the shape ${text(shape)}; there must be two axes or more, [..., frames, frameLength]`,
      );
    }
    const [count, length] = shape.slice(-2) as [number, number];
    return {
      shape: [...shape.slice(0, -2), count === 0 ? 0 : (count - 1) * step + length],
      dtype: resultOf('overlapAndAdd', zips.add, frames.dtype),
    };
  },
  forward: (k, { frames }, { step }, out) => {
    const complex = isComplex(out.dtype);
    const each = complex ? 2 : 1;
    const [count, length] = frames.shape.slice(-2) as [number, number];
    const samples = each * out.shape.at(-1)!;
    k.calculate(
      [complex ? pairs(out) : out],
      [complex ? pairs(frames) : frames],
      ([to], [from]) => {
        // Whatever they are: numbers or bigints.
        const [sums, parts] = [to as Float64Array, from as Float64Array];
        sums.fill((isBig(out.dtype) ? 0n : 0) as number);
        for (let row = 0, at = 0; row < sums.length; row += samples) {
          for (let i = 0; i < count; i++) {
            const first = row + each * i * step;
            for (let j = 0; j < each * length; j++) sums[first + j]! += parts[at++]!;
          }
        }
      },
    );
  },
  saves: [],
  grad: {
    frames: (g, { frames }, { step }) => {
      const [count, length] = frames.shape.slice(-2) as [number, number];
      return count === 0 ? g.flatten().slice(0, 0).reshape(frames.shape) : g.frame(length, step);
    },
  },
  samples: [
    { in: { frames: [2, 3, 4] }, args: [2] },
    { in: { frames: [3, 2] }, args: [3] },
    { in: { frames: { shape: [3, 2], dtype: 'i64' } }, args: [1] },
  ],
  errors: [
    { in: { frames: [3] }, args: [1], says: 'frames of the shape [3]; there must be two axes' },
    { in: { frames: [3, 2] }, args: [0], says: 'overlapAndAdd: frameStep is 0' },
  ],
};

type Window = Op<
  {},
  [],
  [windowLength: number, dtype?: DTypeLike],
  { length: number; dtype: DType },
  One
>;

/** The Hann window `(1 - cos(2 pi i / n)) / 2`; for odd lengths with `n - 1` in place of n, as in TensorFlow. */
export const hannWindow: Window = cosineWindow('hannWindow', 0.5);

/** The Hamming window `0.54 - 0.46 cos(2 pi i / n)`; for odd lengths with `n - 1` in place of n, as in TensorFlow. */
export const hammingWindow: Window = cosineWindow('hammingWindow', 0.54);

/** A function that gives a window of so many elements. */
export type WindowFunction = (length: number) => Tensor;
export interface ShortTime {
  readonly frameLength: number;
  readonly frameStep: number;
  readonly fftLength: number;
  readonly windowFn: WindowFunction | null;
}
type ShortTimeArgs = [
  frameLength: number,
  frameStep: number,
  fftLength?: number,
  windowFn?: WindowFunction,
];

/**
 * The short-time Fourier transform of a real signal: its frames, each times a window (Hann's unless `windowFn` gives
 * another) and transformed by `rfft` to `fftLength`, the next power of two unless given:
 * `[..., samples]` becomes `[..., frames, fftLength / 2 + 1]`.
 */
export const stft: Op<{ signal: One }, [signal: T], ShortTimeArgs, ShortTime, One> = {
  inputs: { signal: 'one' },
  attrs: ({ signal }, ...args) => {
    samplesIn('stft', signal.shape);
    return shortTime('stft', args);
  },
  spec: ({ signal }, { frameLength, frameStep, fftLength }) => {
    const count = Math.max(0, Math.floor((signal.shape.at(-1)! - frameLength) / frameStep) + 1);
    numeric('stft', signal.dtype);
    return {
      shape: [...signal.shape.slice(0, -1), count, Math.floor(fftLength / 2) + 1],
      dtype: signal.dtype === 'f64' ? 'c128' : 'c64',
    };
  },
  compose: ({ signal }, how) =>
    signal.frame(how.frameLength, how.frameStep).mul(windowOf(how)).rfft(how.fftLength),
  samples: [
    { in: { signal: [2, 9] }, args: [4, 2] },
    { in: { signal: [7] }, args: [3, 2, 6] },
    { in: { signal: [2] }, args: [4, 1] },
  ],
  errors: [
    { in: { signal: [8] }, args: [0, 1], says: 'stft: frameLength is 0' },
    {
      in: { signal: [8] },
      args: [4, 2, 3],
      says: 'stft: frames of 4 do not fit a transform of 3',
    },
    { in: { signal: { shape: [8], dtype: 'c64' } }, args: [4, 2], says: 'not made for complex' },
  ],
};

/**
 * The signal of which `stft` gives this with the same arguments: frames by `irfft`, windowed once more, laid over one
 * another and divided by what the windows add up to (Griffin and Lim, 1984). What no window reaches is 0.
 */
export const istft: Op<{ stfts: One }, [stfts: T], ShortTimeArgs, ShortTime, One> = {
  inputs: { stfts: 'one' },
  attrs: (_, ...args) => shortTime('istft', args),
  spec: ({ stfts }, { frameLength, frameStep, fftLength }) => {
    const { shape, dtype } = stfts;
    const half = Math.floor(fftLength / 2) + 1;
    if (shape.length < 2 || shape.at(-1) !== half || !isComplex(dtype)) {
      throw new Error(
        `istft: x is ${dtype}${text(shape)}; it must be complex and [..., frames, ${half}], half of a transform of ${fftLength}`,
      );
    }
    const count = shape.at(-2)!;
    return {
      shape: [...shape.slice(0, -2), count === 0 ? 0 : (count - 1) * frameStep + frameLength],
      dtype: dtype === 'c128' ? 'f64' : 'f32',
    };
  },
  compose: ({ stfts }, how) => {
    const { frameLength, frameStep, fftLength } = how;
    const frames = resized(stfts.irfft(fftLength), frameLength);
    const window = frames.zerosLike().add(windowOf(how));
    const sums = window.square().overlapAndAdd(frameStep);
    const signal = frames.mul(window).overlapAndAdd(frameStep);
    const reached = sums.greater(1e-11);
    return reached.where(signal.div(reached.where(sums, 1)), 0);
  },
  samples: [
    { in: { stfts: { shape: [2, 3, 3], dtype: 'c64' } }, args: [4, 2] },
    { in: { stfts: { shape: [2, 4], dtype: 'c64' } }, args: [5, 3, 6] },
  ],
  errors: [
    { in: { stfts: [2, 3] }, args: [4, 2], says: 'istft: x is f32[2,3]; it must be complex and' },
  ],
};

function cosineWindow(op: string, middle: number): Window {
  return {
    inputs: {},
    attrs: (_, windowLength, dtype = 'f32') => {
      const [length] = checkShape(op, [windowLength]) as [number];
      const own = dtypeOf(op, dtype);
      numeric(op, own);
      return { length, dtype: own };
    },
    spec: (_, { length, dtype }) => ({ shape: [length], dtype }),
    forward: (k, _, { length }, out) => {
      const values = cosines(length, middle);
      k.calculate([out], [], ([to]) => {
        for (let i = 0; i < length; i++) {
          to![i] = isBig(out.dtype) ? BigInt(Math.trunc(values[i]!)) : values[i]!;
        }
      });
    },
    saves: [],
    grad: {},
    samples: [
      { in: {}, args: [8] },
      { in: {}, args: [5, 'f64'] },
      { in: {}, args: [1] },
    ],
    errors: [{ in: {}, args: [1.5], says: `${op}: a shape is a list of whole numbers, not [1.5]` }],
  };
}

function cosines(length: number, middle: number): number[] {
  const n = length % 2 === 0 ? length : length - 1;
  return Array.from({ length }, (_, i) =>
    length === 1 ? 1 : middle - (1 - middle) * Math.cos((2 * Math.PI * i) / n),
  );
}

function shortTime(op: string, args: ShortTimeArgs): ShortTime {
  const [frameLength, frameStep, fftLength, windowFn = null] = args;
  positive(op, { frameLength, frameStep });
  const length = fftLength ?? 2 ** Math.ceil(Math.log2(frameLength));
  positive(op, { fftLength: length });
  if (length < frameLength) {
    throw new Error(
      `${op}: frames of ${frameLength} do not fit a transform of ${length}; fftLength must be ${frameLength} or more`,
    );
  }
  return { frameLength, frameStep, fftLength: length, windowFn };
}

/** The window as a user gives it, or as numbers that take the dtype of the frames. */
function windowOf({ windowFn, frameLength }: ShortTime): Tensor | number[] {
  return windowFn === null ? cosines(frameLength, 0.5) : windowFn(frameLength);
}

function samplesIn(op: string, shape: Shape): number {
  if (shape.length > 0) return shape.at(-1)!;
  throw new Error(`${op}: a number by itself is no signal; there must be one axis or more`);
}

function positive(op: string, lengths: { readonly [name: string]: number }): void {
  for (const [name, length] of Object.entries(lengths)) {
    if (Number.isInteger(length) && length >= 1) continue;
    throw new Error(`${op}: ${name} is ${length}; it must be a whole number from 1 on`);
  }
}
