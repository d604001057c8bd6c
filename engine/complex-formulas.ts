import type { Complex } from './complex.ts';
import type { MapFormula, ReduceFormula, ZipFormula } from './formulas.ts';
import {
  exponential,
  exponentialLessOne,
  hyperbolicCosine,
  hyperbolicSine,
  hyperbolicTangent,
  isInfinite,
  logarithm,
  logarithmOfOneMore,
  modulus,
  one,
  over,
  root,
  signed,
  sine,
  tangent,
  times,
} from './special/complex-functions.ts';
import {
  areaCosine,
  areaSine,
  areaTangent,
  arcCosine,
  arcSine,
  arcTangent,
} from './special/complex-inverses.ts';

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
  abs: { to: 'real', of: modulus },
  square: { of: (x) => times(x, x) },
  sqrt: { of: root },
  rsqrt: { of: (x) => over(one, root(x)) },
  reciprocal: { of: (x) => over(one, x) },
  exp: { of: exponential },
  expm1: { of: exponentialLessOne },
  log: { of: logarithm },
  log2: { of: (x) => scaled(logarithm(x), Math.LN2) },
  log10: { of: (x) => scaled(logarithm(x), Math.LN10) },
  log1p: { of: logarithmOfOneMore },
  sin: { of: sine },
  cos: { of: ({ re, im }) => hyperbolicCosine({ re: -im, im: re }) },
  tan: { of: tangent },
  sinh: { of: hyperbolicSine },
  cosh: { of: hyperbolicCosine },
  tanh: { of: hyperbolicTangent },
  asin: { of: arcSine },
  acos: { of: arcCosine },
  atan: { of: arcTangent },
  asinh: { of: areaSine },
  acosh: { of: areaCosine },
  atanh: { of: areaTangent },
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
  return exponential(recovered(y, logarithm(x)));
}

/** The product with the infinities that not-a-number hides, as C99's Annex G has it. */
function recovered(x: Complex, y: Complex): Complex {
  const product = times(x, y);
  if (product.re === product.re || product.im === product.im) return product;
  if (![x.re, x.im, y.re, y.im].some(isInfinite)) return product;
  const [a, b] = [boxed(x), boxed(y)];
  const { re, im } = times(a, b);
  return { re: Infinity * re, im: Infinity * im };
}

/** 1 for infinity and 0 beside it and for not-a-number, with signs. */
function boxed({ re, im }: Complex): Complex {
  const any = isInfinite(re) || isInfinite(im);
  const part = (x: number) => (any ? signed(isInfinite(x) ? 1 : 0, x) : x !== x ? 0 : x);
  return { re: part(re), im: part(im) };
}

function scaled({ re, im }: Complex, by: number): Complex {
  return { re: re / by, im: im / by };
}

function truth({ re, im }: Complex): number {
  return re !== 0 || im !== 0 ? 1 : 0;
}
