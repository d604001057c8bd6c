import * as tf from '@tapedeck/engine';
import type { Subject } from './subject.ts';
import { training } from './training.ts';

/** A GRU over 50 steps, batch 16, 128 wide: forward, and backward for its weights. */
const [STEPS, BATCH, WIDTH] = [50, 16, 128];

const inputs = Array.from({ length: STEPS }, () => tf.randomNormal([BATCH, WIDTH]));
const matrix = () => tf.randomNormal([WIDTH, 3 * WIDTH], 0, 0.05);
const vector = () => tf.zeros([3 * WIDTH]);
const weights = [matrix(), matrix(), vector(), vector()] as const;
const zeros = tf.zeros([BATCH, WIDTH]);

const gradients = tf.grads((kernel, recurrent, bias, recurrentBias) => {
  let h: tf.Tensor = zeros;
  for (const x of inputs) {
    h = tf.gruCell(x, h, kernel!, recurrent!, bias, recurrentBias);
  }
  return h.square().mean();
});

/** The same cell in its own ops, and its own module, which does all steps in one op of its own. */
const cell = `
import torch
inputs = [torch.randn(16, 128) for _ in range(50)]
cell, zeros = torch.nn.GRUCell(128, 128), torch.zeros(16, 128)
def step():
    h = zeros
    for x in inputs: h = cell(x, h)
    h.square().mean().backward()
    cell.zero_grad()
`;
const module = `
import torch
inputs = torch.randn(50, 16, 128)
gru = torch.nn.GRU(128, 128)
def step():
    gru(inputs)[0][-1].square().mean().backward()
    gru.zero_grad()
`;

export const subject: Subject = {
  name: 'A GRU over 50 steps (batch 16, width 128), forward and backward',
  cases: training({
    name: 'GRU-50, gruCell',
    step: () => void gradients(weights),
    torch: {
      'PyTorch GRUCell': { setup: cell, run: 'step()' },
      'PyTorch nn.GRU': { setup: module, run: 'step()' },
    },
  }),
};
