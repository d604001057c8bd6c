import * as tf from '@tapedeck/engine';
import { time, type Case, type Subject } from './subject.ts';

/** What an op costs beside its arithmetic: adding two tensors of 16 elements. */
const OPS = 100;
const a = tf.randomUniform([16]);
const b = tf.randomUniform([16]);

const vectors = 'import torch\na, b = torch.rand(16), torch.rand(16)';
const tracked = `${vectors}\na.requires_grad_(); b.requires_grad_()`;

export const subject: Subject = {
  name: 'Dispatch: one small op',
  cases: [
    {
      ...adds('add of 16, no tape', 100 * OPS, () => {
        for (let i = 0; i < 100 * OPS; i++) a.add(b);
      }),
      peers: {
        PyTorch: { module: 'torch', setup: vectors, run: 'a + b' },
        NumPy: {
          module: 'numpy',
          setup: 'import numpy as np\na, b = np.random.rand(2, 16).astype(np.float32)',
          run: 'a + b',
        },
      },
      goal: { peer: 'PyTorch', least: 8 },
    },
    {
      ...adds('add of 16, in a tidy', OPS, () =>
        tf.tidy(() => {
          for (let i = 0; i < OPS; i++) a.add(b);
        }),
      ),
      peers: { PyTorch: { module: 'torch', setup: vectors, run: 'a + b' } },
      goal: { peer: 'PyTorch', least: 8 },
    },
    {
      ...adds('add of 16, taped', OPS, () => {
        using tape = new tf.GradientTape();
        tape.watch(a);
        for (let i = 0; i < OPS; i++) a.add(b);
      }),
      peers: { PyTorch: { module: 'torch', setup: tracked, run: 'a + b' } },
      goal: { peer: 'PyTorch', least: 6 },
    },
    {
      ...adds('add of 16, forward and backward', OPS, () => {
        using tape = new tf.GradientTape();
        tape.watch(a);
        tape.watch(b);
        let x = a;
        for (let i = 0; i < OPS; i++) x = x.add(b);
        tape.gradient(x, [a, b]);
      }),
      peers: {
        PyTorch: {
          module: 'torch',
          setup: `${tracked}\ng = torch.ones(16)`,
          run: `x = a\nfor _ in range(${OPS}): x = x + b\nx.backward(g)\na.grad = b.grad = None`,
          ops: OPS,
        },
      },
      goal: { peer: 'PyTorch', least: 8 },
    },
  ],
};

/** The product's part of a case: `work` is so many adds. */
function adds(
  name: string,
  count: number,
  work: () => void,
): Pick<Case, 'name' | 'unit' | 'product'> {
  return { name, unit: 'ns', product: (quick) => time(work, count, quick) };
}
