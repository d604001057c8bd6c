import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { Gate, GATE } from '../../engine/protocol.ts';

test('gradients that add up leave alone what others hold', () => {
  const x = tf.tensor([1, 2]);
  const w = tf.variable([3, 4]);
  const ones = tf.ones([2]);
  const passed: unknown[] = [];
  // Gives the gradient on as it is, and remembers it.
  const through = tf.customGrad((a) => ({
    value: a.clone(),
    gradFunc: (dy) => {
      passed.push(dy.array());
      return dy;
    },
  }));
  using tape = new tf.GradientTape();
  tape.watch(x);
  const y = through(x).add(x).add(x.mul(w)).add(x).add(w);
  const [dx, dw] = tape.gradient(y, [x, w], { outputGradients: ones });
  assert.deepEqual(dx!.array(), [6, 7]);
  assert.deepEqual(dw!.array(), [2, 3]);
  assert.deepEqual(ones.array(), [1, 1]);
  assert.deepEqual(passed, [[1, 1]]);
  assert.deepEqual(
    [x.array(), w.array()],
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test('a tensor that one op takes three times gets all its gradients', () => {
  const x = tf.tensor([1, 2]);
  const sum3 = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
    tf.customGrad((p: tf.Tensor, q: tf.Tensor, r: tf.Tensor) => ({
      value: p.add(q).add(r),
      gradFunc: (dy: tf.Tensor) => {
        const doubled = dy.mul(2);
        return [doubled, dy, doubled];
      },
    }))(a, b, c);
  const grad = (f: (x: tf.Tensor) => tf.Tensor) => tf.grad(f)(x).array();
  assert.deepEqual(
    grad((a) => sum3(a, a, a)),
    [5, 5],
  );
  assert.deepEqual(
    grad((a) => a.add(a).add(a.add(a))),
    [4, 4],
  );
  assert.deepEqual(
    grad((a) => tf.concat([a, a, a])),
    [3, 3],
  );
  assert.deepEqual(
    grad((a) => a.mul(a).mul(a)),
    [3, 12],
  );
});

test('the gradient of a source in the middle stays what it was', () => {
  const x = tf.tensor([1, 2]);
  using tape = new tf.GradientTape();
  tape.watch(x);
  const y = x.add(x);
  const z = y.add(1).add(y);
  const [dz, dy, dx, same] = tape.gradient(z, [z, y, x, y]);
  assert.deepEqual(
    [dz, dy, dx, same].map((g) => g!.array()),
    [
      [1, 1],
      [2, 2],
      [4, 4],
      [2, 2],
    ],
  );
  dy!.dispose();
  assert.deepEqual(same!.array(), [2, 2]);
});

test('a backward pass gives back all it made but the gradients', () => {
  const x = tf.tensor([
    [1, 2],
    [3, 4],
  ]);
  const w = tf.variable([
    [1, 0],
    [0, 1],
  ]);
  const run = () => {
    using tape = new tf.GradientTape();
    const loss = tf.tidy(() => x.matMul(w).add(1).mul(2).relu().sub(x).square().mean());
    const [dw, again] = tape.gradient(loss, [w, w]);
    for (const tensor of [loss, dw, again]) tensor!.dispose();
  };
  run();
  const before = tf.memory({ sweep: false });
  run();
  const after = tf.memory({ sweep: false });
  assert.deepEqual([after.tensors, after.bytes], [before.tensors, before.bytes]);
});

test('gradients of weights that steps share have the same bits while someone looks', () => {
  const xs = Array.from({ length: 5 }, () => tf.randomNormal([16, 24]));
  const w = tf.randomNormal([24, 24], 0, 0.3);
  const [kernel, recurrent] = [tf.randomNormal([24, 96]), tf.randomNormal([24, 96])];
  const gradients = tf.grads((w, kernel, recurrent) => {
    let state = { h: xs[0]!, c: xs[0]! };
    for (const x of xs) {
      state = tf.lstmCell(x, state.h.matMul(w!).tanh(), state.c, kernel!, recurrent!);
    }
    return state.h.square().mean();
  });
  const bits = () => gradients([w, kernel, recurrent]).map((g) => [...g.data()]);
  const closed = bits();
  control[GATE] = Gate.SITES;
  try {
    assert.deepEqual(bits(), closed);
  } finally {
    control[GATE] = 0;
  }
});
