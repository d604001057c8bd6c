import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  LiveTensor,
  PlacedComparison,
  PlacedNode,
  Stats,
} from '../../debug-adapter/protocol.ts';
import {
  comparedDescription,
  comparedSummary,
  groupCompared,
  groupTensors,
  nodeDescription,
  pagesOf,
  partsOf,
  pastDescription,
  tapeDescription,
  tensorDescription,
  tensorLabel,
  type TensorGroup,
} from '../../views/trees/model.ts';
import { bareTensor } from '../kit/tensors.ts';

const stats: Stats = {
  count: 12,
  mean: 0.5,
  sd: 0.25,
  min: 0,
  max: 1,
  nan: 0,
  inf: 0,
  zeros: 1,
  sampled: false,
};

test('a tree says that it shows the past', () => {
  assert.equal(pastDescription(undefined), '');
  assert.equal(pastDescription({ number: 7, ago: 1, op: 'relu' }), '1 op ago, before relu');
  assert.equal(pastDescription({ number: 5, ago: 3, op: '∇mul' }), '3 ops ago, before ∇mul');
});

let ids = 0;
const tensor = (about: Partial<LiveTensor> = {}): LiveTensor =>
  bareTensor({ id: ++ids, shape: [3, 4], stats, ...about });

function outline(groups: readonly TensorGroup[], indent = ''): string {
  return groups
    .map(
      (group) =>
        `${indent}${group.title} (${group.description})\n` +
        outline(group.groups, `${indent}  `) +
        group.tensors.map((row) => `${indent}  ${tensorLabel(row)}\n`).join(''),
    )
    .join('');
}

test('tensors stand by what holds them; variables by name, the rest by size', () => {
  const groups = groupTensors([
    tensor({ op: 'small', bytes: 8 }),
    tensor({ op: 'large', bytes: 4096 }),
    tensor({ group: 'variable', variable: true, name: 'W10' }),
    tensor({ group: 'variable', variable: true, name: 'W2' }),
    tensor({ group: 'layer', path: 'dense2', op: 'matMul' }),
    tensor({ group: 'layer', path: 'dense1', op: 'relu' }),
    tensor({ group: 'layer', path: 'dense1', op: 'matMul', bytes: 96 }),
  ]);
  assert.equal(
    outline(groups),
    `Variables (2 · 96 B)
  W2
  W10
Made in a layer scope (3 · 192 B)
  dense1 (2 · 144 B)
    matMul
    relu
  dense2 (1 · 48 B)
    matMul
Other (2 · 4.01 KB)
  large
  small
`,
  );
});

test('the bytes of a storage count once, however many tensors view it', () => {
  const owner = tensor({ bytes: 1024 });
  const view = tensor({ bytes: 1024, storage: owner.storage, view: true });
  assert.equal(groupTensors([owner, view])[0]!.description, '2 · 1.00 KB');
});

test('a row says shape, bytes and statistics, and NaN before all', () => {
  const place = { path: '/home/person/model.ts', line: 23, column: 5 };
  assert.equal(tensorDescription(tensor()), 'f32[3,4] · 48 B · mean 0.5 sd 0.25');
  assert.equal(
    tensorDescription(tensor({ place, stats: { ...stats, nan: 3, inf: 1 } })),
    'f32[3,4] · 48 B · 3 NaN, 1 Inf · mean 0.5 sd 0.25 · model.ts:23',
  );
  const scalar = tensor({ shape: [], bytes: 4, stats: { ...stats, count: 1, mean: 2.5 } });
  assert.equal(tensorDescription(scalar), 'f32[] · 4 B · = 2.5');
  assert.equal(
    tensorDescription(tensor({ view: true, stats: { ...stats, sampled: true } })),
    'f32[3,4] · view · mean ~0.5 sd ~0.25',
  );
});

test('a long tape is paged', () => {
  assert.deepEqual(pagesOf(0), []);
  assert.deepEqual(pagesOf(200), [{ start: 0, count: 200 }]);
  assert.deepEqual(pagesOf(401), [
    { start: 0, count: 200 },
    { start: 200, count: 200 },
    { start: 400, count: 1 },
  ]);
});

const node: PlacedNode = {
  index: 4,
  op: 'matMul',
  path: 'encoder/dense1',
  inputs: [
    { name: 'a', id: 1, shape: [32, 64], dtype: 'f32', node: 2 },
    { name: 'b', id: 2, shape: [64, 10], dtype: 'f32', node: null },
  ],
  outputs: [{ name: 'out', id: 3, shape: [32, 10], dtype: 'f32' }],
  saved: [{ name: 'a', id: 1, shape: [32, 64], dtype: 'f32', bytes: 8192 }],
  bytes: 8192,
};

test('a tape node says what goes in, what comes out, what it keeps and its gradient', () => {
  assert.equal(nodeDescription(node), '[32,64] [64,10] → [32,10] · keeps 8.00 KB · encoder/dense1');
  const known = { ...node, gradient: tensor() };
  assert.match(nodeDescription(known), /∇ mean 0\.5 sd 0\.25/);
  const broken = { ...node, gradient: tensor({ stats: { ...stats, nan: 2 } }) };
  assert.match(nodeDescription(broken), /∇ 2 NaN/);
});

test('the parts of a node keep their ids when its gradient becomes known', () => {
  const before = partsOf(node);
  const after = partsOf({ ...node, gradient: tensor() });
  assert.deepEqual(
    before.map(({ id, label, description }) => `${id}: ${label} ${description}`),
    [
      'input/0: a f32[32,64] · from node 2',
      'input/1: b f32[64,10] · from outside the tape',
      'output/0: out f32[32,10]',
      'saved/0: a f32[32,64] · keeps 8.00 KB',
    ],
  );
  assert.deepEqual(
    before.map(({ kept }) => kept),
    [true, false, false, true],
  );
  assert.deepEqual(
    after.map(({ id }) => id),
    [...before.map(({ id }) => id), 'gradient'],
  );
});

test('a tape says its state, its length and what it holds', () => {
  const tape = { id: 1, state: 'recording', persistent: true, nodes: 12, bytes: 2048 } as const;
  assert.equal(tapeDescription(tape), 'recording, persistent · 12 nodes · 2.00 KB');
});

test('ops beside those of a reference stand where they are worst, with by how much and since when', () => {
  const none = { same: 0, close: 0, differing: 0, missing: 0, extra: 0, abs: 0, rel: 0 };
  const place = { path: '/model/train.ts', line: 12, column: 3 };
  const first = { occurrence: 7, step: 3, op: 90 };
  const comparison: PlacedComparison = {
    reference: 'train.ts',
    complete: false,
    over: true,
    ops: 42,
    same: 37,
    close: 1,
    differing: 2,
    missing: 3,
    extra: 2,
    left: 0,
    rows: [
      { ...none, op: 'add', path: 'add', place, same: 1, differing: 1, abs: 2.5, rel: 0.01, first },
      {
        ...none,
        op: 'mul',
        path: 'net/mul',
        then: { name: 'train.ts', line: 4, column: 1 },
        missing: 3,
      },
      { ...none, op: 'relu', path: 'relu', place, extra: 2 },
      { ...none, op: 'sum', path: 'sum', place, same: 36, close: 1, abs: 1e-9, rel: 1e-7 },
    ],
  };
  const said = groupCompared(comparison).map(
    ({ title, rows }) =>
      `${title}: ${rows.map((row) => `${row.path} ${comparedDescription(row)}`).join()}`,
  );
  assert.deepEqual(said, [
    'Differing: add train.ts:12 · 1 of 2 differs, first run 7 in step 3 · relative 0.01, absolute 2.5',
    'Missing: net/mul train.ts:4 there · 3 missing',
    'Extra: relu train.ts:12 · 2 extra',
    'Matching: sum train.ts:12 · relative 1.00e-7, absolute 1.00e-9 · 37 of 37',
  ]);
  assert.equal(
    comparedSummary(comparison),
    '42 ops beside train.ts, which did not come to its end: 37 the same, 1 within the tolerance, 2 beyond it.',
  );
  assert.equal(groupCompared({ ...comparison, over: false })[1]!.title, 'Not there yet');
});
