import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Buf } from '../../../engine/device.ts';
import { dtypes, isComplex, isInteger, type DType } from '../../../engine/dtype.ts';
import { broadcast, denseStrides } from '../../../engine/shape.ts';
import { kit } from '../../kit/cpu.ts';
import { agreement, layouts, lengths, ordinary } from '../../kit/values.ts';

const k = kit(64);
const agree = agreement(k);

const all = (Object.keys(dtypes) as DType[]).filter(
  (dtype) => dtypes[dtype].array !== null && !isComplex(dtype),
);

test('copies agree with plain in every layout and dtype', () => {
  for (const dtype of all)
    for (const shape of [[5], [3, 5], [33, 17], [35, 37], [2, 3, 4], [3, 2, 5, 4], [2, 0, 3], []])
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
  for (const dtype of all)
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

test('place writes in steps, forwards and backwards', () => {
  for (const dtype of all)
    for (const [shape, window, begin, steps] of [
      [[9], [4], [1], [2]],
      [[9], [9], [8], [-1]],
      [
        [40, 50],
        [20, 16],
        [39, 1],
        [-2, 3],
      ],
      [
        [40, 50],
        [40, 50],
        [0, 49],
        [1, -1],
      ],
      [
        [5, 4, 6],
        [2, 4, 3],
        [4, 0, 5],
        [-3, 1, -2],
      ],
    ] as const)
      for (const strides of layouts(window)) {
        k.reset();
        const x = k.make(window, ordinary(dtype, 3), dtype, strides);
        const [got, want] = [0, 0].map(() => k.make(shape, () => 1, dtype)) as [Buf, Buf];
        k.cpu.place(got, x, begin, steps);
        k.plain.place(want, x, begin, steps);
        agree(got, want, 0, `[${window}] at ${begin} by ${steps} of [${shape}]`);
      }
});

test('place casts what it writes', () => {
  for (const from of all)
    for (const to of ['f32', 'f64', 'i8', 'u16', 'i64', 'f16', 'bool'] as const) {
      k.reset();
      const x = k.make([4, 5], ordinary(from, 3), from, [1, 4]);
      const [got, want] = [0, 0].map(() => k.make([6, 7], () => 1, to)) as [Buf, Buf];
      k.cpu.place(got, x, [1, 2]);
      k.plain.place(want, x, [1, 2]);
      agree(got, want, 0, `${from} into ${to}`);
    }
});

test('select agrees with plain', () => {
  for (const dtype of all)
    for (const [c, s, u] of [
      [[50], [50], [50]],
      [[3, 40], [40], []],
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
      const [other, bits] = [k.make(s, ordinary('u8', 6), 'u8'), k.make(c, ordinary('i32'), 'i32')];
      if (dtype === 'bool') continue;
      k.cpu.select(got, bits, other, y);
      k.plain.select(want, bits, other, y);
      agree(got, want, 0, `[${c}] of i32 ? [${s}] of u8 : [${u}]`);
    }
});

test('gather and scatterAdd agree with plain', () => {
  for (const dtype of all)
    for (const axis of [0, 1, 2])
      for (const strides of layouts([4, 5, 6])) {
        k.reset();
        const x = k.make([4, 5, 6], ordinary(dtype, 3), dtype, strides);
        const places = all.filter(isInteger)[axis + (strides === undefined ? 0 : 4)]!;
        const indices = k.make([2, 3], (i) => [3, 0, 2, 2, 1, 3][i]!, places);
        const shape = [4, 5, 6].toSpliced(axis, 1, 2, 3);
        const [got, want] = [k.make(shape, () => 0, dtype), k.make(shape, () => 1, dtype)];
        k.cpu.gather(got, x, indices, axis, 0);
        k.plain.gather(want, x, indices, axis, 0);
        agree(got, want, 0, `gather of ${dtype} along ${axis}`);
        const [sum, other] = [0, 0].map(() => k.make([4, 5, 6], () => 1, dtype)) as [Buf, Buf];
        k.cpu.scatterAdd(sum, got, indices, axis, 0);
        k.plain.scatterAdd(other, got, indices, axis, 0);
        // Halves are rounded once here, after every addition there.
        const rounded = dtype === 'f16' || dtype === 'bf16' ? 2 : 0;
        agree(sum, other, rounded, `scatterAdd of ${dtype} along ${axis}`, 4);
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

test('oneHot and range agree with plain', () => {
  for (const dtype of all) {
    for (const places of all.filter(isInteger)) {
      k.reset();
      const indices = k.make([3, 4], (i) => (i * 5) % 7, places, [1, 3]);
      const [got, want] = [0, 0].map(() => k.make([3, 4, 5], () => 1, dtype)) as [Buf, Buf];
      k.cpu.oneHot(got, indices, 3, -1);
      k.plain.oneHot(want, indices, 3, -1);
      agree(got, want, 0, `oneHot of ${places} in ${dtype}`);
    }
    for (const [start, step] of [
      [0, 1],
      [-3.5, 0.3],
    ] as const) {
      const [got, want] = [0, 0].map(() => k.make([3, 35], () => 1, dtype)) as [Buf, Buf];
      k.cpu.range(got, start, step);
      k.plain.range(want, start, step);
      agree(got, want, 0, `range of ${dtype}`);
    }
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

test('random numbers are the same bits as on any device', () => {
  for (const f of ['uniform', 'normal'] as const)
    for (const key of [
      [0, 0],
      [7, 13],
      [-1, 2 ** 31 - 1],
      [123456789, -987654321],
    ] as const)
      for (const [p, q] of [
        [0, 1],
        [-3.7, 0.1],
        [1e-3, 1e6],
        [1, 1.0000003],
      ] as const)
        for (const n of [0, 1, 2, 3, 4, 5, 1000]) {
          k.reset();
          const [got, want] = [0, 0].map(() => k.make([n])) as [Buf, Buf];
          k.cpu.random(f, got, key, p, q);
          k.plain.random(f, want, key, p, q);
          agree(got, want, 0, `${f} by ${key}`);
        }
  k.reset();
  // Far out in both tails, where other polynomials are taken.
  const [got, want] = [0, 0].map(() => k.make([300_000])) as [Buf, Buf];
  k.cpu.random('normal', got, [5, 6], 0, 1);
  k.plain.random('normal', want, [5, 6], 0, 1);
  agree(got, want, 0, 'normal');
});

test('a calculation gets elements row-major whatever their layout', () => {
  for (const dtype of all)
    for (const shape of [[5], [33, 17], [2, 3, 4], [2, 0, 3], []])
      for (const strides of layouts(shape)) {
        k.reset();
        const x = k.make(shape, ordinary(dtype, 3), dtype, strides);
        const [got, want] = [0, 0].map(() => k.make(shape, () => 1, dtype)) as [Buf, Buf];
        k.cpu.calculate([got], [x], ([to], [from]) => to!.set(from as never));
        k.plain.map('identity', want, x);
        agree(got, want, 0, `${dtype} [${shape}] (${strides})`);
      }
});
