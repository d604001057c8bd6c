import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cpu } from '../../engine/devices/cpu/index.ts';
import * as tf from '../../engine/index.ts';
import { deviceOf } from '../../engine/placement.ts';

/** A training run that drops whatever it makes; its losses. */
function losses(): number[] {
  const x = tf.randomNormal([64, 32], 0, 1, 'f32', 1);
  const y = tf.randomNormal([64, 8], 0, 1, 'f32', 2);
  const [w1, w2] = [
    tf.variable(tf.randomNormal([32, 128], 0, 0.1, 'f32', 3)),
    tf.variable(tf.randomNormal([128, 8], 0, 0.1, 'f32', 4)),
  ];
  const b1 = tf.variable(tf.zeros([128]));
  const adam = new tf.Adam(0.01);
  const list: number[] = [];
  const history: tf.Tensor[] = [];
  for (let i = 0; i < 120; i++) {
    using tape = new tf.GradientTape({ persistent: i % 3 === 0 });
    const h = x.matMul(w1).biasAdd(b1).tanh();
    const drawn = tf.randomUniform([64, 128], 0, 1, 'f32', i);
    const parts = h.mul(drawn.greater(0.1).cast('f32')).split(4, 1);
    const out = tf.concat(parts, 1).transpose().transpose().matMul(w2);
    const loss = tf.layerNorm(out).sub(y).square().mean();
    const gradients = tape.gradient(loss, [w1, b1, w2]);
    adam.apply(gradients, [w1, b1, w2]);
    list.push(loss.item());
    if (i % 10 === 0) history.push(h.slice([0, 0], [1, 4]));
  }
  for (const tensor of history) list.push(...[...tensor.data()].map(Number));
  return list;
}

// The sweep must never take what something still holds: a tensor, a view, a tape, a variable, an op that runs.
test('training comes out bit for bit the same however often memory is swept', () => {
  const expected = losses();
  const { watermark } = deviceOf('cpu') as Cpu;
  let sweeps = 0;
  const { measure } = watermark;
  watermark.measure = (sweep) => {
    sweeps++;
    measure.call(watermark, sweep);
  };
  tf.setSweepLimit(2 ** 20);
  assert.deepEqual(losses(), expected);
  tf.setSweepLimit(512 * 2 ** 20);
  assert.ok(sweeps > 20, `${sweeps} sweeps`);
  assert.throws(() => tf.setSweepLimit(10), /less than 1 MiB/);
});
