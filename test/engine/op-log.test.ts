import assert from 'node:assert';
import { beforeEach, afterEach, test } from 'node:test';
import * as tf from '@tapedeck/engine';
import { control } from '../../engine/gate.ts';
import type { LoggedTensor } from '../../engine/op-log/entry.ts';
import { opLog } from '../../engine/op-log/log.ts';
import { past } from '../../engine/op-log/past.ts';
import { BUDGET, DESK, GATE, Gate, type Asks, type Travel } from '../../engine/protocol.ts';
import { recovered, standingOf } from '../../engine/op-log/replay.ts';
import { KeptValues, NOBODY } from '../../engine/op-log/values.ts';

const desk = (globalThis as never)[Symbol.for(DESK)] as Asks;

beforeEach(() => {
  opLog.clear();
  control[GATE] = Gate.VALUES;
});
afterEach(() => {
  control[GATE] = 0;
  control[BUDGET] = 0;
  opLog.values.budget = 256 * 2 ** 20;
  past.go(null, []);
  opLog.clear();
});

/** The ops in the log, each in as many dots as it is deep. */
function ops(): string[] {
  return desk.log(0, 1e6).map(({ op, depth }) => '.'.repeat(depth) + op);
}

function bits(tensor: tf.Tensor): string {
  const { buffer, byteOffset, byteLength } = tensor.data();
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

/** The bits of what an entry made, from the log alone. */
function again(logged: LoggedTensor): string {
  const tensor = recovered(logged)!;
  try {
    return bits(tensor);
  } finally {
    tensor.dispose();
  }
}

function outputOf(op: string): LoggedTensor {
  const { number } = desk.log(0, 1e6).findLast((row) => row.op === op)!;
  return opLog.at(number)!.outputs[0]!;
}

/** Moves, and reads with `look` what is seen from there. */
function seen<R>(how: Travel, handles: readonly tf.Tensor[], look: () => R, id?: number): R {
  desk.travel(how, handles, id);
  return past.within(look);
}

test('an entry has the op with its shapes, its layer, what it ran inside of, and the step', () => {
  const x = tf.tensor([[1, 2]]);
  tf.scope('dense', () => tf.moments(x.mul(3)));
  const [mul, composite, inner] = desk.log(opLog.first, 3);
  const { op, path, depth, inputs, outputs, step } = mul!;
  assert.deepEqual(
    { op, path, depth, inputs, outputs, step },
    {
      op: 'mul',
      path: 'dense',
      depth: 0,
      inputs: ['f32[1,2]', 'f32[]'],
      outputs: ['f32[1,2]'],
      step: control[3],
    },
  );
  assert.match(mul!.site!.url, /op-log\.test\.ts$/);
  assert.equal(composite!.op, 'moments');
  assert.equal(inner!.depth, 1);
  assert.deepEqual(inner!.site, composite!.site);
});

test('nothing is logged, and nothing pinned, while nobody wants it', () => {
  control[GATE] = Gate.SITES;
  const w = tf.variable([1, 2]);
  const x = w.mul(2);
  w.assign([3, 4]);
  assert.equal(opLog.end, opLog.first);
  assert.equal(x.storage.bytes.pins, 0);
  assert.equal(opLog.values.bytes, 0);
});

test('values that were given up are computed again, to the bit', () => {
  tf.setSeed(7);
  const x = tf.randomNormal([40, 30]);
  const w = tf.variable(tf.randomNormal([30, 20]));
  const h = x.matMul(w).relu();
  const noisy = tf.dropout(h, 0.5);
  const [left] = tf.split(tf.concat([noisy, h], 1), 2, 1);
  const y = tf.softmax(left!).sum(1);
  const known = { relu: bits(h), sum: bits(y) };
  w.neg();
  // All that an op made goes: what is left is where it came from.
  opLog.values.budget = w.storage.bytes.length;
  assert.equal(opLog.values.bytes, w.storage.bytes.length);
  assert.equal(standingOf(outputOf('relu')), 'computable');
  assert.equal(again(outputOf('relu')), known.relu);
  assert.equal(again(outputOf('sum')), known.sum);
  // The program's own draws go on as if nobody had looked.
  const { draws } = tf.getRandomState();
  again(outputOf('sum'));
  assert.equal(tf.getRandomState().draws, draws);
});

test('what only the program knew is gone once it is given up, and says so', () => {
  const x = tf.tensor([1, 2, 3]);
  const y = x.mul(2);
  opLog.values.budget = 0;
  assert.equal(standingOf(outputOf('mul')), 'gone');
  desk.travel('back', [x, y]);
  const { inputs } = desk.cursor()!.frames[0]!;
  assert.match(inputs[0]!.tensor.text, /^f32\[3\] gone: .* a larger opLogBudget keeps more$/);
});

test('the budget holds, and what one cheap op makes goes before what is dear', () => {
  const x = tf.tensor(new Float32Array(64 * 64).fill(1), [64, 64]);
  opLog.values.budget = 6 * 64 * 64 * 4;
  let h = x;
  for (let i = 0; i < 20; i++) h = h.matMul(x).relu();
  assert.ok(opLog.values.bytes <= 6 * 64 * 64 * 4);
  const kept = (op: string) =>
    desk
      .log(0, 1e6)
      .filter((row) => row.op === op && standingOf(opLog.at(row.number)!.outputs[0]!) === 'kept')
      .length;
  assert.ok(kept('matMul') > kept('relu'), `${kept('matMul')} ${kept('relu')}`);
  // The one that every step uses stays, old as it is.
  assert.equal(
    standingOf(opLog.makerOf(opLog.at(opLog.end - 1)!.inputs[0]!.value)!.inputs[1]!),
    'kept',
  );
});

test('entries that go take what only they used, and no value keeps an older one', () => {
  let x = tf.tensor([0]);
  const most = 2 ** 16 + 2 ** 12;
  for (let i = 0; i < most + 10; i++) {
    const next = x.add(1);
    x.dispose();
    x = next;
  }
  assert.ok(opLog.first > 0 && opLog.end - opLog.first <= most);
  const oldest = opLog.at(opLog.first)!;
  assert.equal(opLog.makerOf(oldest.inputs[0]!.value), null);
  assert.equal(again(opLog.at(opLog.end - 1)!.outputs[0]!), bits(x));
  // Nor does a list, where the budget is never reached.
  const values = new KeptValues();
  const { device } = x.storage.bytes;
  for (let i = 0; i < 5000; i++) {
    const bytes = { device, at: -1, length: 4, pins: 1, owned: true, version: 0 };
    values.release(values.keep(bytes, i, NOBODY, 2, 0));
  }
  assert.ok(values.listed <= 1024, String(values.listed));
});

test('the log keeps bytes, not handles, and lets go of their pins', () => {
  const x = tf.tensor([1, 2]);
  const y = x.mul(2);
  const { bytes } = y.storage;
  y.dispose();
  assert.equal(bytes.pins, 1);
  assert.equal(desk.row(x)!.saved, false);
  opLog.clear();
  assert.equal(bytes.pins, 0);
});

test('a program whose debugger has gone writes in place again, and nothing of the log is kept', () => {
  const w = tf.variable([1, 2]);
  w.assign([3, 4]);
  assert.ok(opLog.values.bytes > 0);
  control[GATE] = 0;
  w.assign([5, 6]);
  const { bytes } = w.storage;
  assert.deepEqual([opLog.end - opLog.first, opLog.values.bytes, bytes.pins], [0, 0, 0]);
  w.assign([7, 8]);
  assert.equal(w.storage.bytes, bytes);
  // Whoever only looks shuts the gate as well, and is logged.
  control[GATE] = Gate.VALUES;
  w.assign([1, 1]);
  desk.begin('quiet');
  w.assign([2, 2]);
  desk.end();
  assert.deepEqual(ops(), ['assign', 'assign']);
  // An op that has not ended while the log was forgotten leaves nothing behind.
  tf.customGrad((x: tf.Tensor) => {
    opLog.clear();
    return { value: x.mul(x), gradFunc: (g: tf.Tensor) => g.mul(2) };
  })(tf.tensor([3]));
  opLog.clear();
  assert.equal(opLog.values.bytes, 0);
});

test('handles, variables, optimizer slots and the generator are what they were', () => {
  tf.setSeed(3);
  const w = tf.variable([1, 2], true, 'w');
  const adam = new tf.Adam(0.1);
  for (let i = 0; i < 3; i++) {
    tf.randomNormal([1]);
    adam.minimize(() => w.square().sum());
  }
  const values = () => w.data().join();
  const states = [values()];
  const late = w.add(0);
  const handles = [w, late];
  desk.travel('write', handles, w.id);
  assert.equal(desk.cursor()!.frames[0]!.op, 'adamStep');
  states.push(past.within(values));
  assert.equal(
    past.within(() => desk.row(late)!.text),
    'f32[2] not made yet',
  );
  states.push(seen('write', handles, values, w.id));
  states.push(seen('write', handles, values, w.id));
  assert.equal(states[3], '1,2');
  assert.equal(new Set(states).size, 4);
  assert.equal(desk.cursor()!.draws, 1);
  desk.begin('quiet');
  assert.equal(tf.getRandomState().draws, 1);
  desk.end();
  assert.equal(tf.getRandomState().draws, 3);
  // The moments of the first step: zeros before it.
  const { inputs } = desk.cursor()!.frames[0]!;
  assert.deepEqual(inputs.map(({ name, tensor }) => [name, tensor.stats?.max]).slice(2), [
    ['first', 0],
    ['second', 0],
  ]);
  assert.throws(() => desk.travel('write', handles, w.id), /no write to this variable/);
  desk.forget();
  assert.equal(desk.cursor(), null);
  assert.equal(values(), states[0]);
});

test('views, edits and assignments are seen before and after', () => {
  const v = tf.variable([1, 2, 3]);
  const view = v.read();
  const t = tf.tensor([
    [1, 2],
    [3, 4],
  ]);
  const row = t.at(1);
  v.assign([4, 5, 6]);
  v.assignAt('0', 9);
  v.assignAdd([1, 1, 1]);
  desk.row(t);
  desk.setElement(t.id, [1, 0], '7');
  t.add(0);
  const handles = [v, view, t, row];
  const all = () => [v, view, t, row].map((tensor) => tensor.data().join(' ')).join('  ');
  const now = all();
  assert.equal(now, '10 6 7  1 2 3  1 2 7 4  7 4');
  const steps: string[] = [];
  for (;;) {
    const at = desk.travel('back', handles)!;
    steps.push(`${at.frames[0]!.op}: ${past.within(all)}`);
    if (at.frames[0]!.op === 'assign') break;
  }
  assert.deepEqual(steps, [
    'add: 10 6 7  1 2 3  1 2 7 4  7 4',
    'edit: 10 6 7  1 2 3  1 2 3 4  3 4',
    'assignAdd: 9 5 6  1 2 3  1 2 3 4  3 4',
    'add: 9 5 6  1 2 3  1 2 3 4  3 4',
    'assignAt: 4 5 6  1 2 3  1 2 3 4  3 4',
    'assign: 1 2 3  1 2 3  1 2 3 4  3 4',
  ]);
  const [frame] = desk.cursor()!.frames;
  const [before, after] = [frame!.inputs[0]!.tensor, frame!.outputs[0]!.tensor];
  assert.deepEqual(
    [before, after].map(({ id, text }) => [text, (desk.handle(id) as tf.Tensor).array()]),
    [
      ['f32[3] cpu  mean 2  sd 0.816', [1, 2, 3]],
      ['f32[3] cpu  mean 5  sd 0.816', [4, 5, 6]],
    ],
  );
  // Nobody looks: the program has the present all along.
  assert.equal(all(), now);
  desk.row(t);
  assert.throws(
    () => desk.setElement(t.id, [0, 0], '1'),
    /this is the past, which does not change/,
  );
  past.within(() => {
    assert.throws(() => v.assign([0, 0, 0]), /^Error: assign: this is the past/);
    assert.throws(() => new tf.SGD(1).apply([v.mul(1)], [v]), /^Error: apply: this is the past/);
  });
  assert.equal(all(), now);
  // What was made for the past is not what an editor holds on to.
  desk.hold(v.id, true);
  desk.row(v);
  desk.hold(v.id, true);
  while (desk.travel('next', handles) !== null);
  assert.equal(past.within(all), now);
  assert.equal(desk.handle(v.id), v);
  desk.hold(v.id, false);
});

test('one moves over ops and what they are made of, forward and back', () => {
  const x = tf.tensor([[1, 2]]);
  const titles: string[] = [];
  const go = (how: Travel) => {
    const at = desk.travel(how, []);
    titles.push(`${how} ${at ? at.frames.map(({ op }) => op).join(' in ') : 'now'}`);
  };
  tf.moments(x.mul(2)).mean.neg();
  for (const how of [
    'back',
    'back',
    'into',
    'next',
    'out',
    'back',
    'back',
    'next',
    'next',
  ] as const)
    go(how);
  const inner = ops().filter((op) => op.startsWith('.'));
  assert.deepEqual(titles, [
    'back neg',
    'back moments',
    `into ${inner[0]!.slice(1)} in moments`,
    `next ${inner[1]!.slice(1)} in moments`,
    'out neg',
    'back moments',
    'back mul',
    'next moments',
    'next neg',
  ]);
  assert.equal(desk.travel('next', []), null);
  assert.equal(desk.travel('reverse', [])!.frames[0]!.op, 'mul');
  assert.throws(() => desk.travel('back', []), /the op log begins here/);
});

test('back goes to op breakpoints whose condition held, and to where the NaN came from', () => {
  const x = tf.tensor([-1, 4]);
  const [a] = [x.add(1), x.mul(2), x.mul(3)];
  const root = x.sqrt();
  root.mul(a!).sum();
  desk.setOpBreakpoints([
    { id: 1, name: 'mul', when: 'after', condition: 'stats(out).max === 8', hit: '99' },
  ]);
  control[GATE] = Gate.VALUES;
  try {
    const { frames } = desk.travel('reverse', [])!;
    assert.equal(frames[0]!.inputs[1]!.tensor.text, 'f32[] cpu  2');
    assert.equal(desk.travel('reverse', [])!.frames[0]!.op, 'add');
  } finally {
    desk.setOpBreakpoints([]);
    control[GATE] = Gate.VALUES;
  }
  desk.forget();
  assert.equal(desk.travel('finite', [])!.frames[0]!.op, 'sqrt');
});

test('a tape has the nodes of then', () => {
  const w = tf.variable([1, 2]);
  using tape = new tf.GradientTape();
  const y = w.mul(2).square();
  assert.equal(desk.tapes()[0]!.nodes, 2);
  desk.travel('back', [w, y]);
  assert.equal(desk.tapes()[0]!.nodes, 1);
  assert.deepEqual(
    desk.tape(tape.id, 0, 9).map(({ op }) => op),
    ['mul'],
  );
});

test('gradients are entries with the names of what went in and came out', () => {
  const w = tf.variable([[1, 2]]);
  const x = tf.tensor([[3], [4]]);
  tf.valueAndGrads((v) => v!.matMul(x).sum())([w]);
  desk.travel('back', []);
  const [frame] = desk.cursor()!.frames;
  const { op, direction, inputs, outputs } = frame!;
  assert.deepEqual(
    [op, direction, inputs.map(({ name }) => name), outputs.map(({ name }) => name)],
    ['matMul', 'backward', ['g', 'y'], ['dx']],
  );
});

test('results are bit-equal with the log and without it', () => {
  const train = (): string => {
    tf.setSeed(1);
    const w = tf.variable(tf.randomNormal([20, 10]));
    const adam = new tf.Adam(0.05);
    const x = tf.randomNormal([16, 20]);
    for (let i = 0; i < 5; i++)
      adam.minimize(() => tf.dropout(x.matMul(w), 0.3).tanh().square().mean());
    return bits(w);
  };
  const logged = train();
  control[GATE] = 0;
  opLog.clear();
  assert.equal(train(), logged);
});
