import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { GATE, Gate } from '../../engine/protocol.ts';
import { state } from '../../engine/state.ts';

const near = (actual: unknown, expected: number, tolerance = 1e-5): void =>
  assert.ok(Math.abs(Number(actual) - expected) <= tolerance, `${actual} is not ${expected}`);

test('the golden numbers of the talk: w*w at 1, x*x at 3, its second derivative', () => {
  const w = tf.variable(1);
  {
    using tape = new tf.GradientTape();
    const loss = w.mul(w);
    assert.equal(tape.gradient(loss, w)!.item(), 2);
  }
  const x = tf.scalar(3);
  using outer = new tf.GradientTape();
  outer.watch(x);
  using inner = new tf.GradientTape();
  inner.watch(x);
  const y = x.mul(x);
  const first = inner.gradient(y, x)!;
  assert.equal(first.item(), 6);
  assert.equal(outer.gradient(first, x)!.item(), 2);
});

test('a persistent tape answers more than once: z = y*y, y = x*x at 3 gives 108 and 6', () => {
  const x = tf.scalar(3);
  using tape = new tf.GradientTape({ persistent: true });
  tape.watch(x);
  const y = x.mul(x);
  const z = y.mul(y);
  assert.equal(tape.gradient(z, x)!.item(), 108);
  assert.equal(tape.gradient(y, x)!.item(), 6);
  assert.equal(tape.gradient(z, x)!.item(), 108);
  assert.equal(tape.gradient(z, y)!.item(), 18);
});

test('a second gradient() on a tape that is not persistent throws and says what to do', () => {
  const x = tf.scalar(3);
  using tape = new tf.GradientTape();
  tape.watch(x);
  const y = x.mul(x);
  tape.gradient(y, x);
  assert.throws(() => tape.gradient(y, x), /persistent: true/);
});

test('the derivatives of the square: 9, 6, 2, and none of third order', () => {
  const x = tf.scalar(3);
  const square = (x: tf.Tensor) => x.mul(x);
  assert.equal(square(x).item(), 9);
  assert.equal(tf.grad(square)(x).item(), 6);
  assert.equal(tf.grad(tf.grad(square))(x).item(), 2);
  assert.throws(() => tf.grad(tf.grad(tf.grad(square)))(x), /does not depend on the argument/);
});

test('derivatives to third order of x^4 at 1.5 by nested tapes', () => {
  const f = (x: tf.Tensor) => x.mul(x).mul(x).mul(x);
  const x = tf.scalar(1.5, 'f64');
  near(tf.grad(f)(x).item(), 4 * 1.5 ** 3, 1e-12);
  near(tf.grad(tf.grad(f))(x).item(), 12 * 1.5 ** 2, 1e-12);
  near(
    tf
      .grad(tf.grad(tf.grad(f)))(x)
      .item(),
    24 * 1.5,
    1e-12,
  );
});

test('f = x^3 y - x y^2 at (2, 3): 6, 27 and -4', () => {
  const f = (x: tf.Tensor, y: tf.Tensor) => x.mul(x).mul(x).mul(y).sub(x.mul(y).mul(y));
  const { value, grads } = tf.valueAndGrads(f as (...xs: tf.Tensor[]) => tf.Tensor)([
    tf.scalar(2),
    tf.scalar(3),
  ]);
  assert.equal(value.item(), 6);
  assert.deepEqual(
    grads.map((g) => g.item()),
    [27, -4],
  );
});

test('the absolute value has the slopes 1 and -1', () => {
  const slope = tf.grad((x) => x.abs());
  assert.deepEqual([slope(tf.scalar(3)).item(), slope(tf.scalar(-3)).item()], [1, -1]);
});

test('without a tape nothing is recorded, and a forward leaves parameters and result alone', () => {
  const w = tf.variable(tf.ones([64, 64]));
  const before = tf.memory().bytes;
  const out = tf.tidy(() => w.matMul(w).relu().matMul(w).mean());
  const after = tf.memory().bytes;
  assert.ok(after - before <= 64, `${after - before} bytes more for one number`);
  out.dispose();
});

test('outside its block a tape records nothing', () => {
  const x = tf.variable(2);
  const tape = new tf.GradientTape({ persistent: true });
  const y = x.mul(x);
  assert.equal(tape.nodes.length, 1);
  tape.dispose();
  x.mul(x);
  assert.equal(tape.nodes.length, 0);
  assert.throws(() => tape.gradient(y, x), /closed/);
});

test('what nothing watched goes into is not recorded', () => {
  const x = tf.scalar(2);
  using tape = new tf.GradientTape();
  x.mul(x);
  tf.ones([3]).exp();
  assert.equal(tape.nodes.length, 0);
});

test('sources come back in the form they were given, null where nothing flows', () => {
  const x = tf.variable(2);
  const y = tf.variable(5);
  const tape = () => new tf.GradientTape();
  {
    using t = tape();
    const found = t.gradient(x.mul(x), { x, y });
    assert.equal(found.x!.item(), 4);
    assert.equal(found.y, null);
  }
  using t = tape();
  const found = t.gradient(x.mul(x), [y, x, x]);
  assert.deepEqual(
    found.map((g) => g && g.item()),
    [null, 4, 4],
  );
});

test('output gradients weigh the target, several targets add up', () => {
  const x = tf.variable([1, 2]);
  {
    using tape = new tf.GradientTape();
    const y = x.mul(x);
    const weights = tf.tensor([10, 100]);
    assert.deepEqual(tape.gradient(y, x, { outputGradients: weights })!.array(), [20, 400]);
  }
  {
    using tape = new tf.GradientTape();
    assert.deepEqual(tape.gradient([x.mul(x), x.mul(3)], x)!.array(), [5, 7]);
  }
  using tape = new tf.GradientTape();
  const y = x.mul(x);
  assert.throws(
    () => tape.gradient(y, x, { outputGradients: tf.ones([3]) }),
    /output gradient is f32\[3\]; it must have the shape of f32\[2\]/,
  );
});

test('variables are watched by themselves, unless they are not trainable or it is switched off', () => {
  const w = tf.variable(3);
  const fixed = tf.variable(4, false);
  {
    using tape = new tf.GradientTape();
    const found = tape.gradient(w.mul(fixed), [w, fixed]);
    assert.deepEqual([found[0]!.item(), found[1]], [4, null]);
  }
  using tape = new tf.GradientTape({ watchAccessedVariables: false, persistent: true });
  assert.equal(tape.gradient(w.mul(w), w), null);
  tape.watch(w);
  assert.equal(tape.gradient(w.mul(w), w)!.item(), 6);
  assert.deepEqual(tape.watchedVariables(), [w]);
});

test('stopRecording leaves out, reset forgets', () => {
  const x = tf.variable(3);
  using tape = new tf.GradientTape({ persistent: true });
  const y = x.mul(x);
  const hidden = tape.stopRecording(() => x.mul(x));
  assert.equal(tape.nodes.length, 1);
  assert.equal(tape.gradient(hidden, x), null);
  tape.reset();
  assert.equal(tape.nodes.length, 0);
  assert.equal(tape.gradient(y, x), null);
  assert.equal(tape.gradient(x.mul(x), x)!.item(), 6);
});

test('a persistent tape does not record its own gradients, an outer one does', () => {
  const x = tf.variable(3);
  using outer = new tf.GradientTape({ persistent: true });
  using inner = new tf.GradientTape({ persistent: true });
  const y = x.mul(x).mul(x);
  const before = [inner.nodes.length, outer.nodes.length];
  const first = inner.gradient(y, x)!;
  assert.equal(inner.nodes.length, before[0]);
  assert.ok(outer.nodes.length > before[1]!);
  assert.equal(outer.gradient(first, x)!.item(), 18);
});

test('one tape may end before the other, in either order', () => {
  const x = tf.variable(2);
  const first = new tf.GradientTape({ persistent: true });
  const second = new tf.GradientTape({ persistent: true });
  const y = x.mul(x);
  first.dispose();
  const z = y.mul(x);
  assert.equal(second.gradient(z, x)!.item(), 12);
  second.dispose();
});

test('a tensor used twice by one op, and an op that passes its gradient on to both inputs', () => {
  const x = tf.variable([1, 2, 3]);
  using tape = new tf.GradientTape();
  const y = x
    .add(x)
    .sub(x.mul(x))
    .add(tf.concat([x, x]).slice([1], [3]));
  assert.deepEqual(tape.gradient(y.sum(), x)!.array(), [2 - 2 + 1, 2 - 4 + 1, 2 - 6 + 1]);
});

test('gradients through integers, comparisons and stopGradient end there', () => {
  const x = tf.variable([1.5, 2.5]);
  using tape = new tf.GradientTape({ persistent: true });
  assert.equal(tape.gradient(x.cast('i32').cast('f32').sum(), x), null);
  assert.equal(tape.gradient(x.stopGradient().mul(2), x), null);
  assert.throws(() => tape.watch(tf.tensor([1], [1], 'i32')), /i32\[1\] has no gradient/);
});

test('the callback form closes its tape', () => {
  const x = tf.variable(4);
  let kept: tf.GradientTape | undefined;
  const slope = tf.gradientTape((tape) => {
    kept = tape;
    return tape.gradient(x.mul(x), x)!;
  });
  assert.equal(slope.item(), 8);
  assert.throws(() => kept!.watch(x), /closed/);
});

test('handles ended before the backward pass do not hurt it: the tape holds the bytes', () => {
  const x = tf.variable([1, 2]);
  using tape = new tf.GradientTape();
  const loss = tf.tidy(() => x.exp().mul(x).sum());
  const slope = tape.gradient(loss, x)!.array() as number[];
  near(slope[0], 2 * Math.E);
  near(slope[1], 3 * Math.exp(2), 1e-4);
});

test('a custom gradient: clipped, and the numerically safe log(1 + e^x)', () => {
  const clip = tf.customGrad((x) => ({
    value: x,
    gradFunc: (dy) => dy.clipByValue(-1, 1),
  }));
  assert.equal(
    tf
      .grad((x) => clip(x).mul(5))(tf.scalar(2))
      .item(),
    1,
  );
  const log1pexp = tf.customGrad((x, save) => {
    const e = x.exp();
    save([e]);
    return {
      value: e.log1p(),
      gradFunc: (dy, [e]) => dy.mul(tf.scalar(1).sub(tf.scalar(1).div(e!.add(1)))),
    };
  });
  assert.equal(
    tf
      .grad((x) => log1pexp(x))(tf.scalar(0))
      .item(),
    0.5,
  );
  assert.equal(
    tf
      .grad((x) => log1pexp(x))(tf.scalar(100))
      .item(),
    1,
  );
});

test('inside stopRecording a tape may be asked, and closed', () => {
  const x = tf.scalar(3);
  {
    using tape = new tf.GradientTape();
    tape.watch(x);
    const y = x.square();
    assert.equal(tape.stopRecording(() => tape.gradient(y, x))!.item(), 6);
    assert.equal(state.tape, null);
  }
  const tape = new tf.GradientTape();
  tape.stopRecording(() => tape.dispose());
  assert.equal(state.tape, null);
});

test('lists that a user changes afterwards change neither shapes nor what was recorded', () => {
  const shape = [2, 3];
  const x = tf.ones(shape);
  const paddings: [number, number][] = [
    [1, 0],
    [0, 1],
  ];
  using tape = new tf.GradientTape();
  tape.watch(x);
  const wide = x.pad(paddings);
  const long = [6];
  const flat = x.reshape(long);
  shape[0] = 6;
  long[0] = 9;
  paddings[0]!.reverse();
  assert.deepEqual([x.shape, flat.shape], [[2, 3], [6]]);
  const weights = tf.range(0, 12).reshape([3, 4]);
  assert.deepEqual(tape.gradient(wide, x, { outputGradients: weights })!.array(), [
    [4, 5, 6],
    [8, 9, 10],
  ]);
});

test('reset under a debugger forgets the nodes that are kept to be looked at', () => {
  const x = tf.scalar(3);
  using tape = new tf.GradientTape({ persistent: true });
  control[GATE] = Gate.SITES;
  try {
    tape.watch(x);
    x.exp();
    tape.reset();
    tape.watch(x);
    assert.equal(tape.gradient(x.square(), x)!.item(), 6);
    assert.equal(tape.nodes.length, 1);
  } finally {
    control[GATE] = 0;
  }
});

test('tapes of two async functions that take turns give their own gradients', async () => {
  const slope = async (start: number): Promise<number> => {
    const x = tf.scalar(start);
    using tape = new tf.GradientTape();
    tape.watch(x);
    const y = x.square();
    await Promise.resolve();
    const z = y.mul(x);
    await Promise.resolve();
    return Number(tape.gradient(z, x)!.item());
  };
  assert.deepEqual(await Promise.all([slope(2), slope(3)]), [12, 27]);
  assert.equal(state.tape, null);
});

test('a tape prints as what it is doing', () => {
  const x = tf.variable([1, 2]);
  const tape = new tf.GradientTape();
  const y = x.square().sum();
  assert.match(inspect({ tape }), /^{ tape: GradientTape \d+: recording, 2 nodes }$/);
  tape.gradient(y, x);
  assert.match(String(tape), /^GradientTape \d+: used up, \d nodes$/);
});

test('zeros in place of null, where they are asked for', () => {
  const x = tf.variable([2, 3]);
  const y = tf.variable([[1, 1, 1]]);
  using tape = new tf.GradientTape({ persistent: true });
  const loss = x.square().sum();
  const zeros = tape.gradient(loss, { x, y }, { unconnectedGradients: 'zero' });
  assert.deepEqual([zeros.x.array(), zeros.y.array()], [[4, 6], [[0, 0, 0]]]);
  assert.equal(tape.gradient(loss, y, { unconnectedGradients: 'none' }), null);
  assert.throws(
    () => tape.gradient(loss, y, { unconnectedGradients: 'zeros' as 'zero' }),
    /unconnectedGradients is the string 'zeros'; it must be 'none', for null, or 'zero'/,
  );
});
