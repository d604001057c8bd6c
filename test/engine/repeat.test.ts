import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';
import { sizeOf } from '../../engine/shape.ts';

/** Pairs of shapes, the second of which repeats along the first or is not one of the plain cases. */
const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[2, 3], []],
  [[2, 3], [1]],
  [
    [2, 3],
    [1, 1],
  ],
  [[2, 3], [3]],
  [
    [2, 3],
    [1, 3],
  ],
  [
    [4, 2, 3],
    [2, 3],
  ],
  [
    [4, 2, 3],
    [1, 1, 3],
  ],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [4, 2, 3],
    [4, 1, 1],
  ],
  [
    [4, 2, 3],
    [4, 2, 1],
  ],
  [
    [4, 2, 3],
    [2, 1],
  ],
  [
    [4, 2, 3],
    [4, 1, 3],
  ],
  [
    [4, 1],
    [1, 3],
  ],
  [[1, 3], [3]],
  [[3], [1, 3]],
  [[2, 0], [1]],
  [[0, 2], [2]],
];
const numbers = (shape: readonly number[], from: number): tf.Tensor =>
  tf.tensor(
    Array.from({ length: sizeOf(shape) }, (_, i) => from + i),
    shape as number[],
  );

test('what repeats along another tensor is computed as on the plain device', () => {
  tf.add(tf.ones([2]), tf.ones([2]));
  tf.sub(tf.ones([2]), tf.ones([2]));
  for (const [a, b] of pairs) {
    for (const [left, right] of [
      [a, b],
      [b, a],
    ] as const) {
      const [x, y] = [numbers(left, 1), numbers(right, 100)];
      const expected = x.to('plain').sub(y.to('plain'));
      const found = x.sub(y);
      assert.deepEqual(found.shape, expected.shape, `${left} and ${right}`);
      assert.deepEqual(found.data(), expected.data(), `${left} and ${right}`);
      // The same tensors, broadcast beforehand.
      const wide = (t: tf.Tensor) => t.broadcastTo(found.shape);
      assert.deepEqual(wide(x).sub(wide(y)).data(), expected.data(), `${left} and ${right}, both`);
      const [p, q] = [wide(x).clone(), wide(y).clone()];
      assert.deepEqual(p.sub(wide(y)).data(), expected.data(), `${left} and ${right}, second`);
      assert.deepEqual(wide(x).sub(q).data(), expected.data(), `${left} and ${right}, first`);
    }
  }
});

test('windows that only look like what was broadcast go the long way', () => {
  const x = numbers([3, 3], 1);
  const y = numbers([3, 3], 10);
  y.sub(y);
  const views = [
    x.transpose(),
    x.slice([0, 0], [3, 1]).broadcastTo([3, 3]),
    x.slice([1], [1]).broadcastTo([3, 3]),
    x.slice([0, 1], [2, 1]).reshape([2]).slice([1], [1]).broadcastTo([3, 3]),
    x.reverse(0),
  ];
  for (const view of views) {
    const expected = view.to('plain').sub(y.to('plain')).data();
    assert.deepEqual(view.sub(y).data(), expected);
    assert.deepEqual(view.clone().sub(y).data(), expected);
  }
});

test('large tensors and other dtypes broadcast alike', () => {
  const x = numbers([300, 200], 0);
  const row = numbers([200], 1);
  const column = numbers([300, 1], 1);
  for (const dtype of ['f32', 'f64', 'i32', 'i64'] as const) {
    const [a, b, c] = [x, row, column].map((t) => t.cast(dtype)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    for (const other of [b, c]) {
      const small = a.slice([0], [20]);
      for (const [left, right] of [
        [a, other],
        [other, a],
        [small, b],
      ] as const) {
        left.add(right);
        const found = left.add(right);
        assert.deepEqual(found.data(), left.to('plain').add(right.to('plain')).data());
      }
    }
  }
});

test('biasAdd takes no other shapes for having added a bias before', () => {
  const x = tf.ones([2, 3]);
  assert.deepEqual(x.biasAdd(tf.tensor([1, 2, 3])).array(), [
    [2, 3, 4],
    [2, 3, 4],
  ]);
  assert.throws(() => x.biasAdd(x), /biasAdd: a bias \[2,3\] does not fit \[2,3\]/);
  assert.throws(() => x.biasAdd(tf.ones([1])), /biasAdd: a bias \[1\] does not fit \[2,3\]/);
});
