import type { MapFormula, ZipFormula } from '../../engine/formulas.ts';
import { call } from './constants.ts';
import { bool, f32, f64, signed, unsigned, words, type Element } from './element.ts';
import { integer } from './integers.ts';

/**
 * How the formulas of engine/formulas.ts are spelled in vector instructions, by
 * element type: one line makes a formula's kernels for all layouts. What is
 * spelled for words of some bits serves integers with a sign and without.
 * Formulas that are not here are computed by way of another dtype, or in
 * plain JavaScript.
 */
type Spelling = (simd: string) => string;
/** A formula over the vectors `x` and `y`. */
export type Zips = { readonly [F in ZipFormula]?: Spelling };
/** A formula over the vector `x` and the constants `p` and `q`. */
export type Maps = { readonly [F in MapFormula]?: Spelling };
type Of<T> = readonly (readonly [Element, T])[];

/** Formulas of two arguments whose result has their type. */
const arithmetic: Zips = {
  add: (t) => `${t}.add(x, y)`,
  sub: (t) => `${t}.sub(x, y)`,
  mul: (t) => `${integer(t, 'mul')}(x, y)`,
  squaredDifference: (t) => `square_${t}(${t}.sub(x, y))`,
};
const fractions: Zips = {
  ...arithmetic,
  div: (t) => `${t}.div(x, y)`,
  maximum: (t) => `${t}.max(x, y)`,
  minimum: (t) => `${t}.min(x, y)`,
  reluGrad: (t) => `v128.andnot(x, ${t}.le(y, ${t}.splat(0)))`,
  divNoNan: (t) => `v128.andnot(${t}.div(x, y), ${t}.eq(y, ${t}.splat(0)))`,
  copySign: (t) => `v128.bitselect(y, x, ${t}.splat(-0.0))`,
  prelu: (t) => `v128.bitselect(x, ${t}.mul(x, y), ${t}.gt(x, ${t}.splat(0)))`,
};
const bits: Zips = {
  bitwiseAnd: () => 'v128.and(x, y)',
  bitwiseOr: () => 'v128.or(x, y)',
  bitwiseXor: () => 'v128.xor(x, y)',
};
const choices = (sign: 's' | 'u'): Zips => ({
  maximum: (t) => `${integer(t, `max_${sign}`)}(x, y)`,
  minimum: (t) => `${integer(t, `min_${sign}`)}(x, y)`,
  reluGrad: (t) =>
    sign === 's'
      ? `v128.andnot(x, ${t}.le_s(y, ${t}.splat(0)))`
      : `v128.andnot(x, ${t}.eq(y, ${t}.splat(0)))`,
});
export const zips: Of<Zips> = [
  [
    f32,
    {
      ...fractions,
      floorDiv: () => call('floorDiv', 'x', 'y'),
      mod: () => call('mod', 'x', 'y'),
      pow: () => call('pow', 'x', 'y'),
    },
  ],
  [f64, { ...fractions, floorDiv: (t) => `${t}.floor(${t}.div(x, y))` }],
  [
    bool,
    {
      logicalAnd: () => 'v128.and(x, y)',
      logicalOr: () => 'v128.or(x, y)',
      logicalXor: () => 'v128.xor(x, y)',
    },
  ],
  ...words.map((element) => [element, { ...arithmetic, ...bits }] as const),
  ...signed.map((element) => [element, choices('s')] as const),
  ...unsigned.map((element) => [element, choices('u')] as const),
];

/** Comparisons: two arguments, a bool result; and the same for one element. */
const same: Zips = { equal: (t) => `${t}.eq(x, y)`, notEqual: (t) => `${t}.ne(x, y)` };
const order = (sign: '' | '_s' | '_u'): Zips => ({
  less: (t) => `${integer(t, `lt${sign}`)}(x, y)`,
  lessEqual: (t) => `${integer(t, `le${sign}`)}(x, y)`,
  greater: (t) => `${integer(t, `gt${sign}`)}(x, y)`,
  greaterEqual: (t) => `${integer(t, `ge${sign}`)}(x, y)`,
});
export const comparisons: Of<Zips> = [
  ...[f32, f64].map((element) => [element, { ...same, ...order('') }] as const),
  ...words.map((element) => [element, same] as const),
  // WebAssembly says of integers whether they have a sign.
  ...signed.map((element) => [element, order('_s')] as const),
  ...unsigned.map((element) => [element, order('_u')] as const),
];
export const operators: { readonly [F in ZipFormula | MapFormula]?: string } = {
  equal: 'x == y',
  notEqual: 'x != y',
  less: 'x < y',
  lessEqual: 'x <= y',
  greater: 'x > y',
  greaterEqual: 'x >= y',
  isNaN: 'x != x',
  isFinite: 'x - x == 0',
  isInf: 'abs(x) == Infinity',
  logicalNot: 'x == 0',
};

/** Formulas of one argument whose result has its type. */
const signs: Maps = {
  neg: (t) => `${t}.neg(x)`,
  square: (t) => `square_${t}(x)`,
};
const hardSigmoid = (t: string) =>
  `${t}.div(${t}.pmin(${t}.pmax(${t}.add(x, ${t}.splat(3)), ${t}.splat(0)), ${t}.splat(6)), ${t}.splat(6))`;
const floats: Maps = {
  ...signs,
  abs: (t) => `${t}.abs(x)`,
  sign: (t) =>
    `v128.bitselect(v128.or(${t}.splat(1), v128.xor(x, ${t}.abs(x))), x, ${t}.gt(${t}.abs(x), ${t}.splat(0)))`,
  sqrt: (t) => `${t}.sqrt(x)`,
  rsqrt: (t) => `${t}.div(${t}.splat(1), ${t}.sqrt(x))`,
  reciprocal: (t) => `${t}.div(${t}.splat(1), x)`,
  floor: (t) => `${t}.floor(x)`,
  ceil: (t) => `${t}.ceil(x)`,
  trunc: (t) => `${t}.trunc(x)`,
  // Keeps NaN, and costs one instruction where `max` costs several.
  relu: (t) => `${t}.pmax(x, ${t}.splat(0))`,
  round: (t) => `${t}.nearest(x)`,
  step: (t) =>
    `v128.bitselect(${t}.splat(1), v128.bitselect(p, x, ${t}.le(x, ${t}.splat(0))), ${t}.gt(x, ${t}.splat(0)))`,
  clip: (t) => `${t}.pmin(${t}.pmax(x, p), q)`,
  leakyRelu: (t) => `v128.bitselect(x, ${t}.mul(x, p), ${t}.gt(x, ${t}.splat(0)))`,
  hardSigmoid: (t) => hardSigmoid(t),
  hardSwish: (t) => `${t}.mul(x, ${hardSigmoid(t)})`,
  softsign: (t) =>
    `v128.bitselect(${t}.div(x, ${t}.add(${t}.splat(1), ${t}.abs(x))), v128.bitselect(v128.or(${t}.splat(1), v128.xor(x, ${t}.abs(x))), x, ${t}.eq(x, x)), ${t}.eq(${t}.sub(x, x), ${t}.splat(0)))`,
  keep: (t) => `v128.and(${t}.ge(x, p), q)`,
};
const inSingles = ['exp', 'log', 'tanh', 'sigmoid', 'erf', 'log1p', 'softplus'] as const;
const inDoubles = ['expm1', 'sin', 'cos', 'tan', 'silu', 'gelu', 'geluTanh'] as const;
export const maps: Of<Maps> = [
  [
    f32,
    {
      ...floats,
      ...Object.fromEntries([...inSingles, ...inDoubles].map((f) => [f, () => call(f, 'x')])),
    },
  ],
  [f64, floats],
  ...words.map(
    (element) => [element, { ...signs, bitwiseNot: () => 'v128.not(x)' } satisfies Maps] as const,
  ),
  ...signed.map(
    (element) =>
      [
        element,
        {
          abs: (t) => `${t}.abs(x)`,
          sign: (t) =>
            `v128.or(${t}.shr_s(x, ${8 * element.bytes - 1}), ${t}.shr_u(${t}.neg(x), ${8 * element.bytes - 1}))`,
          relu: (t) => `v128.andnot(x, ${t}.shr_s(x, ${8 * element.bytes - 1}))`,
        } satisfies Maps,
      ] as const,
  ),
  ...unsigned.map(
    (element) =>
      [
        element,
        { sign: (t) => `${t}.sub(${t}.splat(0), ${t}.ne(x, ${t}.splat(0)))` } satisfies Maps,
      ] as const,
  ),
];
/** Questions to one argument, a bool result. */
export const tests: Of<Maps> = [
  ...[f32, f64].map(
    (element) =>
      [
        element,
        {
          isNaN: (t) => `${t}.ne(x, x)`,
          isFinite: (t) => `${t}.eq(${t}.sub(x, x), ${t}.splat(0))`,
          isInf: (t) => `${t}.eq(${t}.abs(x), ${t}.splat(Infinity))`,
          logicalNot: (t) => `${t}.eq(x, ${t}.splat(0))`,
        } satisfies Maps,
      ] as const,
  ),
  ...words.map(
    (element) =>
      [element, { logicalNot: (t) => `${t}.eq(x, ${t}.splat(0))` } satisfies Maps] as const,
  ),
  [bool, { logicalNot: (t) => `${t}.eq(x, ${t}.splat(0))` }],
];

/** How many additions a function of many steps takes the time of. */
export const steps: { readonly [F in ZipFormula | MapFormula]?: number } = {
  ...Object.fromEntries(inSingles.map((f) => [f, 6])),
  ...Object.fromEntries(inDoubles.map((f) => [f, 10])),
  pow: 20,
};
/** Formulas that read the constants p and q. */
export const constants: ReadonlySet<string> = new Set<MapFormula>([
  ...(['step', 'clip', 'keep', 'elu', 'leakyRelu', 'polygamma'] as const),
]);
