import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

test('unique keeps integers of 64 bits apart', () => {
  const big = 2n ** 60n;
  const { values, indices, counts } = tf.unique(tf.tensor([big, big + 1n, big, 1n]));
  assert.deepEqual(values.array(), [big, big + 1n, 1n]);
  assert.deepEqual(indices.array(), [0, 1, 0, 2]);
  assert.deepEqual(counts.array(), [2, 1, 1]);
});

test('unique takes -0 for 0 in slices as in single values', () => {
  assert.deepEqual(tf.unique([0, -0]).values.shape, [1]);
  const rows = [
    [0, NaN],
    [-0, NaN],
  ];
  assert.deepEqual(tf.unique(rows).counts.array(), [2]);
});

test('rows of values belong to rows that are sorted', () => {
  const sorted = [
    [1, 3, 5],
    [0, 0, 9],
  ];
  const places = tf.searchSorted(sorted, [
    [0, 3],
    [0, 3],
  ]);
  assert.deepEqual(places.array(), [
    [0, 1],
    [0, 2],
  ]);
  assert.deepEqual(tf.upperBound([1, 3, 5], 3).array(), 2);
  assert.deepEqual(tf.upperBound(tf.zeros([2, 0]), tf.zeros([2, 3])).array(), [
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('the gradient flows to the last of several updates for one place', () => {
  const [x, updates] = [tf.zeros([2]), tf.tensor([1, 2, 3])];
  const f = (t: tf.Tensor, u: tf.Tensor) => t.scatterUpdate([0, 1, 0], u).mul([10, 20]).sum();
  const [forX, forUpdates] = tf.grads(f)([x, updates]);
  assert.deepEqual(f(x, updates).item(), 70);
  assert.deepEqual(forX!.array(), [0, 0]);
  assert.deepEqual(forUpdates!.array(), [0, 20, 10]);
});

test('what is picked by several positions is summed in the gradient', () => {
  const x = tf.tensor([
    [1, 2],
    [3, 4],
  ]);
  const f = (t: tf.Tensor) =>
    t
      .gatherND([
        [0, 1],
        [0, 1],
        [1, 0],
      ])
      .sum();
  assert.deepEqual(tf.grad(f)(x).array(), [
    [0, 2],
    [1, 0],
  ]);
});

test('unique finds what a map finds, however many kinds there are', () => {
  for (const dtype of ['f32', 'f64', 'i32', 'u32', 'i64', 'u8', 'i16', 'f16', 'bool'] as const) {
    for (const kinds of [3, 200, 100_000]) {
      const x = tf
        .randomUniform([9000], 0, kinds, 'f32', 3)
        .sub(dtype.startsWith('u') ? 0 : kinds / 2)
        .cast(dtype);
      const known = new Map<unknown, number>();
      const want = [...x.data()].map((value) => {
        if (!known.has(value)) known.set(value, known.size);
        return known.get(value)!;
      });
      const { values, indices, counts } = tf.unique(x);
      assert.deepEqual([...indices.data()], want, `${dtype} ${kinds}`);
      assert.deepEqual([...values.data()], [...known.keys()], `${dtype} ${kinds}`);
      assert.equal(counts.sum().item(), 9000);
      assert.ok(values.gather(indices).equal(x).all().item());
    }
  }
  for (const dtype of ['f32', 'f64'] as const) {
    const odd = tf.tensor([NaN, -0, 0, Infinity, -NaN, -Infinity, 1e-310, 0], [8], dtype);
    const tiny = dtype === 'f32' ? 1 : 4;
    assert.deepEqual(tf.unique(odd).indices.array(), [0, 1, 1, 2, 0, 3, tiny, 1], dtype);
  }
});

test('positions of what is not zero are row-major, of any rank and dtype', () => {
  const x = tf.tensor([0, 2, 0, NaN, -0, 1, 0, 0, -1, 0, 0, 3], [2, 2, 3]);
  const places = [
    [0, 0, 1],
    [0, 1, 0],
    [0, 1, 2],
    [1, 0, 2],
    [1, 1, 2],
  ];
  assert.deepEqual(tf.nonzero(x).array(), places);
  assert.deepEqual(tf.nonzero(tf.complex(x.zerosLike(), x)).array(), places);
  const turned = places.map((place) => place.toReversed()).sort();
  assert.deepEqual(tf.nonzero(x.transpose()).array(), turned);
  assert.deepEqual(tf.nonzero(tf.scalar(5)).shape, [1, 0]);
  assert.deepEqual(tf.booleanMask(x, x.greater(0)).array(), [2, 1, 3]);
});

test('a histogram loses no element, also where bins are narrower than numbers are apart', () => {
  for (const most of [1, 2, 3, 7, 2 ** 52]) {
    for (const bins of [1, 4, 10]) {
      const x = tf.tensor([0, most * 5e-324, Math.ceil(most / 2) * 5e-324], [3], 'f64');
      assert.equal(tf.histogram(x, bins).counts.sum().item(), 3, `${most} ${bins}`);
    }
  }
});
