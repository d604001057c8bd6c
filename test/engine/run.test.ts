import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { ops } from '../../engine/ops/index.ts';
import { OP_COUNT } from '../../engine/protocol.ts';
import { state } from '../../engine/state.ts';

test('every op of the table has a name in the public list', () => {
  const missing = Object.keys(ops).filter((name) => !(name in tf));
  assert.deepEqual(missing, []);
});

test('the short way and the long way of an op give the same', () => {
  const x = tf.randomNormal([5, 7], 0, 1, 'f32', 1);
  const y = tf.randomNormal([5, 7], 0, 1, 'f32', 2);
  const first = x.mul(y).data();
  assert.deepEqual(x.mul(y).data(), first);
  assert.deepEqual(x.transpose().mul(y.transpose()).transpose().data(), first);
  const tail = tf.concat([x, x]).slice([5], [5]);
  assert.deepEqual(tail.mul(y).data(), first, 'dense, but not at the start of its storage');
  assert.deepEqual(x.mul(y.cast('f64')).dtype, 'f64');
  assert.deepEqual(x.mul(y).data(), first, 'after another dtype has passed');
});

test('ops are counted, whichever way they go', () => {
  const x = tf.ones([3]);
  x.add(x);
  const before = control[OP_COUNT]!;
  x.add(x);
  x.exp();
  x.sum();
  assert.equal(control[OP_COUNT]! - before, 3);
});

test('an op on tensors of two devices names both', () => {
  const x = tf.ones([2]);
  tf.setDevice('plain');
  const y = tf.ones([2]);
  state.device = null;
  assert.equal(y.device, 'plain');
  assert.throws(() => x.add(y), /add: f32\[2\] is on cpu and f32\[2\] on plain/);
  assert.throws(
    () => tf.setDevice('gpu'),
    /^Error: setDevice: no device is called 'gpu'; there are cpu, plain$/,
  );
  assert.throws(() => x.to('gpu'), /^Error: to: no device is called 'gpu'; there are cpu, plain$/);
});

test('to() moves values and, backwards, gradients', () => {
  const w = tf.variable([
    [1, 2],
    [3, 4],
  ]);
  using tape = new tf.GradientTape();
  const there = w.transpose().to('plain');
  assert.deepEqual(
    [there.device, there.array()],
    [
      'plain',
      [
        [1, 3],
        [2, 4],
      ],
    ],
  );
  const back = there.square().to('cpu').sum();
  const slope = tape.gradient(back, w)!;
  assert.equal(slope.device, 'cpu');
  assert.deepEqual(slope.array(), [
    [2, 4],
    [6, 8],
  ]);
});

test('backendInfo says what computes and how memory comes back', () => {
  const { tiers, ...rest } = tf.backendInfo();
  assert.deepEqual(Object.keys(tiers), ['simd', 'wide', 'blas']);
  assert.deepEqual(tiers.simd, {
    available: true,
    about: 'WebAssembly, 128 bits, multiply-adds in one step',
  });
  assert.deepEqual(rest, {
    device: 'cpu',
    tier: 'simd',
    fused: true,
    liveness: 'WeakSet',
    threads: availableParallelism(),
    devices: ['cpu', 'plain'],
  });
});

test('layer scopes give tape nodes their path', () => {
  const w = tf.variable([1, 2]);
  using tape = new tf.GradientTape();
  const y = tf.scope('encoder', () => tf.scope('dense1', () => w.mul(w)));
  y.sum();
  assert.deepEqual(
    tape.nodes.map(({ path, op }) => [path, op.name]),
    [
      ['encoder/dense1', 'mul'],
      ['', 'sum'],
    ],
  );
});

test('a composite op that hands its input through gives a handle of its own', () => {
  const x = tf.ones([2, 2]);
  const before = tf.memory({ sweep: false }).tensors;
  const y = x.dropout(0);
  y.dispose();
  assert.deepEqual(x.array(), [
    [1, 1],
    [1, 1],
  ]);
  assert.ok(tf.memory({ sweep: false }).tensors <= before);
});

test("data() is the caller's own", () => {
  const x = tf.tensor([1, 2, 3]);
  const values = x.data();
  values[0] = 9;
  assert.deepEqual(x.array(), [1, 2, 3]);
  assert.ok(!(values.buffer instanceof SharedArrayBuffer));
});

test('item() takes one element, of any shape', () => {
  assert.equal(tf.tensor([[4]]).item(), 4);
  assert.equal(tf.tensor([true]).item(), true);
  assert.equal(tf.tensor([2n ** 60n]).item(), 2n ** 60n);
  assert.throws(() => tf.ones([2]).item(), /item: f32\[2\] has 2 elements/);
});
