import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

test('cond calls the branch that holds and no other', () => {
  const never = () => assert.fail('called');
  assert.equal(tf.cond(tf.tensor(true), () => 1, never), 1); // prettier-ignore
  assert.equal(tf.cond(tf.tensor([0]), never, () => 2), 2); // prettier-ignore
  assert.equal(tf.cond(false, never, () => 3), 3); // prettier-ignore
  assert.throws(
    () => tf.cond(tf.tensor([1, 2]), never, never),
    /cond: a condition of 2 elements is neither true nor false; all\(\) or any\(\)/,
  );
  assert.throws(() => tf.cond(true, 1 as never, never), /cond: trueFn is 1; it must be a function/);
});

test('whileLoop runs while its condition holds, and gradients flow through the steps it made', () => {
  const x = tf.scalar(2);
  const { value, grad } = tf.valueAndGrad((a: tf.Tensor) => {
    const loop = (n: number, y: tf.Tensor): [number, tf.Tensor] => [n + 1, y.mul(a)];
    return tf.whileLoop((n) => n < 3, loop, [0, tf.scalar(1)])[1];
  })(x);
  assert.deepEqual([value.item(), grad!.item()], [8, 12]);
  assert.deepEqual(tf.whileLoop((n) => n >= 0, (n: number) => n + 1, [0], 5), [5]); // prettier-ignore
  assert.throws(
    () => tf.whileLoop<number[]>(() => true, () => [1], [1, 2]), // prettier-ignore
    /whileLoop: body gave 1 variables; the loop has 2/,
  );
});

test('scan stacks what it carries, from either end', () => {
  const x = tf.tensor([1, 2, 3, 4]);
  const sum = (a: tf.Tensor, b: tf.Tensor) => a.add(b);
  assert.deepEqual(tf.scan(sum, x).array(), [1, 3, 6, 10]);
  assert.deepEqual(tf.scan(sum, x, tf.scalar(10)).array(), [11, 13, 16, 20]);
  assert.deepEqual(tf.scan(sum, x, undefined, true).array(), [10, 9, 7, 4]);
  const fibonacci = tf.scan(([a, b]: readonly tf.Tensor[]) => [b!, a!.add(b!)], tf.zeros([5]), [
    tf.scalar(0),
    tf.scalar(1),
  ]);
  assert.deepEqual(fibonacci[0]!.array(), [1, 1, 2, 3, 5]);
  assert.throws(() => tf.scan(sum, tf.zeros([0])), /scan: there are no elements/);
  assert.throws(() => tf.scan(sum, tf.scalar(1)), /scan: elems must be tensors with a first axis/);
});

test('switchCase calls one of a list, the default or the last', () => {
  const list = [() => 'a', () => 'b'];
  assert.equal(tf.switchCase(0, list), 'a');
  assert.equal(tf.switchCase(tf.tensor(1, [], 'i32'), list), 'b');
  assert.equal(tf.switchCase(7, list), 'b');
  assert.equal(tf.switchCase(-1, list, () => 'c'), 'c'); // prettier-ignore
  assert.throws(() => tf.switchCase(0, []), /switchCase: there is no function to call/);
});

test('rnn steps through time, either way, and where its mask counts', () => {
  const step = (x: tf.Tensor, [h]: readonly [tf.Tensor]) => {
    const next = h.mul(10).add(x);
    return [next, [next]] as const;
  };
  const x = tf.tensor([[[1], [2], [3]], [[4], [5], [6]]]); // prettier-ignore
  const zero = [tf.zeros([2, 1])] as const;
  const ahead = tf.rnn(step, x, zero);
  assert.deepEqual(ahead.outputs.array(), [[[1], [12], [123]], [[4], [45], [456]]]); // prettier-ignore
  assert.deepEqual(ahead.lastOutput.array(), [[123], [456]]);
  assert.deepEqual(ahead.states[0].array(), [[123], [456]]);
  const back = tf.rnn(step, x, zero, { goBackwards: true });
  assert.deepEqual(back.outputs.array(), [[[3], [32], [321]], [[6], [65], [654]]]); // prettier-ignore
  const turned = tf.rnn(step, x.transpose([1, 0, 2]), zero, { timeMajor: true });
  assert.deepEqual(turned.outputs.array(), ahead.outputs.transpose([1, 0, 2]).array());
  const mask = tf.tensor([[true, true, false], [false, true, true]]); // prettier-ignore
  const some = tf.rnn(step, x, zero, { mask });
  assert.deepEqual(some.outputs.array(), [[[1], [12], [12]], [[0], [5], [56]]]); // prettier-ignore
  assert.deepEqual(some.states[0].array(), [[12], [56]]);
  assert.throws(
    () => tf.rnn(step, x, zero, { mask: mask.transpose() }),
    /rnn: the mask is \[3,2\]/,
  );
  assert.throws(() => tf.rnn(step, tf.zeros([2, 0, 1]), zero), /rnn: inputs are \[2,0,1\]/);
});

test('a cell in rnn has the gradient of its steps', () => {
  const kernel = tf.tensor([[0.5]]);
  const grad = tf.grad((w: tf.Tensor) => {
    const step = (x: tf.Tensor, [h]: readonly [tf.Tensor]) => {
      const next = tf.simpleRnnCell(x, h, w, w, undefined, 'relu');
      return [next, [next]] as const;
    };
    return tf.rnn(step, tf.ones([1, 3, 1]), [tf.zeros([1, 1])]).lastOutput.sum();
  })(kernel);
  // h3 = w + w^2 + w^3.
  assert.equal(grad!.item(), 1 + 2 * 0.5 + 3 * 0.25);
});

test('hostCall gives what a function of JavaScript makes of values, in the shape and dtype that were said', () => {
  const x = tf.tensor([3, 1, 2]);
  const sorted = tf.hostCall((x) => x.data<Float32Array>().toSorted(), [x], { shape: [3], dtype: 'f64' }); // prettier-ignore
  assert.deepEqual([sorted.array(), sorted.dtype], [[1, 2, 3], 'f64']);
  const count = tf.hostCall((x, n) => x.size + n.item(), [x, 4], { shape: [], dtype: 'i32' });
  assert.equal(count.item(), 7);
  const wrong: readonly [() => unknown, RegExp][] = [
    [() => tf.hostCall((x) => x, [x], { shape: [2], dtype: 'f32' }), /hostCall: the function gave f32\[3\]; f32\[2\] was said/], // prettier-ignore
    [
      () => tf.hostCall((x) => x, [x], { shape: [3], dtype: 'f64' }),
      /gave f32\[3\]; f64\[3\] was said/,
    ],
    [() => tf.hostCall((async () => 1) as never, [x], { shape: [], dtype: 'f32' }), /returned a promise/], // prettier-ignore
    [
      () => tf.hostCall((() => {}) as never, [x], { shape: [], dtype: 'f32' }),
      /returned undefined/,
    ],
    [
      () => tf.hostCall(3 as never, [x], { shape: [], dtype: 'f32' }),
      /hostCall: takes a function, not 3/,
    ],
    [() => tf.hostCall(() => 1, [x], undefined as never), /the third argument is undefined; it must say what comes/], // prettier-ignore
    [() => tf.hostCall(() => 1, x as never, { shape: [], dtype: 'f32' }), /the inputs are the tensor f32\[3\]; they must be a list/], // prettier-ignore
  ];
  for (const [f, says] of wrong) assert.throws(f, says);
  const two = () => tf.hostCall(() => [1, 2], [x], { shape: [3], dtype: 'f32' });
  assert.throws(two, /hostCall: 2 values for the shape \[3\]/);
});

test("gradients go through the ops of a host function, or by its own formula: TensorFlow's log_huber", () => {
  // tensorflow/python/eager/script_ops tests: y = 1 and dy/dx = 2 at x = 1, m = 2.
  const logHuber = (x: tf.Tensor, m: tf.Tensor) =>
    x.abs().item() <= m.item() ? x.square() : m.square().mul(m.log().mul(-2).add(x.square().log()).add(1)); // prettier-ignore
  const both = (x: tf.Tensor) => tf.hostCall(logHuber, [x, 2], { shape: [], dtype: 'f32' });
  const { value, grad } = tf.valueAndGrad(both)(tf.scalar(1));
  assert.deepEqual([value.item(), grad.item()], [1, 2]);
  const cube = (x: tf.Tensor) =>
    tf.hostCall((x) => x.data<Float32Array>().map((v) => v ** 3), [x], {
      shape: [2],
      dtype: 'f32',
      gradient: (dy, x) => dy.mul(x.square()).mul(3),
    });
  const x = tf.tensor([1, 2]);
  assert.deepEqual(
    tf
      .grad((x) => cube(x).sum())(x)
      .array(),
    [3, 12],
  );
  assert.deepEqual(
    tf
      .grad((x) =>
        tf
          .grad((x) => cube(x).sum())(x)
          .sum(),
      )(x)
      .array(),
    [6, 12],
  );
  const none = (x: tf.Tensor) => tf.hostCall((x) => x.data(), [x], { shape: [2], dtype: 'f32' });
  assert.throws(() => tf.grad((x) => none(x).sum())(x), /does not depend on the argument/);
  const few = (x: tf.Tensor) => tf.hostCall((x) => x.item(), [x], { shape: [], dtype: 'f32', gradient: () => [] }); // prettier-ignore
  assert.throws(
    () => tf.grad(few)(tf.scalar(1)),
    /hostCall: gradient gave 0 gradients for 1 inputs/,
  );
  const nothing = (x: tf.Tensor) => tf.hostCall((x) => x.item(), [x], { shape: [], dtype: 'f32', gradient: (() => {}) as never }); // prettier-ignore
  assert.throws(
    () => tf.grad(nothing)(tf.scalar(1)),
    /hostCall: gradient gave undefined; it must give a tensor, or a list/,
  );
  const doubled = tf.vmap((x: tf.Tensor) =>
    tf.hostCall((x) => x.mul(2), [x], { shape: [], dtype: 'f32' }),
  );
  assert.deepEqual(doubled(x).array(), [2, 4]);
});
