import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dtypes, isComplex, isFloat, type DType } from '../../../engine/dtype.ts';
import { reducedOf } from '../../../engine/elementwise.ts';
import { reductions, type ReduceFormula } from '../../../engine/formulas.ts';
import { reduced, type Shape } from '../../../engine/shape.ts';
import { kit } from '../../kit/cpu.ts';
import { agreement, layouts, lengths, ordinary, ranked } from '../../kit/values.ts';

const k = kit(64);
const agree = agreement(k);

const all = (Object.keys(dtypes) as DType[]).filter(
  (dtype) => dtypes[dtype].array !== null && !isComplex(dtype),
);

for (const dtype of all)
  for (const f of Object.keys(reductions) as ReduceFormula[]) {
    test(`reduce ${f} of ${dtype} agrees with plain`, () => {
      const to = reducedOf(f, f, dtype);
      const exact = !isFloat(to) || (f !== 'sum' && f !== 'mean' && f !== 'prod');
      const check = (shape: Shape, axes: readonly number[], strides?: readonly number[]) => {
        k.reset();
        const own = ordinary(dtype);
        // Products stay in range where there are few factors that are not about 1.
        const value =
          f === 'prod' && isFloat(dtype) ? (i: number) => 1 + own() / 2 ** (4 + (i % 4)) : own;
        const x = k.make(shape, value, dtype, strides);
        const out = reduced(shape, axes, false);
        const [got, want] = [k.make(out, () => 7, to), k.make(out, () => 8, to)];
        k.cpu.reduce(f, got, x, axes);
        k.plain.reduce(f, want, x, axes);
        const what = `${f} of [${shape}] (${strides}) over ${axes}`;
        const scale = f === 'prod' ? 0 : 2 * Math.sqrt(x.size);
        agree(
          got,
          want,
          exact ? 0 : f === 'prod' ? 8 + x.size / Math.max(got.size, 1) : 8,
          what,
          scale,
        );
      };
      k.fallbacks.length = 0;
      const few = dtype !== 'f32';
      for (const n of few
        ? [1, 3, 17, 600]
        : [...lengths.filter((n) => n > 0), 511, 512, 513, 1024, 2500]) {
        check([n], [0]);
        check([3, n], [1]);
        check([n, 3], [0]);
        check([n, 37], [0]);
      }
      // Long columns of few, in one block and in several; wide ones.
      check([1025, 3], [0]);
      check([2, 300, 5], [1]);
      check([70, 1030], [0]);
      if (!few) check([200, 2050], [0]);
      for (const axes of [[], [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [0, 1, 3], [0, 1, 2, 3]])
        for (const strides of few ? [undefined, [1, 2, 6, 24]] : layouts([2, 3, 4, 5]))
          check([2, 3, 4, 5], axes, strides);
      // In another order in memory, none of them the last.
      for (const axes of [[0], [1], [2], [0, 2]]) check([4, 5, 6], axes, [6, 24, 1]);
      check([1, 5, 1], [0, 2]);
      check([], []);
      assert.deepEqual(k.fallbacks, []);
      // Extremes of nothing are an error of the op.
      if (f !== 'max' && f !== 'min') check([2, 0, 3], [1]);
      check([2, 0, 3], [0]);
    });
  }

for (const dtype of ['f32', 'f64', 'f16'] as const)
  test(`a fold of ${dtype} keeps not-a-number, infinities and the sign of zero`, () => {
    for (const f of ['sum', 'mean', 'max', 'min'] as const)
      for (const [special, other] of [
        [Number.NaN, 1],
        [Infinity, 1],
        [-Infinity, 1],
        [-0, 0],
        [0, -0],
        [Number.NaN, -Infinity],
        [Number.NaN, Infinity],
      ] as const)
        for (const at of [0, 3, 7, 17, 40])
          for (const axes of [[1], [0]]) {
            k.reset();
            const value = (i: number) => (i % 41 === at || i / 41 === at ? special : other);
            const x = k.make([41, 41], value, dtype);
            const [got, want] = [k.make([41], () => 5, dtype), k.make([41], () => 6, dtype)];
            k.cpu.reduce(f, got, x, axes);
            k.plain.reduce(f, want, x, axes);
            // Which zero a sum of zeros is depends on where it begins.
            if (other !== 0 || f === 'max' || f === 'min')
              agree(got, want, 0, `${f} of ${other} with ${special}`);
          }
  });

for (const dtype of all)
  test(`argMax and argMin of ${dtype} agree with plain`, () => {
    const values = ranked(dtype);
    k.fallbacks.length = 0;
    const check = (
      shape: Shape,
      value: (i: number) => number | bigint,
      strides?: readonly number[],
    ) => {
      k.reset();
      const x = k.make(shape, value, dtype, strides);
      shape.forEach((_, axis) => {
        const left = reduced(shape, [axis], false);
        for (const f of ['argMax', 'argMin'] as const) {
          const [got, want] = [k.make(left, () => 7, 'i32'), k.make(left, () => 8, 'i32')];
          k.cpu.argReduce(f, got, x, axis);
          k.plain.argReduce(f, want, x, axis);
          agree(got, want, 0, `${f} of ${dtype} [${shape}] (${strides}) along ${axis}`);
        }
      });
    };
    for (const value of values) {
      for (const n of [1, 2, 5, 17, 24, 25, 64, 300]) check([2, n], value);
      check([37, 5], value);
      check([3, 4, 5], value);
      for (const strides of layouts([6, 7])) check([6, 7], value, strides);
    }
    // Across blocks of a row.
    check([9001], values[0]!);
    check([9001], values[1]!);
    assert.deepEqual(k.fallbacks, []);
  });

test('a sum over many elements is pairwise', () => {
  const big = kit(128);
  const n = 1 << 22;
  const x = big.make([n], () => 0.1);
  for (const shape of [
    [1, n],
    [n, 1],
    [n / 4, 4],
  ]) {
    const sum = big.make([shape[1]!]);
    big.cpu.reduce('sum', sum, { ...x, shape }, [0]);
    const total = big.make([]);
    big.cpu.reduce('sum', total, { ...x, shape }, [0, 1]);
    // One after the other in f32 would be off by a part in a hundred.
    const exact = Math.fround(0.1) * n;
    assert.ok(Math.abs(big.read(total)[0]! - exact) < exact * 1e-6, `total ${big.read(total)}`);
    const each = exact / shape[1]!;
    for (const part of big.read(sum)) assert.ok(Math.abs(part - each) <= each * 1e-6, `${part}`);
  }
});
