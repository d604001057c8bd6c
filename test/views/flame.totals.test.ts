import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpRecord, PlacedProfile } from '../../debug-adapter/protocol.ts';
import { gather } from '../../views/flame/gather.ts';
import { ownTimes, ratioOf, sorted, totalsOf } from '../../views/flame/totals.ts';
import { chromeTrace } from '../../views/flame/trace.ts';
import { profileOf } from '../kit/profiles.ts';

const profile = profileOf(3);

const record = (op: string, parent: number): OpRecord => ({
  op,
  path: '',
  direction: 'forward',
  start: 0,
  duration: 1,
  parent,
  shapes: '',
  bytes: 0,
  flops: 0,
  site: 0,
  step: 0,
});

test('ops by total time, from which the ratio of two can be read', () => {
  const rows = totalsOf(profile, 'op').rows;
  const of = (op: string) => rows.find((row) => row.op === op)!;
  const matMul = of('matMul');
  assert.equal(matMul.count, 6);
  assert.ok(Math.abs(matMul.total - 3 * (0.84 + 0.28)) < 1e-9);
  assert.ok(Math.abs(matMul.mean - (0.84 + 0.28) / 2) < 1e-9);
  assert.deepEqual(ratioOf(matMul, of('biasAdd')), { total: '7.0 : 1', mean: '7.0 : 1' });
  assert.deepEqual(ratioOf(of('biasAdd'), matMul).total, '1 : 7.0');
  assert.equal(sorted(rows, 'total', true)[0]!.op, '∇matMul');
  assert.equal(sorted(rows, 'op', false)[0]!.op, 'biasAdd');
});

test('shares add up to one: what an op spends in others is theirs', () => {
  const rows = totalsOf(profile, 'op').rows;
  const sum = rows.reduce((total, { share }) => total + share, 0);
  assert.ok(Math.abs(sum - 1) < 1e-9);
  const own = ownTimes(profile.records);
  const composite = profile.records.findIndex(({ op }) => op === 'softmaxCrossEntropy');
  assert.ok(Math.abs(own[composite]! - (0.21 - 4 * 0.05)) < 1e-9);
});

test('rows part by shapes or by line where that is asked for', () => {
  const shapes = totalsOf(profile, 'shapes').rows.filter(({ op }) => op === 'matMul');
  assert.deepEqual(
    shapes.map(({ detail, count }) => [detail, count]),
    [
      ['[32,64] x [64,128] -> [32,128]', 3],
      ['[32,128] x [128,10] -> [32,10]', 3],
    ],
  );
  const lines = totalsOf(profile, 'line').rows.filter(({ op }) => op === 'matMul');
  assert.deepEqual(
    lines.map(({ detail }) => detail),
    ['train.ts:12', 'train.ts:15'],
  );
});

test('ops inside a gradient are neither with the forward ones of their name, nor in their lane', () => {
  const records: OpRecord[] = [
    record('matMul', -1),
    { ...record('matMul', -1), direction: 'backward' },
    record('matMul', 1),
  ];
  const { rows, of } = totalsOf({ records, places: [] }, 'op');
  assert.deepEqual(
    rows.map(({ op, detail, count, direction }) => [op, detail, count, direction]),
    [
      ['matMul', '', 1, 'forward'],
      ['∇matMul', '', 1, 'backward'],
      ['matMul', 'in gradients', 1, 'backward'],
    ],
  );
  assert.deepEqual(of, rows);
  const { traceEvents } = chromeTrace({ ...profile, records });
  assert.deepEqual(
    traceEvents.filter(({ ph }) => ph === 'X').map(({ name, tid }) => `${name} ${tid}`),
    ['matMul 1', '∇matMul 2', 'matMul 2'],
  );
});

test('a Chrome trace nests by time alone and is in microseconds', () => {
  const { traceEvents } = chromeTrace(profile);
  const complete = traceEvents.filter(({ ph }) => ph === 'X');
  const matMul = complete.find(({ name }) => name === 'matMul')!;
  assert.deepEqual(matMul, {
    name: 'matMul',
    ph: 'X',
    pid: 1,
    tid: 1,
    cat: 'op',
    ts: 0,
    dur: 840,
    args: {
      path: 'encoder/dense1',
      shapes: '[32,64] x [64,128] -> [32,128]',
      bytes: 16384,
      flops: 524288,
      step: 0,
      line: 'train.ts:12',
    },
  });
  const threads = traceEvents.filter(({ name }) => name === 'thread_name');
  assert.deepEqual(
    threads.map(({ args }) => args!['name']),
    ['forward', 'backward'],
  );
  // A viewer refuses events of one thread that overlap without one holding the other.
  for (const tid of [1, 2]) {
    const open: number[] = [];
    const events = complete.filter((event) => event.tid === tid);
    for (const { ts, dur } of events.sort((a, b) => a.ts! - b.ts! || b.dur! - a.dur!)) {
      while (open.length > 0 && open.at(-1)! <= ts! + 1e-6) open.pop();
      if (open.length > 0) assert.ok(ts! + dur! <= open.at(-1)! + 1e-6);
      open.push(ts! + dur!);
    }
  }
});

test('a piece of any size is taken', async () => {
  const records = Array<OpRecord>(200_000).fill(record('a', -1));
  const gathered = gather(
    async () => assert.fail('nothing is asked'),
    () => {},
  );
  gathered.add({ start: 0, duration: 9, lost: 0, records, sites: [], places: [] }, 0);
  assert.equal(gathered.profile.records.length, 200_000);
});

test('what comes while a question is under way is asked for again', async () => {
  const all = [record('a', -1), record('b', -1)];
  let ready = 0;
  const ask = async (from: number): Promise<PlacedProfile> => {
    const records = all.slice(from, ready);
    await new Promise(setImmediate);
    return { start: 0, duration: 9, lost: 0, records, sites: [], places: [] };
  };
  const gathered = gather(ask, () => {});
  const first = gathered.more();
  ready = 2;
  await Promise.all([first, gathered.more()]);
  assert.equal(gathered.profile.records.length, 2);
});

test('records are gathered in pieces, each once, parents by their place in the list', async () => {
  const all = [record('a', -1), record('b', 0), record('c', -1), record('d', 2), record('e', 0)];
  let ready = 2;
  const asked: number[] = [];
  const ask = async (from: number): Promise<PlacedProfile> => {
    asked.push(from);
    // The program has overwritten its first record.
    const first = Math.max(from, 1);
    const records = all.slice(first, Math.min(ready, first + 2));
    return { start: 0, duration: 9, lost: first - from, records, sites: [], places: [] };
  };
  const added: [string, number][] = [];
  const gathered = gather(ask, (part, from) => {
    added.push([part.records.map(({ op, parent }) => `${op}${parent}`).join(' '), from]);
  });
  await gathered.more();
  ready = 5;
  await Promise.all([gathered.more(), gathered.more()]);
  assert.deepEqual(asked, [0, 2, 2, 4, 5]);
  assert.deepEqual(added, [
    ['b-1', 0],
    ['c-1 d1', 1],
    ['e-1', 3],
  ]);
  assert.equal(gathered.profile.lost, 1);
  assert.equal(gathered.profile.records.length, 4);
});
