/**
 * How much memory a training step takes at most, against what it cannot do
 * without: parameters, what the optimizer remembers of them, and what the
 * gradient has to know of the forward pass. Counted, not timed; models end
 * their handles, as without a word only the next sweep finds them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bytes } from '../../engine/device.ts';
import type { Cpu } from '../../engine/devices/cpu/index.ts';
import * as tf from '../../engine/index.ts';
import { deviceOf } from '../../engine/placement.ts';

// What further threads work on is a matter of their number.
tf.setThreads(1);

interface Model {
  readonly variables: readonly tf.Variable[];
  /** What the model is given; it counts as kept. */
  readonly data: readonly tf.Tensor[];
  /** The loss, all handles in between ended. */
  loss(): tf.Tensor;
  /** Elements that the gradient reads of the forward pass, the data among them. */
  readonly kept: number;
}

const models: { readonly [name: string]: () => Model } = {
  'an MLP': () => {
    const [batch, sizes] = [256, [784, 256, 128, 10]];
    const layers = sizes.slice(1).map((to, i) => dense(sizes[i]!, to));
    const [x, labels] = [tf.randomNormal([batch, sizes[0]!]), classes(batch)];
    return {
      variables: layers.flat(),
      data: [x, labels],
      loss: () =>
        chain(
          x,
          ...layers.flatMap(([w, b], i) => [
            (h: tf.Tensor) => h.matMul(w),
            (h: tf.Tensor) => h.biasAdd(b),
            ...(i < layers.length - 1 ? [(h: tf.Tensor) => h.relu()] : []),
          ]),
          (h) => tf.sparseSoftmaxCrossEntropy(labels, h),
        ),
      // What every layer reads, the logarithms of the loss, and the labels.
      kept: batch * (784 + 256 + 128 + 10 + 1),
    };
  },

  'an LSTM over 50 steps': () => {
    const [steps, batch, wide] = [50, 32, 128];
    const xs = Array.from({ length: steps }, () => tf.randomNormal([batch, wide]));
    const zeros = tf.zeros([batch, wide]);
    const [kernel, bias] = dense(wide, 4 * wide);
    const recurrent = matrix([wide, 4 * wide]);
    return {
      variables: [kernel, recurrent, bias],
      data: [...xs, zeros],
      loss() {
        let [h, c]: [tf.Tensor, tf.Tensor] = [zeros, zeros];
        for (const x of xs) {
          const next = tf.lstmCell(x, h, c, kernel, recurrent, bias);
          if (h !== zeros) tf.dispose([h, c]);
          ({ h, c } = next);
        }
        const loss = chain(
          h,
          (h) => h.square(),
          (h) => h.mean(),
        );
        tf.dispose([h, c]);
        return loss;
      },
      // Of every step x, h, c, four gates and tanh(c).
      kept: steps * batch * wide * 8,
    };
  },

  'a convolutional network': () => {
    const [batch, size, wide] = [64, 32, 16];
    const filters = [3, wide, wide, 2 * wide, 2 * wide];
    const layers = filters.slice(1).map((to, i) => ({
      filter: matrix([3, 3, filters[i]!, to]),
      bias: zeros(to),
    }));
    const pixels = (size / 4) ** 2 * 2 * wide;
    const [w, b] = dense(pixels, 10);
    const [x, labels] = [tf.randomNormal([batch, size, size, 3]), classes(batch)];
    return {
      variables: [...layers.flatMap(({ filter, bias }) => [filter, bias]), w, b],
      data: [x, labels],
      loss: () =>
        chain(
          x,
          ...layers.flatMap(({ filter, bias }, i) => [
            (h: tf.Tensor) => h.conv2d(filter, 1, 'same'),
            (h: tf.Tensor) => h.biasAdd(bias),
            (h: tf.Tensor) => h.relu(),
            ...(i % 2 === 1 ? [(h: tf.Tensor) => h.maxPool(2)] : []),
          ]),
          (h) => h.reshape([batch, pixels]),
          (h) => h.matMul(w),
          (h) => h.biasAdd(b),
          (h) => tf.sparseSoftmaxCrossEntropy(labels, h),
        ),
      // The images, what relu gives in two layers, what the pool gives and where it found it; half as much of
      // twice as many channels on a quarter of the pixels.
      kept: batch * (size * size * (3 + (2 + 0.5) * wide * 1.5) + 10 + 1),
    };
  },

  'a Transformer block': () => {
    const [batch, length, wide, heads] = [4, 128, 256, 4];
    const tokens = [batch, length, wide];
    const split = [batch, length, heads, wide / heads];
    const [q, k, v, o] = [0, 1, 2, 3].map(() => dense(wide, wide)) as Dense[];
    const [up, down] = [dense(wide, 4 * wide), dense(4 * wide, wide)];
    const norms = [0, 1].map(() => [variable(tf.ones([wide])), zeros(wide)] as const);
    const x = tf.randomNormal(tokens);
    const layer = ([w, b]: Dense) => [
      (h: tf.Tensor) => h.matMul(w),
      (h: tf.Tensor) => h.biasAdd(b),
    ];
    const norm = (h: tf.Tensor, i: 0 | 1) => tf.layerNorm(h, ...norms[i]!);
    return {
      variables: [q!, k!, v!, o!, up, down, ...norms].flat(),
      data: [x],
      loss() {
        const normal = norm(x, 0);
        const parts = [q!, k!, v!].map((one) =>
          chain(normal, ...[...layer(one), (h: tf.Tensor) => h.reshape(split)], (h) =>
            h.transpose([0, 2, 1, 3]),
          ),
        ) as [tf.Tensor, tf.Tensor, tf.Tensor];
        normal.dispose();
        const attended = tf.scaledDotProductAttention(...parts);
        tf.dispose(parts);
        const mixed = chain(
          attended,
          (h) => h.transpose([0, 2, 1, 3]),
          (h) => h.reshape(tokens),
          ...layer(o!),
          (h) => h.add(x),
        );
        attended.dispose();
        const second = norm(mixed, 1);
        const out = chain(
          second,
          ...layer(up),
          (h) => h.gelu(),
          ...layer(down),
          (h) => h.add(mixed),
        );
        tf.dispose([second, mixed]);
        const loss = chain(
          out,
          (h) => h.square(),
          (h) => h.mean(),
        );
        out.dispose();
        return loss;
      },
      // x, its norm, query, key and value, what they make, the sum and its norm, gelu and what it is given, the result.
      kept: batch * length * (wide * (1 + 1 + 3 + 1 + 1 + 1 + 4 + 4 + 1) + heads * length),
    };
  },
};

for (const [name, make] of Object.entries(models)) {
  test(`a training step of ${name} takes at most 1.2 of what it cannot do without`, () => {
    const model = make();
    const { variables, data, kept } = model;
    const adam = new tf.Adam(0.001);
    const step = (): void => {
      const tape = new tf.GradientTape();
      const loss = model.loss();
      const gradients = tape.gradient(loss, variables);
      loss.dispose();
      adam.apply(gradients, variables);
      tf.dispose(gradients);
    };
    step();
    const parameters = variables.reduce((sum, { size }) => sum + size, 0);
    const least = 4 * (3 * parameters + kept);
    const before = tf.memory().tensors;
    const held = data.reduce((sum, { size }) => sum + 4 * size, 12 * parameters);
    const most = held + peak(step);
    assert.ok(most <= 1.2 * least, `${(most / least).toFixed(3)} of ${least} bytes`);
    assert.equal(tf.memory({ sweep: false }).tensors, before);
    tf.dispose([variables, data]);
  });
}

/** The most bytes that were asked for and not given back meanwhile, the working memory of kernels among them. */
function peak(run: () => void): number {
  const cpu = deviceOf('cpu') as Cpu;
  const { arena, allocate, release } = cpu;
  const { take, give } = arena;
  let [now, most] = [0, 0];
  const count = (length: number): void => {
    most = Math.max(most, (now += length));
  };
  Object.assign(cpu, {
    allocate(length: number) {
      count(length);
      return allocate(length);
    },
    release(bytes: Bytes) {
      count(-bytes.length);
      release(bytes);
    },
  });
  Object.assign(arena, {
    take(length: number) {
      count(length);
      return take.call(arena, length);
    },
    give(at: number, length: number) {
      count(-length);
      give.call(arena, at, length);
    },
  });
  try {
    run();
  } finally {
    Object.assign(cpu, { allocate, release });
    Object.assign(arena, { take, give });
  }
  return most;
}

type Dense = readonly [weights: tf.Variable, bias: tf.Variable];

function dense(from: number, to: number): Dense {
  return [matrix([from, to]), zeros(to)];
}

function matrix(shape: readonly number[]): tf.Variable {
  return variable(tf.randomNormal(shape, 0, 0.05));
}

function zeros(length: number): tf.Variable {
  return variable(tf.zeros([length]));
}

function variable(from: tf.Tensor): tf.Variable {
  const made = tf.variable(from);
  from.dispose();
  return made;
}

function classes(count: number): tf.Tensor {
  return tf.tensor(
    Array.from({ length: count }, (_, i) => i % 10),
    [count],
    'i32',
  );
}

/** Each step of a chain ends what it was given; what the chain begins with stays. */
function chain(x: tf.Tensor, ...steps: readonly ((h: tf.Tensor) => tf.Tensor)[]): tf.Tensor {
  let h = x;
  for (const step of steps) {
    const next = step(h);
    if (h !== x) h.dispose();
    h = next;
  }
  return h;
}
