import * as tf from '@tapedeck/engine';
import type { Subject } from './subject.ts';
import { training } from './training.ts';

/** An LSTM over 50 steps, batch 16, 128 wide, the cell written in ops: forward, and backward for its weights. */
const STEPS = 50;
const BATCH = 16;
const WIDTH = 128;

const inputs = Array.from({ length: STEPS }, () => tf.randomNormal([BATCH, WIDTH]));
const weights = tf.randomNormal([2 * WIDTH, 4 * WIDTH], 0, 0.05);
const bias = tf.zeros([4 * WIDTH]);
const zeros = tf.zeros([BATCH, WIDTH]);

function loss(weights: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  let [h, c]: [tf.Tensor, tf.Tensor] = [zeros, zeros];
  for (const x of inputs) {
    const gates = tf.concat([x, h], 1).matMul(weights).biasAdd(bias);
    const [i, f, o, u] = gates.split(4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    c = f.sigmoid().mul(c).add(i.sigmoid().mul(u.tanh()));
    h = o.sigmoid().mul(c.tanh());
  }
  return h.square().mean();
}
const gradients = tf.grads(loss);

/** The same by the cell, whose weights are two matrices and whose gates stand in another order. */
const [kernel, recurrent] = weights.split(2) as [tf.Tensor, tf.Tensor];
function cellLoss(kernel: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  let state = { h: zeros, c: zeros };
  for (const x of inputs) state = tf.lstmCell(x, state.h, state.c, kernel, recurrent, bias);
  return state.h.square().mean();
}
const cellGradients = tf.grads(cellLoss);

const torch = `
import torch
inputs = [torch.randn(16, 128) for _ in range(50)]
weights = (torch.randn(256, 512) * 0.05).requires_grad_()
bias, zeros = torch.zeros(512, requires_grad=True), torch.zeros(16, 128)
def step():
    h = c = zeros
    for x in inputs:
        i, f, o, u = (torch.cat([x, h], 1) @ weights + bias).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * u.tanh()
        h = o.sigmoid() * c.tanh()
    h.square().mean().backward()
    weights.grad = bias.grad = None
`;

/** Its own module of the same size, which does all steps in one op of its own. */
const module = `
import torch
inputs = torch.randn(50, 16, 128)
lstm = torch.nn.LSTM(128, 128)
def step():
    lstm(inputs)[0][-1].square().mean().backward()
    lstm.zero_grad()
`;

const tensorFlow = `
const inputs = Array.from({ length: 50 }, () => tf.randomNormal([16, 128]));
const weights = tf.randomNormal([256, 512], 0, 0.05), bias = tf.zeros([512]), zeros = tf.zeros([16, 128]);
const gradients = tf.grads((weights, bias) => {
  let h = zeros, c = zeros;
  for (const x of inputs) {
    const [i, f, o, u] = tf.split(tf.add(tf.matMul(tf.concat([x, h], 1), weights), bias), 4, 1);
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(u)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
  }
  return tf.mean(tf.square(h));
});
const step = () => tf.tidy(() => void gradients([weights, bias]));
`;

const torchs = {
  PyTorch: { setup: torch, run: 'step()' },
  'PyTorch nn.LSTM': { setup: module, run: 'step()' },
};

export const subject: Subject = {
  name: 'An LSTM over 50 steps (batch 16, width 128), forward and backward',
  cases: [
    ...training({
      name: 'LSTM-50, its cell in ops',
      tiers: true,
      step: () => void gradients([weights, bias]),
      torch: torchs,
      others: {
        'TF.js wasm': { module: 'tfjs-wasm', setup: tensorFlow, run: 'step();' },
        'TF.js cpu': { module: 'tfjs-cpu', setup: tensorFlow, run: 'step();' },
      },
      goal: [
        { peer: 'PyTorch', least: 0.6 },
        { peer: 'TF.js wasm', least: 10 },
      ],
    }),
    ...training({
      name: 'LSTM-50, lstmCell',
      tiers: true,
      step: () => void cellGradients([kernel, recurrent, bias]),
      torch: torchs,
      goal: [{ peer: 'PyTorch', least: 0.6 }],
    }),
  ],
};
