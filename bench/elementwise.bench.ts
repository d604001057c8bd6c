import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import { same, type Same } from './same.ts';
import type { Case, Subject } from './subject.ts';

/** Passes over a million elements, which lie in the last cache, and over sixteen, which do not. */
const small = made(1024, 1024);
const big = made(16 * 1024, 1024);

function made(rows: number, columns: number) {
  return {
    shapes: { x: [rows, columns], y: [rows, columns], row: [columns] },
    x: tf.randomUniform([rows, columns]),
    y: tf.randomUniform([rows, columns]),
    row: tf.randomUniform([columns]),
  };
}

type Made = typeof small;

function over(name: string, run: (made: Made) => tf.Tensor, how: Same): readonly Case[] {
  return [
    pass({
      name: `${name}, 1M`,
      run: () => run(small),
      peers: same(small.shapes, { ...how, small: true }),
    }),
    pass({
      name: `${name}, 16M`,
      unit: 'ms',
      long: true,
      run: () => run(big),
      peers: same(big.shapes, how),
    }),
  ];
}

export const subject: Subject = {
  name: 'One pass over a million elements and over sixteen, one thread',
  cases: [
    over('add', ({ x, y }) => x.add(y), {
      torch: 'x + y',
      numpy: 'x + y',
      tfjs: 'tf.add(x, y)',
      jax: 'np.add(x.ref, y.ref)',
      onnx: `'Add', [x, y]`,
    }),
    over('relu', ({ x }) => x.relu(), {
      torch: 'x.relu()',
      numpy: 'np.maximum(x, 0)',
      tfjs: 'tf.relu(x)',
      jax: 'nn.relu(x.ref)',
      onnx: `'Relu', [x]`,
    }),
    over('exp', ({ x }) => x.exp(), {
      torch: 'x.exp()',
      numpy: 'np.exp(x)',
      tfjs: 'tf.exp(x)',
      jax: 'np.exp(x.ref)',
      onnx: `'Exp', [x]`,
    }),
    over('log', ({ x }) => x.log(), {
      torch: 'x.log()',
      numpy: 'np.log(x)',
      tfjs: 'tf.log(x)',
      jax: 'np.log(x.ref)',
      onnx: `'Log', [x]`,
    }),
    over('tanh', ({ x }) => x.tanh(), {
      torch: 'x.tanh()',
      numpy: 'np.tanh(x)',
      tfjs: 'tf.tanh(x)',
      jax: 'np.tanh(x.ref)',
      onnx: `'Tanh', [x]`,
    }),
    over('sigmoid', ({ x }) => x.sigmoid(), {
      torch: 'x.sigmoid()',
      tfjs: 'tf.sigmoid(x)',
      jax: 'nn.sigmoid(x.ref)',
      onnx: `'Sigmoid', [x]`,
    }),
  ].flat(),
};
