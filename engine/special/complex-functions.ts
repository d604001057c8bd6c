import type { Complex } from '../complex.ts';

// Elementary functions of one complex number, with the values of C99's Annex G at what is infinite or not a number.

export const one: Complex = { re: 1, im: 0 };

export function times(x: Complex, y: Complex): Complex {
  return { re: x.re * y.re - x.im * y.im, im: x.re * y.im + x.im * y.re };
}

/** Squares that would leave the range of numbers are scaled by a power of two. */
export function modulus({ re, im }: Complex): number {
  if (isInfinite(re) || isInfinite(im)) return Infinity;
  const most = Math.max(Math.abs(re), Math.abs(im));
  const scale = most > 1e150 ? 2 ** -600 : most < 1e-140 ? 2 ** 600 : 1;
  const [a, b] = [re * scale, im * scale];
  return Math.sqrt(a * a + b * b) / scale;
}

/** By Smith's rule (Communications of the ACM 5, 1962): no square that could overflow. */
export function over(x: Complex, y: Complex): Complex {
  if (Math.abs(y.re) >= Math.abs(y.im)) {
    if (y.re === 0 && y.im === 0) return { re: x.re / Math.abs(y.re), im: x.im / Math.abs(y.re) };
    const ratio = y.im / y.re;
    const size = y.re + y.im * ratio;
    return { re: (x.re + x.im * ratio) / size, im: (x.im - x.re * ratio) / size };
  }
  const ratio = y.re / y.im;
  const size = y.re * ratio + y.im;
  return { re: (x.re * ratio + x.im) / size, im: (x.im * ratio - x.re) / size };
}

/** The root with a real part that is not negative, as C99's `csqrt`. */
export function root({ re, im }: Complex): Complex {
  if (isInfinite(im)) return { re: Infinity, im };
  if (re === Infinity) return { re, im: im !== im ? im : signed(0, im) };
  if (re === -Infinity) return { re: im !== im ? im : 0, im: signed(Infinity, im) };
  if (re === 0 && im === 0) return { re: 0, im };
  // Scaled by an even power of two where the sum of size and real part would leave the range of numbers.
  const size = Math.max(Math.abs(re), Math.abs(im));
  const scale = size > 1e300 ? 4 : size < 1e-300 ? 2 ** -108 : 1;
  const [a, b] = [re / scale, im / scale];
  const back = Math.sqrt(scale);
  const t = Math.sqrt((Math.abs(a) + Math.hypot(a, b)) / 2);
  return a >= 0
    ? { re: back * t, im: back * (b / (2 * t)) }
    : { re: back * (Math.abs(b) / (2 * t)), im: back * signed(t, im) };
}

export function exponential({ re, im }: Complex): Complex {
  // Nothing turns a real number, and 0 times infinity would be not-a-number.
  if (im === 0) return { re: Math.exp(re), im };
  if (im - im !== 0 && isInfinite(re)) return re < 0 ? { re: 0, im: 0 } : { re, im: NaN };
  if (re > 709) {
    // Half of it at a time: the cosine may bring the product back into range.
    const half = Math.exp(re / 2);
    return { re: half * Math.cos(im) * half, im: half * Math.sin(im) * half };
  }
  const size = Math.exp(re);
  return { re: size * Math.cos(im), im: size * Math.sin(im) };
}

export function exponentialLessOne(x: Complex): Complex {
  if (x.im === 0) return { re: Math.expm1(x.re), im: x.im };
  if (Math.abs(x.re) > 30 || x.im - x.im !== 0) {
    const { re, im } = exponential(x);
    return { re: re - 1, im };
  }
  const half = Math.sin(x.im / 2);
  return {
    re: Math.expm1(x.re) * Math.cos(x.im) - 2 * half * half,
    im: Math.exp(x.re) * Math.sin(x.im),
  };
}

export function logarithm({ re, im }: Complex): Complex {
  return { re: logarithmOfSize(re, im), im: Math.atan2(im, re) };
}

/** Near a size of 1 by what it differs from 1, else digits would be lost. */
function logarithmOfSize(re: number, im: number): number {
  const [large, small] =
    Math.abs(re) < Math.abs(im) ? [Math.abs(im), Math.abs(re)] : [Math.abs(re), Math.abs(im)];
  if (large > 0.5 && large < 2) return Math.log1p((large - 1) * (large + 1) + small * small) / 2;
  if (large > 1e300 && large < Infinity)
    return Math.log(Math.hypot(large / 2, small / 2)) + Math.LN2;
  return Math.log(Math.hypot(large, small));
}

export function logarithmOfOneMore({ re, im }: Complex): Complex {
  const angle = Math.atan2(im, 1 + re);
  if (Math.abs(re) > 0.5 || Math.abs(im) > 0.5)
    return { re: logarithmOfSize(1 + re, im), im: angle };
  return { re: Math.log1p(re * (2 + re) + im * im) / 2, im: angle };
}

export function sine(x: Complex): Complex {
  const { re, im } = hyperbolicSine({ re: -x.im, im: x.re });
  return { re: im, im: -re };
}

export function hyperbolicSine({ re, im }: Complex): Complex {
  if (im === 0) return { re: Math.sinh(re), im };
  if (im - im !== 0 && (re === 0 || isInfinite(re))) return { re, im: NaN };
  if (Math.abs(re) > 700) return halves(re, im, Math.sign(re));
  return { re: Math.sinh(re) * Math.cos(im), im: Math.cosh(re) * Math.sin(im) };
}

export function hyperbolicCosine({ re, im }: Complex): Complex {
  if (im === 0) return { re: Math.cosh(re), im: re < 0 || Object.is(re, -0) ? -im : im };
  if (im - im !== 0 && isInfinite(re)) return { re: Infinity, im: NaN };
  if (im - im !== 0 && re === 0) return { re: NaN, im: 0 };
  if (Math.abs(re) > 700) {
    const { re: cosine, im: sine } = halves(re, im, 1);
    return { re: cosine, im: Math.sign(re) * sine };
  }
  return { re: Math.cosh(re) * Math.cos(im), im: Math.sinh(re) * Math.sin(im) };
}

/** `exp(|re|) / 2` turned by im, where the exponential alone overflows. */
function halves(re: number, im: number, sign: number): Complex {
  const half = Math.exp(Math.abs(re) / 2);
  return { re: ((sign * half * Math.cos(im)) / 2) * half, im: ((half * Math.sin(im)) / 2) * half };
}

export function tangent(x: Complex): Complex {
  const { re, im } = hyperbolicTangent({ re: -x.im, im: x.re });
  return { re: im, im: -re };
}

/** Kahan's (Branch cuts for complex elementary functions, 1987). */
export function hyperbolicTangent({ re, im }: Complex): Complex {
  if (im === 0) return { re: Math.tanh(re), im };
  if (im - im !== 0 && re === 0) return { re, im: NaN };
  if (Math.abs(re) > 22) {
    const rest = 4 * Math.sin(im) * Math.cos(im) * Math.exp(-2 * Math.abs(re));
    if (im - im === 0) return { re: Math.sign(re), im: rest };
    return isInfinite(re) ? { re: Math.sign(re), im: 0 } : { re: NaN, im: NaN };
  }
  const t = Math.tan(im);
  const beta = 1 + t * t;
  const s = Math.sinh(re);
  const rho = Math.sqrt(1 + s * s);
  if (isInfinite(t)) return { re: rho / s, im: 1 / t };
  const size = 1 + beta * s * s;
  return { re: (beta * rho * s) / size, im: t / size };
}

export function isInfinite(x: number): boolean {
  return x === Infinity || x === -Infinity;
}

/** A size with the sign of another number, that of a zero too. */
export function signed(size: number, like: number): number {
  return like < 0 || Object.is(like, -0) ? -size : size;
}
