import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Buf } from '../../../engine/device.ts';
import { promote, type DType } from '../../../engine/dtype.ts';
import { maps, reductions, zips } from '../../../engine/formulas.ts';
import type { MapFormula, ReduceFormula, ZipFormula } from '../../../engine/formulas.ts';
import { broadcast, denseStrides, reduced, type Shape } from '../../../engine/shape.ts';
import { Plan } from '../../../engine/devices/cpu/plan.ts';
import { BENCH_AT, CONSTANT_AT, PLAN_AT, RESERVED } from '../../../engine/devices/cpu/room.ts';
import { kit } from './cpu-kit.ts';

const k = kit(64);
const fast = ['f32', 'f64', 'i32', 'bool'] as const;

/** Numbers in (-2, 2) that are the same in every run. */
function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 30;
  };
}

/** Ordinary values of a dtype. */
function ordinary(dtype: DType, seed = 1): () => number {
  const next = stream(seed);
  if (dtype === 'bool') return () => (next() > 0 ? 1 : 0);
  return dtype === 'i32' ? () => Math.trunc(next() * 1000) : next;
}

const extremes = [
  ...[Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, 100, -100, 1e30, -1e30],
  ...[1e-45, -1e-45, 1e-39, -1e-39, 2 ** -126, 3.4028234663852886e38, -3.4028234663852886e38],
];

/**
 * Fails unless both are the same, bit for bit or within so many units in the
 * last place of an f32 (of `scale`, where rounding errors come from larger terms).
 */
function agree(got: Buf, want: Buf, ulps: number, what: string, scale = 0): void {
  const [a, b] = [k.read(got), k.read(want)];
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const size = Math.max(Math.abs(b[i]!), scale, 2 ** -126);
    const unit = 2 ** (Math.floor(Math.log2(size)) - (got.dtype === 'f64' ? 52 : 23));
    // Which zero it is does not matter where results may differ at all.
    if (ulps > 0 && Math.abs(a[i]! - b[i]!) <= ulps * unit) continue;
    assert.fail(`${what}: element ${i} is ${a[i]}, not ${b[i]}`);
  }
}

/** Shapes around every unrolling, block and panel. */
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100];

/** Ways to lay out the same shape: dense, on its side, with gaps, backwards, repeated. */
function layouts(shape: Shape): (readonly number[] | undefined)[] {
  const dense = denseStrides(shape);
  if (shape.length < 2) return [undefined, [3], [-1], [0]].map((s) => s?.slice(0, shape.length));
  const sideways = denseStrides(shape.toReversed()).toReversed();
  return [
    undefined,
    sideways,
    dense.map((s) => s * 2),
    dense.map((s) => -s),
    dense.map((s, i) => (i === 0 ? 0 : s)),
    dense.map((s, i) => (i === shape.length - 1 ? 0 : s)),
  ];
}

/** Formulas that are more than one rounding away from exact, and by how much (measured in cpu-math.test.ts). */
const ulps: { readonly [f: string]: number } = { exp: 2, log: 2, tanh: 2, sigmoid: 3, rsqrt: 2 };

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
        // plain's sigmoid loses small results to cancellation: there the error is one of 1.
        agree(got, want, ulps[f] ?? 0, `${f} of [${shape}] (${strides})`, f === 'sigmoid' ? 1 : 0);
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

for (const f of Object.keys(reductions) as ReduceFormula[]) {
  test(`reduce ${f} agrees with plain`, () => {
    const check = (shape: Shape, axes: readonly number[], strides?: readonly number[]) => {
      k.reset();
      const x = k.make(shape, ordinary('f32'), 'f32', strides);
      const to = reductions[f].to === 'bool' ? 'bool' : 'f32';
      const out = reduced(shape, axes, false);
      const [got, want] = [k.make(out, () => 7, to), k.make(out, () => 8, to)];
      k.cpu.reduce(f, got, x, axes);
      k.plain.reduce(f, want, x, axes);
      const exact = f !== 'sum' && f !== 'mean';
      agree(
        got,
        want,
        exact ? 0 : 8,
        `${f} of [${shape}] (${strides}) over ${axes}`,
        2 * Math.sqrt(x.size),
      );
    };
    for (const n of [...lengths, 511, 512, 513, 1024, 2500]) {
      check([n], [0]);
      check([3, n], [1]);
      check([n, 3], [0]);
      check([n, 37], [0]);
    }
    check([70, 1030], [0]);
    check([200, 2050], [0]);
    for (const axes of [[], [0], [1], [2], [3], [0, 1], [0, 2], [1, 3], [0, 1, 3], [0, 1, 2, 3]])
      for (const strides of layouts([2, 3, 4, 5])) check([2, 3, 4, 5], axes, strides);
    check([1, 5, 1], [0, 2]);
    check([2, 0, 3], [1]);
    check([2, 0, 3], [0]);
    check([], []);
  });
}

test('a fold keeps not-a-number and infinities', () => {
  for (const f of ['sum', 'mean', 'max', 'min'] as const)
    for (const special of [Number.NaN, Infinity, -Infinity])
      for (const at of [0, 3, 17, 40])
        for (const axes of [[1], [0]]) {
          k.reset();
          const x = k.make([41, 41], (i) => (i % 41 === at || i / 41 === at ? special : 1));
          const [got, want] = [k.make([41]), k.make([41])];
          k.cpu.reduce(f, got, x, axes);
          k.plain.reduce(f, want, x, axes);
          agree(got, want, 0, `${f} with ${special}`);
        }
});

test('a sum over many elements is pairwise', () => {
  const big = kit(128);
  const n = 1 << 22;
  const x = big.make([n], () => 0.1);
  for (const shape of [
    [1, n],
    [n, 1],
    [n / 4, 4],
  ]) {
    const sum = big.make([shape[1]!]);
    big.cpu.reduce('sum', sum, { ...x, shape }, [0]);
    const total = big.make([]);
    big.cpu.reduce('sum', total, { ...x, shape }, [0, 1]);
    // One after the other in f32 would be off by a part in a hundred.
    const exact = Math.fround(0.1) * n;
    assert.ok(Math.abs(big.read(total)[0]! - exact) < exact * 1e-6, `total ${big.read(total)}`);
    const each = exact / shape[1]!;
    for (const part of big.read(sum)) assert.ok(Math.abs(part - each) <= each * 1e-6, `${part}`);
  }
});

test('matMul agrees with plain around every block, with any operand on its side', () => {
  const sizes = [1, 2, 3, 5, 15, 16, 17, 33, 97];
  const check = (
    m: number,
    n: number,
    inner: number,
    xStrides?: readonly number[],
    yStrides?: readonly number[],
  ) => {
    k.reset();
    const x = k.make([m, inner], ordinary('f32', 1), 'f32', xStrides);
    const y = k.make([inner, n], ordinary('f32', 2), 'f32', yStrides);
    const [got, want] = [k.make([m, n], () => 7), k.make([m, n], () => 8)];
    k.cpu.matMul(got, x, y);
    k.plain.matMul(want, x, y);
    agree(got, want, 4, `[${m},${inner}] (${xStrides}) @ [${inner},${n}] (${yStrides})`, inner);
  };
  for (const m of sizes)
    for (const n of sizes)
      for (const inner of [0, 1, 4, 7, 18]) {
        check(m, n, inner);
        check(m, n, inner, [1, m]);
        check(m, n, inner, undefined, [1, inner]);
        check(m, n, inner, [1, m], [1, inner]);
      }
  for (const inner of [255, 256, 257, 600]) check(9, 21, inner);
  check(3, 2070, 5);
  check(1, 2070, 301);
  check(2070, 1, 301);
  check(200, 18, 300);
  check(5, 6, 7, [0, 1], [-6, -1]);
  check(5, 6, 7, [21, 3], [12, 2]);
  check(1, 6, 7, [21, 3], [12, 2]);
  check(0, 3, 4);
  check(4, 0, 3);
});

test('matMul broadcasts leading axes', () => {
  const cases: readonly (readonly [Shape, Shape])[] = [
    [
      [4, 5, 6],
      [4, 6, 7],
    ],
    [
      [4, 5, 6],
      [6, 7],
    ],
    [
      [5, 6],
      [4, 6, 7],
    ],
    [
      [2, 3, 5, 6],
      [2, 3, 6, 7],
    ],
    [
      [2, 1, 5, 6],
      [3, 6, 7],
    ],
    [
      [2, 3, 1, 6],
      [2, 1, 6, 7],
    ],
    [
      [2, 3, 1, 5, 6],
      [3, 4, 6, 1],
    ],
    [
      [0, 5, 6],
      [6, 7],
    ],
  ];
  for (const [s, u] of cases) {
    const shape = [...broadcast('matMul', s.slice(0, -2), u.slice(0, -2)), s.at(-2)!, u.at(-1)!];
    for (const xs of [undefined, denseStrides(s.toReversed()).toReversed()]) {
      k.reset();
      const x = k.make(s, ordinary('f32', 1), 'f32', xs);
      const y = k.make(u, ordinary('f32', 2));
      const [got, want] = [k.make(shape, () => 7), k.make(shape, () => 8)];
      k.cpu.matMul(got, x, y);
      k.plain.matMul(want, x, y);
      agree(got, want, 4, `[${s}] (${xs}) @ [${u}]`, 4);
    }
  }
});

test('matMul carries not-a-number and infinities', () => {
  for (const [m, n] of [
    [1, 20],
    [20, 1],
    [5, 20],
  ] as const) {
    k.reset();
    const x = k.make([m, 9], (i) => (i === 4 ? Number.NaN : i === 7 ? Infinity : 1));
    const y = k.make([9, n], (i) => (i === n ? -Infinity : 1));
    const [got, want] = [k.make([m, n]), k.make([m, n])];
    k.cpu.matMul(got, x, y);
    k.plain.matMul(want, x, y);
    agree(got, want, 0, `${m} by ${n}`);
  }
});

test('copies agree with plain in every layout and dtype', () => {
  for (const dtype of ['f32', 'f64', 'i32', 'bool', 'i16', 'f16'] as const)
    for (const shape of [[5], [3, 5], [33, 17], [64, 70], [2, 3, 4], [3, 2, 5, 4], [2, 0, 3], []])
      for (const strides of layouts(shape)) {
        k.reset();
        const x = k.make(shape, (i) => (i % 113) & (dtype === 'bool' ? 1 : 127), dtype, strides);
        const [got, want] = [k.make(shape, () => 0, dtype), k.make(shape, () => 0, dtype)];
        k.cpu.map('identity', got, x);
        k.plain.map('identity', want, x);
        agree(got, want, 0, `copy of ${dtype} [${shape}] (${strides})`);
      }
  for (const order of [
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
    [1, 0, 2],
  ]) {
    k.reset();
    const shape = [9, 10, 11];
    const turned = order.map((axis) => shape[axis]!);
    const strides = order.map((axis) => denseStrides(shape)[axis]!);
    const x = k.make(turned, (i) => i, 'f32', strides);
    const [got, want] = [k.make(turned), k.make(turned)];
    k.cpu.map('identity', got, x);
    k.plain.map('identity', want, x);
    agree(got, want, 0, `axes ${order}`);
  }
});

test('place writes into a window and nowhere else', () => {
  for (const dtype of ['f32', 'f64', 'bool'] as const)
    for (const [shape, window, begin] of [
      [[9], [4], [3]],
      [
        [4, 6],
        [4, 2],
        [0, 3],
      ],
      [
        [4, 6],
        [2, 6],
        [1, 0],
      ],
      [
        [4, 6],
        [2, 1],
        [1, 5],
      ],
      [
        [3, 4, 5],
        [2, 2, 3],
        [1, 1, 2],
      ],
      [
        [3, 4, 5],
        [0, 2, 3],
        [1, 1, 2],
      ],
    ] as const)
      for (const strides of layouts(window)) {
        k.reset();
        const x = k.make(window, ordinary(dtype, 3), dtype, strides);
        const [got, want] = [0, 0].map(() => k.make(shape, () => 1, dtype)) as [Buf, Buf];
        k.cpu.place(got, x, begin);
        k.plain.place(want, x, begin);
        agree(got, want, 0, `[${window}] at ${begin} of [${shape}]`);
      }
});

test('select agrees with plain', () => {
  for (const dtype of ['f32', 'f64', 'i32', 'bool'] as const)
    for (const [c, s, u] of [
      [[17], [17], [17]],
      [[17], [], [17]],
      [[17], [17], [1]],
      [[4, 1], [5], [4, 5]],
      [[], [4, 5], [4, 1]],
      [[0], [0], []],
    ] as const) {
      k.reset();
      const shape = broadcast('where', broadcast('where', c, s), u);
      const condition = k.make(c, ordinary('bool', 5), 'bool');
      const [x, y] = [k.make(s, ordinary(dtype, 6), dtype), k.make(u, ordinary(dtype, 7), dtype)];
      const [got, want] = [k.make(shape, () => 0, dtype), k.make(shape, () => 1, dtype)];
      k.cpu.select(got, condition, x, y);
      k.plain.select(want, condition, x, y);
      agree(got, want, 0, `[${c}] ? [${s}] : [${u}]`);
    }
});

test('gather and scatterAdd agree with plain', () => {
  for (const dtype of ['f32', 'f64', 'bool'] as const)
    for (const axis of [0, 1, 2])
      for (const strides of layouts([4, 5, 6])) {
        k.reset();
        const x = k.make([4, 5, 6], ordinary(dtype, 3), dtype, strides);
        const indices = k.make([2, 3], (i) => [3, 0, 2, 2, 1, 3][i]!, 'i32');
        const shape = [4, 5, 6].toSpliced(axis, 1, 2, 3);
        const [got, want] = [k.make(shape, () => 0, dtype), k.make(shape, () => 1, dtype)];
        k.cpu.gather(got, x, indices, axis, 0);
        k.plain.gather(want, x, indices, axis, 0);
        agree(got, want, 0, `gather of ${dtype} along ${axis}`);
        const [sum, other] = [0, 0].map(() => k.make([4, 5, 6], () => 1, dtype)) as [Buf, Buf];
        k.cpu.scatterAdd(sum, got, indices, axis, 0);
        k.plain.scatterAdd(other, got, indices, axis, 0);
        agree(sum, other, 0, `scatterAdd of ${dtype} along ${axis}`);
      }
});

test('gather and scatterAdd share leading axes', () => {
  for (const [shape, places, axis, batch] of [
    [[3, 4, 5], [3, 2], 1, 1],
    [[3, 4, 5], [3, 2], 2, 1],
    [[3, 4, 5], [3, 4, 1], 2, 2],
    [[2, 3, 4, 5], [2, 3, 2], 3, 2],
    [[0, 4, 5], [0, 2], 1, 1],
  ] as const) {
    k.reset();
    const x = k.make(shape, ordinary('f32', 3));
    const indices = k.make(places, (i) => (i * 7) % shape[axis]!, 'i32');
    const taken = [...shape.slice(0, axis), ...places.slice(batch), ...shape.slice(axis + 1)];
    const [got, want] = [k.make(taken, () => 0), k.make(taken, () => 1)];
    k.cpu.gather(got, x, indices, axis, batch);
    k.plain.gather(want, x, indices, axis, batch);
    agree(got, want, 0, `gather of [${shape}] along ${axis}, ${batch} shared`);
    const [sum, other] = [0, 0].map(() => k.make(shape, () => 1)) as [Buf, Buf];
    k.cpu.scatterAdd(sum, got, indices, axis, batch);
    k.plain.scatterAdd(other, got, indices, axis, batch);
    agree(sum, other, 0, `scatterAdd to [${shape}] along ${axis}, ${batch} shared`);
  }
});

test('an index out of bounds is an error that names it, and nothing is written', () => {
  for (const bad of [4, -1]) {
    k.reset();
    const x = k.make([4, 2], ordinary('f32'));
    const indices = k.make([2], (i) => [1, bad][i]!, 'i32');
    assert.throws(() => k.cpu.gather(k.make([2, 2]), x, indices, 0, 0), new RegExp(`index ${bad}`));
    assert.throws(() => k.cpu.scatterAdd(x, k.make([2, 2]), indices, 0, 0), new RegExp(`${bad}`));
  }
});

test('fill writes every element and no more', () => {
  for (const [dtype, value] of [
    ['f32', 0.1],
    ['f32', -0],
    ['f32', Number.NaN],
    ['f64', 0.1],
    ['i32', -5],
    ['i32', 2.9],
    ['bool', 3],
    ['f16', 1.5],
    ['i64', 5n],
  ] as const)
    for (const n of lengths) {
      k.reset();
      const [got, want] = [0, 0].map(() => k.make([n], () => 0, dtype === 'i64' ? 'f64' : dtype));
      const as = (buf: Buf): Buf => ({ ...buf, dtype });
      k.cpu.fill(as(got!), value);
      k.plain.fill(as(want!), value);
      agree(got!, want!, 0, `${n} of ${dtype}`);
    }
});

test('the kernels find room for their blocks in what is reserved for them', () => {
  assert.ok(BENCH_AT + k.wasm.exports.benchBytes() <= RESERVED);
  assert.ok(PLAN_AT + Plan.bytes <= CONSTANT_AT);
});
