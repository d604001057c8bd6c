import * as tf from '@tapedeck/engine';
import type { Subject } from './subject.ts';
import { training } from './training.ts';

/** A residual network as for CIFAR (He and others, 2015), one block to a stage: forward, backward and momentum. */
const [BATCH, SIZE, CLASSES] = [16, 32, 10];
const CHANNELS = [16, 32, 64];

const x = tf.randomNormal([BATCH, SIZE, SIZE, 3]);
const labels = tf.randomUniform([BATCH], 0, CLASSES).cast('i32');
const sgd = tf.train.momentum(0.01, 0.9);

type Layer = (x: tf.Tensor) => tf.Tensor;

function convolution(from: number, to: number, size: number, stride = 1): Layer {
  const shape = [size, size, from, to];
  const filter = tf.variable(tf.randomNormal(shape, 0, Math.sqrt(2 / (size * size * from))));
  const scale = tf.variable(tf.ones([to]));
  const offset = tf.variable(tf.zeros([to]));
  const pad = (size - 1) / 2;
  return (x) => tf.fusedBatchNorm(x.conv2d(filter, stride, pad), scale, offset, 1e-5).y;
}

function block(from: number, to: number): Layer {
  const stride = from === to ? 1 : 2;
  const first = convolution(from, to, 3, stride);
  const second = convolution(to, to, 3);
  const shortcut: Layer = from === to ? (x) => x : convolution(from, to, 1, stride);
  return (x) => second(first(x).relu()).add(shortcut(x)).relu();
}

const stem = convolution(3, CHANNELS[0]!, 3);
const blocks = CHANNELS.map((to, i) => block(CHANNELS[Math.max(i - 1, 0)]!, to));
const weights = tf.variable(tf.randomNormal([CHANNELS.at(-1)!, CLASSES], 0, 0.1));
const bias = tf.variable(tf.zeros([CLASSES]));

function loss(): tf.Tensor {
  let h = stem(x).relu();
  for (const layer of blocks) h = layer(h);
  return tf.sparseSoftmaxCrossEntropy(labels, h.mean([1, 2]).matMul(weights).biasAdd(bias));
}

const torch = `
import torch
from torch.nn import BatchNorm2d, Conv2d, CrossEntropyLoss, Linear, Module, Sequential
from torch.nn.functional import relu
def conv(a, b, size, stride=1):
    return Sequential(Conv2d(a, b, size, stride, (size - 1) // 2, bias=False), BatchNorm2d(b))
class Block(Module):
    def __init__(self, a, b):
        super().__init__()
        stride = 1 if a == b else 2
        self.first, self.second = conv(a, b, 3, stride), conv(b, b, 3)
        self.shortcut = Sequential() if a == b else conv(a, b, 1, stride)
    def forward(self, x):
        return relu(self.second(relu(self.first(x))) + self.shortcut(x))
class Net(Module):
    def __init__(self):
        super().__init__()
        self.stem, self.head = conv(3, 16, 3), Linear(64, 10)
        self.blocks = Sequential(Block(16, 16), Block(16, 32), Block(32, 64))
    def forward(self, x):
        return self.head(self.blocks(relu(self.stem(x))).mean((2, 3)))
net = Net()
sgd = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
loss_of = CrossEntropyLoss()
x, labels = torch.randn(16, 3, 32, 32), torch.randint(0, 10, (16,))
def step():
    sgd.zero_grad()
    loss_of(net(x), labels).backward()
    sgd.step()
`;

export const subject: Subject = {
  name: 'A training step of a small ResNet (16 x 32 x 32 x 3, 8 layers, momentum)',
  cases: training({
    name: 'ResNet-8',
    step: () => void sgd.minimize(loss),
    torch: { PyTorch: { setup: torch, run: 'step()' } },
  }),
};
