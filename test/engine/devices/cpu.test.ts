import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Buf } from '../../../engine/device.ts';
import { promote } from '../../../engine/dtype.ts';
import { maps, zips } from '../../../engine/formulas.ts';
import type { MapFormula, ZipFormula } from '../../../engine/formulas.ts';
import { broadcast, type Shape } from '../../../engine/shape.ts';
import { Plan } from '../../../engine/devices/cpu/plan.ts';
import { BENCH_AT, CONSTANT_AT, PLAN_AT, RESERVED } from '../../../engine/devices/cpu/room.ts';
import { kit } from '../../kit/cpu.ts';
import { agreement, extremes, layouts, lengths, ordinary } from '../../kit/values.ts';

const k = kit(64);
const fast = ['f32', 'f64', 'i32', 'bool'] as const;

const agree = agreement(k);

/** Formulas that are more than one rounding away from exact, and by how much (measured in cpu-math.test.ts). */
const ulps: { readonly [f: string]: number } = {
  exp: 2,
  log: 2,
  tanh: 2,
  sigmoid: 3,
  silu: 4,
  erf: 3,
  gelu: 4,
  geluTanh: 4,
  log1p: 3,
  softplus: 3,
  rsqrt: 2,
};

for (const dtype of fast) {
  for (const f of Object.keys(maps) as MapFormula[]) {
    if (!k.wasm.maps[dtype].has(f)) continue;
    test(`map ${f} of ${dtype} agrees with plain`, () => {
      const to = k.wasm.maps[dtype].get(f)!.to;
      const check = (shape: Shape, values: (i: number) => number, strides?: readonly number[]) => {
        k.reset();
        const x = k.make(shape, values, dtype, strides);
        const [got, want] = [k.make(shape, () => 0, to), k.make(shape, () => 0, to)];
        k.cpu.map(f, got, x, -0.25, 0.75);
        k.plain.map(f, want, x, -0.25, 0.75);
        // Far below zero, where these are next to nothing, the error of their exponent shows: there it is one of 1.
        const least = ['gelu', 'geluTanh', 'silu'].includes(f) ? 1 : 0;
        agree(got, want, ulps[f] ?? 0, `${f} of [${shape}] (${strides})`, least);
      };
      for (const n of lengths) check([n], ordinary(dtype));
      for (const shape of [
        [3, 5],
        [33, 17],
        [2, 3, 4],
        [5, 1, 9],
      ])
        for (const strides of layouts(shape)) check(shape, ordinary(dtype), strides);
      if (dtype === 'f32' || dtype === 'f64')
        check([3 * extremes.length], (i) => extremes[i % extremes.length]!);
      if (dtype === 'i32') check([5], (i) => [-(2 ** 31), 2 ** 31 - 1, 0, -1, 65537][i]!);
    });
  }

  for (const f of Object.keys(zips) as ZipFormula[]) {
    if (!k.wasm.zips[dtype].has(f)) continue;
    test(`zip ${f} of ${dtype} agrees with plain`, () => {
      const to = k.wasm.zips[dtype].get(f)!.to;
      const check = (a: Buf, b: Buf) => {
        const shape = broadcast(f, a.shape, b.shape);
        const [got, want] = [k.make(shape, () => 0, to), k.make(shape, () => 0, to)];
        k.cpu.zip(f, got, a, b);
        k.plain.zip(f, want, a, b);
        agree(
          got,
          want,
          f === 'squaredDifference' ? 2 : 0,
          `${f} of [${a.shape}] (${a.strides}) and [${b.shape}] (${b.strides})`,
        );
        k.reset();
      };
      const make = (shape: Shape, seed: number, strides?: readonly number[]) =>
        k.make(shape, ordinary(dtype, seed), dtype, strides);
      k.reset();
      for (const n of lengths) {
        check(make([n], 1), make([n], 2));
        check(make([n], 1), make([], 2));
        check(make([], 1), make([n], 2));
        check(make([3, n], 1), make([n], 2));
        check(make([3, n], 1), make([3, 1], 2));
        check(make([3, 1], 1), make([1, n], 2));
      }
      for (const [s, u] of broadcasts) check(make(s, 1), make(u, 2));
      for (const shape of [[5], [3, 5], [33, 17], [2, 3, 4]])
        for (const strides of layouts(shape)) {
          check(make(shape, 1, strides), make(shape, 2));
          check(make(shape, 1), make(shape, 2, strides));
          check(make(shape, 1, strides), make(shape, 2, strides));
        }
      const all = dtype === 'bool' ? [0, 1] : dtype === 'i32' ? integers : extremes;
      const n = all.length;
      const left = k.make([n, n], (i) => all[Math.floor(i / n)]!, dtype);
      check(
        left,
        k.make([n, n], (i) => all[i % n]!, dtype),
      );
    });
  }
}

const integers = [0, 1, -1, 2, 7, -7, 65536, 2 ** 31 - 1, -(2 ** 31)];
const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[2, 3, 4], [4]],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 3, 4],
    [2, 1, 4],
  ],
  [
    [2, 1, 4, 1],
    [3, 1, 5],
  ],
  [
    [1, 1, 1],
    [2, 2, 2],
  ],
  [
    [3, 1, 2, 1, 5],
    [1, 4, 2, 3, 1],
  ],
  [[0, 3], [3]],
];

test('a result may take the place of an input', () => {
  k.reset();
  const x = k.make([3, 21], ordinary('f32', 1));
  const y = k.make([21], ordinary('f32', 2));
  const want = k.make([3, 21]);
  k.plain.zip('sub', want, x, y);
  k.cpu.zip('sub', x, x, y);
  agree(x, want, 0, 'x - y into x');
  k.plain.map('exp', want, x);
  k.cpu.map('exp', x, x);
  agree(x, want, 2, 'exp into x');
});

test('operands of other dtypes are cast to the one it computes in', () => {
  for (const a of fast)
    for (const b of fast)
      for (const f of ['add', 'mul', 'less', 'maximum'] as const) {
        k.reset();
        const to = zips[f].to === 'bool' ? 'bool' : promote(f, a, b);
        const x = k.make([4, 7], ordinary(a, 1), a, [1, 4]);
        const y = k.make([7], ordinary(b, 2), b);
        const [got, want] = [k.make([4, 7], () => 0, to), k.make([4, 7], () => 0, to)];
        k.cpu.zip(f, got, x, y);
        k.plain.zip(f, want, x, y);
        agree(got, want, 0, `${f} of ${a} and ${b}`);
      }
});

test('casts agree with plain', () => {
  const values = [...extremes, 3e9, -3e9, 2147483520, -2147483648, 254.9, 0.99, -0.99];
  for (const from of fast)
    for (const to of fast) {
      k.reset();
      const n = values.length;
      const all = from === 'f32' || from === 'f64' ? (i: number) => values[i % n]! : ordinary(from);
      for (const strides of layouts([3, n])) {
        const x = k.make([3, n], all, from, strides);
        const [got, want] = [k.make([3, n], () => 0, to), k.make([3, n], () => 0, to)];
        k.cpu.map('identity', got, x);
        k.plain.map('identity', want, x);
        agree(got, want, 0, `${from} to ${to}`);
      }
    }
});

test('the kernels find room for their blocks in what is reserved for them', () => {
  assert.ok(BENCH_AT + k.wasm.exports.benchBytes() <= RESERVED);
  assert.ok(PLAN_AT + Plan.bytes <= CONSTANT_AT);
});
