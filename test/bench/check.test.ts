import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../bench/check.ts';
import type { Kept, Ratio } from '../../bench/outcome.ts';

function kept(ratios: { readonly [name: string]: Ratio }, processor = 'one', node = 'v24'): Kept {
  const outcomes = Object.entries(ratios).map(([name, ratio]) => ({
    case: name,
    unit: 'us' as const,
    product: 1,
    peers: [{ name: 'NumPy', time: ratio.ratio, ...ratio }],
    absent: [],
  }));
  return { title: 'Sums', machine: { processor, node, load: Math.random() }, outcomes };
}

const ratio = (low: number, middle: number, high: number): Ratio => ({
  ratio: middle,
  spread: [low, high],
});

test('a ratio below the spread of what is kept is worse', () => {
  const verdict = check(
    kept({ 'sum of 16': ratio(1.8, 2, 2.2) }),
    kept({ 'sum of 16': ratio(1, 1.1, 1.2) }),
  );
  assert.deepEqual(verdict, {
    worse: [
      'Sums, sum of 16: NumPy takes 1.10 (1.00 to 1.20) times as long, where it took 2.00 (1.80 to 2.20).',
    ],
    compared: 1,
    apart: [],
  });
});

test('within the spread, within a tenth, or better is not worse', () => {
  const before = kept({ sum: ratio(1.8, 2, 2.2) });
  for (const now of [ratio(1, 1.5, 1.9), ratio(1.79, 1.81, 1.79), ratio(3, 4, 5)]) {
    assert.deepEqual(check(before, kept({ sum: now })).worse, []);
  }
});

test('what cannot be compared is said', () => {
  const now = kept({ sum: ratio(1, 1, 1) });
  const say = (before: Kept | undefined) => {
    const { compared, apart } = check(before, now);
    return [compared, ...apart];
  };
  assert.deepEqual(say(undefined), [0, 'Sums: nothing is kept of it.']);
  assert.deepEqual(say(kept({ sum: ratio(9, 9, 9) }, 'another')), [
    0,
    'Sums: what is kept was measured on another.',
  ]);
  assert.deepEqual(say(kept({ mean: ratio(9, 9, 9) })), [
    0,
    'Sums, sum: nothing is kept of it beside NumPy.',
  ]);
  assert.deepEqual(say(kept({ sum: ratio(1, 1, 1) }, 'one', 'v23')), [
    1,
    'Sums: what is kept was measured with node v23.',
  ]);
});
