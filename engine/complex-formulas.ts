import type { Complex } from './complex.ts';
import type { MapFormula, ReduceFormula, ZipFormula } from './formulas.ts';

/**
 * The formulas of engine/formulas.ts that complex numbers have too. `to` is
 * the dtype of the result: complex, that of its parts (`real`) or `bool`.
 * Where a function has several branches the principal one is meant, with its
 * cut along the negative real axis, as in C99's Annex G and NumPy.
 */
export interface ComplexFormula {
  readonly to?: 'real' | 'bool';
}
export type ComplexMap = ComplexFormula &
  (
    | { readonly to?: never; readonly of: (x: Complex) => Complex }
    | { readonly to: 'real' | 'bool'; readonly of: (x: Complex) => number }
  );
export type ComplexZip = ComplexFormula &
  (
    | { readonly to?: never; readonly of: (x: Complex, y: Complex) => Complex }
    | { readonly to: 'bool'; readonly of: (x: Complex, y: Complex) => number }
  );

export const complexMaps: { readonly [F in MapFormula]?: ComplexMap } = {
  identity: { of: (x) => x },
  neg: { of: ({ re, im }) => ({ re: -re, im: -im }) },
  abs: { to: 'real', of: ({ re, im }) => Math.hypot(re, im) },
  square: { of: (x) => times(x, x) },
  sqrt: { of: root },
  rsqrt: { of: (x) => over(one, root(x)) },
  reciprocal: { of: (x) => over(one, x) },
  exp: { of: exponential },
  expm1: { of: exponentialLessOne },
  log: { of: logarithm },
  log1p: { of: logarithmOfOneMore },
  sin: { of: sine },
  cos: { of: ({ re, im }) => hyperbolicCosine({ re: -im, im: re }) },
  tan: { of: tangent },
  sinh: { of: hyperbolicSine },
  cosh: { of: hyperbolicCosine },
  tanh: { of: hyperbolicTangent },
  isNaN: { to: 'bool', of: ({ re, im }) => (re !== re || im !== im ? 1 : 0) },
  isFinite: { to: 'bool', of: ({ re, im }) => (re - re === 0 && im - im === 0 ? 1 : 0) },
  isInf: { to: 'bool', of: ({ re, im }) => (isInfinite(re) || isInfinite(im) ? 1 : 0) },
  logicalNot: { to: 'bool', of: (x) => 1 - truth(x) },
};

export const complexZips: { readonly [F in ZipFormula]?: ComplexZip } = {
  add: { of: (x, y) => ({ re: x.re + y.re, im: x.im + y.im }) },
  sub: { of: (x, y) => ({ re: x.re - y.re, im: x.im - y.im }) },
  mul: { of: times },
  div: { of: over },
  pow: { of: power },
  equal: { to: 'bool', of: (x, y) => (x.re === y.re && x.im === y.im ? 1 : 0) },
  notEqual: { to: 'bool', of: (x, y) => (x.re === y.re && x.im === y.im ? 0 : 1) },
  logicalAnd: { to: 'bool', of: (x, y) => truth(x) & truth(y) },
  logicalOr: { to: 'bool', of: (x, y) => truth(x) | truth(y) },
  logicalXor: { to: 'bool', of: (x, y) => truth(x) ^ truth(y) },
};

/** Sums are sums of the parts; `prod` is folded with `mul`. */
export const complexReductions: { readonly [F in ReduceFormula]?: ComplexFormula } = {
  sum: {},
  mean: {},
  prod: {},
  any: { to: 'bool' },
  all: { to: 'bool' },
};

const one: Complex = { re: 1, im: 0 };

export function times(x: Complex, y: Complex): Complex {
  return { re: x.re * y.re - x.im * y.im, im: x.re * y.im + x.im * y.re };
}

/** By Smith's rule (Communications of the ACM 5, 1962): no square that could overflow. */
function over(x: Complex, y: Complex): Complex {
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
function root({ re, im }: Complex): Complex {
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

function exponential({ re, im }: Complex): Complex {
  // Nothing turns a real number, and 0 times infinity would be not-a-number.
  if (im === 0) return { re: Math.exp(re), im };
  if (re === -Infinity && im - im !== 0) return { re: 0, im: 0 };
  if (re > 709) {
    // Half of it at a time: the cosine may bring the product back into range.
    const half = Math.exp(re / 2);
    return { re: half * Math.cos(im) * half, im: half * Math.sin(im) * half };
  }
  const size = Math.exp(re);
  return { re: size * Math.cos(im), im: size * Math.sin(im) };
}

function exponentialLessOne(x: Complex): Complex {
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

function logarithm({ re, im }: Complex): Complex {
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

function logarithmOfOneMore({ re, im }: Complex): Complex {
  const angle = Math.atan2(im, 1 + re);
  if (Math.abs(re) > 0.5 || Math.abs(im) > 0.5)
    return { re: logarithmOfSize(1 + re, im), im: angle };
  return { re: Math.log1p(re * (2 + re) + im * im) / 2, im: angle };
}

function sine(x: Complex): Complex {
  const { re, im } = hyperbolicSine({ re: -x.im, im: x.re });
  return { re: im, im: -re };
}

function hyperbolicSine({ re, im }: Complex): Complex {
  if (im === 0) return { re: Math.sinh(re), im };
  if (Math.abs(re) > 700) return halves(re, im, Math.sign(re));
  return { re: Math.sinh(re) * Math.cos(im), im: Math.cosh(re) * Math.sin(im) };
}

function hyperbolicCosine({ re, im }: Complex): Complex {
  if (im === 0) return { re: Math.cosh(re), im: re < 0 || Object.is(re, -0) ? -im : im };
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

function tangent(x: Complex): Complex {
  const { re, im } = hyperbolicTangent({ re: -x.im, im: x.re });
  return { re: im, im: -re };
}

/** Kahan's (Branch cuts for complex elementary functions, 1987). */
function hyperbolicTangent({ re, im }: Complex): Complex {
  if (Math.abs(re) > 22) {
    const rest = 4 * Math.sin(im) * Math.cos(im) * Math.exp(-2 * Math.abs(re));
    return { re: Math.sign(re), im: im - im === 0 ? rest : 0 };
  }
  const t = Math.tan(im);
  const beta = 1 + t * t;
  const s = Math.sinh(re);
  const rho = Math.sqrt(1 + s * s);
  if (isInfinite(t)) return { re: rho / s, im: 1 / t };
  const size = 1 + beta * s * s;
  return { re: (beta * rho * s) / size, im: t / size };
}

/** Whole powers by multiplying, which is exact where the numbers are; others by way of the logarithm. */
function power(x: Complex, y: Complex): Complex {
  if (y.re === 0 && y.im === 0) return one;
  if (x.re === 0 && x.im === 0) {
    return y.re > 0 ? { re: 0, im: 0 } : { re: NaN, im: NaN };
  }
  if (y.im === 0 && Number.isInteger(y.re) && Math.abs(y.re) <= 100) {
    let result = one;
    let square = x;
    for (let left = Math.abs(y.re); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = result === one ? square : times(result, square);
      if (left > 1) square = times(square, square);
    }
    return y.re < 0 ? over(one, result) : result;
  }
  return exponential(times(y, logarithm(x)));
}

function truth({ re, im }: Complex): number {
  return re !== 0 || im !== 0 ? 1 : 0;
}

function isInfinite(x: number): boolean {
  return x === Infinity || x === -Infinity;
}

/** A size with the sign of another number, that of a zero too. */
function signed(size: number, like: number): number {
  return like < 0 || Object.is(like, -0) ? -size : size;
}
