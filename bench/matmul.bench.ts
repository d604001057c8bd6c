import * as tf from '@tapedeck/engine';
import { peak } from './peak.ts';
import { time, type Case, type Subject } from './subject.ts';

/** A product of m by k times k by n, either on its side. */
function product(m: number, n: number, k: number, sides = 'nn'): Case {
  const x = side(sides[0] === 't', m, k);
  const y = side(sides[1] === 't', k, n);
  const flops = 2 * m * n * k;
  const ops = Math.max(1, Math.round(1e7 / flops));
  const rand = (turned: boolean, a: number, b: number, rand: string) =>
    turned ? `${rand}(${b}, ${a}).T` : `${rand}(${a}, ${b})`;
  const operands = (name: string) =>
    `x, y = ${rand(sides[0] === 't', m, k, name)}, ${rand(sides[1] === 't', k, n, name)}`;
  const square = m >= 256 && m === n && n === k;
  return {
    name: `${m} x ${k} x ${n}${sides === 'nn' ? '' : ` ${sides}`}`,
    unit: 'us',
    flops,
    product: (quick) =>
      time(
        () =>
          tf.tidy(() => {
            for (let i = 0; i < ops; i++) x.matMul(y);
          }),
        ops,
        quick,
      ),
    peers: {
      // As long as a loop that only multiplies and adds what lies in the first cache would take.
      ...(square && { 'peak loop': (quick) => flops / peak(quick) }),
      PyTorch: { module: 'torch', setup: `import torch\n${operands('torch.rand')}`, run: 'x @ y' },
      NumPy: {
        module: 'numpy',
        setup: `import numpy as np\nrand = lambda *s: np.random.rand(*s).astype(np.float32)\n${operands('rand')}`,
        run: 'x @ y',
      },
    },
    ...(square && { goal: { peer: 'peak loop', least: 0.9 } }),
  };
}

function side(turned: boolean, rows: number, columns: number): tf.Tensor {
  return turned ? tf.randomUniform([columns, rows]).transpose() : tf.randomUniform([rows, columns]);
}

export const subject: Subject = {
  name: 'matMul, one thread',
  cases: [
    ...[64, 128, 256, 512, 1024, 2048].map((n) => product(n, n, n)),
    ...['tn', 'nt', 'tt'].map((sides) => product(512, 512, 512, sides)),
    product(64, 128, 784),
    product(1, 1024, 1024),
    product(1024, 1, 1024),
    product(1, 1024, 1024, 'nt'),
  ],
};
