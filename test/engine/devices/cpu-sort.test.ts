/** Elements in order against plain sorting: all dtypes, along any axis, few and many, on one thread and on several. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dtypes, isComplex, type DType } from '../../../engine/dtype.ts';
import type { Shape } from '../../../engine/shape.ts';
import { kit, type Kit } from '../../kit/cpu.ts';
import { agreement, layouts, ranked } from '../../kit/values.ts';

const alone = kit(64);
const team = kit(64, undefined, { threads: 3, least: 1, grain: 1, alone: 0 });
after(() => (team.team.threads = 1));

const all = (Object.keys(dtypes) as DType[]).filter(
  (dtype) => dtypes[dtype].array !== null && !isComplex(dtype),
);

/** Values and places, both at once and each alone. */
function check(
  k: Kit,
  dtype: DType,
  shape: Shape,
  axis: number,
  value: (i: number) => number | bigint,
  strides?: readonly number[],
): void {
  const agree = agreement(k);
  k.reset();
  const x = k.make(shape, value, dtype, strides);
  for (const falling of [false, true]) {
    const say = `${dtype} [${shape}] (${strides}) along ${axis}, falling: ${falling}`;
    const made = () => [k.make(shape, () => 7, dtype), k.make(shape, () => 8, 'i32')] as const;
    const [want, own, both] = [made(), made(), made()];
    k.plain.sort(...want, x, axis, falling);
    k.cpu.sort(...both, x, axis, falling);
    k.cpu.sort(own[0], null, x, axis, falling);
    k.cpu.sort(null, own[1], x, axis, falling);
    for (const got of [both, own]) {
      agree(got[0], want[0], 0, `sort of ${say}`);
      agree(got[1], want[1], 0, `places of ${say}`);
    }
  }
}

for (const dtype of all)
  test(`sort of ${dtype} agrees with plain`, () => {
    const values = ranked(dtype);
    alone.fallbacks.length = 0;
    for (const value of values) {
      for (const n of [0, 1, 2, 5, 17, 24, 25, 64, 300]) check(alone, dtype, [2, n], 1, value);
      check(alone, dtype, [37, 5], 0, value);
      for (const axis of [0, 1, 2]) check(alone, dtype, [3, 4, 5], axis, value);
      for (const strides of layouts([6, 7])) {
        check(alone, dtype, [6, 7], 1, value, strides);
        check(alone, dtype, [6, 7], 0, value, strides);
      }
    }
    // Digits of many, and rows for several threads.
    for (const k of [alone, team])
      for (const value of values.slice(1)) {
        check(k, dtype, [5, 1300], 1, value);
        check(k, dtype, [4200], 0, value);
      }
    check(team, dtype, [19, 33], 0, values[1]!);
    assert.deepEqual(alone.fallbacks, []);
  });
