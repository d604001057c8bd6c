import assert from 'node:assert';
import { test } from 'node:test';
import { allFinite } from '../../engine/finite.ts';
import * as tf from '../../engine/index.ts';
import { SAMPLED_ABOVE, statsOf } from '../../engine/stats.ts';

const [MEAN, SD] = [10013.624540039062, 7.873816333034046];
const close = (found: unknown, wanted: number) =>
  assert.ok(Math.abs(Number(found) - wanted) <= 1e-9 * Math.abs(wanted), `${found} is ${wanted}`);

test('mean and deviation agree with NumPy in f64, far from zero too', () => {
  const values = Float32Array.from(
    { length: 5000 },
    (_, i) => Math.fround(((i * 7919) % 1009) / Math.fround(37)) + 1e4,
  );
  const stats = statsOf(tf.tensor(values), false);
  close(stats.mean, MEAN);
  close(stats.sd, SD);
  assert.equal(stats.count, 5000);
  assert.equal(stats.sampled, false);
});

test('what is not finite is counted and left out of mean and deviation', () => {
  const t = tf.tensor([
    [0, 2, NaN],
    [Infinity, 4, -Infinity],
  ]);
  assert.deepEqual(statsOf(t, true), {
    count: 6,
    mean: 2,
    sd: Math.sqrt(8 / 3),
    min: '-Infinity',
    max: 'Infinity',
    nan: 1,
    inf: 2,
    zeros: 1,
    sampled: false,
  });
  assert.equal(statsOf(tf.tensor([NaN]), true).mean, 'NaN');
});

test('a view is read through its strides', () => {
  const t = tf.reshape(tf.range(0, 12), [3, 4]);
  const part = tf.slice(tf.transpose(t), [1, 0], [2, 3]);
  // 1 5 9 2 6 10
  const { mean, min, max } = statsOf(part, true);
  assert.deepEqual([mean, min, max], [5.5, 1, 10]);
});

test('a great tensor is sampled unless asked for exactly', () => {
  const t = tf.ones([SAMPLED_ABOVE + 1]);
  assert.deepEqual(statsOf(t, false), { ...statsOf(t, true), sampled: true });
});

for (const dtype of ['f64', 'f16', 'bf16', 'i32', 'u8', 'i64'] as const) {
  test(`reads ${dtype}`, () => {
    const { mean, min, max, zeros } = statsOf(tf.tensor([0, 1, 2, 5], [4], dtype), true);
    assert.deepEqual([mean, min, max, zeros], [2, 0, 5, 1]);
  });
}

test('one value that is not finite is found wherever it stands, in every float', () => {
  for (const dtype of ['f32', 'f64', 'f16', 'bf16', 'c64', 'c128'] as const) {
    for (const n of [0, 1, 3, 4, 5, 15, 16, 17, 70]) {
      const good = tf.tensor(new Array<number>(n).fill(-60_000), [n], dtype);
      assert.equal(allFinite(good), true, `${n} of ${dtype}`);
      for (let i = 0; i < n; i += n < 20 ? 1 : 7) {
        for (const value of [NaN, Infinity, -Infinity]) {
          const bad = tf.variable(good);
          bad.assignAt(i, value);
          assert.equal(allFinite(bad), false, `${value} at ${i} of ${n} of ${dtype}`);
        }
      }
    }
  }
  assert.equal(allFinite(tf.tensor([1, 2], [2], 'i64')), true);
  const window = tf.tensor([1, NaN, 2, 3], [2, 2]).transpose();
  assert.equal(allFinite(window), false);
});
