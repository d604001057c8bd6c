import * as tf from '@tapedeck/engine';
import { peak } from './peak.ts';
import { same } from './same.ts';
import { time, type Case, type Goal, type Peer, type Script, type Subject } from './subject.ts';

interface Sides {
  /** `t` where the matrix lies on its side: stored with its columns one after the other. */
  readonly x: 'n' | 't';
  readonly y: 'n' | 't';
}

/** A product of m by k times k by n, either on its side. */
function product(m: number, k: number, n: number, sides = 'nn'): Case {
  const { x, y } = { x: sides[0], y: sides[1] } as Sides;
  const shapes = { x: x === 't' ? [k, m] : [m, k], y: y === 't' ? [n, k] : [k, n] };
  const square = m >= 256 && m === n && n === k;
  const python = `${x === 't' ? 'x.T' : 'x'} @ ${y === 't' ? 'y.T' : 'y'}`;
  const turned = `${x === 't'}, ${y === 't'}`;
  const jax = `np.matmul(${x === 't' ? 'np.transpose(x.ref)' : 'x.ref'}, ${y === 't' ? 'np.transpose(y.ref)' : 'y.ref'})`;
  // Only its Gemm takes matrices on their sides.
  const onnx = `'Gemm', [x, y], { transA: ${x === 't' ? 1 : 0}, transB: ${y === 't' ? 1 : 0} }`;
  return multiply(`${m} x ${k} x ${n}${sides === 'nn' ? '' : ` ${sides}`}`, {
    operands: [tf.randomUniform(shapes.x), tf.randomUniform(shapes.y)],
    run: (a, b) => tf.matMul(a, b, x === 't', y === 't'),
    flops: 2 * m * n * k,
    peers: same(shapes, {
      torch: python,
      numpy: python,
      tfjs: `tf.matMul(x, y, ${turned})`,
      small: m * n * k <= 2 ** 24,
      jax,
      onnx,
    }),
    limited: square,
    goal: square
      ? [
          { peer: 'peak loop', least: 0.9 },
          { peer: 'TF.js wasm', least: 1.25 },
        ]
      : undefined,
  });
}

/** A square product in another tier, beside a library that computes as wide. */
function inTier(tier: 'wide' | 'blas', n: number): Case {
  const shape = [n, n];
  const { PyTorch, NumPy } = same({ x: shape, y: shape }, { torch: 'x @ y', numpy: 'x @ y' });
  const narrower: Peer = { ...(NumPy as Script), core: 'Haswell' };
  const { goal, ...rest } = multiply(`${n} x ${n} x ${n}, ${tier}`, {
    operands: [tf.randomUniform(shape), tf.randomUniform(shape)],
    run: (x, y) => tf.matMul(x, y),
    flops: 2 * n ** 3,
    peers:
      tier === 'wide' ? { 'OpenBLAS, AVX2': narrower, PyTorch: PyTorch! } : { PyTorch: PyTorch! },
    goal: [
      tier === 'wide' ? { peer: 'OpenBLAS, AVX2', least: 0.8 } : { peer: 'PyTorch', least: 0.95 },
    ],
  });
  return { ...rest, tier, ...(n >= 256 && goal && { goal }) };
}

/** So many products at once, the second operand one for all or one for each. */
function batched(count: number, n: number, shared = false): Case {
  const shapes = { x: [count, n, n], y: shared ? [n, n] : [count, n, n] };
  return multiply(`${count} of ${n} x ${n} x ${n}${shared ? ', one right side' : ''}`, {
    operands: [tf.randomUniform(shapes.x), tf.randomUniform(shapes.y)],
    run: (x, y) => tf.matMul(x, y),
    flops: 2 * count * n ** 3,
    peers: same(shapes, {
      torch: 'x @ y',
      numpy: 'x @ y',
      tfjs: 'tf.matMul(x, y)',
      jax: 'np.matmul(x.ref, y.ref)',
      onnx: `'MatMul', [x, y]`,
    }),
  });
}

interface Product {
  readonly operands: readonly [tf.Tensor, tf.Tensor];
  readonly run: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
  readonly flops: number;
  readonly peers: Case['peers'];
  /** Whether it is compared with a loop that only multiplies and adds what lies in the first cache. */
  readonly limited?: boolean;
  readonly goal?: readonly Goal[] | undefined;
}

function multiply(name: string, { operands, run, flops, peers, limited, goal }: Product): Case {
  const ops = Math.max(1, Math.round(1e7 / flops));
  const [x, y] = operands;
  return {
    name,
    long: flops >= 2 * 2048 ** 3,
    unit: 'us',
    flops,
    product: (quick) =>
      time(
        () =>
          tf.tidy(() => {
            for (let i = 0; i < ops; i++) run(x, y);
          }),
        ops,
        quick,
      ),
    peers: {
      ...(limited && { 'peak loop': (quick: boolean) => flops / peak(quick) }),
      ...peers,
    },
    ...(goal && { goal }),
  };
}

export const subject: Subject = {
  name: 'matMul, one thread',
  cases: [
    ...[64, 128, 256, 512, 1024, 2048].map((n) => product(n, n, n)),
    ...(['wide', 'blas'] as const).flatMap((tier) =>
      [64, 128, 256, 512, 1024, 2048].map((n) => inTier(tier, n)),
    ),
    ...['tn', 'nt', 'tt'].map((sides) => product(512, 512, 512, sides)),
    // Of the MLP's training step: forward, and the gradients of the weights and of the input.
    product(128, 784, 256),
    product(784, 128, 256, 'tn'),
    product(128, 256, 784, 'nt'),
    batched(32, 64),
    batched(32, 64, true),
    product(1, 1024, 1024),
    product(1, 1024, 1024, 'nt'),
    product(1024, 1024, 1),
    product(1024, 1024, 1, 'tn'),
  ],
};
