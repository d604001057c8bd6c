import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '../../engine/index.ts';

type T = tf.Tensor;

// The talk's identity whose backward clips the norm, in six lines.
const clipGradientByNorm = tf.customGrad((x: T, norm: T) => ({
  value: x.identity(),
  gradFunc: (dy) => {
    return [dy.mul(norm.div(dy.square().sum().sqrt()).minimum(1)), null];
  },
}));

test('the norm behind it is the smaller of the two, on a hundred tensors', () => {
  for (let seed = 0; seed < 100; seed++) {
    const x = tf.randomNormal([5], 0, 1, 'f64', seed);
    const dy = tf.randomNormal([5], 0, (seed % 10) + 0.1, 'f64', seed + 1000);
    const norm = tf.scalar(2, 'f64');
    using tape = new tf.GradientTape({ persistent: true });
    tape.watch([x, norm]);
    const y = clipGradientByNorm(x, norm);
    const [g, none] = tape.gradient(y, [x, norm], { outputGradients: dy });
    const [after, before] = [g!, dy].map((t) => t.square().sum().sqrt().item());
    assert.ok(Math.abs(after! - Math.min(before!, 2)) < 1e-12, `${after} of ${before}`);
    assert.equal(none, null);
    assert.deepEqual(y.array(), x.array());
  }
});

test('log(1 + e^x) by the guide: NaN at 100 without a gradient of its own, 1 with it', () => {
  const naive = (x: T) => x.exp().add(1).log();
  assert.equal(tf.grad(naive)(tf.scalar(0)).item(), 0.5);
  assert.ok(Number.isNaN(tf.grad(naive)(tf.scalar(100)).item()));
  const log1pexp = tf.customGrad((x: T) => {
    const e = x.exp();
    return { value: e.add(1).log(), gradFunc: (dy) => dy.mul(tf.sub(1, tf.div(1, e.add(1)))) };
  });
  assert.equal(tf.grad(log1pexp)(tf.scalar(0)).item(), 0.5);
  assert.equal(tf.grad(log1pexp)(tf.scalar(100)).item(), 1);
});

test('it composes with higher orders: the gradient function is differentiated in its turn', () => {
  const cube = tf.customGrad((x: T) => ({
    value: x.mul(x).mul(x),
    gradFunc: (dy) => dy.mul(x.mul(x).mul(3)),
  }));
  const x = tf.scalar(2, 'f64');
  assert.equal(tf.grad(cube)(x).item(), 12);
  assert.equal(tf.grad(tf.grad(cube))(x).item(), 12);
  assert.equal(
    tf
      .grad(tf.grad(tf.grad(cube)))(x)
      .item(),
    6,
  );
});

test('with variables among its inputs, saved tensors, and others that are tracked', () => {
  const w = tf.variable([1, 2]);
  const scaled = tf.customGrad((x: T, v: T, save: (tensors: readonly T[]) => void) => {
    save([x, v]);
    return {
      value: x.mul(v),
      gradFunc: (dy: T, saved: readonly T[]) => [dy.mul(saved[1]!), dy.mul(saved[0]!)],
    };
  });
  using tape = new tf.GradientTape();
  const x = tf.tensor([3, 4]);
  const loss = scaled(x, w).sum();
  w.assign([50, 60]);
  assert.deepEqual(tape.gradient(loss, w)!.array(), [3, 4]);
});

test('under vmap it sees one example, also where its gradient is asked for outside', () => {
  const xs = tf.tensor([
    [3, 4],
    [0.3, 0.4],
  ]);
  const clipped = (x: T) => clipGradientByNorm(x, tf.scalar(1)).square().sum().mul(0.5);
  const rounded = (t: T) =>
    (t.array() as number[][]).map((row) => row.map((v) => Number(v.toFixed(6))));
  const expected = [
    [0.6, 0.8],
    [0.3, 0.4],
  ];
  assert.deepEqual(rounded(tf.vmap(tf.grad(clipped))(xs)), expected);
  assert.deepEqual(rounded(tf.grad((xs) => tf.vmap(clipped)(xs).sum())(xs)), expected);
  const square = tf.customGrad((x: T) => ({
    value: x.square(),
    gradFunc: (dy) => dy.mul(x.mul(2)),
  }));
  const outer = tf.grad((xs) =>
    tf
      .vmap((x: T) => square(x).sum())(xs)
      .mul(tf.tensor([1, 10]))
      .sum(),
  );
  assert.deepEqual(rounded(outer(xs)), [
    [6, 8],
    [6, 8],
  ]);
});

test('an input that is the same for all examples gets the sum outside, and its own gradient inside', () => {
  const xs = tf.tensor([
    [3, 4],
    [5, 6],
  ]);
  const v = tf.tensor([1, 2]);
  const product = tf.customGrad((a: T, b: T) => ({
    value: a.mul(b),
    gradFunc: (dy) => [dy.mul(b), dy.mul(a)],
  }));
  assert.deepEqual(
    tf
      .grad((v) =>
        tf
          .vmap((x: T) => product(v, x).sum())(xs)
          .sum(),
      )(v)
      .array(),
    [8, 10],
  );
  assert.deepEqual(
    tf
      .vmap((x: T) => tf.grad((v) => product(v, x).sum())(v))(xs)
      .array(),
    xs.array(),
  );
});

test('a tensor that was there before keeps its own gradient where such a function gives it back', () => {
  const [x, w] = [tf.variable([1, 2]), tf.variable([5, 6])];
  const hundred = (dy: T) => dy.mul(100);
  const gives = [
    (it: T) => tf.customGrad((_: T) => ({ value: it, gradFunc: hundred }))(x),
    (it: T) => tf.hostCall(() => it, [x], { shape: [2], dtype: 'f32', gradient: hundred }),
  ];
  for (const give of gives) {
    using tape = new tf.GradientTape({ persistent: true });
    const twice = w.mul(2);
    for (const it of [w, twice]) {
      const given = give(it).sum();
      assert.deepEqual(tape.gradient(given, x)?.array(), [100, 100]);
      assert.equal(tape.gradient(given, w), null);
    }
    assert.equal(tape.gradient(w.mul(twice).sum(), x), null);
    assert.deepEqual(tape.gradient(w.mul(twice).sum(), w)?.array(), [20, 24]);
  }
});

test('a gradient function that gives something else is told so', () => {
  const said = /customGrad: gradFunc gave undefined; it must give a tensor, or a list with one/;
  const none = tf.customGrad((x: T) => ({ value: x.clone(), gradFunc: (() => {}) as never }));
  assert.throws(() => tf.grad(none)(tf.scalar(1)), said);
});
