import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpRecord } from '../../debug-adapter/protocol.ts';
import { about, spoken } from '../../views/flame/about.ts';
import { colorOfOps, inkOn, opaque } from '../../views/flame/colors.ts';
import {
  boxAt,
  fitted,
  found,
  lanesOf,
  neighbour,
  panned,
  ticks,
  visible,
  wholeView,
  zoomed,
  type Lane,
} from '../../views/flame/model.ts';
import { profileOf } from '../kit/profiles.ts';

/** A lane as text: one line a depth, one column `unit` milliseconds. */
function drawing(lane: Lane, from: number, to: number, unit: number): string {
  return lane.rows
    .map((row) => {
      const line = Array.from({ length: Math.round((to - from) / unit) }, () => ' ');
      for (const at of row) {
        const { name, start, end } = lane.boxes[at]!;
        const left = Math.round((start - from) / unit);
        const right = Math.max(left + 1, Math.round((end - from) / unit));
        for (let x = left; x < right && x < line.length; x++)
          line[x] = x === left ? '[' : (name[x - left - 1] ?? '-');
      }
      return line.join('').trimEnd();
    })
    .join('\n');
}

test('steps hold scopes, scopes hold ops, composites hold theirs; backward lies apart', () => {
  const [forward, backward] = lanesOf(profileOf(2).records);
  assert.equal(
    `${drawing(forward!, 0, 1.7, 0.025)}\n\n${drawing(backward!, 1.67, 5, 0.05)}`,
    `[step 0-----------------------------------------------------------
[encoder---------------------------------- [dense2------- [softmax
[dense1----------------------------------- [matMul---- [b [m[s[e[s
[matMul---------------------------[bias [r

[step 0---------------------------------------------------------
[∇softma [dense2------[encoder----------------------------------
         [ [∇matMul---[dense1-----------------------------------
                      [∇r[∇bia[∇matMul--------------------------`,
  );
});

test('without steps and scopes the ops lie at the top', () => {
  const record = (op: string, start: number): OpRecord => ({
    op,
    path: '',
    direction: 'forward',
    start,
    duration: 1,
    parent: -1,
    shapes: '',
    bytes: 0,
    flops: 0,
    site: -1,
    step: 0,
  });
  const lanes = lanesOf([record('add', 0), record('mul', 1)]);
  assert.equal(lanes.length, 1);
  assert.equal(drawing(lanes[0]!, 0, 2, 0.25), '[add[mul');
  assert.deepEqual(lanesOf([]), []);
});

const profile = profileOf(2);
const lanes = lanesOf(profile.records);
const whole = wholeView(lanes);

test('zooming keeps the point under the pointer, and never leaves the whole', () => {
  const near = zoomed(whole, whole, 2, 0.1);
  const part = (view: typeof near) => (2 - view.start) / (view.end - view.start);
  assert.ok(Math.abs(part(near) - part(whole)) < 1e-9);
  assert.deepEqual(zoomed(near, whole, 2, 1e9), whole);
  assert.deepEqual(panned(near, whole, -1e9).start, whole.start);
  const [box] = lanes[0]!.boxes;
  const seen = fitted(box!, whole);
  assert.ok(seen.start <= box!.start && seen.end >= box!.end);
});

test('of boxes that share a pixel one is drawn', () => {
  const many = lanesOf(profileOf(2000).records)[0]!;
  const all = wholeView([many]);
  const drawn = visible(many, many.rows.length - 1, all, 800);
  assert.ok(drawn.length <= 801, String(drawn.length));
  const narrow = { start: 0, end: 2 };
  assert.deepEqual(
    visible(many, 2, narrow, 800).map(({ name }) => name),
    ['dense1', 'matMul', 'biasAdd', 'max', 'sub', 'exp', 'sum'],
  );
});

test('a point finds its box, the arrows its neighbours', () => {
  const [lane] = lanes;
  const matMul = boxAt(lane!, 3, 0.4, 0)!;
  assert.equal(matMul.name, 'matMul');
  assert.equal(neighbour(lane!, matMul, 'right')!.name, 'biasAdd');
  assert.equal(neighbour(lane!, matMul, 'up')!.name, 'dense1');
  assert.equal(neighbour(lane!, neighbour(lane!, matMul, 'up')!, 'down'), matMul);
  assert.equal(neighbour(lane!, matMul, 'left'), null);
  assert.equal(neighbour(lane!, matMul, 'down'), null);
  assert.equal(boxAt(lane!, 3, 1.5, 0), null);
});

test('a search looks at op, layer and shapes', () => {
  const box = boxAt(lanes[0]!, 3, 0.4, 0)!;
  for (const text of ['matmul', 'dense1', '64,128']) assert.ok(found(box, profile.records, text));
  assert.ok(!found(box, profile.records, 'conv'));
});

test('a box tells its shapes, time, share, bytes, speed and line', () => {
  const box = boxAt(lanes[0]!, 3, 0.4, 0)!;
  assert.equal(
    spoken(about(box, profile, 10)),
    'matMul, shapes [32,64] x [64,128] -> [32,128], time 840 µs, share 8.4 %, bytes 16.0 KB, ' +
      'speed 0.624 Gflop/s, layer encoder/dense1, line train.ts:12',
  );
  assert.equal(
    spoken(about(lanes[0]!.boxes[0]!, profile, 10)),
    'step 0, time 1.65 ms, ops 6 ops, share 16.5 %',
  );
});

test('ruler marks are round and far enough apart', () => {
  const at = (start: number, end: number, width: number) =>
    ticks({ start, end }, width).map(({ time }) => time);
  assert.deepEqual(at(0, 10, 500), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(at(3, 4, 250), [3, 3.5, 4]);
});

test('the ruler tells its times apart, however near they are', () => {
  const texts = (start: number, end: number) => ticks({ start, end }, 300).map(({ text }) => text);
  assert.deepEqual(texts(0, 9000), ['0', '5 s']);
  assert.deepEqual(texts(1900, 2600), ['2.0 s', '2.5 s']);
  assert.deepEqual(texts(4340.019, 4340.031), ['4.340020 s', '4.340025 s', '4.340030 s']);
  assert.deepEqual(texts(0.0004, 0.0009), ['400 ns', '600 ns', '800 ns']);
});

test('an op keeps its colour while the profile grows, and shares it with its gradient', () => {
  const few = colorOfOps(profileOf(1).records.slice(0, 3));
  const all = colorOfOps(profileOf(3).records);
  for (const [op, color] of few) assert.equal(all.get(op), color);
  assert.ok(!all.has('∇matMul'));
  assert.equal(inkOn('#59a4f9'), '#000000');
  assert.equal(inkOn('#652d90'), '#ffffff');
});

test('a colour that a theme lets shine through is drawn full', () => {
  assert.equal(opaque('rgba(234, 92, 0, 0.33)'), '#ea5c00');
  assert.equal(opaque('#d1861680'), '#d18616');
  assert.equal(opaque(' #59A4F9'), '#59A4F9');
  assert.equal(opaque('teal'), 'teal');
});
