import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import { same } from './same.ts';
import type { Case, Subject } from './subject.ts';

const shapes = { x: [4096, 1024] };
const x = tf.randomUniform(shapes.x);

function scans(
  name: string,
  run: (axis: number) => tf.Tensor,
  peers: { readonly numpy: string; readonly torch: string; readonly tfjs?: string },
): readonly Case[] {
  return [0, 1].map((axis) =>
    pass({
      name: `${name} along axis ${axis}`,
      run: () => run(axis),
      peers: same(shapes, {
        numpy: `${peers.numpy}(x, ${axis})`,
        torch: `x.${peers.torch}(${axis})`,
        ...(peers.tfjs === undefined ? {} : { tfjs: `tf.${peers.tfjs}(x, ${axis})` }),
      }),
    }),
  );
}

export const subject: Subject = {
  name: 'Scans of 4096 x 1024, one thread',
  cases: [
    ...scans('cumsum', (axis) => x.cumsum(axis), {
      numpy: 'np.cumsum',
      torch: 'cumsum',
      tfjs: 'cumsum',
    }),
    ...scans('cumprod', (axis) => x.cumprod(axis), {
      numpy: 'np.cumprod',
      torch: 'cumprod',
      tfjs: 'cumprod',
    }),
    ...scans('cummax', (axis) => x.cummax(axis).values, {
      numpy: 'np.maximum.accumulate',
      torch: 'cummax',
    }),
  ],
};
