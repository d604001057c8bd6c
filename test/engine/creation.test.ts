import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

test('fill takes the dtype of its value', () => {
  const dtypes = [tf.fill([2], 1), tf.fill([2], true), tf.full([2], 1n), tf.fill([2], 1, 'u8')];
  assert.deepEqual(
    dtypes.map(({ dtype }) => dtype),
    ['f32', 'bool', 'i64', 'u8'],
  );
  assert.deepEqual(tf.fill([2], 2n ** 62n).array(), [2n ** 62n, 2n ** 62n]);
});

test('range counts bigints exactly', () => {
  const start = 2n ** 62n;
  assert.deepEqual(tf.range(start, start + 3n).array(), [start, start + 1n, start + 2n]);
  assert.deepEqual(tf.range(3n, -3n, -2n).array(), [3n, 1n, -1n]);
  assert.deepEqual(tf.range(0, 3, 1, 'u64').array(), [0n, 1n, 2n]);
  assert.deepEqual(tf.range(0n, 4n, 2n, 'f32').array(), [0, 2]);
  assert.deepEqual(tf.range(2n, 2n).shape, [0]);
});

test('the last number of linspace is stop itself', () => {
  for (const n of [2, 3, 7, 50, 1000]) {
    assert.equal(tf.linspace(0.1, 0.7, n, 'f64').data().at(-1), 0.7);
  }
  assert.deepEqual(tf.linspace(3, 9, 1).array(), [3]);
  assert.deepEqual(tf.linspace(3, 9, 0).array(), []);
});

test('meshgrid is that of pictures unless it is told', () => {
  const [x, y] = tf.meshgrid([1, 2, 3], [4, 5]);
  const [columns, rows] = [
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [4, 4, 4],
      [5, 5, 5],
    ],
  ];
  assert.deepEqual([x!.array(), y!.array()], [columns, rows]);
  const grid = tf.meshgrid(tf.tensor([1, 2]), [3, 4, 5], [6], { indexing: 'ij' });
  assert.deepEqual(
    grid.map(({ shape }) => shape),
    [
      [2, 3, 1],
      [2, 3, 1],
      [2, 3, 1],
    ],
  );
  assert.deepEqual(grid[1]!.squeeze(2).array(), [
    [3, 4, 5],
    [3, 4, 5],
  ]);
  assert.deepEqual(tf.meshgrid(), []);
  assert.deepEqual(tf.meshgrid([1, 2])[0]!.array(), [1, 2]);
  const wrong = { indexing: 'yx' } as never;
  assert.throws(() => tf.meshgrid([1], wrong), /meshgrid: no indexing is called 'yx'/);
});

test('meshgrid lets gradients through', () => {
  const x = tf.tensor([1, 2, 3]);
  const slope = tf.grad((t: tf.Tensor) => tf.meshgrid(t, [1, 1])[0]!.square().sum())(x);
  assert.deepEqual(slope.array(), [4, 8, 12]);
});

test('eye has a batch of matrices where it is asked for one', () => {
  assert.deepEqual(tf.eye(2, 3, [2]).array(), [
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
  ]);
});
