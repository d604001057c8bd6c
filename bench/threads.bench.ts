import * as tf from '@tapedeck/engine';
import { time, type Case, type Peer, type Subject } from './subject.ts';

/** What a second thread brings: beside one thread of our own, and beside PyTorch on two. */
function spread(name: string, run: () => tf.Tensor, shapes: Shapes, torch: string): Case {
  const measure = (threads: number) => (quick: boolean) => {
    const all = () => void tf.tidy(() => void run());
    tf.setThreads(threads);
    // A worker needs some of this time to start.
    time(all, 1, false);
    return time(all, 1, quick);
  };
  const made = Object.entries(shapes).map(([x, shape]) => `${x} = torch.rand(${shape.join()})`);
  const peer: Peer = {
    module: 'torch',
    setup: `import torch\n${made.join('\n')}`,
    run: torch,
    threads: 2,
  };
  return {
    name,
    unit: 'us',
    threads: 2,
    product: measure(2),
    peers: { 'one thread': measure(1), PyTorch: peer },
  };
}

interface Shapes {
  readonly [name: string]: readonly number[];
}

function product(m: number, k: number, n: number): Case {
  const [x, y] = [tf.randomUniform([m, k]), tf.randomUniform([k, n])];
  const shapes = { x: [m, k], y: [k, n] };
  return {
    ...spread(`matMul ${m} x ${k} x ${n}`, () => x.matMul(y), shapes, 'x @ y'),
    flops: 2 * m * k * n,
  };
}

const x = tf.randomUniform([1024, 1024]);
const row = tf.randomUniform([1024]);
const shapes = { x: [1024, 1024], row: [1024] };

export const subject: Subject = {
  name: 'Two threads',
  cases: [
    ...[128, 256, 512, 1024, 2048].map((n) => product(n, n, n)),
    product(128, 784, 256),
    product(1, 1024, 1024),
    spread('add', () => x.add(x), shapes, 'x + x'),
    spread('biasAdd', () => x.add(row), shapes, 'x + row'),
    spread('exp', () => x.exp(), shapes, 'x.exp()'),
    spread('sum, axis 0', () => x.sum(0), shapes, 'x.sum(0)'),
    spread('softmax', () => x.softmax(), shapes, 'x.softmax(1)'),
    spread('transposed copy', () => x.transpose().clone(), shapes, 'x.T.contiguous()'),
  ],
};
