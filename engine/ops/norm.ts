import { isFloat, promote, type DType } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { broadcastAxes, text, type Shape } from '../shape.ts';
import { checkFormat, type DataFormat } from '../sliding.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Takes mean and standard deviation out of the last axis, then applies `scale`
 * and `offset` where they are given:
 * `(x - mean) / sqrt(variance + epsilon) * scale + offset` (Ba, Kiros, Hinton:
 * Layer Normalization, 2016). `epsilon` is 1e-5, as in PyTorch.
 */
export const layerNorm: Op<
  { x: One; scale?: One; offset?: One },
  [x: T, scale?: T, offset?: T],
  [epsilon?: number],
  { epsilon: number },
  One
> = {
  inputs: { x: 'one', scale: 'maybe', offset: 'maybe' },
  attrs: (_, epsilon = 1e-5) => ({ epsilon }),
  spec: ({ x, scale, offset }) => {
    if (!isFloat(x.dtype)) throw new Error(`layerNorm: x is ${x.dtype}; it must be a float`);
    for (const [name, given] of Object.entries({ scale, offset })) {
      if (given === undefined) continue;
      if (given.shape.length === 1 && given.shape[0] === x.shape.at(-1)) continue;
      throw new Error(
        `layerNorm: the ${name} ${text(given.shape)} does not fit ${text(x.shape)}; it must be a vector of ${x.shape.at(-1)}`,
      );
    }
    return x;
  },
  compose: ({ x, scale, offset }, { epsilon }) => {
    const centred = x.sub(x.mean(-1, true));
    const variance = centred.square().mean(-1, true);
    let out = centred.mul(variance.add(epsilon).rsqrt());
    if (scale !== undefined) out = out.mul(scale);
    return offset === undefined ? out : out.add(offset);
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 2, 4], scale: [4], offset: [4] } },
    { in: { x: [2, 3], scale: [3] }, args: [0.1] },
  ],
  errors: [
    {
      in: { x: [2, 3], scale: [2] },
      says: 'layerNorm: the scale [2] does not fit [2,3]; it must be a vector of 3',
    },
  ],
};

/**
 * Divides by the root of the mean of squares along the last axis, then
 * multiplies by `scale` where it is given: `x / sqrt(mean(x^2) + epsilon) *
 * scale` (Zhang, Sennrich: Root Mean Square Layer Normalization, 2019).
 */
export const rmsNorm: Op<
  { x: One; scale?: One },
  [x: T, scale?: T],
  [epsilon?: number],
  { epsilon: number },
  One
> = {
  inputs: { x: 'one', scale: 'maybe' },
  attrs: (_, epsilon = 1e-5) => ({ epsilon }),
  spec: ({ x, scale }) => {
    if (x.shape.length === 0) throw new Error('rmsNorm: x has no axis; it must have one or more');
    const dtype = floats('rmsNorm', { x, scale });
    vectors('rmsNorm', { scale }, x.shape.at(-1)!, x.shape);
    return { shape: x.shape, dtype };
  },
  compose: ({ x, scale }, { epsilon }) => {
    const out = x.mul(x.square().mean(-1, true).add(epsilon).rsqrt());
    return scale === undefined ? out : out.mul(scale);
  },
  samples: [{ in: { x: [2, 3] } }, { in: { x: [2, 2, 4], scale: [4] }, args: [0.1] }],
  errors: [
    {
      in: { x: [2, 3], scale: [2] },
      says: 'rmsNorm: the scale [2] does not fit [2,3]; it must be a vector of 3',
    },
    { in: { x: [] }, says: 'rmsNorm: x has no axis' },
  ],
};

/**
 * Normalizes by a mean and a variance that are given:
 * `(x - mean) / sqrt(variance + varianceEpsilon) * scale + offset` (Ioffe,
 * Szegedy: Batch Normalization, 2015). They are vectors along the last axis,
 * or anything that broadcasts to x. This is what a model does when it does not
 * train, with running averages; `fusedBatchNorm` is for training.
 */
export const batchNorm: Op<
  { x: One; mean: One; variance: One; offset?: One; scale?: One },
  [x: T, mean: T, variance: T, offset?: T, scale?: T],
  [varianceEpsilon?: number],
  { varianceEpsilon: number },
  One
> = {
  inputs: { x: 'one', mean: 'one', variance: 'one', offset: 'maybe', scale: 'maybe' },
  attrs: (_, varianceEpsilon = 0.001) => ({ varianceEpsilon }),
  spec: ({ x, ...rest }) => {
    for (const [name, given] of Object.entries(rest)) {
      if (given === undefined) continue;
      try {
        broadcastAxes('batchNorm', x.shape, given.shape);
      } catch {
        throw new Error(
          `batchNorm: the ${name} ${text(given.shape)} does not broadcast to ${text(x.shape)}; a vector of ${x.shape.at(-1)} would, or ${text(x.shape.map((n, i) => (i === 1 ? n : 1)).slice(1))} where channels come second`,
        );
      }
    }
    return { shape: x.shape, dtype: floats('batchNorm', { x, ...rest }) };
  },
  compose: ({ x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const by = variance.add(varianceEpsilon).rsqrt();
    const out = x.sub(mean).mul(scale === undefined ? by : by.mul(scale));
    return offset === undefined ? out : out.add(offset);
  },
  samples: [
    { in: { x: [2, 3], mean: [3], variance: { shape: [3], range: [0.5, 2] } } },
    {
      in: {
        x: [2, 2, 2, 3],
        mean: [3],
        variance: { shape: [3], range: [0.5, 2] },
        offset: [3],
        scale: [3],
      },
      args: [0.1],
    },
    {
      in: {
        x: [2, 3, 2, 2],
        mean: [3, 1, 1],
        variance: { shape: [3, 1, 1], range: [0.5, 2] },
        scale: [3, 1, 1],
      },
    },
  ],
  errors: [
    {
      in: { x: [2, 4, 4, 3], mean: [4], variance: [3] },
      says: 'batchNorm: the mean [4] does not broadcast to [2,4,4,3]; a vector of 3 would, or [4,1,1] where channels come second',
    },
  ],
};

/**
 * Normalizes each channel by its own mean and variance over the batch and all
 * of space, as a model does that trains, and gives these too: `variance` is
 * the mean of squares, without Bessel's correction. Channels lie along the
 * last axis, or with `dataFormat: 'NCHW'` along the second; x may have any
 * number of axes. Running averages are the caller's:
 * `running.assign(running.mul(0.99).add(mean.mul(0.01)))`; PyTorch keeps
 * `variance * n / (n - 1)` in its own.
 */
export const fusedBatchNorm: Op<
  { x: One; scale?: One; offset?: One },
  [x: T, scale?: T, offset?: T],
  [epsilon?: number, dataFormat?: DataFormat],
  { epsilon: number; dataFormat: DataFormat },
  { y: One; mean: One; variance: One }
> = {
  inputs: { x: 'one', scale: 'maybe', offset: 'maybe' },
  outputs: { y: 'one', mean: 'one', variance: 'one' },
  attrs: (_, epsilon = 0.001, dataFormat = 'NHWC') => ({
    epsilon,
    dataFormat: checkFormat('fusedBatchNorm', dataFormat),
  }),
  spec: ({ x, scale, offset }, { dataFormat }) => {
    const op = 'fusedBatchNorm';
    if (x.shape.length < 2) {
      throw new Error(`${op}: x is ${text(x.shape)}; it must have a batch and channels at least`);
    }
    const channels = x.shape.at(dataFormat === 'NHWC' ? -1 : 1)!;
    const dtype = floats(op, { x, scale, offset });
    vectors(op, { scale, offset }, channels, x.shape);
    const each = { shape: [channels], dtype: x.dtype };
    return { y: { shape: x.shape, dtype }, mean: each, variance: each };
  },
  compose: ({ x, scale, offset }, { epsilon, dataFormat }) => {
    const channel = dataFormat === 'NHWC' ? x.shape.length - 1 : 1;
    const others = x.shape.flatMap((_, axis) => (axis === channel ? [] : [axis]));
    const apart = x.shape.map((n, axis) => (axis === channel ? n : 1));
    const mean = x.mean(others, true);
    const centred = x.sub(mean);
    const variance = centred.square().mean(others, true);
    const by = variance.add(epsilon).rsqrt();
    const y = centred.mul(scale === undefined ? by : by.mul(scale.reshape(apart)));
    const flat = (t: Tensor) => t.reshape([x.shape[channel]!]);
    return {
      y: offset === undefined ? y : y.add(offset.reshape(apart)),
      mean: flat(mean),
      variance: flat(variance),
    };
  },
  samples: [
    { in: { x: [4, 3] } },
    { in: { x: [2, 3, 2, 2], scale: [2], offset: [2] }, args: [0.1] },
    { in: { x: [2, 3, 2, 2], scale: [3], offset: [3] }, args: [0.1, 'NCHW'] },
    { in: { x: [4, 3, 2], offset: [3] }, args: [0.01, 'NCHW'] },
  ],
  errors: [
    {
      in: { x: [2, 4, 4, 3], scale: [4] },
      says: 'fusedBatchNorm: the scale [4] does not fit [2,4,4,3]; it must be a vector of 3',
    },
    { in: { x: [3] }, says: 'fusedBatchNorm: x is [3]; it must have a batch and channels' },
  ],
};

/**
 * Normalizes groups of channels, each image by itself, by their mean and
 * variance, then applies `scale` and `offset` to each channel (Wu, He: Group
 * Normalization, 2018). One group for each channel is instance normalization.
 * `epsilon` is 1e-5, as in PyTorch; channels lie along the last axis, or with
 * `dataFormat: 'NCHW'` along the second.
 */
export const groupNorm: Op<
  { x: One; scale?: One; offset?: One },
  [x: T, scale?: T, offset?: T],
  [groups?: number, epsilon?: number, dataFormat?: DataFormat],
  { groups: number; epsilon: number; dataFormat: DataFormat },
  One
> = {
  inputs: { x: 'one', scale: 'maybe', offset: 'maybe' },
  attrs: (_, groups = 1, epsilon = 1e-5, dataFormat = 'NHWC') => ({
    groups,
    epsilon,
    dataFormat: checkFormat('groupNorm', dataFormat),
  }),
  spec: ({ x, scale, offset }, { groups, dataFormat }) => {
    const op = 'groupNorm';
    if (x.shape.length < 2) {
      throw new Error(`${op}: x is ${text(x.shape)}; it must have a batch and channels at least`);
    }
    const channels = x.shape.at(dataFormat === 'NHWC' ? -1 : 1)!;
    if (!Number.isSafeInteger(groups) || groups < 1 || channels % groups > 0) {
      throw new Error(
        `${op}: the ${channels} channels of ${text(x.shape)} (${dataFormat}) do not make ${groups} equal groups`,
      );
    }
    vectors(op, { scale, offset }, channels, x.shape);
    return { shape: x.shape, dtype: floats(op, { x, scale, offset }) };
  },
  compose: ({ x, scale, offset }, { groups, epsilon, dataFormat }) => {
    const channel = dataFormat === 'NHWC' ? x.shape.length - 1 : 1;
    const channels = x.shape[channel]!;
    const cut = x.reshape(x.shape.toSpliced(channel, 1, groups, channels / groups));
    const axes = cut.shape.flatMap((_, axis) => (axis === 0 || axis === channel ? [] : [axis]));
    const centred = cut.sub(cut.mean(axes, true));
    const by = centred.square().mean(axes, true).add(epsilon).rsqrt();
    const apart = x.shape.map((n, axis) => (axis === channel ? n : 1));
    let out = centred.mul(by).reshape(x.shape);
    if (scale !== undefined) out = out.mul(scale.reshape(apart));
    return offset === undefined ? out : out.add(offset.reshape(apart));
  },
  samples: [
    { in: { x: [2, 3, 2, 4], scale: [4], offset: [4] }, args: [2] },
    { in: { x: [2, 4, 3] }, args: [4, 0.1, 'NCHW'] },
    { in: { x: [2, 4] } },
  ],
  errors: [
    {
      in: { x: [2, 5, 5, 6] },
      args: [4],
      says: 'groupNorm: the 6 channels of [2,5,5,6] (NHWC) do not make 4 equal groups',
    },
  ],
};

/**
 * Normalizes each channel of each image by its own mean and variance over
 * space, then applies `scale` and `offset` to each channel (Ulyanov, Vedaldi,
 * Lempitsky: Instance Normalization, 2016): `groupNorm` with as many groups as
 * channels.
 */
export const instanceNorm: Op<
  { x: One; scale?: One; offset?: One },
  [x: T, scale?: T, offset?: T],
  [epsilon?: number, dataFormat?: DataFormat],
  { epsilon: number; dataFormat: DataFormat },
  One
> = {
  inputs: { x: 'one', scale: 'maybe', offset: 'maybe' },
  attrs: (_, epsilon = 1e-5, dataFormat = 'NHWC') => ({
    epsilon,
    dataFormat: checkFormat('instanceNorm', dataFormat),
  }),
  spec: ({ x, scale, offset }, { dataFormat }) => {
    const op = 'instanceNorm';
    if (x.shape.length < 3) {
      throw new Error(`${op}: x is ${text(x.shape)}; it must have a batch, space and channels`);
    }
    vectors(op, { scale, offset }, x.shape.at(dataFormat === 'NHWC' ? -1 : 1)!, x.shape);
    return { shape: x.shape, dtype: floats(op, { x, scale, offset }) };
  },
  compose: ({ x, scale, offset }, { epsilon, dataFormat }) => {
    const channels = x.shape.at(dataFormat === 'NHWC' ? -1 : 1)!;
    return x.groupNorm(scale, offset, Math.max(channels, 1), epsilon, dataFormat);
  },
  samples: [
    { in: { x: [2, 3, 2, 2], scale: [2], offset: [2] } },
    { in: { x: [2, 2, 4] }, args: [0.1, 'NCHW'] },
  ],
  errors: [
    {
      in: { x: [2, 3] },
      says: 'instanceNorm: x is [2,3]; it must have a batch, space and channels',
    },
    { in: { x: [2, 3, 3, 4], scale: [3] }, says: 'the scale [3] does not fit [2,3,3,4]' },
  ],
};

/**
 * Divides by a power of the sum of squares of neighbouring channels, which lie
 * along the last axis: `x / (bias + alpha * sum(x[i - depthRadius .. i +
 * depthRadius]^2)) ^ beta` (Krizhevsky, Sutskever, Hinton, 2012). PyTorch
 * divides alpha by the number of channels in the sum.
 */
export const localResponseNormalization: Op<
  { x: One },
  [x: T],
  [depthRadius?: number, bias?: number, alpha?: number, beta?: number],
  { depthRadius: number; bias: number; alpha: number; beta: number },
  One
> = {
  inputs: { x: 'one' },
  attrs: (_, depthRadius = 5, bias = 1, alpha = 1, beta = 0.5) => {
    if (Number.isSafeInteger(depthRadius) && depthRadius >= 0) {
      return { depthRadius, bias, alpha, beta };
    }
    throw new Error(
      `localResponseNormalization: a radius of ${depthRadius}; it must be a whole number from 0`,
    );
  },
  spec: ({ x }) => {
    const op = 'localResponseNormalization';
    if (x.shape.length === 0) throw new Error(`${op}: x has no axis; it must have one or more`);
    return { shape: x.shape, dtype: floats(op, { x }) };
  },
  compose: ({ x }, { depthRadius: radius, bias, alpha, beta }) => {
    const channels = x.shape.at(-1)!;
    if (x.size === 0) return x.clone();
    // The sums of windows along the channels are a convolution with ones.
    const ones = Array.from({ length: 2 * radius + 1 }, () => [[1]]);
    const rows = x.square().reshape([x.size / channels, channels, 1]);
    const sums = rows.conv1d(ones, 1, [[radius, radius]]).reshape(x.shape);
    return x.div(sums.mul(alpha).add(bias).pow(beta));
  },
  samples: [
    { in: { x: [2, 2, 2, 4] }, args: [1] },
    { in: { x: [2, 3] }, args: [2, 2, 0.5, 0.75] },
    { in: { x: [0, 3] } },
  ],
  errors: [
    { in: { x: [2, 3] }, args: [-1], says: 'a radius of -1; it must be a whole number from 0' },
    { in: { x: [] }, says: 'localResponseNormalization: x has no axis' },
  ],
};

type Given = { readonly [name: string]: Spec | undefined };

/** The float all meet in. */
function floats(op: string, { x, ...rest }: Given & { readonly x: Spec }): DType {
  if (!isFloat(x.dtype)) throw new Error(`${op}: x is ${x.dtype}; it must be a float`);
  const given = Object.values(rest).filter((one) => one !== undefined);
  return given.map((one) => one.dtype).reduce((a, b) => promote(op, a, b), x.dtype);
}

/** Each that is given is a vector of that length. */
function vectors(op: string, given: Given, length: number, x: Shape): void {
  for (const [name, one] of Object.entries(given)) {
    if (one === undefined || (one.shape.length === 1 && one.shape[0] === length)) continue;
    throw new Error(
      `${op}: the ${name} ${text(one.shape)} does not fit ${text(x)}; it must be a vector of ${length}`,
    );
  }
}
