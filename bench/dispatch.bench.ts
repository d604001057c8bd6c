import * as tf from '@tapedeck/engine';
import { Gate, GATE } from '@tapedeck/engine/protocol';
import { control } from '../engine/gate.ts';
import { time as once, type Case, type Subject } from './subject.ts';

/**
 * What an op costs beside its arithmetic: programs over tensors of 16 to 512
 * elements, the same in PyTorch. Where both sides take gradients they take
 * them with respect to the same tensors, from the same start.
 */
const OPS = 100;
const a = tf.randomUniform([16]);
const b = tf.randomUniform([16]);
const m = tf.randomUniform([16, 16]);
const p = tf.randomUniform([16, 16]);
const ones = tf.ones([16]);

const vectors = 'import torch\na, b, g = torch.rand(16), torch.rand(16), torch.ones(16)';
const tracked = `${vectors}\na.requires_grad_(); b.requires_grad_()`;
const matrices =
  'import torch\nm, p, a, g = torch.rand(16, 16), torch.rand(16, 16), torch.rand(16), torch.ones(16, 16)';

/** A measurement whose first one waits until V8 has compiled all of it, which takes it longer than a quick run. */
function timed(run: () => void, ops: number): Case['product'] {
  let cold = true;
  return (quick) => {
    for (let i = 0; cold && i < 10; i++) once(run, ops, false);
    cold = false;
    return once(run, ops, quick);
  };
}

/** One op, time and again, in a tidy: what it makes is freed as in PyTorch. */
function op(name: string, run: () => tf.Tensor, setup: string, torch: string): Case {
  return {
    name,
    unit: 'ns',
    product: timed(() => tf.tidy(() => repeat(run)), OPS),
    peers: { PyTorch: { module: 'torch', setup, run: torch } },
  };
}

function repeat(run: () => tf.Tensor): void {
  for (let i = 0; i < OPS; i++) run();
}

/** A run with gradients, per op of it. */
function walk(
  name: string,
  run: (tape: tf.GradientTape) => unknown,
  [setup, torch]: readonly [setup: string, run: string],
  ops: number,
  least?: number,
): Case {
  return {
    name,
    unit: ops === 1 ? 'us' : 'ns',
    product: timed(() => {
      using tape = new tf.GradientTape();
      run(tape);
    }, ops),
    peers: { PyTorch: { module: 'torch', setup, run: torch, ops } },
    ...(least !== undefined && { goal: { peer: 'PyTorch', least } }),
  };
}

/** The same with the op gate closed and open, as in a session that shows where ops were called. */
function gated(name: string, ops: number, run: () => void): Case {
  const closed = timed(run, ops);
  const open = timed(run, ops);
  return {
    name: `${name}, gate open`,
    unit: ops === 1 ? 'us' : 'ns',
    product: (quick) => {
      control[GATE] = Gate.SITES;
      try {
        return open(quick);
      } finally {
        control[GATE] = 0;
      }
    },
    peers: { 'gate closed': closed },
  };
}

function add(): void {
  for (let i = 0; i < 100 * OPS; i++) a.add(b);
}

function tapedAdd(): void {
  using tape = new tf.GradientTape();
  tape.watch([a, b]);
  for (let i = 0; i < OPS; i++) a.add(b);
}

const x = tf.randomUniform([16, 16]);
const labels = tf.range(0, 16, 1, 'i32').mod(10);
const layer = (inputs: number, outputs: number) =>
  [
    tf.variable(tf.randomNormal([inputs, outputs], 0, 0.2)),
    tf.variable(tf.zeros([outputs])),
  ] as const;
const [[w1, b1], [w2, b2]] = [layer(16, 32), layer(32, 10)];
const parameters = [w1, b1, w2, b2];
const sgd = new tf.SGD(0.001);

/** A step of training, with a batch of 16 through 16, 32 and 10 neurons. */
function mlp(optimizer: tf.Optimizer): void {
  using tape = new tf.GradientTape();
  const hidden = x.matMul(w1).add(b1).relu();
  const loss = tf.sparseSoftmaxCrossEntropy(labels, hidden.matMul(w2).add(b2));
  optimizer.apply(tape.gradient(loss, parameters), parameters);
}

function training(name: string, optimizer: tf.Optimizer, torch: string): Case {
  return {
    name,
    unit: 'us',
    product: timed(() => mlp(optimizer), 1),
    peers: {
      PyTorch: {
        module: 'torch',
        setup: `import torch
x, labels = torch.rand(16, 16), torch.arange(16) % 10
w1, w2 = torch.randn(16, 32) * 0.2, torch.randn(32, 10) * 0.2
b1, b2 = torch.zeros(32), torch.zeros(10)
for p in (w1, b1, w2, b2): p.requires_grad_()
optimizer = torch.optim.${torch}
loss = torch.nn.functional.cross_entropy`,
        run: `optimizer.zero_grad(set_to_none=True)
loss((x @ w1 + b1).relu() @ w2 + b2, labels).backward()
optimizer.step()`,
      },
    },
  };
}

const steps = Array.from({ length: 10 }, () => tf.randomUniform([4, 16]));
const [weight, bias] = layer(32, 64);
const nothing = tf.zeros([4, 16]);

/** Ten steps of an LSTM cell of 16, written op by op, and the gradients. */
function lstm(tape: tf.GradientTape): void {
  let [h, c] = [nothing, nothing];
  for (const step of steps) {
    const gates = tf.concat([step, h], 1).matMul(weight).add(bias);
    const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    h = o.sigmoid().mul(c.tanh());
  }
  tape.gradient(h.square().mean(), [weight, bias]);
}

export const subject: Subject = {
  name: 'Dispatch: small ops',
  cases: [
    {
      name: 'add of 16, no tape',
      unit: 'ns',
      product: timed(add, 100 * OPS),
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
    op('add of 16, in a tidy', () => a.add(b), vectors, 'a + b'),
    op('mul by a number', () => a.mul(2), vectors, 'a * 2'),
    op('add a bias, 16x16', () => m.add(a), matrices, 'm + a'),
    op('sum along an axis, 16x16', () => m.sum(0), matrices, 'm.sum(0)'),
    op('matMul, 16x16', () => m.matMul(p), matrices, 'm @ p'),
    {
      name: 'add of 16, taped',
      unit: 'ns',
      product: timed(tapedAdd, OPS),
      peers: { PyTorch: { module: 'torch', setup: tracked, run: 'a + b' } },
      goal: { peer: 'PyTorch', least: 6 },
    },
    walk(
      'add of 16, forward and backward',
      (tape) => {
        tape.watch([a, b]);
        let y = a;
        for (let i = 0; i < OPS; i++) y = y.add(b);
        tape.gradient(y, [a, b], { outputGradients: ones });
      },
      [tracked, `y = a\nfor _ in range(${OPS}): y = y + b\ny.backward(g)\na.grad = b.grad = None`],
      OPS,
      8,
    ),
    walk(
      'add, sum and gradient',
      (tape) => {
        tape.watch([a, b]);
        tape.gradient(a.add(b).sum(), [a, b]);
      },
      [tracked, '(a + b).sum().backward()\na.grad = b.grad = None'],
      1,
    ),
    walk(
      'ten kinds of ops, forward and backward',
      (tape) => {
        tape.watch([a, b]);
        const y = a.mul(b).add(a).tanh().mul(2).sub(b).sigmoid().div(b.add(1)).square();
        tape.gradient(y.sum(), [a, b]);
      },
      [
        tracked,
        `y = (((a * b + a).tanh() * 2 - b).sigmoid() / (b + 1)).square()
y.sum().backward()
a.grad = b.grad = None`,
      ],
      10,
    ),
    walk(
      'matMul, 16x16, forward and backward',
      (tape) => {
        tape.watch([m, p]);
        let y = m;
        for (let i = 0; i < 10; i++) y = y.matMul(p);
        tape.gradient(y, [m, p]);
      },
      [
        `${matrices}\nm.requires_grad_(); p.requires_grad_()`,
        'y = m\nfor _ in range(10): y = y @ p\ny.backward(g)\nm.grad = p.grad = None',
      ],
      10,
    ),
    training('step of a small MLP, SGD', sgd, 'SGD((w1, b1, w2, b2), 0.001)'),
    training('step of a small MLP, Adam', new tf.Adam(0.0001), 'Adam((w1, b1, w2, b2), 0.0001)'),
    walk(
      'ten steps of an LSTM cell',
      lstm,
      [
        `import torch
steps, zeros = [torch.rand(4, 16) for _ in range(10)], torch.zeros(4, 16)
w, b = torch.randn(32, 64) * 0.2, torch.zeros(64)
w.requires_grad_(); b.requires_grad_()
def lstm():
    h = c = zeros
    for x in steps:
        i, f, g, o = (torch.cat([x, h], 1) @ w + b).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    h.square().mean().backward()`,
        'lstm()\nw.grad = b.grad = None',
      ],
      1,
    ),
    gated('add of 16, no tape', 100 * OPS, add),
    gated('add of 16, taped', OPS, tapedAdd),
    gated('step of a small MLP, SGD', 1, () => mlp(sgd)),
  ],
};
