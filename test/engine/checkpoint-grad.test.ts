import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

type T = tf.Tensor;

/** Gradients of a little net with and without recomputation: values, variables, an input, a tensor around it. */
function run(wrap: (f: (h: T) => T) => (h: T) => T) {
  tf.setSeed(5);
  const w = tf.variable(tf.randomNormal([8, 8], 0, 0.3));
  const u = tf.variable(tf.randomNormal([8, 8], 0, 0.3));
  const x = tf.randomNormal([4, 8]);
  const scale = tf.randomNormal([8]);
  using tape = new tf.GradientTape();
  tape.watch([x, scale]);
  const around = scale.exp();
  const block = (h: T) => h.matMul(w).mul(around).softmax().dropout(0.3).matMul(u).sigmoid();
  const loss = wrap(block)(wrap(block)(x)).square().sum();
  const { bytes, nodes } = tape;
  const recorded = nodes.length;
  const grads = tape.gradient(loss, [w, u, x, scale]).map((g) => g!.data());
  return { bytes, recorded, grads, loss: loss.item(), next: tf.randomUniform([3]).data() };
}

test('the same gradients, bit for bit, with dropout, variables and tensors around it', () => {
  const [plain, saving] = [run((f) => f), run((f) => tf.checkpoint(f))];
  assert.equal(saving.loss, plain.loss);
  assert.deepEqual(saving.grads, plain.grads);
  assert.deepEqual(
    saving.next,
    plain.next,
    'the generator goes on as if nothing had been drawn again',
  );
  assert.ok(saving.recorded < plain.recorded / 2);
});

test('generators of its own draw the same again, also where checkpoints nest, and go on from where they were', () => {
  const run = (wrap: (f: (h: T) => T) => (h: T) => T) => {
    const generator = new tf.Generator(3);
    const x = tf.ones([6]);
    const noisy = (h: T) => h.mul(tf.randomNormal([6], 0, 1, 'f32', generator));
    using tape = new tf.GradientTape();
    tape.watch(x);
    const loss = wrap((h) => wrap(noisy)(wrap(noisy)(noisy(h))))(noisy(x)).sum();
    return { grads: tape.gradient(loss, x)!.data(), state: generator.getState() };
  };
  assert.deepEqual(run((f) => tf.checkpoint(f)), run((f) => f)); // prettier-ignore
});

test('the tape keeps what goes in, and the rest is freed at once', () => {
  const deep = (h: T) => {
    for (let i = 0; i < 20; i++) h = h.sin().exp().sub(1);
    return h;
  };
  const x = tf.variable(tf.ones([1024]));
  const held = (f: (h: T) => T) => {
    using tape = new tf.GradientTape();
    const before = tf.memory().bytes;
    f(x);
    return [tf.memory().bytes - before, tape.bytes];
  };
  const [all, kept] = held(tf.checkpoint(deep));
  assert.ok(all! <= 4096 + 64, `${all} bytes after it, one result of 4096`);
  assert.equal(kept, 4096, 'the input');
  assert.ok(held(deep)[1]! >= 20 * 4096);
});

test('several arguments and results, an argument given back, and none that is used', () => {
  const f = tf.checkpoint((a: T, b: T) => [a.mul(b), a, b.exp()]);
  const [a, b] = [tf.scalar(2, 'f64'), tf.scalar(3, 'f64')];
  using tape = new tf.GradientTape({ persistent: true });
  tape.watch([a, b]);
  const [product, same, other] = f(a, b) as [T, T, T];
  assert.deepEqual(
    tape.gradient(product, [a, b]).map((g) => g!.item()),
    [3, 2],
  );
  assert.deepEqual(
    tape.gradient(same, [a, b]).map((g) => g && g.item()),
    [1, null],
  );
  assert.equal(tape.gradient([product, other], b)!.item(), 2 + Math.exp(3));
});

test('one tensor as two arguments', () => {
  const product = tf.checkpoint((a: T, b: T) => a.mul(b));
  assert.equal(
    tf
      .grad((x) => product(x, x))(tf.scalar(3))
      .item(),
    6,
  );
});

test('second derivatives, within vmap, and without a tape', () => {
  const f = tf.checkpoint((x: T) => x.sin().mul(x));
  const second = tf.grad(tf.grad(f))(tf.scalar(0.5, 'f64')).item();
  assert.ok(Math.abs(second - (2 * Math.cos(0.5) - 0.5 * Math.sin(0.5))) < 1e-14);
  const xs = tf.tensor([0.1, 0.2], undefined, 'f64');
  const slopes = tf.vmap(tf.grad(f))(xs).array() as number[];
  [0.1, 0.2].forEach((x, i) =>
    assert.ok(Math.abs(slopes[i]! - (Math.cos(x) * x + Math.sin(x))) < 1e-14),
  );
  assert.equal(f(tf.scalar(0)).item(), 0);
});

test('a variable that was assigned in between is an error', () => {
  const w = tf.variable([1, 2]);
  using tape = new tf.GradientTape();
  const y = tf.checkpoint((x: T) => x.mul(w).sum())(tf.ones([2]));
  w.assign([3, 4]);
  assert.throws(
    () => tape.gradient(y, w),
    /checkpoint: variable.* has other values than when the function ran/,
  );
});

test('what it is given is checked', () => {
  const three = tf.checkpoint((() => 3) as never) as (x: T) => T;
  assert.throws(() => three(tf.ones([1])), /must return tensors, not 3/);
  using tape = new tf.GradientTape();
  assert.throws(() => tf.checkpoint(3 as never), /checkpoint: takes a function, not 3/);
  assert.throws(
    () => tf.checkpoint((x: T) => x)(3 as never),
    /an argument is 3; it must be a tensor/,
  );
  assert.throws(() => three(tf.ones([1])), /must return tensors, not 3/);
  void tape;
});
