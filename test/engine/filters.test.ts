/** Exception filters in the engine: what they look at, and what they leave alone. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { queryObjects } from 'node:v8';
import type * as Engine from '../../engine/index.ts';
import { DESK, HOOKS, WORDS, type Asks, type Hop, type OpPause } from '../../engine/protocol.ts';

// As a debugger lends them, before the engine is loaded.
const stops: string[] = [];
let chain: readonly Hop[] = [];
let next = (): void => {};
const hooks = {
  control: new SharedArrayBuffer(4 * WORDS),
  pause({ why, phase, op, found }: OpPause): void {
    chain = found?.chain ?? [];
    stops.push(found?.message ?? `${why} ${phase} ${op}`);
    next();
  },
};
(globalThis as { [key: symbol]: unknown })[Symbol.for(HOOKS)] = hooks;
const tf: typeof Engine = await import('../../engine/index.ts');
const { brief } = await import('../../engine/brief.ts');
const { Step } = await import('../../engine/filters/gradients.ts');
const { census } = await import('../../engine/liveness.ts');
const desk = (globalThis as never)[Symbol.for(DESK)] as Asks;

beforeEach(() => {
  stops.length = 0;
  next = () => {};
});

test('an op that the program was stopped before is looked at when it ends, and one that ran another meanwhile', () => {
  desk.setFilters([{ name: 'firstNaN' }]);
  const x = tf.tensor([-1, 1]);
  desk.step('next');
  x.log();
  const made = 'log made 1 NaN in f32[2]; its inputs are finite';
  assert.deepEqual(stops, ['step before log', made]);

  stops.length = 0;
  // Into a composite op, and on from there.
  next = () => {
    if (stops.length === 1) desk.step('into');
  };
  desk.step('next');
  tf.moments(tf.tensor([3e38, 3e38]));
  assert.equal(stops[0], 'step before moments');
  assert.match(stops[1]!, /^step before /);
  assert.match(stops[2]!, /^moments made /);
});

test('of several results that with no number goes before those with infinities that were put in', () => {
  desk.setFilters([{ name: 'firstNaN' }]);
  tf.moments(tf.tensor([Infinity, 1]));
  assert.deepEqual(stops, ['moments made 1 NaN in f32[]; x was not finite before']);
});

test('a tape that has filled its gradients up with zeros was asked', () => {
  desk.setFilters([{ name: 'unusedTape' }, { name: 'nullGradient' }]);
  const w = tf.variable([1, 2]);
  const tape = new tf.GradientTape({ persistent: true });
  const y = w.square();
  const other = tf.variable([3]);
  const zero = tape.gradient(y, other, { unconnectedGradients: 'zero' });
  tape.dispose();
  assert.deepEqual(zero.array(), [0]);
  assert.deepEqual(stops, []);
});

test('a gradient that goes back again and again is told from both ends, and its middle is forgotten', () => {
  desk.setFilters([{ name: 'explodingGradient', condition: 'name === "dx" && norm > 2 ** 299' }]);
  const x = tf.variable(tf.scalar(1, 'f64'));
  const tape = new tf.GradientTape({ persistent: true });
  const y = x.mul(tf.scalar(2, 'f64'));
  let g: Engine.Tensor = tf.scalar(1, 'f64');
  for (let i = 0; i < 300; i++) g = tape.gradient(y, x, { outputGradients: g })!;
  tape.dispose();
  assert.equal(g.item(), 2 ** 300);
  const told = chain.map(({ what }) => /norm (.*)/.exec(what)?.[1] ?? what);
  assert.deepEqual(told.slice(0, 2), ['2', '4']);
  assert.equal(told[8], '268 more in between');
  assert.deepEqual([told.length, told.at(-1)], [33, brief(2 ** 300)]);
  assert.ok(queryObjects(Step, { format: 'count' }) < 200);
});

test('tensors that grew in number while the filter was off are not those of the last steps', (t) => {
  const kept: Engine.Tensor[] = [];
  const { of } = census;
  census.of = () => kept as never;
  t.after(() => (census.of = of));
  const steps = (count: number): void => {
    for (let i = 0; i < count; i++) {
      kept.push(tf.tensor([i]));
      tf.step();
    }
  };
  desk.setFilters([{ name: 'tensorLeak' }]);
  steps(40);
  assert.deepEqual(stops, []);
  desk.setFilters([]);
  steps(100);
  desk.setFilters([{ name: 'tensorLeak' }]);
  steps(40);
  assert.deepEqual(stops, []);
  steps(10);
  assert.match(stops.join(), /^40 more tensors are alive than 40 steps ago/);
});
