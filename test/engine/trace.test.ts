import assert from 'node:assert';
import { test, type TestContext } from 'node:test';
import * as tf from '@tapedeck/engine';
import { control } from '../../engine/gate.ts';
import { DESK, GATE, Gate, type Asks, type Site } from '../../engine/protocol.ts';

const desk = (globalThis as never)[Symbol.for(DESK)] as Asks;

/** As a debugger does it, for the length of a test. */
function open(t: TestContext, bits: number): void {
  control[GATE] = bits;
  t.after(() => (control[GATE] = 0));
}

/** The line of this file that calls, some lines further on. */
function line(further = 0): number {
  const [, , caller] = new Error().stack!.split('\n');
  return Number(/trace\.test\.ts:(\d+)/.exec(caller!)![1]) + further;
}

function lineOf(site: Site | undefined): number | undefined {
  if (site) assert.match(site.url, /trace\.test\.ts$/);
  return site?.line;
}

function made(tensor: tf.Tensor) {
  const { op, path, site } = desk.row(tensor)!;
  return { op, path, line: lineOf(site) };
}

// With the profiler off and on: the lines are noted in two ways, and must be the same.
for (const [how, bits] of [
  ['unwatched', Gate.SITES],
  ['profiled', Gate.SITES | Gate.PROFILE],
] as const) {
  test(`what is taped knows the line that called it, ${how}`, (t) => {
    open(t, bits);
    const w = tf.variable([[1, 2]]);
    using tape = new tf.GradientTape({ persistent: true });
    const at = line();
    const h = tf.scope('dense', () => w.mul(3));
    const loss = tf.logSoftmax(h).sum();
    const noise = tf.ones([2]);
    assert.deepEqual(made(h), { op: 'mul', path: 'dense', line: at + 1 });
    assert.deepEqual(made(loss), { op: 'sum', path: '', line: at + 2 });
    // Made under the tape by the user's line, though the tape has no use for it.
    assert.equal(made(noise).line, at + 3);
    const nodes = desk.tape(tape.id, 0, 100);
    assert.deepEqual(
      nodes.map((node) => lineOf(node.site)),
      nodes.map(({ op }) => (op === 'mul' ? at + 1 : at + 2)),
    );
    assert.equal(lineOf(desk.tapes()[0]!.site), at - 1);
    const gradient = tape.gradient(loss, w)!;
    assert.deepEqual(made(gradient), { op: '∇mul', path: 'dense', line: at + 1 });
  });

  test(`what a composite op is made of has the composite's line, ${how}`, (t) => {
    open(t, bits);
    const logits = tf.variable([[1, 2]]);
    using tape = new tf.GradientTape();
    const at = line(1);
    const loss = tf.sparseSoftmaxCrossEntropy(tf.tensor([0], [1], 'i32'), logits, tf.ones([1]));
    assert.deepEqual(made(loss), { op: 'sparseSoftmaxCrossEntropy', path: '', line: at });
    const nodes = desk.tape(tape.id, 0, 100);
    assert.ok(nodes.length > 1);
    for (const node of nodes) assert.equal(lineOf(node.site), at, node.op);
  });

  test(`the gradient of a gradient has the lines of the forward ops, ${how}`, (t) => {
    open(t, bits);
    const x = tf.variable(3);
    using outer = new tf.GradientTape();
    const inner = new tf.GradientTape();
    const at = line(1);
    const y = x.square();
    const dx = inner.gradient(y, x)!;
    assert.deepEqual(made(dx), { op: '∇square', path: '', line: at });
    const lines = desk.tape(outer.id, 0, 100).map((node) => [node.op, lineOf(node.site)]);
    assert.deepEqual(lines[0], ['square', at]);
    assert.ok(lines.length > 1);
    for (const [op, found] of lines) assert.equal(found, at, `${op}`);
    assert.equal(outer.gradient(dx, x)!.item(), 2);
  });
}

test('a sum of gradients that no op gave has the line that asked for it', (t) => {
  open(t, Gate.SITES | Gate.PROFILE);
  const x = tf.variable(3);
  using tape = new tf.GradientTape();
  const y = x.square();
  const at = line(1);
  const gradient = tape.gradient([y, y], y)!;
  assert.equal(gradient.item(), 2);
  assert.deepEqual(made(gradient), { op: '∇accumulate', path: '', line: at });
});

test('without a tape a tensor knows its op and layer scope, and no stack is read for a line', (t) => {
  open(t, Gate.SITES);
  const read = t.mock.method(Error, 'captureStackTrace');
  const x = tf.scope('dense', () => tf.ones([2]).mul(2));
  assert.deepEqual(made(x), { op: 'mul', path: 'dense', line: undefined });
  assert.equal(read.mock.callCount(), 0);
});

test('the stack is read once for an op, whatever it is made of, and not for gradients and updates', (t) => {
  open(t, Gate.SITES);
  const w = tf.variable([[1, 2]]);
  const optimizer = new tf.Adam();
  const read = t.mock.method(Error, 'captureStackTrace');
  const tape = new tf.GradientTape();
  const loss = tf.logSoftmax(w.mul(3)).sum();
  // The tape itself, and three ops.
  assert.equal(read.mock.callCount(), 4);
  optimizer.apply([tape.gradient(loss, w)], [w]);
  assert.equal(read.mock.callCount(), 4);
});

test('what is made in the console in the middle of a gradient does not end with it', (t) => {
  open(t, Gate.SITES);
  let seen: tf.Tensor | undefined;
  const twice = tf.customGrad((x) => ({
    value: x.mul(2),
    gradFunc(dy) {
      desk.begin('live');
      seen = tf.ones([2]);
      desk.end();
      return dy.mul(2);
    },
  }));
  tf.grad((x) => twice(x).sum())(tf.tensor([1, 2]));
  assert.equal(seen!.isDisposed, false);
});
