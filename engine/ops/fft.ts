import { pairs } from '../complex.ts';
import { complexOf, floatOf, isComplex, realOf } from '../dtype.ts';
import { Fourier } from '../special/fourier.ts';
import { resized } from '../last-axis.ts';
import type { One, Op, Sample, T } from '../op.ts';
import { sizeOf, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Discrete Fourier transforms over the last axes, of any lengths, computed in f64 (engine/special/fourier.ts). Names follow
// TensorFlow.js; forward transforms are sums and the inverse ones divide by the length, as in NumPy.

type Transform = Op<{ x: One }, [x: T], [], object, One>;
type Real = Op<{ x: One }, [x: T], [fftLength?: number], { length: number }, One>;

/** The discrete Fourier transform over the last axis: `out[k] = sum of x[t] exp(-2 pi i k t / n)`. Real numbers become complex. */
export const fft: Transform = transform('fft', 1, -1);

/** The inverse of `fft`: `out[t] = sum of x[k] exp(2 pi i k t / n) / n`. */
export const ifft: Transform = transform('ifft', 1, 1);

/** The discrete Fourier transform over the last two axes. (As `numpy.fft.fft2`.) */
export const fft2d: Transform = transform('fft2d', 2, -1);

/** The inverse of `fft2d`. */
export const ifft2d: Transform = transform('ifft2d', 2, 1);

/** The discrete Fourier transform over the last three axes. */
export const fft3d: Transform = transform('fft3d', 3, -1);

/** The inverse of `fft3d`. */
export const ifft3d: Transform = transform('ifft3d', 3, 1);

/**
 * The transform of real numbers over the last axis, cut or filled up with zeros to `fftLength` n, which is its length
 * unless given: `n / 2 + 1` complex numbers (rounded down), as the others are their conjugates.
 */
export const rfft: Real = {
  inputs: { x: 'one' },
  attrs: ({ x }, fftLength) => ({ length: lengthOf('rfft', x.shape, fftLength) }),
  spec: ({ x }, { length }) => {
    const dtype = complexOf('rfft', floatOf('rfft', x.dtype));
    return { shape: x.shape.with(-1, halfOf(length)), dtype };
  },
  forward: (k, { x }, { length }, out) => {
    const n = x.shape.at(-1)!;
    const plan = Fourier.of(length);
    k.calculate([pairs(out)], [x], ([to], [from]) => {
      const line = new Float64Array(length);
      const half = new Float64Array(2 * halfOf(length));
      for (let at = 0, end = 0; end < to!.length; at += n, end += half.length) {
        for (let i = 0; i < Math.min(length, n); i++) line[i] = Number(from![at + i]);
        plan.runReal(line, half);
        (to as Float64Array).set(half, end);
      }
    });
  },
  saves: [],
  grad: {
    x: (g, { x }, { length }) => {
      const whole = resized(g, length).ifft().mul(length).real();
      return resized(whole, x.shape.at(-1)!);
    },
  },
  samples: [
    { in: { x: [2, 6] } },
    { in: { x: [7] } },
    { in: { x: [2, 3] }, args: [8] },
    { in: { x: [6] }, args: [3] },
    { in: { x: { shape: [4], dtype: 'i32' } } },
  ],
  errors: [
    { in: { x: [] }, says: 'there is no axis to transform in a tensor of rank 0' },
    { in: { x: [2, 0] }, says: 'rfft: a transform of length 0; it must be 1 or more' },
    {
      in: { x: { shape: [4], dtype: 'c64' } },
      says: 'it is not made for complex numbers',
    },
  ],
};

/**
 * The inverse of `rfft`: `fftLength` n real numbers, `2 (m - 1)` for m along the last axis unless given. The
 * imaginary part of the first number, and for even n that of the last, does not count.
 */
export const irfft: Real = {
  inputs: { x: 'one' },
  attrs: ({ x }, fftLength) => ({
    length: lengthOf('irfft', x.shape, fftLength ?? Math.max(2 * (x.shape.at(-1)! - 1), 1)),
  }),
  spec: ({ x }, { length }) => ({
    shape: x.shape.with(-1, length),
    dtype: realOf(complexOf('irfft', isComplex(x.dtype) ? x.dtype : floatOf('irfft', x.dtype))),
  }),
  forward: (k, { x }, { length }, out) => {
    const [m, complex] = [x.shape.at(-1)!, isComplex(x.dtype)];
    const each = complex ? 2 : 1;
    const plan = Fourier.of(length);
    k.calculate([out], [complex ? pairs(x) : x], ([to], [from]) => {
      for (let first = 0, end = 0; end < to!.length; first += each * m, end += length) {
        const line = new Float64Array(2 * length);
        for (let i = 0; i < Math.min(halfOf(length), m); i++) {
          const single = i === 0 || 2 * i === length;
          const re = Number(from![first + each * i]);
          const im = complex && !single ? Number(from![first + 2 * i + 1]) : 0;
          line.set([re, im], 2 * i);
          if (!single) line.set([re, -im], 2 * (length - i));
        }
        plan.run(line, 1);
        for (let i = 0; i < length; i++) to![end + i] = line[2 * i]! / length;
      }
    });
  },
  saves: [],
  grad: {
    // Numbers that stand for their conjugates too count twice.
    x: (g, { x }, { length }) => {
      const half = halfOf(length);
      const counts = Array.from({ length: half }, (_, i) =>
        i === 0 || 2 * i === length ? 1 / length : 2 / length,
      );
      return resized(g.rfft().mul(counts), x.shape.at(-1)!);
    },
  },
  samples: [
    { in: { x: { shape: [2, 4], dtype: 'c64' } } },
    { in: { x: { shape: [3], dtype: 'c64' } }, args: [5] },
    { in: { x: { shape: [4], dtype: 'c64' } }, args: [3] },
    { in: { x: [3] }, args: [8] },
  ],
  errors: [
    { in: { x: [] }, says: 'there is no axis to transform in a tensor of rank 0' },
    { in: { x: [3] }, args: [1.5], says: 'irfft: a transform of length 1.5' },
  ],
};

function transform(op: string, count: number, sign: 1 | -1): Transform {
  const last = (shape: Shape): Shape => shape.slice(shape.length - count);
  return {
    inputs: { x: 'one' },
    spec: ({ x }) => {
      const { shape } = x;
      if (shape.length < count) {
        const axes = count === 1 ? 'axis' : 'axes';
        throw new Error(`${op}: ${text(shape)} has not the ${count} ${axes} that are transformed`);
      }
      const empty = last(shape).indexOf(0);
      if (empty >= 0)
        throw new Error(`${op}: nothing to transform along an axis of ${text(shape)}`);
      return { shape, dtype: isComplex(x.dtype) ? x.dtype : complexOf(op, floatOf(op, x.dtype)) };
    },
    forward: (k, { x }, _, out) => {
      const complex = isComplex(x.dtype);
      k.calculate([pairs(out)], [complex ? pairs(x) : x], ([to], [from]) => {
        const all = new Float64Array(2 * x.size);
        if (complex) all.set(from as Float64Array);
        else for (let i = 0; i < x.size; i++) all[2 * i] = Number(from![i]);
        let step = 1;
        for (let axis = 1; axis <= count; axis++) {
          const n = x.shape.at(-axis)!;
          along(all, n, step, sign);
          step *= n;
        }
        if (sign === 1) for (let i = 0; i < all.length; i++) all[i]! /= step;
        (to as Float64Array).set(all);
      });
    },
    saves: [],
    grad: {
      x: (g, { x }) => {
        const n = sizeOf(last(x.shape));
        return sign === -1 ? inverse(g, count).mul(n) : forward(g, count).div(n);
      },
    },
    samples: samplesOf(count),
    errors: [
      {
        in: { x: new Array<number>(count - 1).fill(2) },
        says: `has not the ${count} ${count === 1 ? 'axis' : 'axes'} that are transformed`,
      },
      { in: { x: [2, 2, 0] }, says: `${op}: nothing to transform along an axis of [2,2,0]` },
    ],
  };
}

function forward(g: Tensor, count: number): Tensor {
  return count === 1 ? g.fft() : count === 2 ? g.fft2d() : g.fft3d();
}

function inverse(g: Tensor, count: number): Tensor {
  return count === 1 ? g.ifft() : count === 2 ? g.ifft2d() : g.ifft3d();
}

/** Transforms every line of complex numbers whose elements lie `step` apart. */
function along(all: Float64Array, n: number, step: number, sign: 1 | -1): void {
  const plan = Fourier.of(n);
  if (step === 1) {
    for (let at = 0; at < all.length; at += 2 * n) plan.run(all.subarray(at, at + 2 * n), sign);
    return;
  }
  const line = new Float64Array(2 * n);
  for (let block = 0; block < all.length; block += 2 * n * step) {
    for (let first = block; first < block + 2 * step; first += 2) {
      for (let i = 0, at = first; i < n; i++, at += 2 * step) {
        line[2 * i] = all[at]!;
        line[2 * i + 1] = all[at + 1]!;
      }
      plan.run(line, sign);
      for (let i = 0, at = first; i < n; i++, at += 2 * step) {
        all[at] = line[2 * i]!;
        all[at + 1] = line[2 * i + 1]!;
      }
    }
  }
}

/** How many numbers the transform of n real ones comes to. */
function halfOf(n: number): number {
  return Math.floor(n / 2) + 1;
}

function lengthOf(op: string, shape: Shape, asked: number | undefined): number {
  if (shape.length === 0) {
    throw new Error(`${op}: there is no axis to transform in a tensor of rank 0`);
  }
  const length = asked ?? shape.at(-1)!;
  if (Number.isInteger(length) && length >= 1) return length;
  throw new Error(`${op}: a transform of length ${length}; it must be 1 or more, and whole`);
}

function samplesOf(count: number): readonly Sample<{ x: One }, []>[] {
  return [
    { in: { x: { shape: [2, 3, 4], dtype: 'c64' } } },
    { in: { x: { shape: count === 1 ? [2, 17] : [1, 2, 6], dtype: 'c64' } } },
    { in: { x: [2, 2, 3] } },
  ];
}
