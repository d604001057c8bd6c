import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';
import { ops } from '../../engine/ops/index.ts';

test('every op is a function and, where it takes a tensor, a method', () => {
  for (const [name, row] of Object.entries(ops)) {
    assert.equal(typeof (tf as Record<string, unknown>)[name], 'function', name);
    const method = (tf.Tensor.prototype as unknown as Record<string, unknown>)[name];
    assert.equal(
      typeof method,
      Object.keys(row.inputs).length > 0 ? 'function' : 'undefined',
      name,
    );
  }
});

test('tf.step counts training steps; the op is the method', () => {
  const before = tf.step();
  assert.equal(tf.step(), before + 1);
  assert.deepEqual(tf.tensor([-1, 2]).step().array(), [0, 1]);
});

test('tf.einsum takes the equation first; the method after the other operands', () => {
  const [a, b] = [tf.tensor([[1, 2], [3, 4]]), tf.tensor([1, 10])]; // prettier-ignore
  assert.deepEqual(tf.einsum('ij,j->i', a, b).array(), [21, 43]);
  assert.deepEqual(a.einsum(b, 'ij,j->i').array(), [21, 43]);
  assert.deepEqual(tf.einsum('ii', [[1, 2], [3, 4]]).array(), 5); // prettier-ignore
});
