import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import type { Case, Subject } from './subject.ts';

/** Half a million numbers in lines of a length, and images: PyTorch computes in f32, NumPy and Tapedeck in f64. */
const SIZE = 2 ** 19;

function transform(name: string, shape: readonly number[], op: 'fft' | 'rfft' | 'fft2d'): Case {
  const list = shape.join();
  const [re, im] = [tf.randomUniform(shape), tf.randomUniform(shape)];
  const x = op === 'rfft' ? re : tf.complex(re, im);
  const complex = op === 'rfft' ? '' : `\nx = x + 1j * x[::-1]`;
  const turned = op === 'rfft' ? '' : `\nx = torch.complex(x, x.flip(0))`;
  const peer = op === 'fft2d' ? 'fft2' : op;
  return pass({
    name,
    run: () => x[op](),
    peers: {
      NumPy: {
        module: 'numpy',
        setup: `import numpy as np\nx = np.random.rand(${list}).astype(np.float32)${complex}`,
        run: `np.fft.${peer}(x)`,
      },
      PyTorch: {
        module: 'torch',
        setup: `import torch\nx = torch.rand(${list})${turned}`,
        run: `torch.fft.${peer}(x)`,
      },
    },
  });
}

const lines = (length: number, op: 'fft' | 'rfft'): Case =>
  transform(
    `${op} of ${length}, ${Math.round(SIZE / length)} lines`,
    [Math.round(SIZE / length), length],
    op,
  );

export const subject: Subject = {
  name: 'Fourier transforms of half a million numbers, one thread',
  cases: [
    ...[64, 1024, 1000, 1009].map((length) => lines(length, 'fft')),
    ...[400, 1024].map((length) => lines(length, 'rfft')),
    transform('fft of 262144, one line', [SIZE / 2], 'fft'),
    transform('fft2d of 512 x 512', [512, 512], 'fft2d'),
  ],
};
