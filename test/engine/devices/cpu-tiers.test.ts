/** The ways to multiply matrices: each against plain, and against itself on more threads. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Buf } from '../../../engine/device.ts';
import { tierNames, type TierName } from '../../../engine/devices/cpu/tiers.ts';
import { broadcast, sizeOf, type Shape } from '../../../engine/shape.ts';
import { kit, type Kit } from '../../kit/cpu.ts';
import { untilHelped } from '../../kit/helped.ts';
import { has } from '../../kit/tiers.ts';
import { agreement, extremes, layouts, ordinary } from '../../kit/values.ts';

/** Cuts everything into parts as small as they can be, whoever comes to help. */
const tiny = { least: 1, grain: 1, alone: 0 };
const [one, three] = [1, 3].map((threads) => kit(128, undefined, { threads, ...tiny })) as [
  Kit,
  Kit,
];
const simd = kit(128);

/** Has both kits multiply that way, where the machine can. */
function choose(t: TestContext, tier: TierName): boolean {
  if (!has(t, tier, one.tiers.list()[tier])) return false;
  for (const k of [one, three]) k.tiers.choose(tier, 'the test');
  return true;
}

type Made = (k: Kit) => readonly [x: Buf, y: Buf];

/** The product on a kit, and its bits. */
function product(k: Kit, make: Made): readonly [Buf, Uint8Array] {
  const [x, y] = make(k);
  const lead = broadcast('matMul', x.shape.slice(0, -2), y.shape.slice(0, -2));
  const out = k.make([...lead, x.shape.at(-2)!, y.shape.at(-1)!], () => 7);
  k.cpu.matMul(out, x, y);
  return [out, k.bits(out)];
}

/** As plain has it up to rounding; the same bits on three threads, and for `wide` those of `simd`. */
function holds(tier: TierName, what: string, make: Made, ulps: number): void {
  for (const k of [one, three, simd]) k.reset();
  const [got, bits] = product(one, make);
  assert.deepEqual(product(three, make)[1], bits, `${what} on three threads`);
  if (tier === 'wide') assert.deepEqual(product(simd, make)[1], bits, `${what} beside simd`);
  const [x, y] = make(one);
  const want = one.make(got.shape);
  one.plain.matMul(want, x, y);
  agreement(one)(got, want, ulps, what, ulps > 1 ? 4 * x.shape.at(-1)! : 0);
}

const size = fc.integer({ min: 0, max: 70 });
/** Leading axes of the two operands. */
const leads: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[], []],
  [[3], [3]],
  [[4], []],
  [[], [4]],
  [
    [2, 1],
    [2, 3],
  ],
];
const products = fc.record({
  m: size,
  n: size,
  k: size,
  lead: fc.constantFrom(...leads),
  xLayout: fc.nat(5),
  yLayout: fc.nat(5),
  seed: fc.nat(),
});

for (const tier of tierNames) {
  test(`${tier} agrees with plain on any product, however it lies`, (t) => {
    if (!choose(t, tier)) return;
    fc.assert(
      fc.property(products, ({ m, n, k, lead, xLayout, yLayout, seed }) => {
        const [xs, ys] = [
          [...lead[0], m, k],
          [...lead[1], k, n],
        ];
        const [xl, yl] = [layouts(xs)[xLayout], layouts(ys)[yLayout]];
        const make: Made = (kit) => [
          kit.make(xs, ordinary('f32', seed + 1), 'f32', xl),
          kit.make(ys, ordinary('f32', seed + 2), 'f32', yl),
        ];
        holds(tier, `[${xs}] (${xl}) @ [${ys}] (${yl})`, make, 8);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test(`${tier} carries what is special`, (t) => {
    if (!choose(t, tier)) return;
    // A row of ones, one of them special, times ones: whatever the order of a sum, it is the same.
    for (const special of extremes)
      for (const [m, n, k] of [
        [17, 24, 40],
        [1, 30, 30],
        [40, 2, 60],
      ] as const)
        for (const turned of [false, true]) {
          const make: Made = (kit) => [
            kit.make([m, k], (i) => (i % (k + 1) === 3 ? special : 0), 'f32', turned ? [1, m] : undefined), // prettier-ignore
            kit.make([k, n], (i) => (i % 5 === 0 ? -1 : 1)),
          ];
          holds(tier, `${special} in ${m} x ${k} x ${n} ${turned ? 'turned' : ''}`, make, 1);
        }
  });

  test(`${tier} gives the same bits for any number of threads where products are cut`, (t) => {
    if (!choose(t, tier)) return;
    const sizes = [
      [300, 900, 257, 1],
      [1100, 40, 33, 1],
      [33, 40, 2100, 1],
      [128, 784, 256, 1],
      [64, 64, 64, 9],
      [200, 300, 180, 3],
    ] as const;
    for (const [m, k, n, batch] of sizes) {
      const bits = [one, three].map((kit) => {
        kit.reset();
        const x = kit.make([batch, m, k], ordinary('f32', 1));
        const y = kit.make([batch, k, n], ordinary('f32', 2));
        return product(kit, () => [x, y])[1];
      });
      assert.deepEqual(bits[1], bits[0], `${batch} of ${m} x ${k} x ${n}`);
    }
  });

  test(`workers come to help with ${tier}`, async (t) => {
    if (!choose(t, tier)) return;
    three.reset();
    const x = three.make([2, 512, 512], ordinary('f32', 1));
    const out = three.make([2, 512, 512]);
    await untilHelped(three, () => three.cpu.matMul(out, x, x));
  });

  test(`${tier} does convolutions, too`, (t) => {
    if (!choose(t, tier)) return;
    const how = { strides: [1, 2], dilations: [1, 1], padding: [[1, 1], [0, 2]] as const, groups: 2 }; // prettier-ignore
    const shapes = { x: [2, 12, 13, 4], filter: [3, 3, 2, 24], y: [2, 12, 7, 24] };
    const tensors = (k: Kit) => ({
      x: k.make(shapes.x, ordinary('f32', 1)),
      filter: k.make(shapes.filter, ordinary('f32', 2)),
      y: k.make(shapes.y, ordinary('f32', 3)),
    });
    const sides = [
      ['y', 'x', 'filter'],
      ['x', 'y', 'filter'],
      ['filter', 'x', 'y'],
    ] as const;
    for (const [side, a, b] of sides) {
      const bits = [one, three].map((k) => {
        k.reset();
        const given = tensors(k);
        const [got, want] = [k.make(shapes[side]), k.make(shapes[side])];
        k.cpu.conv(side, got, given[a], given[b], how);
        k.plain.conv(side, want, given[a], given[b], how);
        agreement(k)(got, want, 16, side, sizeOf(shapes.filter) / 24);
        return k.bits(got);
      });
      assert.deepEqual(bits[1], bits[0], side);
    }
  });
}
