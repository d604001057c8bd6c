import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goalsOf, quantile, ratioOf } from '../../bench/outcome.ts';
import type { Case, Goal } from '../../bench/subject.ts';

test('a ratio is the median of the rounds, its spread their quartiles', () => {
  const pairs = [
    [1, 2],
    [10, 30],
    [2, 2],
    [1, 5],
    [4, 16],
  ] as const;
  // 2, 3, 1, 5, 4
  assert.deepEqual(ratioOf(pairs), { ratio: 3, spread: [2, 4] });
});

test('one round is its own spread', () => {
  assert.deepEqual(ratioOf([[2, 3]]), { ratio: 1.5, spread: [1.5, 1.5] });
});

test('a quantile lies between the two next to it', () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([4, 1, 3, 2], 0.25), 1.75);
  assert.equal(quantile([7], 0.9), 7);
});

test('a goal is met, missed, or not measured', () => {
  const peers = [{ name: 'other', time: 1, ratio: 2, spread: [1, 3] as const }];
  const met = (goal: Goal | readonly Goal[]) =>
    goalsOf({ goal } as Case, peers).goals!.map((one) => one.met);
  assert.deepEqual(met({ peer: 'other', least: 2 }), [true]);
  assert.deepEqual(met({ peer: 'other', least: 2.1 }), [false]);
  // The product takes half of what the other takes.
  assert.deepEqual(met({ peer: 'other', most: 0.5 }), [true]);
  assert.deepEqual(met({ peer: 'other', most: 0.4 }), [false]);
  assert.deepEqual(
    met([
      { peer: 'nobody', least: 1 },
      { peer: 'other', least: 1 },
    ]),
    [null, true],
  );
});
