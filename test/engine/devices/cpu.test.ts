import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Buf } from '../../../engine/device.ts';
import {
  dtypes,
  isComplex,
  isFloat,
  isInteger,
  promote,
  type DType,
} from '../../../engine/dtype.ts';
import { resultOf } from '../../../engine/elementwise.ts';
import { maps, zips } from '../../../engine/formulas.ts';
import type { MapFormula, ZipFormula } from '../../../engine/formulas.ts';
import { fromBf16, fromF16, toBf16, toF16 } from '../../../engine/half.ts';
import { broadcast, type Shape } from '../../../engine/shape.ts';
import { Plan } from '../../../engine/devices/cpu/plan.ts';
import {
  BENCH_AT,
  CONSTANT_AT,
  COUNT_BYTES,
  PLAN_AT,
  PLAN_BYTES,
} from '../../../engine/devices/cpu/room.ts';
import { TILE, TILE_AT } from '../../../scripts/kernels/elementwise.ts';
import { COUNT_BYTES as SORT_BYTES } from '../../../scripts/kernels/sort.ts';
import { kit } from '../../kit/cpu.ts';
import { agreement, ends, extremes, layouts, lengths, ordinary, ulps } from '../../kit/values.ts';

const k = kit(64);
const all = (Object.keys(dtypes) as DType[]).filter(
  (dtype) => dtypes[dtype].array !== null && !isComplex(dtype),
);

const agree = agreement(k);

/** Formulas of the bits of whole numbers. */
const bitwise = (f: MapFormula | ZipFormula, dtype: DType) =>
  ({ ...maps, ...zips })[f].to === 'bits' && isFloat(dtype);
/** What is left to plain JavaScript. */
const uncompiled: { readonly [f: string]: readonly DType[] } = {
  polygamma: all,
  bitwiseNot: ['bool'],
  step: all.filter(isInteger),
  clip: ['i64', 'u64'],
};

for (const dtype of all) {
  // f32 has more kernels of its own than the others, whose template is the same for all.
  const own = dtype === 'f32' ? lengths : [0, 1, 3, 16, 17, 65];
  const shapes: readonly Shape[] = dtype === 'f32' ? [[5], [3, 5], [33, 17], [2, 3, 4]] : [[3, 35]];
  const inexact = (f: string, to: DType) =>
    ulps[f] === undefined || !isFloat(to) ? (isInteger(dtype) && isFloat(to) ? 2 : 0) : ulps[f];

  for (const f of Object.keys(maps) as MapFormula[]) {
    if (bitwise(f, dtype)) continue;
    test(`map ${f} of ${dtype} agrees with plain`, () => {
      const to = resultOf(f, maps[f], dtype);
      const whole = isInteger(to);
      const check = (
        shape: Shape,
        values: (i: number) => number | bigint,
        strides?: readonly number[],
      ) => {
        k.reset();
        const x = k.make(shape, values, dtype, strides);
        const [got, want] = [k.make(shape, () => 0, to), k.make(shape, () => 0, to)];
        const [p, q] = whole ? [3, 20] : [-0.25, 0.75];
        k.cpu.map(f, got, x, p, q);
        k.plain.map(f, want, x, p, q);
        // Far below zero, where these are next to nothing, the error of their exponent shows: there it is one of 1.
        const least = ['gelu', 'geluTanh', 'silu'].includes(f) ? 1 : 0;
        agree(got, want, inexact(f, to), `${f} of [${shape}] (${strides})`, least);
      };
      k.fallbacks.length = 0;
      for (const n of own) check([n], ordinary(dtype));
      for (const shape of dtype === 'f32'
        ? [
            [3, 5],
            [33, 17],
            [2, 3, 4],
            [5, 1, 9],
          ]
        : [[3, 35]])
        for (const strides of layouts(shape)) check(shape, ordinary(dtype), strides);
      const values = ends(dtype);
      // Integers that an f32 does not hold have other sines.
      if (!isInteger(dtype) || maps[f].to !== 'float')
        check([3 * values.length], (i) => values[i % values.length]!);
      assert.equal(k.fallbacks.length > 0, uncompiled[f]?.includes(to) ?? false);
    });
  }

  for (const f of Object.keys(zips) as ZipFormula[]) {
    if (bitwise(f, dtype)) continue;
    test(`zip ${f} of ${dtype} agrees with plain`, () => {
      const to = resultOf(f, zips[f], dtype);
      const check = (a: Buf, b: Buf) => {
        const shape = broadcast(f, a.shape, b.shape);
        const [got, want] = [k.make(shape, () => 0, to), k.make(shape, () => 0, to)];
        k.cpu.zip(f, got, a, b);
        k.plain.zip(f, want, a, b);
        const what = `${f} of [${a.shape}] (${a.strides}) and [${b.shape}] (${b.strides})`;
        // Where the two parts of it cancel, their error is one of 1.
        agree(got, want, inexact(f, to), what, f === 'logAddExp' ? 1 : 0);
        k.reset();
      };
      const make = (shape: Shape, seed: number, strides?: readonly number[]) =>
        k.make(shape, ordinary(dtype, seed), dtype, strides);
      k.reset();
      k.fallbacks.length = 0;
      for (const n of own) {
        check(make([n], 1), make([n], 2));
        check(make([n], 1), make([], 2));
        check(make([], 1), make([n], 2));
        check(make([3, n], 1), make([n], 2));
        check(make([3, n], 1), make([3, 1], 2));
        check(make([3, 1], 1), make([1, n], 2));
      }
      // More than is brought into a row at once.
      if (dtype !== 'f32') check(make([2, 700], 1), make([2, 1], 2));
      for (const [s, u] of broadcasts) check(make(s, 1), make(u, 2));
      for (const shape of shapes)
        for (const strides of layouts(shape)) {
          check(make(shape, 1, strides), make(shape, 2));
          check(make(shape, 1), make(shape, 2, strides));
          check(make(shape, 1, strides), make(shape, 2, strides));
        }
      const values = ends(dtype);
      const n = values.length;
      const left = k.make([n, n], (i) => values[Math.floor(i / n)]!, dtype);
      check(
        left,
        k.make([n, n], (i) => values[i % n]!, dtype),
      );
      assert.deepEqual(k.fallbacks, []);
    });
  }
}

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
  for (const a of all)
    for (const b of all)
      for (const f of ['add', 'less', 'maximum', 'logicalXor'] as const) {
        // No integer holds the values of both.
        if ((a === 'u64') !== (b === 'u64') && [a, b].some((t) => dtypes[t].kind === 'signed'))
          continue;
        k.reset();
        const to = resultOf(f, zips[f], promote(f, a, b));
        const x = k.make([4, 7], ordinary(a, 1), a, [1, 4]);
        const y = k.make([7], ordinary(b, 2), b);
        const [got, want] = [k.make([4, 7], () => 0, to), k.make([4, 7], () => 0, to)];
        k.cpu.zip(f, got, x, y);
        k.plain.zip(f, want, x, y);
        agree(got, want, 0, `${f} of ${a} and ${b}`);
      }
});

test('casts agree with plain', () => {
  const near = [2 ** 7, 2 ** 8, 2 ** 15, 2 ** 16, 2 ** 31, 2 ** 32, 2 ** 63, 2 ** 64];
  const values = [
    ...extremes,
    ...near.flatMap((x) => [x, -x, x - 0.5, x + 0.5, -x - 0.5, x - 1]),
    ...[
      3e9,
      -3e9,
      2147483520,
      254.9,
      0.99,
      -0.99,
      65519.999,
      65520,
      2 ** -25,
      2 ** -25 * 1.0000001,
    ],
    // Between two halves, where an f32 would be in the middle.
    ...[
      1 + 2 ** -11 + 2 ** -40,
      1 + 2 ** -11 - 2 ** -40,
      2 ** -24 * (1.5 + 2 ** -40),
      -1 - 3 * 2 ** -11,
    ],
  ];
  for (const from of all)
    for (const to of all) {
      k.reset();
      const list = isInteger(from) || from === 'bool' ? ends(from) : values;
      const n = list.length;
      for (const strides of layouts([3, n])) {
        const x = k.make([3, n], (i) => list[i % n]!, from, strides);
        const [got, want] = [k.make([3, n], () => 0, to), k.make([3, n], () => 0, to)];
        k.cpu.map('identity', got, x);
        k.plain.map('identity', want, x);
        agree(got, want, 0, `${from} to ${to}`);
      }
      const long = k.make([100], ordinary(from), from);
      const [got, want] = [k.make([100], () => 0, to), k.make([100], () => 0, to)];
      k.cpu.map('identity', got, long);
      k.plain.map('identity', want, long);
      agree(got, want, 0, `${from} to ${to}`);
    }
});

test('halves are f32 and back as everywhere else: all of them, and what lies between two', () => {
  for (const [dtype, read, write] of [
    ['f16', fromF16, toF16],
    ['bf16', fromBf16, toBf16],
  ] as const) {
    k.reset();
    const n = 65536;
    const halves = k.make([n], (i) => read(i), dtype);
    const wide = k.make([n], () => 0, 'f32');
    k.cpu.map('identity', wide, halves);
    const floats = k.read(wide);
    for (let i = 0; i < n; i++) assert.ok(Object.is(floats[i], read(i)), `${dtype} ${i}`);
    // A number, the one above it, and what lies a quarter, a half and three quarters between them.
    for (const part of [0, 0.25, 0.5, 0.75, 0.5 + 2 ** -10, 0.5 - 2 ** -10]) {
      k.reset();
      const between = (i: number) => read(i) + (read(i + 1) - read(i)) * part;
      const x = k.make([n - 1], between, 'f32');
      const got = k.make([n - 1], () => 0, dtype);
      k.cpu.map('identity', got, x);
      const list = k.read(x);
      const bits = new Uint16Array(k.bits(got).buffer);
      for (let i = 0; i < n - 1; i++)
        assert.equal(bits[i], write(list[i]!), `${list[i]} as ${dtype}, above ${read(i)}`);
    }
  }
});

test('the kernels find room for their blocks in what is reserved for them', () => {
  assert.ok(k.wasm.exports.dataEnd() <= CONSTANT_AT);
  assert.ok(BENCH_AT + k.wasm.exports.benchBytes() <= PLAN_AT);
  assert.ok(Plan.bytes <= TILE_AT && TILE_AT + 2 * TILE <= PLAN_BYTES);
  assert.equal(COUNT_BYTES, SORT_BYTES);
});
