import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

type T = tf.Tensor;

// What PyTorch gives, and docs/ops.md says.
const kinks: readonly [string, (x: T) => T, readonly number[], readonly number[]][] = [
  ['relu', (x) => x.relu(), [0], [0]],
  ['abs', (x) => x.abs(), [0], [0]],
  ['relu6', (x) => x.relu6(), [0, 6], [0, 0]],
  ['max', (x) => x.max(), [1, 1], [0.5, 0.5]],
  ['min', (x) => x.min(), [1, 1, 2], [0.5, 0.5, 0]],
  ['maximum', (x) => x.maximum(0), [0], [0.5]],
  ['minimum', (x) => x.minimum(0), [0], [0.5]],
  ['sqrt', (x) => x.sqrt(), [0], [Infinity]],
  ['norm', (x) => x.norm(), [0, 0], [0, 0]],
  ['median', (x) => x.median(), [2, 2, 1, 5], [0.5, 0.5, 0, 0]],
  ['quantile', (x) => x.quantile(0.5), [1, 2, 2, 2], [0, 0.5, 0.5, 0]],
  ['clipByValue', (x) => x.clipByValue(-1, 1), [-1, 1], [1, 1]],
];

for (const [name, f, at, slopes] of kinks) {
  test(`the gradient of ${name} at its kink`, () => {
    const found = tf.grad((x) => f(x).sum())(tf.tensor([...at]));
    assert.deepEqual(
      [...found.data()].map((value) => Number(value) + 0),
      slopes,
    );
  });
}
