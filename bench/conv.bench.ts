import * as tf from '@tapedeck/engine';
import { pass } from './pass.ts';
import type { Case, Peer, Subject } from './subject.ts';

interface Convolution {
  readonly name: string;
  readonly batch: number;
  /** Height and width of the images. */
  readonly size: number;
  readonly from: number;
  /** Channels that come out; for a depthwise one as many as go in. */
  readonly to: number;
  readonly filter: number;
  readonly stride?: number;
  readonly depthwise?: boolean;
  readonly threads?: number;
}

/** A convolution with padding that keeps the size; channels last here and in TensorFlow.js, first in the others. */
function convolution({
  name,
  batch,
  size,
  from,
  to,
  filter,
  stride = 1,
  ...rest
}: Convolution): Case {
  const { depthwise = false, threads = 1 } = rest;
  const pad = (filter - 1) / 2;
  const x = tf.randomUniform([batch, size, size, from]);
  const f = tf.randomUniform([filter, filter, from, depthwise ? 1 : to]);
  const groups = depthwise ? from : 1;
  const out = Math.floor((size - 1) / stride) + 1;
  const first = { x: [batch, from, size, size], f: [to, from / groups, filter, filter] };
  const tensors = `const x = rand([${first.x.join()}]), f = rand([${first.f.join()}]);`;
  const attributes = `{ pads: [${[pad, pad, pad, pad].join()}], strides: [${stride}, ${stride}], group: ${groups} }`;
  const op = depthwise ? 'depthwiseConv2d' : 'conv2d';
  const peers: { [name: string]: Peer } = {
    PyTorch: {
      module: 'torch',
      setup: `import torch\nx, f = torch.rand(${first.x.join()}), torch.rand(${first.f.join()})`,
      run: `torch.nn.functional.conv2d(x, f, stride=${stride}, padding=${pad}, groups=${groups})`,
      threads,
    },
  };
  const single: { [name: string]: Peer } = {
    'TF.js wasm': {
      module: 'tfjs-wasm',
      setup: `const x = rand([${x.shape.join()}]), f = rand([${f.shape.join()}]);`,
      run: `tf.${op}(x, f, ${stride}, 'same').dispose();`,
    },
    ...(!depthwise && {
      'jax-js': {
        module: 'jax-js',
        setup: tensors,
        run: `await done(jax.lax.convGeneralDilated(x.ref, f.ref, [${stride}, ${stride}], 'SAME'));`,
      },
    }),
    onnxruntime: {
      module: 'onnxruntime',
      setup: `${tensors}\nconst session = await model('Conv', [x, f], ${attributes});`,
      run: 'await session();',
    },
  };
  return pass({
    name: threads === 1 ? name : `${name}, two threads`,
    flops: (2 * batch * out * out * to * filter * filter * from) / groups,
    run: () =>
      depthwise ? tf.depthwiseConv2d(x, f, stride, 'same') : tf.conv2d(x, f, stride, 'same'),
    // What has no threads is beside one of ours.
    peers: threads === 1 ? { ...peers, ...single } : peers,
    threads,
  });
}

/** A 3 x 3 convolution and both its gradients, as a layer of a model that trains. */
function layer(size: number, channels: number, groups = 1, threads = 1): Case {
  const x = tf.randomUniform([1, size, size, channels]);
  const f = tf.randomUniform([3, 3, channels / groups, channels]);
  const first = [`1, ${channels}, ${size}, ${size}`, `${channels}, ${channels / groups}, 3, 3`];
  const [image, filter] = first.map((shape) => `torch.rand(${shape}, requires_grad=True)`);
  return pass({
    name: `3 x 3${groups === 1 ? '' : ' depthwise'}, ${size} x ${size} x ${channels}, forward and back${threads === 1 ? '' : ', two threads'}`,
    threads,
    flops: (6 * size * size * 9 * channels * channels) / groups,
    run: () => {
      using tape = new tf.GradientTape();
      tape.watch([x, f]);
      const y = tf.conv2d(x, f, 1, 'same', 'NHWC', 1, 'floor', groups);
      return tape.gradient(y.sum(), [x, f])[0]!;
    },
    peers: {
      PyTorch: {
        module: 'torch',
        setup: `import torch\nx, f = ${image}, ${filter}`,
        run: `torch.autograd.grad(torch.nn.functional.conv2d(x, f, padding=1, groups=${groups}).sum(), [x, f])`,
        threads,
      },
    },
  });
}

const images = tf.randomUniform([8, 64, 64, 32]);

/** A pool and its gradient. */
function pooled(name: 'maxPool' | 'avgPool'): Case {
  const torch = name === 'maxPool' ? 'max_pool2d' : 'avg_pool2d';
  return pass({
    name: `${name} 2 x 2, 8 x 64 x 64 x 32, forward and back`,
    run: () => {
      using tape = new tf.GradientTape();
      tape.watch(images);
      return tape.gradient(images[name](2).sum(), images)!;
    },
    peers: {
      PyTorch: {
        module: 'torch',
        setup: 'import torch\nx = torch.rand(8, 32, 64, 64, requires_grad=True)',
        run: `torch.autograd.grad(torch.nn.functional.${torch}(x, 2).sum(), x)`,
      },
    },
  });
}

export const subject: Subject = {
  name: 'Convolutions and a pool',
  cases: [
    ...[1, 2].map((threads) =>
      convolution({
        name: '3 x 3, 8 x 32 x 32 x 64 to 64',
        batch: 8,
        size: 32,
        from: 64,
        to: 64,
        filter: 3,
        threads,
      }),
    ),
    convolution({
      name: '1 x 1, 8 x 32 x 32 x 64 to 128',
      batch: 8,
      size: 32,
      from: 64,
      to: 128,
      filter: 1,
    }),
    convolution({
      name: '3 x 3 by 2, 56 x 56 x 128 to 128',
      batch: 1,
      size: 56,
      from: 128,
      to: 128,
      filter: 3,
      stride: 2,
    }),
    convolution({
      name: '3 x 3, 7 x 7 x 512 to 512',
      batch: 1,
      size: 7,
      from: 512,
      to: 512,
      filter: 3,
    }),
    convolution({
      name: '7 x 7 by 2, 224 x 224 x 3 to 64',
      batch: 1,
      size: 224,
      from: 3,
      to: 64,
      filter: 7,
      stride: 2,
    }),
    ...[1, 2].map((threads) =>
      convolution({
        name: '3 x 3 depthwise, 8 x 32 x 32 x 64',
        batch: 8,
        size: 32,
        from: 64,
        to: 64,
        filter: 3,
        depthwise: true,
        threads,
      }),
    ),
    layer(56, 64),
    layer(56, 64, 1, 2),
    layer(56, 128, 128),
    layer(56, 128, 128, 2),
    pooled('maxPool'),
    pooled('avgPool'),
    pass({
      name: 'maxPool 2 x 2, 8 x 64 x 64 x 32',
      run: () => images.maxPool(2),
      peers: {
        PyTorch: {
          module: 'torch',
          setup: 'import torch\nx = torch.rand(8, 32, 64, 64)',
          run: 'torch.nn.functional.max_pool2d(x, 2)',
        },
        'TF.js wasm': {
          module: 'tfjs-wasm',
          setup: 'const x = rand([8, 64, 64, 32]);',
          run: `tf.maxPool(x, 2, 2, 'valid').dispose();`,
        },
        onnxruntime: {
          module: 'onnxruntime',
          setup: `const session = await model('MaxPool', [rand([8, 32, 64, 64])], { kernel_shape: [2, 2], strides: [2, 2] });`,
          run: 'await session();',
        },
      },
    }),
  ],
};
