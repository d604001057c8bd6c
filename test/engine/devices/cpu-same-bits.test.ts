import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberOf } from '../../../engine/dtype.ts';
import { reducedOf } from '../../../engine/elementwise.ts';
import { kit } from '../../kit/cpu.ts';
import { untilHelped } from '../../kit/helped.ts';
import { ordinary } from '../../kit/values.ts';

test('folds, choices, casts and arithmetic of every kind have the same bits with one thread and with two', async () => {
  const alone = kit(256);
  const both = kit(256, undefined, { threads: 2, least: 1, grain: 1, alone: 0 });
  await untilHelped(both, () => {
    for (const dtype of ['f32', 'f64', 'i8', 'u16', 'i64', 'f16', 'bf16', 'bool'] as const)
      for (const shape of [
        [301, 515],
        [4001, 7],
        [2, 3000, 5],
      ]) {
        const [one, two] = [alone, both].map((k) => {
          k.reset();
          const x = k.make(shape, ordinary(dtype, 3), dtype);
          const row = k.make(shape.slice(-1), ordinary(dtype, 4), dtype);
          const made = shape.flatMap((_, axis) => {
            const left = shape.toSpliced(axis, 1);
            const place = k.make(left, () => 0, 'i32');
            const sum = k.make(left, () => 0, reducedOf('sum', 'sum', dtype));
            const most = k.make(left, () => 0, dtype);
            k.cpu.argReduce('argMax', place, x, axis);
            k.cpu.reduce('sum', sum, x, [axis]);
            k.cpu.reduce('max', most, x, [axis]);
            return [place, sum, most];
          });
          for (const to of ['f32', 'i8', 'f16', 'u64'] as const) {
            const cast = k.make(shape, () => 0, to);
            k.cpu.map('identity', cast, x);
            made.push(cast);
          }
          const product = k.make(shape, () => 0, numberOf('mul', dtype));
          k.cpu.zip('mul', product, x, row);
          return [...made, product].map((buf) => k.bits(buf));
        });
        assert.deepEqual(two, one, `${dtype} [${shape}]`);
      }
  });
});

test('what is made of nothing has the same bits with one thread and with three', async () => {
  const alone = kit(64);
  const both = kit(64, undefined, { threads: 3, least: 1, grain: 1, alone: 0 });
  await untilHelped(both, () => {
    for (const dtype of ['f32', 'f64', 'i32', 'u8'] as const)
      for (const shape of [[10_007], [301, 17], [3, 2, 1001]]) {
        const [one, three] = [alone, both].map((k) => {
          k.reset();
          const [range, drawn, normal] = [0, 1, 2].map(() => k.make(shape, () => 0, dtype));
          const indices = k.make(shape, (i) => (i * 7) % 9, 'i32');
          const hot = k.make([...shape, 8], () => 0, dtype);
          k.cpu.range(range!, 3, 2);
          k.cpu.random('uniform', drawn!, [1, 2], 0, 100);
          k.cpu.random('normal', normal!, [3, 4], 50, 5);
          k.cpu.oneHot(hot, indices, 5, 1);
          return [range!, drawn!, normal!, hot].map((buf) => k.bits(buf));
        });
        assert.deepEqual(three, one, `${dtype} [${shape}]`);
      }
  });
});
