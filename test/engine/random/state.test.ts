import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../../engine/index.ts';

const draw = (seed?: tf.Seed) => tf.randomNormal([3], 0, 1, 'f32', seed).array();

test('the same key draws the same, keys out of one draw apart', () => {
  const key = tf.randomKey(7);
  assert.deepEqual(draw(key), draw(key));
  const keys = [...tf.splitKey(key, 3), ...[0, 1, 2].map((step) => tf.foldIn(key, step)), key];
  const all = keys.map((one) => JSON.stringify(draw(one)));
  assert.equal(new Set(all).size, keys.length);
  assert.deepEqual(tf.splitKey(key, 5).slice(0, 3), tf.splitKey(key, 3));
});

test('a generator goes on where its state was taken, whatever others draw', () => {
  const generator = new tf.Generator(5);
  draw(generator);
  const state = JSON.parse(JSON.stringify(generator.getState())) as tf.RandomState;
  const next = [draw(generator), draw(generator)];
  assert.notDeepEqual(next[0], next[1]);
  draw();
  const other = new tf.Generator();
  other.setState(state);
  assert.deepEqual([draw(other), draw(other)], next);
});

test('the state behind ops without a seed is kept and put back', () => {
  tf.setSeed(3);
  draw();
  const state = tf.getRandomState();
  const next = draw();
  tf.setRandomState(state);
  assert.deepEqual(draw(), next);
});

test('every number is a seed of its own', () => {
  const seeds = [0, 1, -1, 0.3, 0.7, 1.3, -0.3, 2 ** 32, 2 ** 70, 2 ** 71, 1e300, 1e-300];
  const drawn = new Set(seeds.map((seed) => String(draw(seed))));
  assert.equal(drawn.size, seeds.length);
  assert.deepEqual(draw(0.3), draw(0.3));
});

test('what is no seed, key or state says so', () => {
  assert.throws(() => draw('a' as unknown as number), /randomNormal: a is no seed/);
  assert.throws(() => tf.randomKey(NaN), /randomKey: NaN is no seed/);
  assert.throws(() => tf.splitKey(tf.randomKey(1), -1), /splitKey: -1 keys/);
  assert.throws(() => tf.foldIn(tf.randomKey(1), 0.5), /foldIn: 0.5/);
  const generator = new tf.Generator(1);
  for (const seed of [0.5, -1, 2 ** 40]) {
    assert.throws(() => generator.setState({ seed, draws: 1 }), /no state that getState gave/);
  }
  assert.throws(
    () => tf.setRandomState(undefined as never),
    /^Error: setRandomState: a seed of undefined/,
  );
});

test('what is drawn evenly stays below the upper end in every dtype', () => {
  for (const dtype of ['f16', 'bf16', 'f32', 'f64'] as const) {
    const x = tf.randomUniform([20_000], 1, 1.0002, dtype, 1);
    assert.ok((x.max().item() as number) < 1.0002, dtype);
  }
});
