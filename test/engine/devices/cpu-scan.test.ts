import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Buf } from '../../../engine/device.ts';
import { dtypes, type DType } from '../../../engine/dtype.ts';
import { reducedOf } from '../../../engine/elementwise.ts';
import type { Shape } from '../../../engine/shape.ts';
import { kit } from '../../kit/cpu.ts';
import { untilHelped } from '../../kit/helped.ts';
import { agreement, ends, layouts, ordinary } from '../../kit/values.ts';

const k = kit(64);
const agree = agreement(k);
const all = (Object.keys(dtypes) as DType[]).filter(
  (dtype) => dtypes[dtype].array !== null && dtypes[dtype].kind !== 'complex',
);
const shapes: readonly Shape[] = [[1], [37], [5, 3], [3, 17], [2, 9, 11], [2, 4, 1, 3], [0, 2]];

for (const dtype of all) {
  for (const f of ['sum', 'prod', 'max', 'min'] as const) {
    test(`scan ${f} of ${dtype} agrees with plain`, () => {
      k.fallbacks.length = 0;
      const chooses = f === 'max' || f === 'min';
      const check = (x: Buf, axis: number, exclusive: boolean, reverse: boolean) => {
        const to = reducedOf('scan', f, dtype);
        const made = () => k.make(x.shape, () => 0, to);
        const places = () => (chooses ? k.make(x.shape, () => 0, 'i32') : null);
        const [got, want, at, wanted] = [made(), made(), places(), places()];
        k.cpu.scan(f, got, at, x, axis, exclusive, reverse);
        k.plain.scan(f, want, wanted, x, axis, exclusive, reverse);
        const where = `${f} along ${axis} of [${x.shape}] (${x.strides}), ${exclusive}, ${reverse}`;
        // Halves are rounded to f32 on the way.
        agree(got, want, dtype === 'f16' || dtype === 'bf16' ? 1 : 0, where);
        if (at !== null) agree(at, wanted!, 0, `places of ${where}`);
        if (chooses) {
          k.cpu.scan(f, got, null, x, axis, exclusive, reverse);
          agree(got, want, 0, `${where}, without places`);
        }
        k.reset();
      };
      for (const shape of shapes) {
        for (let axis = 0; axis < shape.length; axis++) {
          for (const strides of [undefined, ...layouts(shape)]) {
            for (const reverse of [false, true]) {
              for (const exclusive of chooses ? [false] : [false, true]) {
                check(k.make(shape, ordinary(dtype), dtype, strides), axis, exclusive, reverse);
              }
            }
          }
        }
      }
      const values = ends(dtype);
      check(
        k.make([values.length, 9], (i) => values[(i * 7) % values.length]!, dtype),
        0,
        false,
        false,
      );
      assert.deepEqual(k.fallbacks, []);
    });
  }
}

test('sums of many f32 keep their digits', () => {
  k.reset();
  const n = 1 << 18;
  const x = k.make([n], () => 0.1);
  const out = k.make([n]);
  k.cpu.scan('sum', out, null, x, 0, false, false);
  assert.equal(k.read(out)[n - 1], Math.fround(n * Math.fround(0.1)));
});

test('scans are the same on any number of threads', async () => {
  const alone = kit(64);
  const crew = kit(64, undefined, { threads: 3, least: 1, grain: 1, alone: 0 });
  await untilHelped(crew, () => {
    for (const [shape, axis] of [
      [[64, 700], 1],
      [[300, 513], 0],
    ] as const) {
      for (const f of ['sum', 'max'] as const) {
        const [one, three] = [alone, crew].map((on) => {
          on.reset();
          const [x, out] = [on.make(shape, ordinary('f32')), on.make(shape)];
          const places = f === 'max' ? on.make(shape, () => 0, 'i32') : null;
          on.cpu.scan(f, out, places, x, axis, false, true);
          return [out, places].map((made) => made && Buffer.from(on.bits(made)));
        });
        assert.deepEqual(three, one);
      }
    }
  });
  crew.team.threads = 1;
});
