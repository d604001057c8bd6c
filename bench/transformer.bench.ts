import * as tf from '@tapedeck/engine';
import type { Subject } from './subject.ts';
import { training } from './training.ts';

/** A Transformer block, 4 sequences of 128, width 256, 8 heads: forward, backward and Adam. */
const [BATCH, LENGTH, WIDTH, HEADS] = [4, 128, 256, 8];
const x = tf.randomNormal([BATCH * LENGTH, WIDTH]);
const matrix = (from: number, to: number) =>
  tf.variable(tf.randomNormal([from, to], 0, 1 / Math.sqrt(from)));
const weights = {
  qkv: matrix(WIDTH, 3 * WIDTH),
  out: matrix(WIDTH, WIDTH),
  up: matrix(WIDTH, 4 * WIDTH),
  upBias: tf.variable(tf.zeros([4 * WIDTH])),
  down: matrix(4 * WIDTH, WIDTH),
  downBias: tf.variable(tf.zeros([WIDTH])),
  scale1: tf.variable(tf.ones([WIDTH])),
  offset1: tf.variable(tf.zeros([WIDTH])),
  scale2: tf.variable(tf.ones([WIDTH])),
  offset2: tf.variable(tf.zeros([WIDTH])),
};
const adam = tf.train.adam(0.001);

function attend(h: tf.Tensor): tf.Tensor {
  const [q, k, v] = h
    .matMul(weights.qkv)
    .reshape([BATCH, LENGTH, 3, HEADS, WIDTH / HEADS])
    .transpose([2, 0, 3, 1, 4])
    .unstack() as [tf.Tensor, tf.Tensor, tf.Tensor];
  return tf
    .scaledDotProductAttention(q, k, v)
    .transpose([0, 2, 1, 3])
    .reshape([BATCH * LENGTH, WIDTH])
    .matMul(weights.out);
}

function loss(): tf.Tensor {
  const mixed = x.add(attend(x.layerNorm(weights.scale1, weights.offset1)));
  const h = mixed.layerNorm(weights.scale2, weights.offset2);
  const wide = h.matMul(weights.up).biasAdd(weights.upBias).gelu(true);
  return mixed.add(wide.matMul(weights.down).biasAdd(weights.downBias)).square().mean();
}

const torch = `
import torch, math
from torch.nn import LayerNorm, Linear
from torch.nn.functional import gelu
x = torch.randn(4, 128, 256)
qkv, out = Linear(256, 768, bias=False), Linear(256, 256, bias=False)
up, down, norm1, norm2 = Linear(256, 1024), Linear(1024, 256), LayerNorm(256), LayerNorm(256)
modules = torch.nn.ModuleList([qkv, out, up, down, norm1, norm2])
adam = torch.optim.Adam(modules.parameters())
def step():
    adam.zero_grad()
    q, k, v = qkv(norm1(x)).reshape(4, 128, 3, 8, 32).permute(2, 0, 3, 1, 4)
    scores = (q @ k.transpose(-1, -2)) * (1 / math.sqrt(32))
    mixed = x + out((scores.softmax(-1) @ v).transpose(1, 2).reshape(4, 128, 256))
    y = mixed + down(gelu(up(norm2(mixed)), approximate='tanh'))
    y.square().mean().backward()
    adam.step()
`;

const tensorFlow = `
const x = tf.randomNormal([512, 256]);
const matrix = (from, to) => tf.variable(tf.randomNormal([from, to], 0, 1 / Math.sqrt(from)));
const vector = (length, value) => tf.variable(tf.fill([length], value));
const qkv = matrix(256, 768), out = matrix(256, 256), up = matrix(256, 1024), down = matrix(1024, 256);
const upBias = vector(1024, 0), downBias = vector(256, 0);
const norms = [0, 1].map(() => [vector(256, 1), vector(256, 0)]);
const norm = (x, [scale, offset]) => {
  const { mean, variance } = tf.moments(x, 1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale), offset);
};
const gelu = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI))), 1));
const adam = tf.train.adam(0.001);
const step = () => tf.tidy(() => {
  adam.minimize(() => {
    const [q, k, v] = tf.unstack(tf.transpose(tf.reshape(tf.matMul(norm(x, norms[0]), qkv), [4, 128, 3, 8, 32]), [2, 0, 3, 1, 4]));
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(32));
    const heads = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
    const mixed = tf.add(x, tf.matMul(tf.reshape(heads, [512, 256]), out));
    const wide = gelu(tf.add(tf.matMul(norm(mixed, norms[1]), up), upBias));
    return tf.mean(tf.square(tf.add(mixed, tf.add(tf.matMul(wide, down), downBias))));
  });
});
`;

export const subject: Subject = {
  name: 'A training step of a Transformer block (4 x 128, width 256, 8 heads, Adam)',
  cases: training({
    name: 'Transformer block',
    tiers: true,
    step: () => void adam.minimize(loss),
    torch: { PyTorch: { setup: torch, run: 'step()' } },
    others: { 'TF.js wasm': { module: 'tfjs-wasm', setup: tensorFlow, run: 'step();' } },
    goal: [
      { peer: 'PyTorch', least: 0.5 },
      { peer: 'TF.js wasm', least: 25 },
    ],
  }),
};
