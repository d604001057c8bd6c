import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import { same } from './same.ts';
import type { Case, Subject } from './subject.ts';

/** What looks at a row twice: forward, and forward and backward. */
const shapes = { x: [1024, 1024], scale: [1024], offset: [1024] };
const x = tf.randomUniform(shapes.x);
const scale = tf.randomUniform(shapes.scale);
const offset = tf.randomUniform(shapes.offset);
const turned = x.transpose();

const layerNorm = 'torch.nn.functional.layer_norm(x, (1024,), scale, offset)';
const moments =
  '(({ mean, variance }) => tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), scale), offset))(tf.moments(x, 1, true))';

function backward(name: string, run: (x: tf.Tensor) => tf.Tensor, torch: string): Case {
  const setup = `import torch
x = torch.rand(1024, 1024, requires_grad=True)
scale, offset = torch.rand(1024, requires_grad=True), torch.rand(1024, requires_grad=True)
g = torch.rand(1024, 1024)
all = [x, scale, offset]`;
  return pass({
    name: `${name}, and backward`,
    run: () => tf.grad((x) => run(x).mul(weights))(x),
    peers: {
      PyTorch: {
        module: 'torch',
        setup,
        run: `(${torch} * g).sum().backward()\nx.grad = None`,
      },
    },
  });
}
const weights = tf.randomUniform(shapes.x);

export const subject: Subject = {
  name: 'softmax, logSoftmax and layerNorm of 1024 x 1024, one thread',
  cases: [
    pass({
      name: 'softmax',
      run: () => x.softmax(),
      peers: same(shapes, {
        torch: 'x.softmax(1)',
        tfjs: 'tf.softmax(x)',
        jax: 'nn.softmax(x.ref)',
        onnx: `'Softmax', [x], { axis: 1 }`,
      }),
    }),
    pass({
      name: 'softmax, axis 0',
      run: () => x.softmax(0),
      best: { name: 'last axis', run: () => x.softmax() },
      peers: same(shapes, { torch: 'x.softmax(0)', onnx: `'Softmax', [x], { axis: 0 }` }),
    }),
    pass({
      name: 'softmax of a matrix on its side',
      run: () => turned.softmax(),
      best: { name: 'last axis', run: () => x.softmax() },
      peers: same(shapes, { torch: 'x.T.softmax(1)' }),
    }),
    backward('softmax', (x) => x.softmax(), 'x.softmax(1)'),
    pass({
      name: 'logSoftmax',
      run: () => x.logSoftmax(),
      peers: same(shapes, {
        torch: 'x.log_softmax(1)',
        tfjs: 'tf.logSoftmax(x)',
        jax: 'nn.logSoftmax(x.ref)',
        onnx: `'LogSoftmax', [x], { axis: 1 }`,
      }),
    }),
    backward('logSoftmax', (x) => x.logSoftmax(), 'x.log_softmax(1)'),
    pass({
      name: 'layerNorm',
      run: () => x.layerNorm(scale, offset),
      peers: same(shapes, {
        torch: layerNorm,
        tfjs: moments,
        onnx: `'LayerNormalization', [x, scale, offset], { axis: -1, epsilon: 1e-5 }`,
      }),
    }),
    pass({
      name: 'layerNorm of a matrix on its side',
      run: () => turned.layerNorm(scale, offset),
      best: { name: 'dense', run: () => x.layerNorm(scale, offset) },
      peers: same(shapes, { torch: layerNorm.replace('(x,', '(x.T,') }),
    }),
    backward('layerNorm', (x) => x.layerNorm(scale, offset), layerNorm),
  ],
};
