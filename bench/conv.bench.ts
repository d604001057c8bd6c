import * as tf from '@tapedeck/engine';
import { same } from './same.ts';
import { time, type Case, type Subject } from './subject.ts';

interface Layer {
  readonly batch?: number;
  /** Height and width of the image. */
  readonly size: number;
  readonly channels: number;
  readonly made: number;
  readonly window: number;
  readonly stride?: number;
  readonly groups?: number;
}

/** Images as each has them by itself: channels last here and in TensorFlow.js, first elsewhere. */
function layer({ batch = 1, size, channels, made, window, stride = 1, groups = 1 }: Layer) {
  const pad = (window - 1) / 2;
  const steps = Math.floor((size + 2 * pad - window) / stride) + 1;
  const last = {
    x: [batch, size, size, channels],
    filter: [window, window, channels / groups, made],
  };
  const first = {
    x: [batch, channels, size, size],
    filter: [made, channels / groups, window, window],
  };
  const flops = (2 * batch * steps ** 2 * made * window ** 2 * channels) / groups;
  const x = tf.randomUniform(last.x);
  const filter = tf.randomUniform(last.filter);
  const convolve = () => x.conv2d(filter, stride, pad, 'NHWC', 1, 'floor', groups);
  const how = `stride=${stride}, padding=${pad}, groups=${groups}`;
  return { x, filter, convolve, first, last, flops, stride, pad, groups, how };
}

function forward(name: string, of: Layer): Case {
  const { convolve, first, last, flops, stride, pad, groups, how } = layer(of);
  const ends = `[${pad}, ${pad}, ${pad}, ${pad}]`;
  return {
    name,
    unit: 'us',
    flops,
    product: (quick) => time(() => void tf.tidy(() => void convolve()), 1, quick),
    peers: {
      ...same(first, {
        torch: `torch.conv2d(x, filter, ${how})`,
        onnx: `'Conv', [x, filter], { strides: [${stride}, ${stride}], pads: ${ends}, group: ${groups} }`,
      }),
      ...same(
        groups === 1 ? last : { ...last, filter: last.filter.with(2, of.channels).with(3, 1) },
        {
          tfjs:
            groups === 1
              ? `tf.conv2d(x, filter, ${stride}, ${pad})`
              : `tf.depthwiseConv2d(x, filter, ${stride}, ${pad})`,
        },
      ),
    },
  };
}

/** Forward and both gradients, as a layer of a model that trains. */
function training(name: string, of: Layer): Case {
  const { x, filter, convolve, first, flops, how } = layer(of);
  const { PyTorch } = same(first, {
    torch: `torch.autograd.grad(torch.conv2d(x, filter, ${how}).sum(), [x, filter])`,
  });
  const torch = PyTorch as Exclude<typeof PyTorch, undefined | ((quick: boolean) => unknown)>;
  return {
    name: `${name}, forward and back`,
    unit: 'us',
    flops: 3 * flops,
    product: (quick) =>
      time(
        () =>
          void tf.tidy(() => {
            using tape = new tf.GradientTape();
            tape.watch([x, filter]);
            tape.gradient(convolve().sum(), [x, filter]);
          }),
        1,
        quick,
      ),
    peers: {
      PyTorch: {
        ...torch,
        setup: `${torch.setup}\nx.requires_grad_(), filter.requires_grad_()`,
      },
    },
  };
}

const block = { size: 56, channels: 64, made: 64, window: 3 };

export const subject: Subject = {
  name: 'Convolutions of a ResNet, one image, one thread',
  cases: [
    forward('1 x 1, 56 x 56 x 64 to 256', { size: 56, channels: 64, made: 256, window: 1 }),
    forward('3 x 3, 56 x 56 x 64 to 64', block),
    forward('3 x 3 by 2, 56 x 56 x 128 to 128', {
      size: 56,
      channels: 128,
      made: 128,
      window: 3,
      stride: 2,
    }),
    forward('3 x 3, 7 x 7 x 512 to 512', { size: 7, channels: 512, made: 512, window: 3 }),
    forward('7 x 7 by 2, 224 x 224 x 3 to 64', {
      size: 224,
      channels: 3,
      made: 64,
      window: 7,
      stride: 2,
    }),
    forward('3 x 3, 8 of 32 x 32 x 64 to 64', { ...block, size: 32, batch: 8 }),
    forward('3 x 3 each channel, 56 x 56 x 128', {
      size: 56,
      channels: 128,
      made: 128,
      window: 3,
      groups: 128,
    }),
    training('3 x 3, 56 x 56 x 64 to 64', block),
    training('3 x 3 each channel, 56 x 56 x 128', {
      size: 56,
      channels: 128,
      made: 128,
      window: 3,
      groups: 128,
    }),
  ],
};
