import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edit } from '../../engine/edit.ts';
import * as tf from '../../engine/index.ts';
import { assign, assignAt, redo, setElement, undo } from '../../engine/user-edits.ts';

/** As the debugger does it: new values for all elements. */
const set = (tensor: tf.Tensor, values: readonly number[]): void =>
  edit(tensor, (elements) => {
    values.forEach((value, i) => (elements[tensor.offset + i] = value));
  });

const close = (actual: tf.Tensor | null, expected: readonly number[]): void => {
  const values = [...actual!.data()].map(Number);
  assert.equal(values.length, expected.length);
  values.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) < 1e-4, `[${values}] is not [${expected}]`);
  });
};

// h = exp(z), h is set to e, loss = sum(h * h): the slope is 2 e (what the consumer saw) times exp(z) (what exp saved).
test('an edit between producer and consumer: each keeps the values it saw', () => {
  const z = tf.variable([0, 1]);
  using tape = new tf.GradientTape();
  const h = z.exp();
  set(h, [10, 20]);
  const loss = h.mul(h).sum();
  assert.equal(loss.item(), 500);
  close(tape.gradient(loss, z), [2 * 10 * 1, 2 * 20 * Math.E]);
});

test('an edit after the consumer leaves its gradient alone', () => {
  const z = tf.variable([0, 1]);
  using tape = new tf.GradientTape();
  const h = z.exp();
  const loss = h.mul(h).sum();
  set(h, [10, 20]);
  assert.deepEqual(h.array(), [10, 20]);
  close(tape.gradient(loss, z), [2, 2 * Math.E ** 2]);
});

test('an edit through a view is seen by the tensor it is a view of', () => {
  const z = tf.variable([0, 1]);
  using tape = new tf.GradientTape();
  const h = z.exp();
  const last = h.slice([1], [1]);
  set(last, [20]);
  close(h, [1, 20]);
  close(tape.gradient(h.mul(h).sum(), z), [2, 2 * 20 * Math.E]);
});

test('an edit of a tensor is seen by its views', () => {
  const x = tf.tensor([1, 2, 3, 4]);
  const turned = x.reshape([2, 2]).transpose();
  set(x, [5, 6, 7, 8]);
  assert.deepEqual(turned.array(), [
    [5, 7],
    [6, 8],
  ]);
});

test('an edit of a variable: ops before it keep the old values, ops after it save the new', () => {
  const w = tf.variable([2, 3]);
  using tape = new tf.GradientTape();
  const before = w.mul(w);
  set(w, [10, 20]);
  const after = w.mul(w);
  close(tape.gradient(before.add(after).sum(), w), [4 + 20, 6 + 40]);
  assert.deepEqual(w.array(), [10, 20]);
});

test('gradient() twice on a persistent tape, with an edit in between', () => {
  const z = tf.variable([0, 1]);
  using tape = new tf.GradientTape({ persistent: true });
  const h = z.exp();
  const loss = h.mul(h).sum();
  close(tape.gradient(loss, z), [2, 2 * Math.E ** 2]);
  set(h, [10, 20]);
  close(tape.gradient(loss, z), [2, 2 * Math.E ** 2]);
  close(tape.gradient(h.mul(h).sum(), z), [20, 40 * Math.E]);
});

test('an edit may cut the gradient', () => {
  const z = tf.variable([0, 1]);
  using tape = new tf.GradientTape();
  const h = z.exp();
  edit(h, (elements) => (elements[h.offset] = 7), { cut: true });
  assert.equal(tape.gradient(h.mul(h).sum(), z), null);
});

test('an edit stands on the tape as a node of its own', () => {
  const z = tf.variable([0, 1]);
  using tape = new tf.GradientTape();
  const h = z.exp();
  set(h, [1, 1]);
  assert.deepEqual(
    tape.nodes.map(({ op, edit }) => [op.name, edit]),
    [
      ['exp', null],
      ['edit', 'through'],
    ],
  );
});

test('bytes that no tape holds are written where they are; held ones are left to the tape', () => {
  const x = tf.variable([1, 2]);
  const place = x.storage.bytes;
  set(x, [3, 4]);
  assert.equal(x.storage.bytes, place);
  assert.equal(x.storage.version, 1);
  using tape = new tf.GradientTape();
  x.mul(x);
  set(x, [5, 6]);
  assert.notEqual(x.storage.bytes, place);
  assert.equal(x.storage.version, 2);
  assert.equal(tape.bytes, place.length);
});

test('a part of a tensor: what an index means takes other values, in place', () => {
  const x = tf.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const turned = x.transpose();
  const at = (index: string, value: unknown) => (assignAt(x, index, value), x.array());
  assert.deepEqual(at('0, :', [7, 8, 9]), [
    [7, 8, 9],
    [4, 5, 6],
  ]);
  assert.deepEqual(at(':, -1', 0), [
    [7, 8, 0],
    [4, 5, 0],
  ]);
  assert.deepEqual(
    at('::-1, :2', [
      [1, 2],
      [3, 4],
    ]),
    [
      [3, 4, 0],
      [1, 2, 0],
    ],
  );
  // What broadcasts fits, as in NumPy; a list of positions or a mask picks.
  assert.deepEqual(at('..., 1:', [[5], [6]]), [
    [3, 5, 5],
    [1, 6, 6],
  ]);
  assert.deepEqual(at('[1, 0], [0, 2]', [-1, -2]), [
    [3, 5, -2],
    [-1, 6, 6],
  ]);
  assert.deepEqual(at(':', tf.tensor([1, 2, 3])), [
    [1, 2, 3],
    [1, 2, 3],
  ]);
  assert.deepEqual(turned.array(), [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  assignAt(turned, '0', [8, 9]);
  assert.deepEqual(x.array(), [
    [8, 2, 3],
    [9, 2, 3],
  ]);
  assert.throws(() => at('0, :', [1, 2]), /a list of 2 does not fit f32\[3\]/);
  assert.throws(() => at('0, :', tf.ones([2])), /broadcastTo: .*\[2\].*\[3\]/);
  assert.throws(() => at('2, :', 1), /at: .*2/);
  assert.throws(() => at('0, :', [1, 'a', 2]), /a/);
  assert.deepEqual(x.array(), [
    [8, 2, 3],
    [9, 2, 3],
  ]);
  const i = tf.tensor([1, 2, 3], [3], 'u8');
  assert.throws(() => assignAt(i, '1:', 300), /300/);
});

test('edits are undone and done again, element by element; what the program wrote since stays', () => {
  const x = tf.tensor([1, 2, 3, 4], [2, 2]);
  setElement(x, [0, 1], '7');
  assignAt(x, ':, 0', [5, 6]);
  assert.equal(undo(), x);
  assert.deepEqual(x.array(), [
    [1, 7],
    [3, 4],
  ]);
  undo();
  assert.deepEqual(x.array(), [
    [1, 2],
    [3, 4],
  ]);
  redo();
  redo();
  assert.deepEqual(x.array(), [
    [5, 7],
    [6, 4],
  ]);
  assert.throws(() => redo(), /no undone edit/);
  const w = tf.variable([1, 2, 3]);
  const start = tf.tensor([1, 0, NaN]);
  assign(w, start);
  w.assignAt('0', 9);
  undo();
  // The first element did not change by the edit, the program has written it since.
  assert.deepEqual(w.array(), [9, 2, 3]);
  assign(w, 0);
  w.assign([4, 5, 6]);
  assert.throws(() => undo(), /written to since/);
  assert.throws(() => undo(1000), /there is no edit 1000/);
  assert.deepEqual(w.array(), [4, 5, 6]);
});
