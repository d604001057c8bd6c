import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { GATE } from '../../engine/protocol.ts';
import { begin, end } from '../../engine/evaluation.ts';

/** Each reason once, from a tape that was made to explain. */
const explaining = (): tf.GradientTape => new tf.GradientTape({ explain: true });

test('a gradient that is there is not explained away', () => {
  const w = tf.variable(2, true, 'w');
  using tape = explaining();
  const loss = w.mul(w).exp().sum();
  const found = tape.explain(loss, w);
  assert.equal(found.reason, 'flows');
  assert.deepEqual(
    found.steps.map(({ op, node }) => [op, node]),
    [
      ['mul', 0],
      ['exp', 1],
      ['sum', 2],
    ],
  );
  assert.equal(found.at, null);
  assert.match(`${found}`, /reaches 'w', f32\[\], by way of mul, exp, sum/);
  assert.notEqual(tape.gradient(loss, w), null);
});

test('not watched', () => {
  const x = tf.scalar(2);
  using tape = explaining();
  const loss = x.mul(x);
  const found = tape.explain(loss, x);
  assert.equal(found.reason, 'notWatched');
  assert.equal(found.steps[0]!.op, 'mul');
  assert.match(found.text, /tape\.watch/);
  assert.equal(tape.gradient(loss, x), null);
});

test('an integer on the way, an integer source and an integer target', () => {
  const w = tf.variable([1.5, 2.5]);
  using tape = explaining();
  const whole = w.exp().cast('i32');
  const loss = whole.cast('f32').sum();
  const found = tape.explain(loss, w);
  assert.equal(found.reason, 'integer');
  assert.equal(found.at!.op, 'cast');
  assert.equal(found.at!.node, 1);
  assert.match(found.text, /cast on line \d+ of explain\.test\.ts makes integers of f32\[2\]/);
  assert.equal(tape.explain(whole, w).reason, 'integer');
  assert.match(tape.explain(loss, whole).text, /The source is i32\[2\]/);
  assert.equal(tape.gradient(loss, w), null);
});

test('read out by item(), data() and array(), with the line', () => {
  for (const how of ['item', 'data', 'array'] as const) {
    const w = tf.variable([3]);
    using tape = explaining();
    const doubled = w.mul(2);
    const value = (doubled[how] as () => unknown).call(doubled);
    const loss = tf.tensor(typeof value === 'number' ? [value] : (value as number[])).square();
    const found = tape.explain(loss, w);
    assert.equal(found.reason, 'readOut');
    assert.equal(found.at!.op, how);
    assert.match(found.text, new RegExp(`\\.${how}\\(\\) on line \\d+ of explain\\.test\\.ts`));
  }
});

test('a value read out after the target was made, or for a debugger alone, is not to blame', () => {
  const w = tf.variable(3);
  const v = tf.variable(4);
  using tape = explaining();
  begin('quiet');
  w.mul(2).item();
  end();
  const loss = v.square();
  w.item();
  assert.equal(tape.explain(loss, w).reason, 'noPath');
});

test('stopGradient, with the node that went in', () => {
  const w = tf.variable(3);
  using tape = explaining();
  const held = w.exp().stopGradient();
  const loss = held.mul(2).sum();
  const found = tape.explain(loss, w);
  assert.equal(found.reason, 'stopGradient');
  assert.match(found.text, /stopGradient on line \d+ of explain\.test\.ts lets nothing flow back/);
  assert.deepEqual(
    found.steps.map(({ op }) => op),
    ['exp', 'stopGradient', 'mul', 'sum'],
  );
});

test('an op without a gradient, and an input that has none', () => {
  const w = tf.variable([3, 1]);
  using tape = explaining();
  const found = tape.explain(w.greater(2).cast('f32').sum(), w);
  assert.equal(found.reason, 'noGradient');
  assert.equal(found.at!.op, 'greater');
  const mask = tf.dropoutMask(w.mul(2), 0.5);
  assert.equal(tape.explain(mask.sum(), w).at!.op, 'dropoutMask');
});

test('a gradient function that gives null', () => {
  const w = tf.variable(3);
  const scale = tf.variable(2);
  const scaled = tf.customGrad((x: tf.Tensor, s: tf.Tensor) => ({
    value: x.mul(s),
    gradFunc: (dy) => [dy.mul(2), null],
  }));
  using tape = explaining();
  const loss = scaled(w, scale).sum();
  assert.equal(tape.explain(loss, w).reason, 'flows');
  const found = tape.explain(loss, scale);
  assert.equal(found.reason, 'noGradient');
  assert.match(found.text, /gradFunc of customGrad on line \d+/);
  assert.equal(tape.gradient(loss, w)!.item(), 2);
});

test('older than the tape, and not recorded', () => {
  const w = tf.variable(3);
  const early = w.mul(2);
  using tape = explaining();
  assert.equal(tape.explain(early, w).reason, 'beforeTape');
  const hidden = tape.stopRecording(() => w.mul(3));
  assert.equal(tape.explain(hidden.sum(), w).reason, 'notRecording');
});

test('no path, and a tape that has ended', () => {
  const w = tf.variable(3);
  const v = tf.variable(3);
  const tape = explaining();
  const loss = v.mul(2);
  assert.equal(tape.explain(loss, w).reason, 'noPath');
  tape.dispose();
  assert.equal(tape.explain(loss, v).reason, 'flows', 'what it kept is enough to say');
  assert.equal(tape.explain(v.mul(3), v).reason, 'tapeClosed');
  const plain = new tf.GradientTape();
  const other = v.mul(2);
  plain.gradient(other, w);
  const found = plain.explain(other, w);
  assert.equal(found.reason, 'tapeClosed');
  assert.match(found.text, /explain: true/);
});

test('after gradient(), and when another tape has taken over', () => {
  const w = tf.variable(3);
  const tape = explaining();
  const loss = w.stopGradient().mul(2);
  assert.equal(tape.gradient(loss, w), null);
  using other = new tf.GradientTape();
  w.mul(2);
  void other;
  assert.equal(tape.explain(loss, w).reason, 'stopGradient');
});

test('without explain: true, what the tape itself knows', () => {
  const w = tf.variable([1.5, 2.5]);
  using tape = new tf.GradientTape();
  const whole = w.cast('i32');
  assert.equal(tape.explain(whole, w).reason, 'integer');
  const found = tape.explain(w.stopGradient().sum(), w);
  assert.equal(found.reason, 'noPath');
  assert.equal(found.known, false);
  assert.match(found.text, /explain: true/);
});

test('the gate is closed when the last tape that explains has ended, and asking changes nothing', () => {
  const w = tf.variable(2);
  {
    using outer = explaining();
    using inner = explaining();
    const y = w.mul(w);
    const g = inner.gradient(y, w)!;
    assert.notEqual(control[GATE], 0);
    outer.explain(g, w);
    assert.equal(outer.gradient(g, w)!.item(), 2);
  }
  assert.equal(control[GATE], 0);
});
