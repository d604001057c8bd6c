import { column, pairs, part } from '../complex.ts';
import type { Elements } from '../device.ts';
import { complexOf, floatOf, isComplex, promote, realOf } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { broadcast } from '../shape.ts';

// Complex numbers and their parts. Gradients follow PyTorch: that of a number z = a + bi is dL/da + i dL/db, the
// direction in which the real L grows fastest, so that a formula multiplies with the conjugate of the derivative.

type Plain = Op<{ x: One }, [x: T], [], object, One>;

/** Complex numbers from their real and imaginary parts, with broadcasting: c128 where one of them is f64, else c64. */
export const complex: Op<{ real: One; imag: One }, [real: T, imag: T], [], object, One> = {
  inputs: { real: 'one', imag: 'one' },
  spec: ({ real, imag }) => {
    for (const { dtype } of [real, imag]) {
      if (!isComplex(dtype)) continue;
      throw new Error(`complex: the parts must be real numbers, and one is ${dtype}`);
    }
    return {
      shape: broadcast('complex', real.shape, imag.shape),
      dtype: complexOf('complex', promote('complex', real.dtype, imag.dtype)),
    };
  },
  forward: (k, { real, imag }, _, out) => {
    const begin = out.shape.map(() => 0);
    k.place(pairs(out), column(real, out.shape), [...begin, 0]);
    k.place(pairs(out), column(imag, out.shape), [...begin, 1]);
  },
  saves: [],
  grad: {
    real: (g, { real }) => g.real().sumTo(real.shape),
    imag: (g, { imag }) => g.imag().sumTo(imag.shape),
  },
  samples: [
    { in: { real: [2, 3], imag: [2, 3] } },
    { in: { real: [2, 1], imag: [3] } },
    { in: { real: { shape: [3], dtype: 'i32' }, imag: { shape: [3], dtype: 'f64' } } },
  ],
  errors: [
    {
      in: { real: { shape: [2], dtype: 'c64' }, imag: [2] },
      says: 'the parts must be real numbers, and one is c64',
    },
    { in: { real: [2, 3], imag: [4] }, says: '[2,3] and [4] do not broadcast' },
  ],
};

/** The real part of every element; real numbers stay as they are. */
export const real: Plain = {
  inputs: { x: 'one' },
  idle: (x) => !isComplex(x.dtype) && x.dtype !== 'string',
  spec: ({ x }) => ({ shape: x.shape, dtype: realOf(x.dtype) }),
  forward: (k, { x }, _, out) => k.map('identity', out, x),
  saves: [],
  grad: { x: (g, { x }) => g.cast(x.dtype) },
  samples: [
    { in: { x: { shape: [2, 3], dtype: 'c64' } } },
    { in: { x: { shape: [2], dtype: 'f32' } } },
  ],
};

/** The imaginary part of every element: zeros for real numbers. */
export const imag: Plain = {
  inputs: { x: 'one' },
  spec: ({ x }) => ({ shape: x.shape, dtype: realOf(x.dtype) }),
  forward: (k, { x }, _, out) => {
    if (isComplex(x.dtype)) k.map('identity', out, part(x, 1));
    else k.fill(out, 0);
  },
  saves: [],
  grad: { x: (g) => g.zerosLike().complex(g) },
  samples: [
    { in: { x: { shape: [2, 3], dtype: 'c64' } } },
    { in: { x: { shape: [2], dtype: 'f32' } } },
  ],
};

/** The complex conjugate `a - bi`; real numbers are their own. */
export const conj: Plain = {
  inputs: { x: 'one' },
  idle: (x) => !isComplex(x.dtype) && x.dtype !== 'string',
  spec: ({ x }) => x,
  forward: (k, { x }, _, out) =>
    k.calculate([pairs(out)], [pairs(x)], ([to], [from]) => {
      for (let i = 0; i < from!.length; i += 2) {
        to![i] = from![i]!;
        to![i + 1] = -from![i + 1]!;
      }
    }),
  saves: [],
  grad: { x: (g) => g.conj() },
  samples: [
    { in: { x: { shape: [2, 3], dtype: 'c64' } } },
    { in: { x: { shape: [4], dtype: 'i32' } } },
  ],
};

/**
 * The angle of every element in the complex plane, in radians from -pi to pi: 0 for real numbers from 0 on and pi for
 * those below. No gradient flows back to real numbers, nor to 0.
 */
export const angle: Plain = {
  inputs: { x: 'one' },
  spec: ({ x }) => ({
    shape: x.shape,
    dtype: isComplex(x.dtype) ? realOf(x.dtype) : floatOf('angle', x.dtype),
  }),
  forward: (k, { x }, _, out) => {
    const of: (from: Elements, i: number) => number = isComplex(x.dtype)
      ? (from, i) => Math.atan2(Number(from[2 * i + 1]), Number(from[2 * i]))
      : (from, i) => (from[i]! < 0 ? Math.PI : from[i] === from[i] ? 0 : NaN);
    k.calculate([out], [isComplex(x.dtype) ? pairs(x) : x], ([to], [from]) => {
      for (let i = 0; i < out.size; i++) to![i] = of(from!, i);
    });
  },
  saves: ['x'],
  grad: {
    x: (g, { x }) => {
      if (!isComplex(x.dtype)) return g.zerosLike();
      const zero = x.equal(0);
      return zero.where(0, g.zerosLike().complex(g).div(zero.where(1, x).conj()));
    },
  },
  samples: [
    { in: { x: { shape: [2, 3], dtype: 'c64' } } },
    { in: { x: { shape: [4], values: [-2, 0, 3, NaN] } } },
  ],
};
