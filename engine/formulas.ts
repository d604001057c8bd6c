import { erf, erfc } from './error-function.ts';
import { evenly } from './half.ts';

/**
 * Elementwise and reduction formulas, one line each, spelled for every device.
 *
 * `plain` computes in f64; the result is rounded to the dtype of the output.
 * `int` is the same for i32 and u32 where f64 would lose low bits; `big` for
 * i64 and u64 (formulas without it see such elements as f64). `to` is the
 * dtype of the result: `same` as the input, `number` (the same, but booleans
 * count as i32), `float` (integers become f32) or `bool`.
 */
export interface Formula {
  readonly to: 'same' | 'number' | 'float' | 'bool';
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
  rsqrt: { to: 'float', plain: (x) => 1 / Math.sqrt(x) },
  reciprocal: { to: 'float', plain: (x) => 1 / x },
  exp: { to: 'float', plain: Math.exp },
  expm1: { to: 'float', plain: Math.expm1 },
  log: { to: 'float', plain: Math.log },
  log1p: { to: 'float', plain: Math.log1p },
  sin: { to: 'float', plain: Math.sin },
  cos: { to: 'float', plain: Math.cos },
  tan: { to: 'float', plain: Math.tan },
  tanh: { to: 'float', plain: Math.tanh },
  erf: { to: 'float', plain: erf },
  sigmoid: { to: 'float', plain: sigmoid },
  silu: { to: 'float', plain: (x) => x * sigmoid(x) },
  // x times the normal distribution up to x, and with tanh in place of that.
  gelu: { to: 'float', plain: (x) => (x / 2) * erfc(-x * Math.SQRT1_2) },
  geluTanh: {
    to: 'float',
    plain: (x) => x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)),
  },
  softplus: { to: 'float', plain: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  relu: { to: 'number', plain: (x) => (x < 0 ? 0 : x), big: (x) => (x < 0n ? 0n : x) },
  // 1 where x > 0, p where it is not.
  step: { to: 'number', plain: (x, p) => (x > 0 ? 1 : x <= 0 ? p : x) },
  floor: { to: 'number', plain: Math.floor, big: (x) => x },
  ceil: { to: 'number', plain: Math.ceil, big: (x) => x },
  round: { to: 'number', plain: evenly, big: (x) => x },
  // x kept between p and q; not-a-number stays.
  clip: { to: 'number', plain: (x, p, q) => (x < p ? p : x > q ? q : x), big: clipBig },
  // q where x >= p, else 0: the mask of dropout.
  keep: { to: 'float', plain: (x, p, q) => (x >= p ? q : 0) },
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
  floorDiv: { to: 'number', plain: (x, y) => Math.floor(x / y), big: floorDivBig },
  mod: {
    to: 'number',
    plain: modulo,
    big: (x, y) => (y === 0n ? 0n : x - y * floorDivBig(x, y)),
  },
  pow: { to: 'number', plain: power, int: powerInt, big: powerBig },
  maximum: { to: 'number', plain: Math.max, big: (x, y) => (x > y ? x : y) },
  minimum: { to: 'number', plain: Math.min, big: (x, y) => (x < y ? x : y) },
  squaredDifference: {
    to: 'number',
    plain: (x, y) => (x - y) * (x - y),
    int: (x, y) => Math.imul(x - y, x - y),
    big: (x, y) => (x - y) * (x - y),
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
