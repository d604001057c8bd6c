import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import * as tf from '../../engine/index.ts';
import { Scope } from '../../engine/scope.ts';
import { restore, snapshot, state } from '../../engine/state.ts';

(globalThis as { tf?: typeof tf }).tf = tf;

/** Runs code and has V8 end it after some milliseconds, skipping every `finally`, as a debugger's time limit does. */
function cutOff(code: string): void {
  const before = snapshot();
  assert.throws(() => runInThisContext(`(() => { ${code} })()`, { timeout: 60 }), /timed out/);
  restore(before);
}

/** What a small training run comes to. */
function trained(): number {
  const x = tf.randomNormal([8, 4], 0, 1, 'f32', 1);
  const w = tf.variable(tf.ones([4, 3]));
  const adam = new tf.Adam(0.05);
  let loss = NaN;
  for (let i = 0; i < 10; i++) {
    loss = tf.tidy(() => adam.minimize(() => x.matMul(w).tanh().square().sum()).item());
  }
  return loss;
}

const expected = trained();

test('the seed, the counts, the tape, the scope and the layer path are all in one object', () => {
  tf.setSeed(5);
  const before = snapshot();
  const first = tf.randomUniform([4]).array();
  const tape = new tf.GradientTape();
  new Scope();
  state.path = 'somewhere';
  restore(before);
  assert.equal(state.tape, null);
  assert.equal(state.scope, null);
  assert.equal(state.path, '');
  assert.deepEqual(tf.randomUniform([4]).array(), first);
  tape.dispose();
});

for (const [where, code] of [
  ['matMul', 'const x = tf.ones([64, 64]); for (;;) x.matMul(x).mean()'],
  [
    'gradient()',
    `const w = tf.variable(tf.ones([32, 32]));
     for (;;) { using tape = new tf.GradientTape({ persistent: true });
       let y = w; for (let i = 0; i < 50; i++) y = y.matMul(w).tanh();
       tape.gradient(y, w); }`,
  ],
  ['tidy', 'for (;;) tf.tidy(() => tf.ones([100]).add(1).exp().sum())'],
  ['a layer scope', "tf.scope('layer', () => { for (;;); })"],
  [
    'a user loop under a tape',
    'const tape = new tf.GradientTape(); const w = tf.variable(1); for (;;) w.mul(w)',
  ],
  [
    'an optimizer',
    'const w = tf.variable([1, 2]); const o = new tf.Adam(); for (;;) o.minimize(() => w.mul(w).sum())',
  ],
] as const) {
  test(`an evaluation cut off in ${where} leaves an engine that trains on, bit for bit`, () => {
    for (let i = 0; i < 3; i++) cutOff(code);
    assert.equal(trained(), expected);
    tf.memory();
    assert.equal(trained(), expected);
  });
}

test('an evaluation cut off while a tape of the program records leaves that tape whole', () => {
  const w = tf.variable([1, 2, 3]);
  using tape = new tf.GradientTape({ persistent: true });
  const y = w.square();
  (globalThis as { given?: unknown }).given = { tape, y, w };
  cutOff('for (;;) given.tape.gradient(given.y, given.w)');
  assert.equal(tape.state, 'recording');
  const z = y.mul(w).sum();
  assert.deepEqual(tape.gradient(z, w)!.array(), [3, 12, 27]);
});

test('who only looks does not use up a tape, nor leave nodes on it', () => {
  const w = tf.variable([1, 2, 3]);
  using tape = new tf.GradientTape();
  const y = w.square().sum();
  const before = snapshot();
  Object.assign(state, { quiet: true, tape: null, scope: null });
  assert.deepEqual(tape.gradient(y, w)!.array(), [2, 4, 6]);
  w.mul(w);
  restore(before);
  assert.equal(tape.nodes.length, 2);
  assert.equal(state.tape, tape);
  assert.deepEqual(tape.gradient(y, w)!.array(), [2, 4, 6]);
});

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) => {
    tf.setSeed(seed);
    return [tf.randomNormal([3]).array(), tf.randomUniform([2]).array()];
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.notDeepEqual(draw(1.5), draw(1.25));
  assert.throws(() => tf.setSeed(NaN), /NaN is no seed/);
});
