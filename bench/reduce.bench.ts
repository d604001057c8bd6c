import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import { same } from './same.ts';
import type { Case, Subject } from './subject.ts';

/** Folds of four million elements (4096 x 1024), along each axis and along both. */
const shapes = { x: [4096, 1024] };
const x = tf.randomUniform(shapes.x);

interface Fold {
  readonly name: string;
  readonly run: (axis?: number) => tf.Tensor;
  readonly numpy: string;
  readonly torch?: string;
  readonly tfjs: string;
  /** Its attributes for an axis; those of folds that were not changed later are older ones. */
  readonly onnx: string;
  readonly all?: boolean;
}

function folds({ name, run, numpy, torch = numpy, tfjs, onnx, all = true }: Fold): Case[] {
  const axes = all ? [undefined, 0, 1] : [0, 1];
  return axes.map((axis) => {
    const at = axis === undefined ? '' : `${axis}`;
    const axesOf = axis === undefined ? '[0, 1]' : `[${axis}]`;
    const attributes = onnx.startsWith('Arg') ? `{ axis: ${axis} }` : `{ axes: ${axesOf} }`;
    return pass({
      name: `${name}, ${axis === undefined ? 'all' : `axis ${axis}`}`,
      run: () => run(axis),
      ...(axis === 0 && { best: { name: 'axis 1', run: () => run(1) } }),
      peers: same(shapes, {
        torch: `x.${torch}(${at})`,
        numpy: `x.${numpy}(${at})`,
        tfjs: axis === undefined ? `tf.${tfjs}(x)` : `tf.${tfjs}(x, ${axis})`,
        jax: axis === undefined ? `np.${numpy}(x.ref)` : `np.${numpy}(x.ref, ${axis})`,
        onnx: `'${onnx}', [x], ${attributes}, 12`,
      }),
    });
  });
}

export const subject: Subject = {
  name: 'Folds of 4096 x 1024, one thread',
  cases: [
    folds({
      name: 'sum',
      run: (axis) => x.sum(axis),
      numpy: 'sum',
      tfjs: 'sum',
      onnx: 'ReduceSum',
    }),
    folds({
      name: 'mean',
      run: (axis) => x.mean(axis),
      numpy: 'mean',
      tfjs: 'mean',
      onnx: 'ReduceMean',
    }),
    folds({
      name: 'max',
      run: (axis) => x.max(axis),
      numpy: 'max',
      torch: 'amax',
      tfjs: 'max',
      onnx: 'ReduceMax',
    }),
    folds({
      name: 'argMax',
      run: (axis) => x.argMax(axis),
      numpy: 'argmax',
      tfjs: 'argMax',
      onnx: 'ArgMax',
      all: false,
    }),
  ].flat(),
};
