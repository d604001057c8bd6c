import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import type { Case, Peer, Subject } from './subject.ts';

/** What is rarer than f32: doubles and integers, casts between them, and sorting. */
const SIZE = 2 ** 20;
const SIDE = 256;
const named = {
  f64: 'float64',
  i32: 'int32',
  i64: 'int64',
  f16: 'float16',
  u8: 'uint8',
  f32: 'float32',
} as const;
type Named = keyof typeof named;

/** Whole numbers that fit into any dtype. */
function drawn(shape: readonly number[], dtype: Named): tf.Tensor {
  return tf.randomUniform(shape, 0, 100).cast(dtype);
}

/** The same with PyTorch and NumPy, on x and y of that shape and dtype. */
function peers(
  shape: readonly number[],
  dtype: Named,
  torch: string,
  numpy = torch,
): { readonly [name: string]: Peer } {
  const sizes = shape.join();
  const [first, second] = [`torch.rand(${sizes}) * 100`, `np.random.rand(${sizes}) * 100`];
  return {
    PyTorch: {
      module: 'torch',
      setup: `import torch\nx, y = [(${first}).to(torch.${named[dtype]}) for _ in range(2)]`,
      run: torch,
    },
    NumPy: {
      module: 'numpy',
      setup: `import numpy as np\nx, y = [(${second}).astype(np.${named[dtype]}) for _ in range(2)]`,
      run: numpy,
    },
  };
}

function arithmetic(dtype: Named): readonly Case[] {
  const [x, y] = [drawn([SIZE], dtype), drawn([SIZE], dtype)];
  return [
    pass({ name: `add of ${dtype}`, run: () => x.add(y), peers: peers([SIZE], dtype, 'x + y') }),
    pass({ name: `sum of ${dtype}`, run: () => x.sum(), peers: peers([SIZE], dtype, 'x.sum()') }),
  ];
}

function product(dtype: Named): Case {
  const [x, y] = [drawn([SIDE, SIDE], dtype), drawn([SIDE, SIDE], dtype)];
  return pass({
    name: `matMul of ${dtype}, ${SIDE}`,
    flops: 2 * SIDE ** 3,
    run: () => x.matMul(y),
    peers: peers([SIDE, SIDE], dtype, 'x @ y'),
  });
}

function cast(from: Named, to: Named): Case {
  const x = drawn([SIZE], from);
  const [torch, numpy] = [`x.to(torch.${named[to]})`, `x.astype(np.${named[to]})`];
  return pass({
    name: `cast of ${from} to ${to}`,
    run: () => x.cast(to),
    peers: peers([SIZE], from, torch, numpy),
  });
}

function order(shape: readonly number[], axis: number): readonly Case[] {
  const x = tf.randomNormal(shape);
  const say = `${shape.join(' x ')} along axis ${axis}`;
  return [
    pass({
      name: `sort of ${say}`,
      run: () => x.sort(axis),
      peers: peers(shape, 'f32', `torch.sort(x, ${axis})`, `np.sort(x, ${axis})`),
    }),
    pass({
      name: `argSort of ${say}`,
      run: () => x.argSort(axis),
      peers: peers(
        shape,
        'f32',
        `torch.argsort(x, ${axis})`,
        `np.argsort(x, ${axis}, kind='stable')`,
      ),
    }),
  ];
}

export const subject: Subject = {
  name: 'Other dtypes than f32, casts and sorting, one thread',
  cases: [
    ...(['f64', 'i32', 'i64', 'u8', 'f16'] as const).flatMap(arithmetic),
    product('f64'),
    product('i32'),
    cast('f32', 'i32'),
    cast('i64', 'f32'),
    cast('f32', 'f16'),
    cast('f16', 'f32'),
    cast('u8', 'f32'),
    ...order([256, 1024], 1),
    ...order([1024, 256], 0),
    ...order([SIZE], 0),
  ],
};
