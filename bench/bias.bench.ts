import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import { same } from './same.ts';
import type { Case, Subject } from './subject.ts';

/** A vector added to each row, beside the sum of two equal shapes, which reads more. */
function bias(rows: number, columns: number): Case {
  const x = tf.randomUniform([rows, columns]);
  const y = tf.randomUniform([rows, columns]);
  const b = tf.randomUniform([columns]);
  return pass({
    name: `biasAdd, ${rows} x ${columns}`,
    run: () => tf.biasAdd(x, b),
    best: { name: 'add of equal shapes', run: () => x.add(y) },
    peers: same(
      { x: [rows, columns], b: [columns] },
      {
        torch: 'x + b',
        numpy: 'x + b',
        tfjs: 'tf.add(x, b)',
        small: true,
        jax: 'np.add(x.ref, b.ref)',
        onnx: `'Add', [x, b]`,
      },
    ),
  });
}

/** The same by columns: each row has its own number. */
function column(rows: number, columns: number): Case {
  const x = tf.randomUniform([rows, columns]);
  const y = tf.randomUniform([rows, columns]);
  const b = tf.randomUniform([rows, 1]);
  return pass({
    name: `add of a column, ${rows} x ${columns}`,
    run: () => x.add(b),
    best: { name: 'add of equal shapes', run: () => x.add(y) },
    peers: same(
      { x: [rows, columns], b: [rows, 1] },
      {
        torch: 'x + b',
        numpy: 'x + b',
        tfjs: 'tf.add(x, b)',
        jax: 'np.add(x.ref, b.ref)',
        onnx: `'Add', [x, b]`,
      },
    ),
  });
}

export const subject: Subject = {
  name: 'biasAdd, one thread',
  cases: [bias(128, 1024), bias(512, 512), bias(4096, 1024), bias(65536, 10), column(1024, 1024)],
};
