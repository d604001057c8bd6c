import assert from 'node:assert/strict';
import type { Buf } from '../../engine/device.ts';
import { dtypes, isBig, isFloat, isInteger, range, type DType } from '../../engine/dtype.ts';
import { denseStrides, type Shape } from '../../engine/shape.ts';
import type { Kit } from './cpu.ts';

/** What the kernels are tried on, and how closely they must agree with plain. */

/** Numbers in (-2, 2) that are the same in every run. */
function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 30;
  };
}

/** Ordinary values of a dtype. */
export function ordinary(dtype: DType, seed = 1): () => number {
  const next = stream(seed);
  if (dtype === 'bool') return () => (next() > 0 ? 1 : 0);
  if (!isInteger(dtype)) return next;
  const most = dtypes[dtype].bytes === 1 ? 60 : 1000;
  const whole = () => Math.trunc(next() * most);
  return dtypes[dtype].kind === 'signed' ? whole : () => Math.abs(whole());
}

/** Values of a dtype at which something ends or begins. */
export function ends(dtype: DType): readonly (number | bigint)[] {
  if (dtype === 'bool') return [0, 1];
  if (!isInteger(dtype)) return extremes;
  const [low, high] = range(dtype);
  return [0n, 1n, -1n, 2n, 3n, 7n, -7n, 100n, low, low + 1n, high, high - 1n].filter(
    (value) => value >= low && value <= high,
  );
}

export const extremes = [
  ...[Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, 100, -100, 1e30, -1e30],
  ...[1e-45, -1e-45, 1e-39, -1e-39, 2 ** -126, 3.4028234663852886e38, -3.4028234663852886e38],
];

/**
 * Fails unless both are the same, bit for bit or within so many units in the
 * last place of the dtype, f32 for integers (of `scale`, where rounding errors come from larger terms).
 */
export function agreement(k: Kit) {
  return (got: Buf, want: Buf, ulps: number, what: string, scale = 0): void => {
    if (isBig(got.dtype)) return assert.deepEqual(k.bits(got), k.bits(want), what);
    const [a, b] = [k.read(got), k.read(want)];
    for (let i = 0; i < b.length; i++) {
      if (Object.is(a[i], b[i])) continue;
      const size = Math.max(Math.abs(b[i]!), scale, 2 ** -126);
      const unit = 2 ** (Math.floor(Math.log2(size)) - (digits[got.dtype] ?? 23));
      // Which zero it is does not matter where results may differ at all.
      if (ulps > 0 && Math.abs(a[i]! - b[i]!) <= ulps * unit) continue;
      assert.fail(`${what}: element ${i} is ${a[i]}, not ${b[i]}`);
    }
  };
}

/** Formulas that are more than one rounding away from exact, and by how much (measured in cpu-math.test.ts). */
export const ulps: { readonly [f: string]: number } = {
  exp: 2,
  expm1: 2,
  log: 2,
  sin: 2,
  cos: 2,
  tan: 2,
  tanh: 2,
  sigmoid: 3,
  silu: 4,
  erf: 3,
  gelu: 4,
  geluTanh: 4,
  log1p: 3,
  softplus: 3,
  rsqrt: 2,
  pow: 2,
  squaredDifference: 2,
  logAddExp: 3,
  // Mathematics of f64 that is not V8's, and rounding to f16 by way of f32.
  ...Object.fromEntries(
    ['log2', 'log10', 'acos', 'sinh', 'cosh', 'hypot', 'xlogy'].map((f) => [f, 2]),
  ),
  ...Object.fromEntries(['erfc', 'erfinv', 'lgamma', 'digamma'].map((f) => [f, 4])),
  ...Object.fromEntries(['logSigmoid', 'mish'].map((f) => [f, 8])),
  ...Object.fromEntries(['hardSigmoid', 'hardSwish', 'softsign'].map((f) => [f, 3])),
};
/** Binary digits behind the first of the floats. */
const digits: { readonly [dtype: string]: number | undefined } = { f64: 52, f16: 10, bf16: 7 };

/** Shapes around every unrolling, block and panel. */
export const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100];

/** Ways to lay out the same shape: dense, on its side, with gaps, backwards, repeated. */
export function layouts(shape: Shape): (readonly number[] | undefined)[] {
  const dense = denseStrides(shape);
  if (shape.length < 2) return [undefined, [3], [-1], [0]].map((s) => s?.slice(0, shape.length));
  const sideways = denseStrides(shape.toReversed()).toReversed();
  return [
    undefined,
    sideways,
    dense.map((s) => s * 2),
    dense.map((s) => -s),
    dense.map((s, i) => (i === 0 ? 0 : s)),
    dense.map((s, i) => (i === shape.length - 1 ? 0 : s)),
  ];
}

/** Ways to fill rows whose elements are to be put in order: ordinary ones, many that tie, all the same, extremes. */
export function ranked(dtype: DType): ((i: number) => number | bigint)[] {
  const special = ends(dtype);
  const coarse = ordinary(dtype, 5);
  const step = isFloat(dtype) ? 0.25 : 8;
  return [
    ordinary(dtype, 3),
    () => Math.trunc(coarse() / step) * step,
    () => 1,
    (i) => special[(i * 7 + (i >> 3)) % special.length]!,
  ];
}
