import * as tf from '@tapedeck/engine';
import { time, type Case, type Subject } from './subject.ts';

/** One pass over a million elements, and the passes that are not elementwise but as plain. */
const x = tf.randomUniform([1024, 1024]);
const y = tf.randomUniform([1024, 1024]);
const row = tf.randomUniform([1024]);
const setup =
  'import torch\nx, y, row = torch.rand(1024, 1024), torch.rand(1024, 1024), torch.rand(1024)';
const arrays =
  'import numpy as np\nrand = lambda *s: np.random.rand(*s).astype(np.float32)\nx, y, row = rand(1024, 1024), rand(1024, 1024), rand(1024)';

function pass(name: string, run: () => tf.Tensor, torch: string, numpy?: string): Case {
  return {
    name,
    unit: 'us',
    product: (quick) => time(() => void tf.tidy(() => void run()), 1, quick),
    peers: {
      PyTorch: { module: 'torch', setup, run: torch },
      ...(numpy !== undefined && { NumPy: { module: 'numpy', setup: arrays, run: numpy } }),
    },
  };
}

export const subject: Subject = {
  name: 'A million elements (1024 x 1024), one thread',
  cases: [
    pass('add', () => x.add(y), 'x + y', 'x + y'),
    pass('biasAdd', () => x.add(row), 'x + row', 'x + row'),
    pass('relu', () => x.relu(), 'x.relu()', 'np.maximum(x, 0)'),
    pass('exp', () => x.exp(), 'x.exp()', 'np.exp(x)'),
    pass('log', () => x.log(), 'x.log()', 'np.log(x)'),
    pass('tanh', () => x.tanh(), 'x.tanh()', 'np.tanh(x)'),
    pass('sigmoid', () => x.sigmoid(), 'x.sigmoid()'),
    pass('sum', () => x.sum(), 'x.sum()', 'x.sum()'),
    pass('sum, axis 0', () => x.sum(0), 'x.sum(0)', 'x.sum(0)'),
    pass('sum, axis 1', () => x.sum(1), 'x.sum(1)', 'x.sum(1)'),
    pass('softmax', () => x.softmax(), 'x.softmax(1)'),
    pass(
      'layerNorm',
      () => x.layerNorm(row, row),
      'torch.nn.functional.layer_norm(x, (1024,), row, row)',
    ),
    pass('transposed copy', () => x.transpose().clone(), 'x.T.contiguous()', 'x.T.copy()'),
  ],
};
