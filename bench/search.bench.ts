import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import type { Case, Subject } from './subject.ts';

/** Of a million elements: `x` of f32, `i` whole numbers below a thousand, `m` the rows of a matrix, `mask` half of them true. */
const x = tf.randomUniform([2 ** 20]);
const m = x.reshape([1024, 1024]);
const i = x.mul(1000).cast('i32');
const mask = x.greater(0.5);
const sorted = tf.randomUniform([1000]).sort();

function search(
  name: string,
  run: () => tf.Tensor,
  numpy: string | null,
  torch: string | null,
): Case {
  return pass({
    name,
    run,
    peers: {
      ...(numpy !== null && {
        NumPy: {
          module: 'numpy' as const,
          setup: `import numpy as np
x = np.random.rand(2**20).astype(np.float32)
m = x.reshape(1024, 1024)
i = (x * 1000).astype(np.int32)
mask = x > 0.5
s = np.sort(np.random.rand(1000).astype(np.float32))`,
          run: numpy,
        },
      }),
      ...(torch !== null && {
        PyTorch: {
          module: 'torch' as const,
          setup: `import torch
x = torch.rand(2**20)
m = x.reshape(1024, 1024)
i = (x * 1000).int()
mask = x > 0.5
s = torch.rand(1000).sort().values`,
          run: torch,
        },
      }),
    },
  });
}

export const subject: Subject = {
  name: 'Sorting and finding among a million, one thread',
  cases: [
    search('sort', () => x.sort(), 'np.sort(x)', 'x.sort()'),
    search('argSort', () => x.argSort(), 'np.argsort(x)', 'x.argsort()'),
    search('sort of rows', () => m.sort(), 'np.sort(m)', 'm.sort()'),
    search('topk of rows, 10', () => m.topk(10).values, null, 'm.topk(10)'),
    search('median', () => x.median(), 'np.median(x)', 'x.median()'),
    search(
      'unique, with places and counts',
      () => i.unique().values,
      'np.unique(i, return_inverse=True, return_counts=True)',
      'i.unique(return_inverse=True, return_counts=True)',
    ),
    search(
      'searchSorted, in 1000',
      () => tf.searchSorted(sorted, x),
      'np.searchsorted(s, x)',
      'torch.searchsorted(s, x)',
    ),
    search('nonzero', () => mask.nonzero(), 'np.argwhere(mask)', 'mask.nonzero()'),
    search('booleanMask', () => x.booleanMask(mask), 'x[mask]', 'x[mask]'),
    search('bincount', () => i.bincount(undefined, 1000), 'np.bincount(i)', 'i.bincount()'),
    search('histogram', () => x.histogram(100).counts, 'np.histogram(x, 100)', 'x.histogram(100)'),
  ],
};
