/** Op records on their way from the engine through the ring to the adapter, all in this process. */
import assert from 'node:assert';
import { test } from 'node:test';
import * as tf from '@tapedeck/engine';
import { Records } from '../../debug-adapter/debuggee/records.ts';
import type { RecordsPart } from '../../debug-adapter/debuggee/words.ts';
import { Recording } from '../../debug-adapter/recording.ts';
import { control } from '../../engine/gate.ts';
import { Profiler, profiler } from '../../engine/profiler.ts';
import { GATE, Gate, OP_COUNT, RING, RING_BYTES, WORDS } from '../../engine/protocol.ts';
import type { OpRecord } from '../../debug-adapter/protocol.ts';

/** What the relay hands on, and what the adapter keeps of it. */
function reader(from: Profiler, words: Int32Array, ring: SharedArrayBuffer) {
  const recording = new Recording();
  const records = new Records(words.buffer as SharedArrayBuffer, ring, async (asked) => {
    const [, texts, places] = /profileNames\((\d+),(\d+)\)/.exec(asked)!;
    return from.names(Number(texts), Number(places));
  });
  /** Fetches until no more come, and says how many each answer had. */
  const fetch = async (): Promise<number[]> => {
    const counts: number[] = [];
    for (;;) {
      const { end, named, sites } = recording;
      const known = { from: end, texts: named, places: sites.length };
      const part = await records.after(known);
      if (part.names) recording.name(part.names);
      recording.add(part.from, Buffer.from(part.data, 'base64'));
      if (recording.end === end) return counts;
      counts.push(recording.end - Math.max(end, part.from));
    }
  };
  return { recording, records, fetch };
}

/** The records of what `work` does, and how many ops the engine counted meanwhile. */
async function profiled(work: () => void): Promise<{ list: OpRecord[]; counted: number }> {
  const { recording, fetch } = reader(profiler, control, profiler.start());
  const before = control[OP_COUNT]!;
  control[GATE] = Gate.PROFILE;
  try {
    work();
  } finally {
    control[GATE] = 0;
  }
  const counted = control[OP_COUNT]! - before;
  await fetch();
  return { list: recording.read(0, Infinity), counted };
}

test('records say what went in, also where other shapes went in before', async () => {
  const { list } = await profiled(() => {
    const a = tf.ones([2, 3]);
    for (const [rows, columns] of [
      [3, 4],
      [3, 5],
      [3, 4],
    ])
      a.matMul(tf.ones([rows!, columns!]));
    tf.ones([]).neg();
    tf.concat([a, tf.ones([1, 3])]);
  });
  assert.deepEqual(
    list
      .filter(({ op, parent }) => parent < 0 && op !== 'ones')
      .map(({ op, shapes }) => `${op} ${shapes}`),
    [
      'matMul [2,3] [3,4]',
      'matMul [2,3] [3,5]',
      'matMul [2,3] [3,4]',
      'neg []',
      'concat [2,3] [1,3]',
    ],
  );
});

test('every op has one record, as many as run without a profile, thousands of steps long', async () => {
  const train = (steps: number) => {
    tf.setSeed(1);
    const x = tf.randomNormal([4, 3]);
    const w = tf.variable(tf.randomNormal([3, 2]));
    const b = tf.variable(tf.zeros([2]));
    const optimizer = new tf.Adam();
    for (let step = 0; step < steps; step++) {
      using tape = new tf.GradientTape();
      const h = tf.scope('dense', () => x.matMul(w).biasAdd(b));
      // Used twice, so that gradients add up, and a composite op.
      const loss = tf.logSoftmax(h.mul(h)).mean();
      optimizer.apply(tape.gradient(loss, [w, b]), [w, b]);
    }
  };
  const steps = 2000;
  const before = control[OP_COUNT]!;
  train(steps);
  const plain = control[OP_COUNT]! - before;
  const { list, counted } = await profiled(() => train(steps));
  assert.equal(counted, plain);
  const forward = list.filter(({ direction }) => direction === 'forward');
  assert.equal(forward.length, plain);
  const each = Object.entries(Object.groupBy(list, ({ op, direction }) => `${op} ${direction}`));
  for (const [op, { length }] of each as [string, OpRecord[]][])
    if (op !== 'randomNormal forward') assert.ok(length % steps <= 6, `${op} ${length}`);
  const backward = list.filter(({ direction }) => direction === 'backward');
  const titles = ['accumulate', 'biasAdd', 'matMul', 'mean', 'mul'];
  for (const op of titles)
    assert.equal(backward.filter((each) => each.op === op).length, steps, op);
  // Records come in the order in which ops began, each within the one around it.
  list.forEach(({ start, duration, parent }, i) => {
    assert.ok(i === 0 || start >= list[i - 1]!.start);
    if (parent < 0) return;
    const around = list[parent]!;
    assert.ok(parent < i && start >= around.start);
    assert.ok(start + duration <= around.start + around.duration + 1e-6);
  });
  const products = forward.filter(({ op, parent }) => op === 'matMul' && parent < 0);
  assert.deepEqual(new Set(products.map(({ path }) => path)), new Set(['dense']));
});

test('what runs in a gradient has the layer scope and the line of the forward op', async () => {
  const { list } = await profiled(() => {
    const w = tf.variable([[1, 2]]);
    using tape = new tf.GradientTape();
    const loss = tf.scope('dense', () => tf.square(w)).sum();
    tape.gradient(loss, w);
  });
  const at = list.findIndex(({ op, direction }) => op === 'square' && direction === 'backward');
  const inside = list.filter(({ parent }) => parent === at);
  assert.ok(inside.length > 0);
  const forward = list.find(({ op }) => op === 'square')!;
  for (const { path, site } of [list[at]!, ...inside])
    assert.deepEqual([path, site], ['dense', forward.site]);
});

test('an op that throws has a record, and those after it are read', async () => {
  const { list } = await profiled(() => {
    assert.throws(() => tf.ones([2]).add(tf.ones([3])));
    tf.ones([2]).neg();
  });
  const [, , thrown] = list;
  assert.deepEqual([thrown!.op, thrown!.duration, list.at(-1)!.op], ['add', 0, 'neg']);
});

function ringOf(): { writer: Profiler; words: Int32Array; ring: SharedArrayBuffer } {
  const words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  const ring = new SharedArrayBuffer(RING_BYTES);
  return { writer: new Profiler(words, ring), words, ring };
}

/** Writes records of two ops, one in the other, until there are so many. */
function write(writer: Profiler, from: number, until: number): void {
  for (let n = from; n < until; n += 2) {
    const outer = writer.open(
      writer.number('outer'),
      'layer',
      false,
      -1,
      [{ shape: [n % 7] }],
      -1,
      n,
    );
    const inner = writer.open(writer.number('inner'), 'layer', true, outer, [], -1, n);
    writer.close(inner);
    writer.note(inner, n, 1);
    writer.close(outer);
    writer.settle();
  }
}

function hold(list: readonly OpRecord[], from: number): void {
  list.forEach(({ op, parent, step, bytes, shapes }, i) => {
    const n = from + i;
    const even = n % 2 === 0;
    assert.deepEqual(
      [op, parent, step, bytes, shapes],
      even ? ['outer', -1, n, 0, `[${n % 7}]`] : ['inner', n - 1, n - 1, n - 1, ''],
    );
  });
}

test('nothing is lost where the ring goes round while it is read', async () => {
  const { writer, words, ring } = ringOf();
  writer.start();
  const { recording, fetch } = reader(writer, words, ring);
  const pace = 250_000;
  for (let n = 0; n < RING + 4 * pace; n += pace) {
    write(writer, n, n + pace);
    assert.deepEqual(await fetch(), [100_000, 100_000, 50_000]);
    hold(recording.read(n, 50), n);
    hold(recording.read(n + pace - 50, 50), n + pace - 50);
    assert.equal(recording.end, n + pace);
  }
  // The adapter keeps as many as the ring has room for, or a part more.
  assert.ok(recording.first > 0 && recording.end - recording.first >= RING);
  assert.ok(recording.end - recording.first < RING + 100_000);
});

test('where the reader is too late it says what is lost, and the rest is right', async () => {
  const { writer, words, ring } = ringOf();
  writer.start();
  const { recording, records, fetch } = reader(writer, words, ring);
  write(writer, 0, 1000);
  await fetch();
  const end = RING + 30_000;
  write(writer, 1000, end);
  await fetch();
  // The oldest of a stretch may be overwritten next, and are left out.
  const { first } = recording;
  assert.ok(first >= 30_000 && first <= 32_000, String(first));
  assert.equal(recording.end, end);
  hold(recording.read(first, 100), first);
  hold(recording.read(end - 100, 100), end - 100);
  assert.deepEqual(recording.read(0, 10), []);
  // Everything was fetched: nothing is left for the end.
  for await (const part of records.rest()) assert.fail(String(part.from));
});

test('a new profile begins at zero, and what the end finds belongs to the last one', async () => {
  const { writer, words, ring } = ringOf();
  const early = reader(writer, words, ring).records;
  for await (const part of early.rest()) assert.fail(String(part.from));
  const { recording, records, fetch } = reader(writer, words, ring);
  writer.start();
  write(writer, 0, 10);
  await fetch();
  writer.start();
  write(writer, 0, 6);
  recording.clear();
  for await (const part of records.rest())
    recording.add(part.from, Buffer.from(part.data, 'base64'));
  assert.deepEqual([recording.first, recording.end], [0, 6]);
  hold(recording.read(0, 6), 0);
});

test('what is asked for while the program ends comes once, and in order', async () => {
  const { writer, words, ring } = ringOf();
  writer.start();
  write(writer, 0, 10);
  const { recording, records } = reader(writer, words, ring);
  const take = (part: RecordsPart) => {
    if (part.names) recording.name(part.names);
    assert.equal(recording.read(part.from, 1).length, 0);
    recording.add(part.from, Buffer.from(part.data, 'base64'));
  };
  const known = { from: 0, texts: 0, places: 0 };
  const asked = records.after(known).then(take);
  const rest = Array.fromAsync(records.rest(), take);
  const late = records.after(known).then(take);
  write(writer, 10, 16);
  await Promise.all([asked, rest, late]);
  assert.deepEqual([recording.first, recording.end, recording.named], [0, 16, 11]);
  hold(recording.read(0, 16), 0);
});
