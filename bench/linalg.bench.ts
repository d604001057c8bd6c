import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import type { Case, Subject } from './subject.ts';

/** Of f32, which the peers compute in f32 and Tapedeck in f64: `a` any matrix, `s` a positive definite one, `b` right sides. */
function cases(n: number, names: readonly string[]): readonly Case[] {
  const a = tf.randomUniform([n, n]);
  const s = a.matMul(a, false, true).add(tf.eye(n));
  const b = tf.randomUniform([n, n]);
  const runs: {
    readonly [name: string]: readonly [() => tf.Tensor, numpy: string, torch: string];
  } = {
    cholesky: [() => s.cholesky(), 'np.linalg.cholesky(s)', 'torch.linalg.cholesky(s)'],
    solve: [() => s.solve(b), 'np.linalg.solve(s, b)', 'torch.linalg.solve(s, b)'],
    inv: [() => s.inv(), 'np.linalg.inv(s)', 'torch.linalg.inv(s)'],
    det: [() => a.det(), 'np.linalg.det(a)', 'torch.linalg.det(a)'],
    qr: [() => a.qr().q, 'np.linalg.qr(a)', 'torch.linalg.qr(a)'],
    eigh: [() => s.eigh().eigenvalues, 'np.linalg.eigh(s)', 'torch.linalg.eigh(s)'],
    svd: [() => a.svd().s, 'np.linalg.svd(a)', 'torch.linalg.svd(a)'],
  };
  return names.map((name) => {
    const [run, numpy, torch] = runs[name]!;
    const random = (rand: string) => `a = ${rand}\nb = ${rand}`;
    return pass({
      name: `${name}, ${n} x ${n}`,
      run,
      peers: {
        NumPy: {
          module: 'numpy',
          setup: `import numpy as np\n${random(`np.random.rand(${n}, ${n}).astype(np.float32)`)}\ns = a @ a.T + np.eye(${n}, dtype=np.float32)`,
          run: numpy,
        },
        PyTorch: {
          module: 'torch',
          setup: `import torch\n${random(`torch.rand(${n}, ${n})`)}\ns = a @ a.T + torch.eye(${n})`,
          run: torch,
        },
      },
    });
  });
}

export const subject: Subject = {
  name: 'Decompositions and equations, one thread',
  cases: [
    ...cases(64, ['cholesky', 'solve', 'inv', 'det', 'qr', 'eigh', 'svd']),
    ...cases(256, ['cholesky', 'solve', 'inv', 'det', 'qr', 'eigh', 'svd']),
    ...cases(512, ['cholesky', 'solve', 'inv']),
  ],
};
