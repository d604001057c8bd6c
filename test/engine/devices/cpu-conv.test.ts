import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../../engine/creation.ts';
import { deviceOf, setDevice } from '../../../engine/placement.ts';
import { sizeOf, type Shape } from '../../../engine/shape.ts';
import type { DataFormat, Padding, Sizes } from '../../../engine/sliding.ts';
import { GradientTape } from '../../../engine/tape.ts';
import type { Tensor } from '../../../engine/tensor.ts';
import { difference, draws } from '../../kit/samples.ts';

/** Each in NHWC: the numbers of channels are there for whole vectors, their tails, and none of either. */
const cases: readonly {
  readonly x: Shape;
  readonly filter: Shape;
  readonly strides?: Sizes;
  readonly pad?: Padding;
  readonly dilations?: Sizes;
  readonly groups?: number;
}[] = [
  { x: [2, 7, 6, 3], filter: [3, 3, 3, 5], pad: 'same' },
  {
    x: [1, 9, 8, 5],
    filter: [3, 2, 5, 18],
    strides: [2, 3],
    pad: [
      [2, 0],
      [1, 3],
    ],
  },
  { x: [2, 9, 9, 4], filter: [3, 3, 4, 4], dilations: [2, 3], pad: 3 },
  { x: [1, 5, 5, 2], filter: [5, 5, 2, 3], pad: 7 },
  { x: [1, 4, 4, 3], filter: [2, 2, 3, 1], strides: 5 },
  { x: [3, 4, 5, 7], filter: [1, 1, 7, 9] },
  { x: [3, 4, 5, 7], filter: [1, 1, 7, 9], strides: 2 },
  { x: [1, 1, 1, 7], filter: [1, 1, 7, 1] },
  { x: [2, 6, 5, 6], filter: [3, 3, 2, 9], groups: 3, pad: 'same' },
  { x: [2, 6, 5, 6], filter: [2, 3, 3, 4], groups: 2, dilations: 2, pad: 2 },
  ...[1, 3, 4, 6, 16, 23].map((c) => ({
    x: [2, 6, 7, c],
    filter: [3, 3, 1, c],
    groups: c,
    pad: 'same' as const,
    strides: c > 4 ? 2 : 1,
  })),
  { x: [1, 8, 8, 5], filter: [3, 3, 1, 5], groups: 5, dilations: [3, 2], pad: 4 },
  { x: [1, 5, 5, 3], filter: [3, 3, 1, 6], groups: 3 },
  // More windows than a panel holds.
  { x: [1, 32, 32, 80], filter: [3, 3, 80, 3], pad: 'same' },
  { x: [2, 25, 25, 90], filter: [3, 3, 45, 2], groups: 2 },
];

function random(shape: Shape, seed: number): Tensor {
  const draw = draws(seed);
  return tensor(
    Array.from({ length: sizeOf(shape) }, () => draw() * 2 - 1),
    shape,
  );
}

function agree(where: string, run: () => readonly Tensor[], tolerance: number): void {
  const [own, plain] = (['cpu', 'plain'] as const).map((device) => {
    setDevice(device);
    return run().map((t) => [...t.data()].map(Number));
  });
  own!.forEach((list, i) => {
    const scale = Math.max(1, ...plain![i]!.map(Math.abs));
    const [a, b] = [list, plain![i]!].map((l) => l.map((value) => value / scale));
    const found = difference(a!, b!, tolerance);
    assert.equal(found, null, `${where}, number ${i}: ${found}`);
  });
}

for (const { x: shape, filter: own, strides, pad, dilations, groups } of cases) {
  const what = `${shape} by ${own}, ${groups ?? 1} groups`;
  for (const format of ['NHWC', 'NCHW'] as const satisfies readonly DataFormat[]) {
    test(`conv2d of ${what} in ${format} and its gradients agree with plain`, () => {
      const run = (view: (t: Tensor) => Tensor) => (): Tensor[] => {
        const nhwc = random(shape, 1);
        const x = view(format === 'NHWC' ? nhwc : nhwc.transpose([0, 3, 1, 2]).clone());
        const filter = view(random(own, 2));
        using tape = new GradientTape();
        tape.watch([x, filter]);
        const y = x.conv2d(filter, strides, pad, format, dilations, 'floor', groups);
        const g = view(random(y.shape, 3));
        const gradients = tape.gradient(y, [x, filter], { outputGradients: [g] });
        return [y, ...(gradients as Tensor[])];
      };
      agree(
        what,
        run((t) => t),
        1e-6,
      );
      agree(
        `${what}, strided`,
        run((t) => t.transpose().clone().transpose()),
        1e-6,
      );
    });
  }
}

for (const channels of [1, 3, 4, 6, 17]) {
  test(`pools of ${channels} channels and their gradients agree with plain`, () => {
    const runs: readonly ((x: Tensor) => Tensor)[] = [
      (x) => x.maxPool(2),
      (x) => x.maxPool([3, 2], [2, 1], 'same', 'floor', 'NHWC', 2),
      (x) => x.maxPool(3, 2, 1, 'ceil'),
      (x) => x.maxPool(3, 2, 1, 'ceil', 'NCHW'),
      (x) => x.avgPool(3, 2, 1, 'ceil'),
    ];
    for (const [number, run] of runs.entries()) {
      const both = (): Tensor[] => {
        const x = random([2, 7, 6, channels], 4);
        using tape = new GradientTape();
        tape.watch(x);
        const y = run(number === 3 ? x.transpose([0, 3, 1, 2]).clone() : x);
        return [y, tape.gradient(y.square(), x)!];
      };
      agree(`pool ${number}`, both, 1e-6);
    }
  });
}

test('what is not a number wins a pool, and so does the first of infinities', () => {
  const values = [1, NaN, 3, -Infinity, -Infinity, NaN, 2, NaN, -Infinity, -Infinity, 0, 1];
  const run = (): Tensor[] => {
    const { result, indexes } = tensor(values, [1, 4, 3, 1]).maxPoolWithArgmax([2, 1], [2, 1]);
    return [result, indexes];
  };
  setDevice('cpu');
  const [result, indexes] = run();
  assert.deepEqual([...result!.data()], [1, NaN, NaN, 2, NaN, 1]);
  assert.deepEqual([...indexes!.data()], [0, 1, 5, 6, 7, 11]);
  agree('extremes', run, 0);
});

test('what is not finite in a filter, or flows back to one, does not meet padding', () => {
  const wild = [Infinity, NaN, -Infinity];
  for (const [own, strides, dilations] of [
    [[3, 3, 2, 4], 1, 1],
    [
      [3, 2, 2, 4],
      [2, 1],
      [1, 2],
    ],
    [[5, 5, 2, 1], 2, 1],
  ] as const) {
    const run = (weights: readonly number[], flow: readonly number[]) => (): Tensor[] => {
      const x = random([2, 6, 5, 2], 1);
      const spoil = (t: Tensor, by: readonly number[]): Tensor => {
        const values = [...t.data()].map(Number);
        by.forEach((value, i) => (values[(i * 7) % values.length] = value));
        return tensor(values, t.shape);
      };
      const filter = spoil(random(own, 2), weights);
      using tape = new GradientTape();
      tape.watch([x, filter]);
      const y = x.conv2d(filter, strides, 'same', 'NHWC', dilations);
      const g = spoil(random(y.shape, 3), flow);
      const gradients = tape.gradient(y, [x, filter], { outputGradients: [g] });
      return [y, ...(gradients as Tensor[])].map((t) => t.clipByValue(-3, 3));
    };
    for (const value of wild) {
      agree(`${value} in the filter [${own}]`, run([value], []), 1e-6);
      agree(`${value} in the gradient`, run([], [value]), 1e-6);
    }
    agree('all of them', run(wild, wild), 1e-6);
  }
});

test('the greatest of windows without a tape take no room for their places', () => {
  setDevice('cpu');
  const x = random([2, 8, 8, 32], 1);
  const device = deviceOf('cpu');
  const lengths: number[] = [];
  const { allocate } = device;
  device.allocate = (length) => {
    lengths.push(length);
    return allocate.call(device, length);
  };
  try {
    x.maxPool(2);
    assert.deepEqual(lengths, [4 * 2 * 4 * 4 * 32]);
  } finally {
    device.allocate = allocate;
  }
});

for (const dtype of ['f64', 'i32'] as const) {
  test(`convolutions, products and pools of ${dtype} come out as plain has them`, () => {
    const some = (shape: Shape, seed: number) => random(shape, seed).mul(1e4).cast(dtype);
    const exact = (where: string, run: () => readonly Tensor[]) => {
      const [own, plain] = (['cpu', 'plain'] as const).map((device) => {
        setDevice(device);
        return run().map((t) => [...t.data()]);
      });
      assert.deepEqual(own, plain, where);
    };
    for (const { x: shape, filter: own, strides, pad, dilations, groups } of cases.slice(0, -2))
      for (const format of ['NHWC', 'NCHW'] as const) {
        const how = [strides, pad, format, dilations, 'floor', groups] as const;
        exact(`[${shape}] by [${own}] in ${format}`, () => {
          const x = format === 'NHWC' ? some(shape, 1) : some(shape, 1).transpose([0, 3, 1, 2]);
          const filter = some(own, 2);
          if (dtype === 'i32') return [x.conv2d(filter, ...how)];
          using tape = new GradientTape();
          tape.watch([x, filter]);
          const y = x.conv2d(filter, ...how);
          const g = some(y.shape, 3);
          const gradients = tape.gradient(y, [x, filter], { outputGradients: [g] });
          return [y, ...(gradients as Tensor[])];
        });
      }
    exact('pools', () => {
      const x = some([2, 7, 6, 5], 4);
      const { result, indexes } = x.maxPoolWithArgmax([3, 2], [2, 1], 'same', true);
      return [result, indexes, x.maxPool(2, 1, 1, 'ceil', 'NHWC', 2)];
    });
    exact('products', () => {
      const [a, b] = [some([3, 1, 5, 11], 5), some([2, 11, 13], 6)];
      const [c, d] = [some([9, 4], 7), some([9, 21], 8)];
      const e = d.matMul(c, true).transpose();
      return [a.matMul(b), c.matMul(d, true), e.matMul(d, false, true), e.matMul(e.transpose())];
    });
  });
}
