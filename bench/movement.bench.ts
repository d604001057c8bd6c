import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import { same } from './same.ts';
import type { Subject } from './subject.ts';

/**
 * Copies in another order. Views cost nothing, so what is timed is what makes
 * them dense; jax-js cannot be asked for that.
 */
const square = tf.randomUniform([2048, 2048]);
const heads = tf.randomUniform([4, 128, 8, 64]);
const images = tf.randomUniform([8, 64, 64, 32]);
const table = tf.randomUniform([10_000, 256]);
const picks = tf.randomUniform([4096], 0, 10_000).cast('i32');
const rows = picks.array() as number[];
const dense = tf.randomUniform([4096, 256]);

export const subject: Subject = {
  name: 'transpose, permute, gather, one thread',
  cases: [
    pass({
      name: 'transpose of 2048 x 2048',
      run: () => square.transpose().clone(),
      peers: same(
        { x: [2048, 2048] },
        {
          torch: 'x.T.contiguous()',
          numpy: 'x.T.copy()',
          tfjs: 'tf.transpose(x)',
          onnx: `'Transpose', [x], { perm: [1, 0] }`,
        },
      ),
    }),
    pass({
      name: 'heads apart, 4 x 128 x 8 x 64',
      run: () => heads.transpose([0, 2, 1, 3]).clone(),
      peers: same(
        { x: [4, 128, 8, 64] },
        {
          torch: 'x.permute(0, 2, 1, 3).contiguous()',
          numpy: 'x.transpose(0, 2, 1, 3).copy()',
          tfjs: 'tf.transpose(x, [0, 2, 1, 3])',
          onnx: `'Transpose', [x], { perm: [0, 2, 1, 3] }`,
        },
      ),
    }),
    pass({
      name: 'channels first, 8 x 64 x 64 x 32',
      run: () => images.transpose([0, 3, 1, 2]).clone(),
      peers: same(
        { x: [8, 64, 64, 32] },
        {
          torch: 'x.permute(0, 3, 1, 2).contiguous()',
          numpy: 'x.transpose(0, 3, 1, 2).copy()',
          tfjs: 'tf.transpose(x, [0, 3, 1, 2])',
          onnx: `'Transpose', [x], { perm: [0, 3, 1, 2] }`,
        },
      ),
    }),
    pass({
      name: 'gather of 4096 rows of 256',
      run: () => table.gather(picks),
      peers: {
        PyTorch: {
          module: 'torch',
          setup: 'import torch\nx = torch.rand(10000, 256)\ni = torch.randint(0, 10000, (4096,))',
          run: 'x[i]',
        },
        NumPy: {
          module: 'numpy',
          setup:
            'import numpy as np\nx = np.random.rand(10000, 256).astype(np.float32)\ni = np.random.randint(0, 10000, 4096)',
          run: 'x[i]',
        },
        'TF.js wasm': {
          module: 'tfjs-wasm',
          setup: `const x = rand([10000, 256]), i = tf.tensor1d([${rows.join()}], 'int32');`,
          run: 'tf.gather(x, i).dispose();',
        },
        onnxruntime: {
          module: 'onnxruntime',
          setup: `const session = await model('Gather', [rand([10000, 256]), ints([4096], 10000)]);`,
          run: 'await session();',
        },
      },
    }),
    pass({
      name: 'concat of 4096 x 256 twice, last axis',
      run: () => tf.concat([dense, dense], 1),
      peers: same(
        { x: [4096, 256] },
        {
          torch: 'torch.cat([x, x], 1)',
          numpy: 'np.concatenate([x, x], 1)',
          tfjs: 'tf.concat([x, x], 1)',
          jax: 'np.concatenate([x.ref, x.ref], 1)',
          onnx: `'Concat', [x, x], { axis: 1 }`,
        },
      ),
    }),
  ],
};
