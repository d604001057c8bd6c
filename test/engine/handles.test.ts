/** Handles: what one of them does leaves the others alone, and what JSON says of one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

for (const [what, same] of [
  ['cast', (x: tf.Tensor) => x.cast('float32')],
  ['to', (x: tf.Tensor) => x.to('cpu')],
] as const) {
  test(`${what} with nothing to do gives another handle on the same values`, () => {
    const x = tf.tensor([1, 2]);
    const y = same(x);
    assert.notEqual(y, x);
    assert.equal(y.storage, x.storage);
    y.dispose();
    assert.deepEqual(x.array(), [1, 2]);
    const z = same(x);
    x.dispose();
    assert.deepEqual(z.array(), [1, 2]);
    z.dispose();
    assert.throws(() => same(x), new RegExp(`^Error: ${what}: this f32\\[2\\] was ended`));
  });

  test(`${what} with nothing to do lets the gradient through`, () => {
    const w = tf.variable([2, 3]);
    const tape = new tf.GradientTape();
    const y = same(w);
    const [dw, dy] = tape.gradient(y.mul(w), [w, y]);
    assert.deepEqual([dw!.array(), dy!.array()], [[4, 6], [2, 3]]); // prettier-ignore
  });

  test(`${what} of a variable keeps the values it had`, () => {
    const v = tf.variable([1, 2]);
    const old = same(v);
    v.assign([3, 4]);
    assert.deepEqual(old.array(), [1, 2]);
  });

  test(`${what} with nothing to do ends with its tidy`, () => {
    const x = tf.tensor([1, 2]);
    let inside: tf.Tensor | undefined;
    tf.tidy(() => void (inside = same(x)));
    assert.ok(inside!.isDisposed);
    assert.ok(!x.isDisposed);
  });
}

test('JSON has the values of a tensor in nested lists', () => {
  const json = (value: unknown) => JSON.stringify(value);
  assert.equal(json(tf.tensor([[1, 2.5], [0.1, -3]])), '[[1,2.5],[0.1,-3]]'); // prettier-ignore
  assert.equal(json({ loss: tf.scalar(0.1), step: 3 }), '{"loss":0.1,"step":3}');
  assert.equal(json(tf.tensor([1, 2, 3, 4], [2, 2]).transpose()), '[[1,3],[2,4]]');
  assert.equal(json(tf.variable([1], true, 'w')), '[1]');
  assert.equal(json(tf.tensor([true, false])), '[true,false]');
  assert.equal(json(tf.tensor([NaN, Infinity, 1])), '["NaN","Infinity",1]');
  assert.equal(json(tf.tensor([2n ** 60n], [1], 'i64')), `["${2n ** 60n}"]`);
  assert.equal(json(tf.zeros([2, 0])), '[[],[]]');
  const gone = tf.tensor([1]);
  gone.dispose();
  assert.throws(() => json(gone), /toJSON: this f32\[1\] was ended/);
});
