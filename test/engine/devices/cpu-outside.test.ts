/** Storages outside the kernels' memory, and kernels without room to work in: the same bits, and no plain loops. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dtypes, isComplex, type DType } from '../../../engine/dtype.ts';
import type { Buf } from '../../../engine/device.ts';
import { reducedOf } from '../../../engine/elementwise.ts';
import { reductions, type ReduceFormula } from '../../../engine/formulas.ts';
import { reduced, type Shape } from '../../../engine/shape.ts';
import { kit } from '../../kit/cpu.ts';
import { ends, layouts, ordinary } from '../../kit/values.ts';

const k = kit(64);
const all = (Object.keys(dtypes) as DType[]).filter(
  (dtype) => dtypes[dtype].array !== null && !isComplex(dtype),
);

/** Runs a kernel inside and with its buffers outside, in every mixture, and without room. */
function same(
  what: string,
  results: readonly (() => Buf)[],
  operands: readonly Buf[],
  run: (results: readonly Buf[], operands: readonly Buf[]) => void,
  roomless = true,
): void {
  k.fallbacks.length = 0;
  const want = results.map((make) => make());
  run(want, operands);
  const usual = k.fallbacks.length;
  const agree = (got: readonly Buf[], how: string) => {
    got.forEach((out, i) => assert.deepEqual(k.bits(out), k.bits(want[i]!), `${what}, ${how}`));
    assert.ok(k.fallbacks.length === 0 || usual > 0, `${what}, ${how}: ${k.fallbacks}`);
    k.fallbacks.length = 0;
  };
  k.fallbacks.length = 0;
  for (let which = 0; which <= operands.length + 1; which++) {
    // All outside, all but one operand, all but the results, and everything inside.
    const made = results.map((make) => (which === operands.length ? make() : k.outside(make())));
    const moved = operands.map((x, i) => (i === which ? x : k.outside(x)));
    run(made, moved);
    agree(made, `inside: ${which}`);
  }
  if (!roomless) return;
  k.room = 'spare';
  const made = results.map((make) => make());
  run(made, operands);
  k.room = 'arena';
  agree(made, 'without room');
}

/** Values with all that is special among them. */
function mixed(dtype: DType): (i: number) => number | bigint {
  const [own, special] = [ordinary(dtype, 9), ends(dtype)];
  return (i) => (i % 13 === 5 ? special[i % special.length]! : own());
}

for (const dtype of all)
  test(`elementwise ops of ${dtype}`, () => {
    for (const shape of [[61, 75], [7, 5, 15, 6], [5000]])
      for (const strides of layouts(shape).slice(0, dtype === 'f32' ? undefined : 2)) {
        k.reset();
        const say = `${dtype} [${shape}] (${strides})`;
        const x = k.make(shape, mixed(dtype), dtype, strides);
        const y = k.make([shape.at(-1)!], mixed(dtype), dtype);
        const test = k.make(shape, (i) => i % 3, 'bool');
        const out = (to: DType) => () => k.make(shape, () => 1, to);
        same(`neg of ${say}`, [out(dtype)], [x], ([out], [x]) =>
          k.cpu.map(dtype === 'bool' ? 'logicalNot' : 'neg', out!, x!),
        );
        for (const to of ['f32', 'i16', 'u64'] as const)
          same(`cast of ${say} to ${to}`, [out(to)], [x], ([out], [x]) =>
            k.cpu.map('identity', out!, x!),
          );
        same(`maximum of ${say}`, [out(dtype)], [x, y], ([out], [x, y]) =>
          k.cpu.zip(dtype === 'bool' ? 'logicalOr' : 'maximum', out!, x!, y!),
        );
        same(`less of ${say}`, [out('bool')], [y, x], ([out], [x, y]) =>
          k.cpu.zip('less', out!, x!, y!),
        );
        same(`select of ${say}`, [out(dtype)], [test, x, y], ([out], [test, x, y]) =>
          k.cpu.select(out!, test!, x!, y!),
        );
        const larger = shape.map((n) => n + 3);
        const turned = [-1, 1, -1, 1].slice(0, shape.length);
        same(
          `place of ${say}, backwards`,
          [() => k.make(larger, () => 1, dtype)],
          [x],
          ([out], [x]) =>
            k.cpu.place(
              out!,
              x!,
              shape.map((n, axis) => (turned[axis]! < 0 ? n : 1)),
              turned,
            ),
        );
        same(
          `place of ${say} in steps`,
          [() => k.make(larger.with(-1, 3 * shape.at(-1)!), () => 1, dtype)],
          [x],
          ([out], [x]) =>
            k.cpu.place(
              out!,
              x!,
              shape.map(() => 1),
              shape.map(() => 1).with(-1, 3),
            ),
        );
        same(`place of ${say}`, [() => k.make(larger, () => 1, dtype)], [x], ([out], [x]) =>
          k.cpu.place(out!, x!, [2, 1, 3, 0].slice(0, shape.length)),
        );
      }
    k.reset();
    const long = () => k.make([3, 5000], () => 1, dtype);
    same('fill', [long], [], ([out]) => k.cpu.fill(out!, 1));
    same('range', [long], [], ([out]) => k.cpu.range(out!, 0, 1));
    same('random', [long], [], ([out]) => k.cpu.random('uniform', out!, [1, 2], 0, 1));
  });

for (const dtype of all)
  for (const f of Object.keys(reductions) as ReduceFormula[]) {
    const to = reducedOf(f, f, dtype);
    test(`${f} of ${dtype}`, () => {
      const check = (shape: Shape, axes: readonly number[], strides?: readonly number[]) => {
        k.reset();
        const x = k.make(shape, f === 'prod' ? () => 1 : ordinary(dtype, 3), dtype, strides);
        const out = reduced(shape, axes, false);
        same(
          `${f} of ${dtype} [${shape}] (${strides}) over ${axes}`,
          [() => k.make(out, () => 1, to)],
          [x],
          ([out], [x]) => k.cpu.reduce(f, out!, x!, axes),
        );
      };
      check([17_001], [0]);
      check([611, 33], [0]);
      if (dtype !== 'f32' && f !== 'sum') return;
      check([3, 5011], [1]);
      check([2001, 5], [0]);
      check([140, 131], [0, 1]);
      check([70, 3, 61], [0, 2]);
      check([31, 40, 13], [1]);
      check([400, 50], [0], [1, 400]);
      check([400, 50], [1], [1, 400]);
      check([40, 100], [1], [200, 2]);
      check([1, 5000], [0]);
    });
  }

test('extremes keep what is not a number', () => {
  const x = k.make([20_000], (i) => (i === 14_001 ? NaN : i));
  same('max', [() => k.make([], () => 1)], [x], ([out], [x]) => k.cpu.reduce('max', out!, x!, [0]));
});

for (const dtype of ['f32', 'f64', 'i32'] as const)
  test(`products of ${dtype}`, () => {
    const check = (a: Shape, b: Shape, out: Shape, turned = false) => {
      k.reset();
      const strides = (s: Shape) =>
        turned ? [...s.slice(0, -2).map(() => s.at(-1)! * s.at(-2)!), 1, s.at(-2)!] : undefined;
      const x = k.make(a, ordinary(dtype, 1), dtype, strides(a));
      const y = k.make(b, ordinary(dtype, 2), dtype, strides(b));
      same(
        `[${a}] x [${b}], turned: ${turned}`,
        [() => k.make(out, () => 1, dtype)],
        [x, y],
        ([out], [x, y]) => k.cpu.matMul(out!, x!, y!),
      );
    };
    for (const turned of [false, true]) {
      check([97, 70], [70, 131], [97, 131], turned);
      check([5, 40, 30], [5, 30, 20], [5, 40, 20], turned);
      check([1, 80], [80, 300], [1, 300], turned);
      check([300, 80], [80, 1], [300, 1], turned);
    }
    check([3, 1, 20, 30], [4, 30, 10], [3, 4, 20, 10]);
    check([12, 4000], [4000, 7], [12, 7]);
  });

test('convolutions and pools', () => {
  const how = { strides: [1, 1], dilations: [1, 1], padding: [[1, 1] as const, [1, 1] as const] };
  const [x, filter] = [
    k.make([9, 12, 12, 8], ordinary('f32', 1)),
    k.make([3, 3, 8, 4], ordinary('f32', 2)),
  ];
  const y = k.make([9, 12, 12, 4], ordinary('f32', 3));
  const made = (like: Buf) => [() => k.make(like.shape, () => 1)];
  const conv = (side: 'y' | 'x' | 'filter', out: Buf, a: Buf, b: Buf) =>
    same(
      `conv ${side}`,
      made(out),
      [a, b],
      ([out], [a, b]) => k.cpu.conv(side, out!, a!, b!, { ...how, groups: 1 }),
      false,
    );
  conv('y', y, x, filter);
  conv('x', x, y, filter);
  conv('filter', filter, x, y);
  const places = () => k.make(x.shape, () => 1, 'i32');
  for (const inBatch of [false, true])
    same('maxPool', [...made(x), places], [x], ([out, places], [x]) =>
      k.cpu.maxPool(out!, places!, x!, [3, 3], how, inBatch),
    );
});

test('what is found and moved by index', () => {
  k.reset();
  const x = k.make([60, 100], mixed('f32'));
  const at = k.make([200], (i) => (i * 7) % 60, 'i32');
  const out =
    (shape: Shape, dtype: DType = 'f32') =>
    () =>
      k.make(shape, () => 1, dtype);
  for (const axis of [0, 1]) {
    const left = out([[100, 60][axis]!], 'i32');
    same('argMax', [left], [x], ([out], [x]) => k.cpu.argReduce('argMax', out!, x!, axis));
    same('sort', [out([60, 100]), out([60, 100], 'i32')], [x], ([values, places], [x]) =>
      k.cpu.sort(values!, places!, x!, axis, false),
    );
  }
  for (const axis of [0, 1])
    same('cumsum', [out([60, 100])], [x], ([out], [x]) =>
      k.cpu.scan('sum', out!, null, x!, axis, true, true),
    );
  const flat = k.make([10_000], ordinary('f32'));
  same('argMin', [out([], 'i32')], [flat], ([out], [x]) => k.cpu.argReduce('argMin', out!, x!, 0));
  same('sort', [out([10_000])], [flat], ([out], [x]) => k.cpu.sort(out!, null, x!, 0, true), false);
  same('gather', [out([200, 100])], [x, at], ([out], [x, at]) => k.cpu.gather(out!, x!, at!, 0, 0));
  const added = k.make([200, 100], ordinary('f32', 2));
  same('scatterAdd', [out([60, 100])], [added, at], ([out], [x, at]) =>
    k.cpu.scatterAdd(out!, x!, at!, 0, 0),
  );
  same('oneHot', [out([200, 60])], [at], ([out], [at]) => k.cpu.oneHot(out!, at!, 2, -1));
});
