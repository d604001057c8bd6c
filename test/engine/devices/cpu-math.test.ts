import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions, distance, worst } from '../../../scripts/accuracy/measure.ts';
import { readAccuracy } from '../../../scripts/docs/accuracy.ts';
import { kit } from '../../kit/cpu.ts';

/** One of so many bit patterns, which no power of two divides, so that low bits vary. */
const STRIDE = 2039;
const measured = new Map(readAccuracy().functions.map(({ name, ulps }) => [name, ulps]));

// Over every kind of f32: all exponents, both signs, subnormals, not-a-number.
for (const name of functions) {
  test(`${name} is within 2 ulp of f64 over the whole range, and as near as docs/accuracy.json says`, () => {
    const { ulps, at } = worst(name, 0, 1, STRIDE);
    const most = measured.get(name)!;
    assert.ok(most <= 2);
    // Sampled elsewhere than what was kept, the worst may be a little worse.
    assert.ok(ulps <= most * 1.05, `${ulps} ulp at ${at}, not ${most}`);
  });
}

test('pow is within 0.51 ulp of f64 for numbers of any size', () => {
  const k = kit(16);
  const n = 1 << 16;
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31;
  let worstOf = 0;
  for (const [x, y] of [
    [() => 2 ** (next() * 126), next],
    [() => 2 ** (next() * 10), () => next() * 12],
    [() => 1 + next() / 1000, () => next() * 60000],
    [() => next() * 20, () => Math.round(next() * 20)],
  ] as const) {
    k.reset();
    const [a, b, out] = [k.make([n], x), k.make([n], y), k.make([n])];
    k.cpu.zip('pow', out, a, b);
    const [bases, powers, got] = [k.read(a), k.read(b), k.read(out)];
    for (let i = 0; i < n; i++) {
      const exact = bases[i]! ** powers[i]!;
      worstOf = Math.max(worstOf, distance(got[i]!, exact));
    }
  }
  assert.ok(worstOf <= 0.51, `${worstOf}`);
});
