import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measure } from '../../bench/measure.ts';
import type { Peers } from '../../bench/peers/peers.ts';
import type { Case } from '../../bench/subject.ts';

/** Peers in another process, of which only NumPy is there. */
const peers = {
  has: ({ module }: { module: string }) => Promise.resolve(module === 'numpy'),
  measure: () => Promise.resolve(6),
} as unknown as Peers;

test('a case and its peers run in turns, and the first round warms up', async () => {
  const order: string[] = [];
  const times = [100, 2, 2, 2];
  const c: Case = {
    name: 'sum',
    unit: 'us',
    product: () => {
      order.push('product');
      return times.shift()!;
    },
    peers: {
      here: () => {
        order.push('here');
        return 4;
      },
      NumPy: { module: 'numpy', setup: '', run: '' },
      PyTorch: { module: 'torch', setup: '', run: '' },
    },
    goal: { peer: 'PyTorch', least: 1 },
  };
  const outcome = await measure(c, peers, { quick: true, rounds: 3 });
  assert.deepEqual(order, Array.from({ length: 4 }, () => ['product', 'here']).flat());
  assert.deepEqual(outcome, {
    case: 'sum',
    unit: 'us',
    product: 2,
    peers: [
      { name: 'here', time: 4, ratio: 2, spread: [2, 2] },
      { name: 'NumPy', time: 6, ratio: 3, spread: [3, 3] },
    ],
    absent: ['PyTorch'],
    goals: [{ peer: 'PyTorch', least: 1, met: null }],
  });
});

test('it is enough when the ratios have settled, and one round of what is slow does for a quick run', async () => {
  let runs = 0;
  const c = (more: object, product = () => 2): Case => ({
    name: 'sum',
    unit: 'us',
    product: () => {
      runs++;
      return product();
    },
    peers: { here: () => 4 },
    ...more,
  });
  const count = async (c: Case, quick: boolean) => {
    runs = 0;
    await measure(c, peers, { quick, rounds: 15 });
    return runs;
  };
  assert.equal(await count(c({}), false), 8);
  const unsteady = c({}, () => 1 + (runs % 4));
  assert.equal(await count(unsteady, false), 16);
  assert.equal(await count(c({ rounds: 3 }), false), 3);
  assert.equal(await count(c({ rounds: 3 }), true), 1);
  // Threads are let start before anything counts.
  assert.equal(await count(c({ threads: 2, rounds: 1 }), false), 4);
});
