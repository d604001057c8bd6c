import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';
import type { Tensor, TensorLike } from '../../engine/index.ts';

tf.setDevice('plain');

test('a bare number takes the dtype of the tensor beside it', () => {
  const dtypes = (f: (x: Tensor) => Tensor) =>
    (['f64', 'f16', 'i32', 'u8', 'bool'] as const).map((d) => f(tf.tensor([1, 0], [2], d)).dtype);
  assert.deepEqual(
    dtypes((x) => x.mul(2)),
    ['f64', 'f16', 'i32', 'u8', 'i32'],
  );
  assert.deepEqual(
    dtypes((x) => tf.sub(0.5, x)),
    ['f64', 'f16', 'f32', 'f32', 'f32'],
  );
  assert.deepEqual(
    dtypes((x) => x.add([1, 2])),
    ['f64', 'f16', 'i32', 'u8', 'i32'],
  );
  assert.equal(tf.add(1, 2).dtype, 'f32');
  assert.equal(tf.tensor(2n).mul(3).item(), 6n);
  assert.equal(tf.tensor([1, 2], [2], 'u8').add(2.5).dtype, 'f32');
});

test('typed arrays keep their dtype, and positions are i32', () => {
  assert.equal(tf.add(Float64Array.of(1), 1).dtype, 'f64');
  assert.deepEqual(tf.gather([[1], [2], [3]], [2, 0]).array(), [[3], [1]]);
  assert.deepEqual(tf.where([true, false], 1, [2, 3]).array(), [1, 3]);
});

test('lists are joined as functions and as methods', () => {
  const x = tf.tensor([1, 2]);
  const whole = [1, 2, 3, 1, 2];
  assert.deepEqual(tf.concat([x, [3], x]).array(), whole);
  assert.deepEqual(x.concat([tf.tensor([3]), x]).array(), whole);
  assert.deepEqual(x.stack(x, 1).array(), [
    [1, 1],
    [2, 2],
  ]);
});

test('what is no tensor is said by name', () => {
  const x = tf.tensor([[1, 2]]);
  const says = (f: () => unknown, message: string) => assert.throws(f, { message });
  const given = (value: unknown) => value as TensorLike;
  const wants = 'it must be a tensor, a number or a nested list of numbers';
  says(() => tf.add(x, given(undefined)), `add: y is undefined; ${wants}`);
  says(() => tf.matMul(given('a'), x), `matMul: x is the string 'a'; ${wants}`);
  says(() => x.mul(given(new Map())), `mul: y is a Map; ${wants}`);
  says(() => x.mul(given(['a'])), "mul: y: the string 'a' stands where a number must stand");
  const joined = 'stands where a number must stand; tf.stack([...]) makes one tensor of several';
  says(() => tf.tensor(given([x]) as number[]), `tensor: the tensor f32[1,2] ${joined}`);
  says(() => tf.tensor(given([x.sum(), 1]) as number[]), `tensor: the tensor f32[] ${joined}`);
  says(
    () => x.mul([[1, 2], [3]]),
    'mul: y: a list of 1 stands where the lists before have a list of 2',
  );
  says(
    () => tf.concat(x as unknown as Tensor[]),
    'concat: tensors is the tensor f32[1,2]; it must be a list of tensors',
  );
  says(
    () => tf.tensor([1], [1], 'u8').add(256),
    'add: 256 does not fit u8 (0 to 255); cast the tensor first',
  );
});

test('a sum to the shape there is gives the handle back', () => {
  const x = tf.tensor([1, 2]);
  assert.equal(x.sumTo([2]), x);
});

test('tensors are made of numbers, lists and typed arrays', () => {
  assert.equal(tf.tensor([true, false]).dtype, 'bool');
  assert.equal(tf.tensor([1n]).dtype, 'i64');
  assert.equal(tf.tensor(Uint8Array.of(1)).dtype, 'u8');
  assert.deepEqual(tf.tensor([1, 2, 3, 4], [2, 2]).shape, [2, 2]);
  assert.deepEqual(tf.tensor([[], []]).shape, [2, 0]);
  assert.deepEqual(tf.tensor([1.5, -1, 300], [3], 'uint8').array(), [1, 0, 255]);
  assert.deepEqual(tf.tensor([0.1], [1], 'f16').array(), [0.0999755859375]);
  assert.equal(tf.scalar(3, 'i64').item(), 3n);
  const values = Float32Array.of(1, 2);
  const x = tf.tensor(values);
  values[0] = 9;
  assert.deepEqual(x.array(), [1, 2]);
  assert.throws(() => tf.tensor([1, 2, 3], [2]), {
    message: 'tensor: 3 values for the shape [2] of 2 elements',
  });
});

test('eye is square unless it is not, and repeats along a batch', () => {
  assert.deepEqual(tf.eye(2).array(), [
    [1, 0],
    [0, 1],
  ]);
  assert.deepEqual(tf.eye(1, 2, [2], 'i32').array(), [[[1, 0]], [[1, 0]]]);
  assert.equal(tf.eye(1).dtype, 'f32');
});

test('random ops follow the seed, and a seed of their own', () => {
  const draw = () => [tf.randomNormal([3]).array(), tf.randomUniform([3]).array()];
  tf.setSeed(7);
  const first = draw();
  assert.notDeepEqual(draw(), first);
  tf.setSeed(7);
  assert.deepEqual(draw(), first);
  const seeded = () => tf.randomNormal([2], 0, 1, 'f32', 5).array();
  assert.deepEqual(seeded(), seeded());
});

test('random numbers have the moments of their distribution', () => {
  const x = tf.randomNormal([20000], 3, 2, 'f64', 1);
  assert.ok(Math.abs(x.mean().item() - 3) < 0.05);
  assert.ok(Math.abs(x.sub(3).square().mean().item() - 4) < 0.15);
  const u = tf.randomUniform([20000], -1, 3, 'f64', 2);
  assert.ok(Math.abs(u.mean().item() - 1) < 0.04);
  assert.ok(u.min().item() >= -1 && u.max().item() < 3);
  const kept = tf.ones([20000]).dropout(0.25, undefined, 3);
  assert.ok(Math.abs(kept.mean().item() - 1) < 0.02);
});

test('what was made of lists and numbers is freed with its op', () => {
  const x = tf.tensor([[1, 2]]);
  const before = tf.memory().tensors;
  const calls: (() => Tensor)[] = [
    () => x.add([1, 2]),
    () => tf.concat([x, [[3, 4]]]),
    () => tf.where(true, x, 0),
    () => x.gather([0]),
    () => tf.cast([1, 2], 'f32'),
    () => tf.exp([1, 2]),
    () => tf.reshape([1, 2], [2, 1]),
    () => tf.eye(3, 2, [4]),
  ];
  for (const call of calls) {
    const result = call();
    assert.equal(tf.memory({ sweep: false }).tensors, before + 1, String(call));
    result.dispose();
    assert.equal(tf.memory({ sweep: false }).tensors, before, String(call));
  }
});

test('half-precision typed arrays stay what they are', () => {
  const { Float16Array } = globalThis as unknown as {
    Float16Array: { of(...values: number[]): Float32Array };
  };
  const half = tf.tensor(Float16Array.of(0.5, 2.25));
  assert.deepEqual([half.dtype, half.array()], ['f16', [0.5, 2.25]]);
});

test("JavaScript's own operators see the value of a tensor that has one", () => {
  assert.ok((tf.scalar(3) as unknown as number) > 2);
  assert.equal(`${tf.scalar(3)}`, String(tf.scalar(3)));
});
