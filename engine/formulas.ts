import { erf, erfc, erfinv } from './special/error-function.ts';
import { digamma, lgamma } from './special/gamma-function.ts';
import { evenly } from './half.ts';
import { polygamma } from './special/polygamma.ts';

/**
 * Elementwise and reduction formulas, one line each, spelled for every device.
 *
 * `plain` computes in f64; the result is rounded to the dtype of the output.
 * `int` is the same for i32 and u32 where f64 would lose low bits; `big` for
 * i64 and u64 (formulas without it see such elements as f64). `to` is the
 * dtype of the result: `same` as the input, `number` (the same, but booleans
 * count as i32), `float` (integers become f32), `bits` (the same, integers and
 * booleans alone) or `bool`.
 */
export interface Formula {
  readonly to: 'same' | 'number' | 'float' | 'bits' | 'bool';
}
/** One input and up to two constants. */
export interface MapRow extends Formula {
  readonly plain: (x: number, p: number, q: number) => number;
  readonly int?: (x: number) => number;
  readonly big?: (x: bigint, p: number, q: number) => bigint | number;
}
/** Two inputs that broadcast. */
export interface ZipRow extends Formula {
  readonly plain: (x: number, y: number) => number;
  readonly int?: (x: number, y: number) => number;
  readonly big?: (x: bigint, y: bigint) => bigint | number;
}
/** Folds a pair; `start` is the result over no elements. `sum` and `mean` add pairwise. */
export interface ReduceRow extends ZipRow {
  readonly start: number;
}

export const maps = {
  identity: { to: 'same', plain: (x) => x, big: (x) => x },
  neg: { to: 'number', plain: (x) => -x, big: (x) => -x },
  abs: { to: 'number', plain: Math.abs, big: (x) => (x < 0n ? -x : x) },
  sign: { to: 'number', plain: Math.sign, big: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n) },
  square: { to: 'number', plain: (x) => x * x, int: (x) => Math.imul(x, x), big: (x) => x * x },
  sqrt: { to: 'float', plain: Math.sqrt },
  cbrt: { to: 'float', plain: Math.cbrt },
  rsqrt: { to: 'float', plain: (x) => 1 / Math.sqrt(x) },
  reciprocal: { to: 'float', plain: (x) => 1 / x },
  exp: { to: 'float', plain: Math.exp },
  exp2: { to: 'float', plain: (x) => 2 ** x },
  expm1: { to: 'float', plain: Math.expm1 },
  log: { to: 'float', plain: Math.log },
  log2: { to: 'float', plain: Math.log2 },
  log10: { to: 'float', plain: Math.log10 },
  log1p: { to: 'float', plain: Math.log1p },
  sin: { to: 'float', plain: Math.sin },
  cos: { to: 'float', plain: Math.cos },
  tan: { to: 'float', plain: Math.tan },
  asin: { to: 'float', plain: Math.asin },
  acos: { to: 'float', plain: Math.acos },
  atan: { to: 'float', plain: Math.atan },
  sinh: { to: 'float', plain: Math.sinh },
  cosh: { to: 'float', plain: Math.cosh },
  asinh: { to: 'float', plain: Math.asinh },
  acosh: { to: 'float', plain: Math.acosh },
  atanh: { to: 'float', plain: Math.atanh },
  tanh: { to: 'float', plain: Math.tanh },
  erf: { to: 'float', plain: erf },
  erfc: { to: 'float', plain: erfc },
  erfinv: { to: 'float', plain: erfinv },
  lgamma: { to: 'float', plain: lgamma },
  digamma: { to: 'float', plain: digamma },
  // The p-th derivative of digamma.
  polygamma: { to: 'float', plain: polygamma },
  sigmoid: { to: 'float', plain: sigmoid },
  silu: { to: 'float', plain: (x) => x * sigmoid(x) },
  // x times the normal distribution up to x, and with tanh in place of that.
  gelu: { to: 'float', plain: (x) => (x / 2) * erfc(-x * Math.SQRT1_2) },
  geluTanh: {
    to: 'float',
    plain: (x) => x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)),
  },
  softplus: { to: 'float', plain: softplus },
  logSigmoid: { to: 'float', plain: (x) => -softplus(-x) },
  mish: { to: 'float', plain: mish },
  // x above 0, p (exp(q x) - 1) up to there: elu and celu.
  elu: { to: 'float', plain: (x, p, q) => (x > 0 ? x : p * Math.expm1(q * x)) },
  selu: { to: 'float', plain: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)) },
  // x above 0, p x up to there.
  leakyRelu: { to: 'float', plain: (x, p) => (x > 0 ? x : p * x) },
  hardSigmoid: { to: 'float', plain: hardSigmoid },
  hardSwish: { to: 'float', plain: (x) => x * hardSigmoid(x) },
  softsign: { to: 'float', plain: (x) => (x - x === 0 ? x / (1 + Math.abs(x)) : Math.sign(x)) },
  relu: { to: 'number', plain: (x) => (x < 0 ? 0 : x), big: (x) => (x < 0n ? 0n : x) },
  // 1 where x > 0, p where it is not.
  step: { to: 'number', plain: (x, p) => (x > 0 ? 1 : x <= 0 ? p : x) },
  floor: { to: 'number', plain: Math.floor, big: (x) => x },
  ceil: { to: 'number', plain: Math.ceil, big: (x) => x },
  trunc: { to: 'number', plain: Math.trunc, big: (x) => x },
  round: { to: 'number', plain: evenly, big: (x) => x },
  // x kept between p and q; not-a-number stays.
  clip: { to: 'number', plain: (x, p, q) => (x < p ? p : x > q ? q : x), big: clipBig },
  // q where x >= p, else 0: the mask of dropout.
  keep: { to: 'float', plain: (x, p, q) => (x >= p ? q : 0) },
  bitwiseNot: { to: 'bits', plain: (x) => ~x, big: (x) => ~x },
  isNaN: { to: 'bool', plain: (x) => (x !== x ? 1 : 0) },
  isFinite: { to: 'bool', plain: (x) => (x - x === 0 ? 1 : 0) },
  isInf: { to: 'bool', plain: (x) => (x === Infinity || x === -Infinity ? 1 : 0) },
  logicalNot: { to: 'bool', plain: (x) => (x === 0 ? 1 : 0) },
} as const satisfies Record<string, MapRow>;

export const zips = {
  add: { to: 'number', plain: (x, y) => x + y, big: (x, y) => x + y },
  sub: { to: 'number', plain: (x, y) => x - y, big: (x, y) => x - y },
  mul: { to: 'number', plain: (x, y) => x * y, int: Math.imul, big: (x, y) => x * y },
  div: { to: 'float', plain: (x, y) => x / y },
  // 0 where y is 0, also of not-a-number.
  divNoNan: { to: 'float', plain: (x, y) => (y === 0 ? 0 : x / y) },
  floorDiv: { to: 'number', plain: (x, y) => Math.floor(x / y), big: floorDivBig },
  mod: {
    to: 'number',
    plain: modulo,
    big: (x, y) => (y === 0n ? 0n : x - y * floorDivBig(x, y)),
  },
  // What a quotient that is cut leaves: it has the sign of x.
  fmod: { to: 'number', plain: (x, y) => x % y, big: (x, y) => (y === 0n ? 0n : x % y) },
  pow: { to: 'number', plain: power, int: powerInt, big: powerBig },
  maximum: { to: 'number', plain: Math.max, big: (x, y) => (x > y ? x : y) },
  minimum: { to: 'number', plain: Math.min, big: (x, y) => (x < y ? x : y) },
  squaredDifference: {
    to: 'number',
    plain: (x, y) => (x - y) * (x - y),
    int: (x, y) => Math.imul(x - y, x - y),
    big: (x, y) => (x - y) * (x - y),
  },
  atan2: { to: 'float', plain: Math.atan2 },
  hypot: { to: 'float', plain: Math.hypot },
  copySign: { to: 'float', plain: (x, y) => (isNegative(x) === isNegative(y) ? x : -x) },
  // x log y, and 0 where x is 0 and y a number.
  xlogy: { to: 'float', plain: (x, y) => (x === 0 && y === y ? 0 : x * Math.log(y)) },
  logAddExp: { to: 'float', plain: logAddExp },
  prelu: { to: 'float', plain: (x, y) => (x > 0 ? x : y * x) },
  bitwiseAnd: { to: 'bits', plain: (x, y) => x & y, big: (x, y) => x & y },
  bitwiseOr: { to: 'bits', plain: (x, y) => x | y, big: (x, y) => x | y },
  bitwiseXor: { to: 'bits', plain: (x, y) => x ^ y, big: (x, y) => x ^ y },
  // Beyond the width of the dtype, and by less than nothing, no bit is left but the sign's.
  leftShift: {
    to: 'bits',
    plain: (x, y) => (y >= 0 && y < 32 ? x << y : 0),
    big: (x, y) => (y >= 0n && y < 64n ? x << y : 0n),
  },
  rightShift: {
    to: 'bits',
    plain: (x, y) => Math.floor(x / 2 ** (y >= 0 && y < 32 ? y : 32)),
    big: (x, y) => x >> (y >= 0n && y < 64n ? y : 64n),
  },
  // x where y is above 0, and beside not-a-number.
  reluGrad: { to: 'number', plain: (x, y) => (y <= 0 ? 0 : x), big: (x, y) => (y <= 0n ? 0n : x) },
  equal: { to: 'bool', plain: (x, y) => (x === y ? 1 : 0), big: (x, y) => (x === y ? 1 : 0) },
  notEqual: { to: 'bool', plain: (x, y) => (x !== y ? 1 : 0), big: (x, y) => (x !== y ? 1 : 0) },
  less: { to: 'bool', plain: (x, y) => (x < y ? 1 : 0), big: (x, y) => (x < y ? 1 : 0) },
  lessEqual: { to: 'bool', plain: (x, y) => (x <= y ? 1 : 0), big: (x, y) => (x <= y ? 1 : 0) },
  greater: { to: 'bool', plain: (x, y) => (x > y ? 1 : 0), big: (x, y) => (x > y ? 1 : 0) },
  greaterEqual: { to: 'bool', plain: (x, y) => (x >= y ? 1 : 0), big: (x, y) => (x >= y ? 1 : 0) },
  // Anything but zero is true, not-a-number too.
  logicalAnd: { to: 'bool', plain: (x, y) => (x !== 0 && y !== 0 ? 1 : 0) },
  logicalOr: { to: 'bool', plain: (x, y) => (x !== 0 || y !== 0 ? 1 : 0) },
  logicalXor: { to: 'bool', plain: (x, y) => ((x !== 0) !== (y !== 0) ? 1 : 0) },
} as const satisfies Record<string, ZipRow>;

export const reductions = {
  sum: { ...zips.add, start: 0 },
  mean: { ...zips.add, to: 'float', start: 0 },
  prod: { ...zips.mul, start: 1 },
  max: { ...zips.maximum, to: 'same', start: -Infinity },
  min: { ...zips.minimum, to: 'same', start: Infinity },
  any: { ...zips.logicalOr, start: 0 },
  all: { ...zips.logicalAnd, start: 1 },
} as const satisfies Record<string, ReduceRow>;

export type MapFormula = keyof typeof maps;
export type ZipFormula = keyof typeof zips;
export type ReduceFormula = keyof typeof reductions;

function sigmoid(x: number): number {
  return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** x tanh(softplus(x)): with e = exp(x) that is x (e^2 + 2 e) / (e^2 + 2 e + 2). */
function mish(x: number): number {
  if (x > 40) return x;
  const e = Math.exp(x);
  const n = e * (e + 2);
  return (x * n) / (n + 2);
}

function hardSigmoid(x: number): number {
  return Math.min(Math.max(x + 3, 0), 6) / 6;
}

/** Klambauer, Unterthiner, Mayr, Hochreiter: Self-Normalizing Neural Networks, 2017. */
export const SELU_ALPHA = 1.6732632423543772;
export const SELU_SCALE = 1.0507009873554805;

function logAddExp(x: number, y: number): number {
  // Equal infinities have no difference.
  return x === y ? x + Math.LN2 : Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** IEEE 754 pow: JavaScript's own says not-a-number for 1 to the power of anything strange. */
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && (y === Infinity || y === -Infinity)) ? 1 : x ** y;
}

/** To a negative power integers become 0, but for 1 and -1. Wraps around, as all integer arithmetic does. */
function powerInt(x: number, y: number): number {
  if (y < 0) return Math.trunc(power(x, y));
  let result = 1;
  for (let square = x, left = y; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

function powerBig(x: bigint, y: bigint): bigint {
  if (y < 0n) return x === 1n || (x === -1n && y % 2n === 0n) ? 1n : x === -1n ? -1n : 0n;
  let result = 1n;
  for (let square = x, left = y; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}

/** What is left has the sign of y. Not by way of the quotient: its rounding would show, and an infinite y would be lost. */
function modulo(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

function floorDivBig(x: bigint, y: bigint): bigint {
  if (y === 0n) return 0n;
  const quotient = x / y;
  return quotient * y !== x && x < 0n !== y < 0n ? quotient - 1n : quotient;
}

function clipBig(x: bigint, p: number, q: number): bigint {
  return x < p ? BigInt(Math.ceil(p)) : x > q ? BigInt(Math.floor(q)) : x;
}
