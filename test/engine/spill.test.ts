/** An arena too small for what a program makes: the rest lives in ordinary buffers, and ops do not tell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCpu } from '../../engine/devices/cpu/index.ts';
import * as tf from '../../engine/index.ts';
import { supply } from '../../engine/placement.ts';

supply('cpu', () => openCpu({ oracle: null, limit: 16 * 2 ** 20 }));

const [BATCH, WIDE] = [256, 2048];

/** The most that lay outside. */
let outside = 0;

/** The losses of some updates, whose tensors take 2 MB each. */
function losses(): number[] {
  return tf.tidy(() => {
    const x = tf.randomNormal([BATCH, 64], 0, 1, 'f32', 1);
    const w1 = tf.variable(tf.randomNormal([64, WIDE], 0, 0.1, 'f32', 2));
    const w2 = tf.variable(tf.randomNormal([WIDE, 4], 0, 0.02, 'f32', 3));
    const sgd = new tf.SGD(0.01);
    const loss = () => {
      const h = x.matMul(w1).relu();
      outside = Math.max(outside, tf.memory().devices.cpu!.outside);
      return h.matMul(w2).square().mean();
    };
    const list = Array.from({ length: 3 }, () => tf.tidy(() => sgd.minimize(loss).item()));
    w1.dispose();
    w2.dispose();
    return list;
  });
}

test('what does not fit into the arena lives outside, and training goes on as if it did', () => {
  const roomy = losses();
  assert.equal(outside, 0);
  const hogs = Array.from({ length: 9 }, () => tf.ones([2 ** 18]));
  const { reserved } = tf.memory().devices.cpu!;
  const tight = losses();
  assert.ok(outside > 0);
  tight.forEach((loss, i) => assert.ok(Math.abs(loss / roomy[i]! - 1) < 1e-5, `${tight}`));
  assert.ok(tight[2]! < tight[0]!);
  const all = tf.zeros([2 ** 20]);
  assert.equal(tf.memory().devices.cpu!.outside, 2 ** 22);
  assert.ok(tf.memory().devices.cpu!.reserved >= reserved + 2 ** 22);
  assert.equal(
    all
      .add(hogs[0]!.slice([0], [1]))
      .sum()
      .item(),
    2 ** 20,
  );
  tf.dispose([all, hogs]);
});

test('views, gradients and edits of what lives outside', () => {
  const hogs = Array.from({ length: 11 }, () => tf.ones([2 ** 18]));
  const x = tf.variable(tf.ones([2 ** 10, 2 ** 9]));
  assert.ok(tf.memory().devices.cpu!.outside >= 2 ** 21);
  using tape = new tf.GradientTape();
  const gradient = tape.gradient(x.slice([1, 0], [1, 3]).square().sum(), x)!;
  assert.deepEqual(gradient.slice([0, 0], [3, 4]).array(), [
    [0, 0, 0, 0],
    [2, 2, 2, 0],
    [0, 0, 0, 0],
  ]);
  x.assignAdd(gradient);
  assert.deepEqual(x.transpose().slice([2, 0], [2, 3]).array(), [
    [1, 3, 1],
    [1, 1, 1],
  ]);
  tf.dispose([x, gradient, hogs]);
});
