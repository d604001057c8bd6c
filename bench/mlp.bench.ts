import * as tf from '@tapedeck/engine';
import type { Subject } from './subject.ts';
import { training } from './training.ts';

/** Training steps of a perceptron 784-256-128-10 on batches of 128 with Adam: forward, backward, update. */
const SIZES = [784, 256, 128, 10];
const BATCH = 128;

const x = tf.randomUniform([BATCH, SIZES[0]!]);
const labels = tf.randomUniform([BATCH], 0, 10).cast('i32');
const layers = SIZES.slice(1).map((to, i) => ({
  weights: tf.variable(tf.randomNormal([SIZES[i]!, to], 0, Math.sqrt(2 / SIZES[i]!))),
  bias: tf.variable(tf.zeros([to])),
}));
const adam = tf.train.adam(0.001);

function loss(): tf.Tensor {
  let h: tf.Tensor = x;
  for (const [i, { weights, bias }] of layers.entries()) {
    h = h.matMul(weights).biasAdd(bias);
    if (i < layers.length - 1) h = h.relu();
  }
  return tf.sparseSoftmaxCrossEntropy(labels, h);
}

const torch = `
import torch
from torch.nn import Linear, ReLU, Sequential
model = Sequential(Linear(784, 256), ReLU(), Linear(256, 128), ReLU(), Linear(128, 10))
adam = torch.optim.Adam(model.parameters())
loss_of = torch.nn.CrossEntropyLoss()
x, labels = torch.rand(128, 784), torch.randint(0, 10, (128,))
def step():
    adam.zero_grad()
    loss_of(model(x), labels).backward()
    adam.step()
`;

const tensorFlow = `
const sizes = [784, 256, 128, 10];
const x = rand([128, 784]);
const labels = tf.oneHot(tf.cast(tf.randomUniform([128], 0, 10), 'int32'), 10);
const layers = sizes.slice(1).map((to, i) => [
  tf.variable(tf.randomNormal([sizes[i], to], 0, Math.sqrt(2 / sizes[i]))),
  tf.variable(tf.zeros([to])),
]);
const adam = tf.train.adam(0.001);
const step = () => tf.tidy(() => {
  adam.minimize(() => {
    const logits = layers.reduce((h, [weights, bias], i) => {
      const y = tf.add(tf.matMul(h, weights), bias);
      return i < 2 ? tf.relu(y) : y;
    }, x);
    return tf.losses.softmaxCrossEntropy(labels, logits);
  });
});
`;

/** Gradients with \`jit\`, its fastest way, and Adam written out in the same function. */
const jax = `
const sizes = [784, 256, 128, 10];
const x = rand([128, 784]);
const labels = rand([128, 10]);
let parameters = sizes.slice(1).flatMap((to, i) => [rand([sizes[i], to]), rand([to])]).map((p) => p.ref.mul(0.05));
const zeros = () => parameters.map((p) => np.zeros(p.shape));
let [means, squares] = [zeros(), zeros()];
const loss = (p, x, labels) => {
  let h = x;
  for (let i = 0; i < 3; i++) {
    h = np.matmul(h, p[2 * i]).add(p[2 * i + 1]);
    if (i < 2) h = nn.relu(h);
  }
  return np.sum(nn.logSoftmax(h).mul(labels)).mul(-1 / 128);
};
const update = jax.jit((p, m, v, x, labels) => {
  const [value, g] = jax.valueAndGrad(loss)(p.map((one) => one.ref), x, labels);
  const m1 = m.map((one, i) => one.mul(0.9).add(g[i].ref.mul(0.1)));
  const v1 = v.map((one, i) => one.mul(0.999).add(g[i].ref.mul(g[i]).mul(0.001)));
  const p1 = p.map((one, i) => one.sub(m1[i].ref.div(np.sqrt(v1[i].ref).add(1e-8)).mul(0.001)));
  return [value, p1, m1, v1];
});
const step = async () => {
  const [value, p, m, v] = update(parameters, means, squares, x.ref, labels.ref);
  [parameters, means, squares] = [p, m, v];
  await jax.blockUntilReady([value.ref, ...p.map((one) => one.ref)]);
  value.dispose();
};
`;

export const subject: Subject = {
  name: 'A training step of an MLP (784-256-128-10, batch 128, Adam)',
  cases: training({
    name: 'MLP',
    tiers: true,
    step: () => void adam.minimize(loss),
    torch: { PyTorch: { setup: torch, run: 'step()' } },
    others: {
      'TF.js wasm': { module: 'tfjs-wasm', setup: tensorFlow, run: 'step();' },
      'TF.js cpu': { module: 'tfjs-cpu', setup: tensorFlow, run: 'step();' },
      'jax-js, jit': { module: 'jax-js', setup: jax, run: 'await step();' },
    },
    goal: [
      { peer: 'PyTorch', least: 0.7 },
      { peer: 'TF.js wasm', least: 15 },
    ],
  }),
};
