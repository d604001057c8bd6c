import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

test('assign writes in place while nothing else looks at the bytes', () => {
  const v = tf.variable([1, 2]);
  const place = v.storage.bytes;
  v.assign([3, 4]).assign(tf.tensor([5, 6]));
  assert.equal(v.storage.bytes, place);
  assert.deepEqual(v.array(), [5, 6]);
  assert.equal(v.storage.version, 2);
});

test('a view and read() keep what they showed', () => {
  const v = tf.variable([1, 2, 3]);
  const part = v.slice([1], [2]);
  const all = v.read();
  v.assign([7, 8, 9]);
  assert.deepEqual(
    [part.array(), all.array(), v.array()],
    [
      [2, 3],
      [1, 2, 3],
      [7, 8, 9],
    ],
  );
  v.assignAdd([1, 1, 1]);
  assert.deepEqual(
    [part.array(), v.array()],
    [
      [2, 3],
      [8, 9, 10],
    ],
  );
});

test('a tape keeps what it saved', () => {
  const v = tf.variable([1, 2]);
  using tape = new tf.GradientTape();
  const y = v.mul(v).sum();
  v.assign([10, 20]);
  assert.deepEqual(tape.gradient(y, v)!.array(), [2, 4]);
});

test('assignAdd and assignSub, and assignment of a variable to itself', () => {
  const v = tf.variable([1, 2]);
  assert.deepEqual(
    v
      .assignAdd([10, 20])
      .assignSub(tf.tensor([1, 2]))
      .array(),
    [10, 20],
  );
  assert.deepEqual(v.assign(v).array(), [10, 20]);
  assert.deepEqual(v.assign(v.mul(2)).array(), [20, 40]);
});

test('values are cast to its dtype, and must have its shape', () => {
  const v = tf.variable([1, 2], true, 'v');
  v.assign(tf.tensor([3, 4], [2], 'i32'));
  assert.equal(v.dtype, 'f32');
  assert.deepEqual(v.array(), [3, 4]);
  assert.throws(
    () => v.assign([1, 2, 3]),
    /assign: f32\[3\] does not fit the variable 'v', f32\[2\]; the shapes must be equal/,
  );
});

test('what it started from stays its own', () => {
  const start = tf.tensor([1, 2]);
  const v = tf.variable(start);
  v.assign([3, 4]);
  assert.deepEqual(start.array(), [1, 2]);
  start.dispose();
  assert.deepEqual(v.array(), [3, 4]);
});

test('it goes through read() with its gradient', () => {
  const v = tf.variable([1, 2]);
  using tape = new tf.GradientTape();
  const y = v.read().square().sum();
  assert.deepEqual(tape.gradient(y, v)!.array(), [2, 4]);
});

test('assignAdd and assignSub keep the dtype of the variable', () => {
  const v = tf.variable([1, 2]);
  v.assignAdd(tf.tensor([1, 2], [2], 'f64')).assignSub(tf.tensor([1, 1], [2], 'i32'));
  assert.deepEqual([v.dtype, v.data()], ['f32', Float32Array.of(1, 3)]);
  const whole = tf.variable([1, 2], true, 'whole', 'i32');
  whole.assignAdd(tf.tensor([1.5, 2]));
  assert.deepEqual(whole.array(), [2, 4]);
  const flags = tf.variable([true, false]);
  flags.assignAdd([true, true]);
  assert.deepEqual(flags.array(), [true, true]);
});

test('a gradient that is the variable itself keeps its values when that is assigned', () => {
  const x = tf.tensor([1, 1]);
  const w = tf.variable([3, 4], false);
  using tape = new tf.GradientTape();
  tape.watch(x);
  const gradient = tape.gradient(x.identity(), x, { outputGradients: w })!;
  w.assign([9, 9]);
  assert.deepEqual(gradient.array(), [3, 4]);
});
