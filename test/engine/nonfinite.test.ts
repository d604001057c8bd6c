/** What flows back through kinks and zeros when something is infinite or not a number, as PyTorch 2 has it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functions as tf } from '../../engine/functions.ts';
import { tensor } from '../../engine/creation.ts';
import { setDevice } from '../../engine/placement.ts';
import { GradientTape } from '../../engine/tape.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { devices } from '../kit/samples.ts';

const I = Infinity;
const N = NaN;

/** The gradients of f with respect to all its inputs, where `up` arrives at its result. */
function back(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly (readonly number[])[],
  up: number | readonly number[],
): number[][] {
  const sources = inputs.map((values) => tensor(values));
  const tape = new GradientTape();
  tape.watch(sources);
  const out = f(...sources);
  return tape
    .gradient(out, sources, { outputGradients: tensor(up) })
    .map((gradient) => Array.from(gradient!.data() as Float32Array));
}

for (const { name, skip } of devices) {
  suite(`not finite, on ${name}`, { skip }, () => {
    const same = (...[f, inputs, up, ...wanted]: [...Parameters<typeof back>, ...number[][]]) => {
      setDevice(name);
      // -0 and 0 are one here.
      const found = back(f, inputs, up).map((list) => list.map((value) => value + 0));
      assert.deepEqual(found, wanted);
    };

    test('relu', () => {
      same(tf.relu, [[-1, 0, 2, N]], [I, I, I, I], [0, 0, I, I]);
      same(tf.relu, [[-1, 0, 2, N]], [N, N, N, 1], [0, 0, N, 1]);
    });

    const x = [1, 2, 3, N, 1];
    const y = [2, 2, 1, 1, N];
    const all = [I, I, I, I, I];
    const ones = [1, 1, 1, 1, 1];
    test('maximum and minimum', () => {
      same(tf.maximum, [x, y], all, [0, I, I, I, I], [I, I, 0, I, I]);
      same(tf.maximum, [x, y], ones, [0, 0.5, 1, 1, 1], [1, 0.5, 0, 1, 1]);
      same(tf.minimum, [x, y], all, [I, I, 0, I, I], [0, I, I, I, I]);
      same(tf.minimum, [x, y], ones, [1, 0.5, 0, 1, 1], [0, 0.5, 1, 1, 1]);
    });

    test('where and clipByValue', () => {
      const choose = (a: Tensor, b: Tensor) => tf.where([true, false], a, b);
      same(choose, [[1, 2], [3, 4]], [I, N], [I, 0], [0, N]); // prettier-ignore
      const clip = (a: Tensor) => tf.clipByValue(a, 0, 1);
      same(clip, [[-1, 0, 0.5, 1, 2, N]], [I, I, I, I, I, I], [0, I, I, I, 0, 0]);
    });

    test('the greatest and the least', () => {
      same((a) => tf.max(a), [[1, 3, 3, 2]], I, [0, I, I, 0]);
      same((a) => tf.min(a), [[1, 3, 1, 2]], I, [I, 0, I, 0]);
      same((a) => tf.max(a), [[1, N, 3, N]], 1, [0, 0.5, 0, 0.5]);
    });

    test('the product', () => {
      const prod = (a: Tensor) => tf.prod(a);
      for (const [values, once, endless] of [
        [
          [1, 2, 3],
          [6, 3, 2],
          [I, I, I],
        ],
        [
          [0, 2, 3],
          [6, 0, 0],
          [I, N, N],
        ],
        [
          [0, 0, 3],
          [0, 0, 0],
          [N, N, N],
        ],
        [
          [I, 2, 3],
          [N, I, I],
          [N, I, I],
        ],
        [
          [I, 0, 3],
          [0, I, N],
          [N, I, N],
        ],
        [
          [I, I, 2],
          [N, N, I],
          [N, N, I],
        ],
        [
          [N, 0, 2],
          [0, N, N],
          [N, N, N],
        ],
        [
          [N, 1, 2],
          [N, N, N],
          [N, N, N],
        ],
        [
          [0, I, 0],
          [0, 0, 0],
          [N, N, N],
        ],
      ] as const) {
        same(prod, [values], 1, [...once]);
        same(prod, [values], I, [...endless]);
      }
    });
  });
}

test('draws with impossible parameters end, and are not numbers', () => {
  const shares = tf.randomDirichlet(
    [
      [N, 1],
      [-2, 1],
      [-I, 1],
      [I, 1],
      [0, 1],
    ],
    1,
  );
  assert.deepEqual(shares.array(), [
    [N, N],
    [N, N],
    [N, N],
    [N, N],
    [0, 1],
  ]);
});
