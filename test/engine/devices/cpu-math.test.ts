import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions, distance, worst } from '../../../scripts/accuracy/measure.ts';
import { readAccuracy } from '../../../scripts/docs/accuracy.ts';
import type { Buf } from '../../../engine/device.ts';
import { kit } from '../../kit/cpu.ts';
import { draws } from '../../kit/samples.ts';

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

test('quotients and rests of 32 bits are those of big integers, at the ends of the range too', () => {
  const ends = [0, 1, 2, 3, 7, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 2, 2 ** 32 - 1, 1e9];
  const draw = draws(1);
  const drawn = Array.from({ length: 3000 }, () => Math.floor(draw() * 2 ** 32));
  const shifted = drawn.map((value, i) => value >>> (i % 32)).toReversed();
  const pairs = [
    ...ends.flatMap((x) => ends.map((y) => [x, y] as const)),
    ...drawn.map((x, i) => [x, shifted[i]!] as const),
  ];
  for (const [dtype, fit] of [
    ['i32', (value: bigint) => BigInt.asIntN(32, value)],
    ['u32', (value: bigint) => BigInt.asUintN(32, value)],
  ] as const) {
    const k = kit(16);
    const [x, y] = [0, 1].map((side) => {
      return k.make([pairs.length], (i) => Number(fit(BigInt(pairs[i]![side]!))), dtype);
    }) as [Buf, Buf];
    const [quotients, rests] = [
      k.make([pairs.length], () => 0, dtype),
      k.make([pairs.length], () => 0, dtype),
    ];
    k.cpu.zip('floorDiv', quotients, x, y);
    k.cpu.zip('mod', rests, x, y);
    const [q, r] = [k.read(quotients), k.read(rests)];
    pairs.forEach((pair, i) => {
      const [a, b] = pair.map((value) => fit(BigInt(value))) as [bigint, bigint];
      const cut = b === 0n ? 0n : a / b;
      const down = b !== 0n && cut * b !== a && a < 0n !== b < 0n ? cut - 1n : cut;
      assert.equal(q[i], Number(fit(down)), `${a} / ${b}`);
      assert.equal(r[i], b === 0n ? 0 : Number(a - down * b), `${a} mod ${b}`);
    });
  }
});
