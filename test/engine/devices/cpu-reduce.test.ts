import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reductions, type ReduceFormula } from '../../../engine/formulas.ts';
import { reduced, type Shape } from '../../../engine/shape.ts';
import { kit } from '../../kit/cpu.ts';
import { agreement, layouts, lengths, ordinary } from '../../kit/values.ts';

const k = kit(64);
const agree = agreement(k);

for (const f of Object.keys(reductions) as ReduceFormula[]) {
  test(`reduce ${f} agrees with plain`, () => {
    const check = (shape: Shape, axes: readonly number[], strides?: readonly number[]) => {
      k.reset();
      const x = k.make(shape, ordinary('f32'), 'f32', strides);
      const to = reductions[f].to === 'bool' ? 'bool' : 'f32';
      const out = reduced(shape, axes, false);
      const [got, want] = [k.make(out, () => 7, to), k.make(out, () => 8, to)];
      k.cpu.reduce(f, got, x, axes);
      k.plain.reduce(f, want, x, axes);
      const exact = f !== 'sum' && f !== 'mean';
      agree(
        got,
        want,
        exact ? 0 : 8,
        `${f} of [${shape}] (${strides}) over ${axes}`,
        2 * Math.sqrt(x.size),
      );
    };
    for (const n of [...lengths, 511, 512, 513, 1024, 2500]) {
      check([n], [0]);
      check([3, n], [1]);
      check([n, 3], [0]);
      check([n, 37], [0]);
    }
    check([70, 1030], [0]);
    check([200, 2050], [0]);
    for (const axes of [[], [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [0, 1, 3], [0, 1, 2, 3]])
      for (const strides of layouts([2, 3, 4, 5])) check([2, 3, 4, 5], axes, strides);
    check([1, 5, 1], [0, 2]);
    check([2, 0, 3], [1]);
    check([2, 0, 3], [0]);
    check([], []);
  });
}

test('a fold keeps not-a-number and infinities', () => {
  for (const f of ['sum', 'mean', 'max', 'min'] as const)
    for (const special of [Number.NaN, Infinity, -Infinity])
      for (const at of [0, 3, 17, 40])
        for (const axes of [[1], [0]]) {
          k.reset();
          const x = k.make([41, 41], (i) => (i % 41 === at || i / 41 === at ? special : 1));
          const [got, want] = [k.make([41]), k.make([41])];
          k.cpu.reduce(f, got, x, axes);
          k.plain.reduce(f, want, x, axes);
          agree(got, want, 0, `${f} with ${special}`);
        }
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
