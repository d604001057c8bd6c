// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from './functions.ts';

/** The absolute value. Its derivative at 0 is 0. */
export const abs = functions.abs;
/**
 * The same values in another dtype. Floats are cut toward zero on the way to
 * integers and kept in their range; not-a-number becomes 0. Anything but zero
 * is true. Of a tensor that has the dtype nothing is copied: the result is
 * another handle on the same values.
 */
export const cast = functions.cast;
/** To the next whole number above. No gradient: it is flat between its steps. */
export const ceil = functions.ceil;
/** Keeps every element between `clipValueMin` and `clipValueMax`; not-a-number stays. The gradient passes between the two, ends included. */
export const clipByValue = functions.clipByValue;
/** The cosine of x radians. Integers become f32. */
export const cos = functions.cos;
/** The error function: `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. Integers become f32. */
export const erf = functions.erf;
/** `e` to the power of x. Integers become f32. */
export const exp = functions.exp;
/** `exp(x) - 1`, exact near 0. Integers become f32. */
export const expm1 = functions.expm1;
/** To the next whole number below. No gradient: it is flat between its steps. */
export const floor = functions.floor;
/** Whether an element is neither infinite nor not-a-number. */
export const isFinite = functions.isFinite;
/** Whether an element is infinite. */
export const isInf = functions.isInf;
/** Whether an element is not-a-number. */
export const isNaN = functions.isNaN;
/** The natural logarithm; not-a-number below 0. Integers become f32. */
export const log = functions.log;
/** `log(1 + x)`, exact near 0. Integers become f32. */
export const log1p = functions.log1p;
/** `-x`. */
export const neg = functions.neg;
/** `1 / x`. Integers become f32. */
export const reciprocal = functions.reciprocal;
/** To the nearest whole number, halves to the even one. No gradient: it is flat between its steps. */
export const round = functions.round;
/** `1 / sqrt(x)`. Integers become f32. */
export const rsqrt = functions.rsqrt;
/** -1, 0 or 1 after the sign of x; not-a-number stays. No gradient: it is flat wherever it has a derivative. */
export const sign = functions.sign;
/** The sine of x radians. Integers become f32. */
export const sin = functions.sin;
/** The square root; not-a-number below 0. Integers become f32. */
export const sqrt = functions.sqrt;
/** `x * x`. */
export const square = functions.square;
/** The tangent of x radians. Integers become f32. */
export const tan = functions.tan;
/** The hyperbolic tangent. Integers become f32. */
export const tanh = functions.tanh;
/** `x + y`, with broadcasting. */
export const add = functions.add;
/** `x / y`, with broadcasting. Integers become f32, as in NumPy and PyTorch (TensorFlow.js rounds them down: `floorDiv`). */
export const div = functions.div;
/** `floor(x / y)`, with broadcasting. An integer divided by 0 is 0. No gradient: it is flat between its steps. */
export const floorDiv = functions.floorDiv;
/** The larger of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const maximum = functions.maximum;
/** The smaller of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const minimum = functions.minimum;
/** `x - y * floor(x / y)`, with broadcasting: what is left has the sign of y. */
export const mod = functions.mod;
/** `x * y`, element by element, with broadcasting. */
export const mul = functions.mul;
/** `x` to the power of `y`, with broadcasting. Where y is 0 nothing flows back to x, and where x is 0 nothing to y. */
export const pow = functions.pow;
/** `(x - y) * (x - y)`, with broadcasting. */
export const squaredDifference = functions.squaredDifference;
/** `x - y`, with broadcasting. */
export const sub = functions.sub;
/** Whether `x = y`, with broadcasting. */
export const equal = functions.equal;
/** Whether `x > y`, with broadcasting. */
export const greater = functions.greater;
/** Whether `x >= y`, with broadcasting. */
export const greaterEqual = functions.greaterEqual;
/** Whether `x < y`, with broadcasting. */
export const less = functions.less;
/** Whether `x <= y`, with broadcasting. */
export const lessEqual = functions.lessEqual;
/** Whether both are true, with broadcasting; anything but zero is true. */
export const logicalAnd = functions.logicalAnd;
/** Whether x is false: zero. */
export const logicalNot = functions.logicalNot;
/** Whether one of the two is true or both, with broadcasting; anything but zero is true. */
export const logicalOr = functions.logicalOr;
/** Whether one of the two is true and not both, with broadcasting; anything but zero is true. */
export const logicalXor = functions.logicalXor;
/** Whether x and y differ, with broadcasting. */
export const notEqual = functions.notEqual;
/** `x` where the condition is true, `y` where it is not; the three broadcast. As a method: `condition.where(x, y)`. */
export const where = functions.where;
/**
 * x times the share of the normal distribution below it: `x / 2 * (1 + erf(x /
 * sqrt(2)))` (Hendrycks, Gimpel: Gaussian Error Linear Units, 2016). With
 * `approximate` by `tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))` in place of erf,
 * as GPT-2 has it. Integers become f32.
 */
export const gelu = functions.gelu;
/** The logarithm of `softmax`, computed without taking it: `x - log(sum(exp(x)))` along one axis, by default the last. */
export const logSoftmax = functions.logSoftmax;
/** `max(x, 0)`. Its derivative at 0 is 0. */
export const relu = functions.relu;
/** The gradient of `relu`: x where y, its input or result, is above 0, else 0, also where x is infinite. */
export const reluGrad = functions.reluGrad;
/** `1 / (1 + exp(-x))`, computed without overflow. Integers become f32. */
export const sigmoid = functions.sigmoid;
/** `x * sigmoid(x)`, also called swish (Elfwing, Uchibe, Doya, 2017). Integers become f32. */
export const silu = functions.silu;
/**
 * `exp(x) / sum(exp(x))` along one axis, by default the last. The greatest
 * element is taken away first, so that nothing overflows.
 */
export const softmax = functions.softmax;
/** `log(1 + exp(x))`, computed without overflow. Integers become f32. */
export const softplus = functions.softplus;
/** 1 where `x > 0`, `alpha` where it is not; not-a-number stays. No gradient: it is flat on both sides of its step. */
export const step = functions.step;
/** Whether all elements over some axes are true: not zero. */
export const all = functions.all;
/** Whether any element over some axes is true: not zero. */
export const any = functions.any;
/** The position of the greatest along one axis, by default the first, as i32; the first of several, and not-a-number before any number. */
export const argMax = functions.argMax;
/** The position of the least along one axis, by default the first, as i32; the first of several, and not-a-number before any number. */
export const argMin = functions.argMin;
/** `log(sum(exp(x)))` over some axes, computed without overflow. */
export const logSumExp = functions.logSumExp;
/** The greatest over some axes; not-a-number wins. Several that tie share the gradient evenly. */
export const max = functions.max;
/** The mean over some axes. Integers become f32; the mean of nothing is not-a-number. */
export const mean = functions.mean;
/** The least over some axes; not-a-number wins. Several that tie share the gradient evenly. */
export const min = functions.min;
/** The product over some axes. */
export const prod = functions.prod;
/** The sum over some axes, added pairwise. Booleans are counted in i32, short integers added in 32 bits. */
export const sum = functions.sum;
/**
 * Sums until the tensor has the given shape: the gradient of broadcasting. A
 * tensor that has the shape is returned itself.
 */
export const sumTo = functions.sumTo;
/** Adds a vector along the last axis: `x[..., i] + bias[i]`. */
export const biasAdd = functions.biasAdd;
/**
 * The inner product of two vectors, or the product of a vector and a matrix or
 * of two matrices: the last axis of x against the first of y.
 */
export const dot = functions.dot;
/**
 * The matrix product of the last two axes, `[m,k] x [k,n] = [m,n]`; leading
 * axes are a batch and broadcast. `transposeA` and `transposeB` read an input
 * with its last two axes swapped, without copying it. For vectors there is
 * `dot`.
 */
export const matMul = functions.matMul;
/**
 * Slides a filter `[width, channels in / groups, channels out]` over sequences
 * `[batch, width, channels]` (or one without the batch); see `conv2d`.
 * `dataFormat: 'NCW'` has the channels before the width.
 */
export const conv1d = functions.conv1d;
/**
 * Slides a filter `[height, width, channels in / groups, channels out]` over
 * images `[batch, height, width, channels]` (or one image without the batch)
 * and sums the products. `dataFormat: 'NCHW'` has the channels before the
 * spatial axes; the filter keeps its order. With `groups` each part of the
 * output channels sees its own part of the input channels. There is no bias:
 * `biasAdd` follows. Names and order are TensorFlow.js's; `pad` takes
 * `'valid'`, `'same'`, a number or pairs `[before, after]`.
 */
export const conv2d = functions.conv2d;
/**
 * The gradient of `conv2d` with respect to its filter: for every element of it
 * the sum of the products of the pixels of x and of g that it brings together.
 * `g` has the shape of the convolution's result.
 */
export const conv2dBackpropFilter = functions.conv2dBackpropFilter;
/**
 * The gradient of `conv2d` with respect to its input, which spreads each pixel
 * of x over `outputShape` by the filter `[height, width, channels out / groups,
 * channels in]`: what generators and decoders grow images with. `strides`,
 * `pad`, `dilations` and `groups` are those of the convolution that would make
 * x from the result.
 */
export const conv2dTranspose = functions.conv2dTranspose;
/**
 * Convolves each channel with filters of its own: the filter is `[height,
 * width, channels, multiplier]`, and channel c makes the channels
 * `c * multiplier` and on.
 */
export const depthwiseConv2d = functions.depthwiseConv2d;
/** The tensor repeated along axes of length 1, and along new axes in front. */
export const broadcastTo = functions.broadcastTo;
/** A copy on bytes of its own, row-major without gaps. */
export const clone = functions.clone;
/** With a new axis of length 1 before the given one, by default in front. */
export const expandDims = functions.expandDims;
/** All elements, row-major, along one axis. */
export const flatten = functions.flatten;
/** The same tensor under a new handle. */
export const identity = functions.identity;
/**
 * The same elements, row-major, in another shape; one length may be -1 and is
 * filled in. Copies only where no strides can say it, as after a transpose.
 */
export const reshape = functions.reshape;
/** The elements in opposite order along some axes, by default all. */
export const reverse = functions.reverse;
/**
 * A window that starts at `begin` and has the given size; a size of -1, or one
 * left out, goes to the end of its axis. A bare number counts for the first
 * axis.
 */
export const slice = functions.slice;
/** Without axes of length 1: the given ones, by default all. */
export const squeeze = functions.squeeze;
/** The same tensor, through which nothing flows back. */
export const stopGradient = functions.stopGradient;
/** The axes in another order: axis i of the result is axis `perm[i]` of x. By default they are reversed. */
export const transpose = functions.transpose;
/** Joins tensors along one axis, by default the first; all other axes must be equal. As a method it joins others to this tensor. */
export const concat = functions.concat;
/** With `paddings[i] = [before, after]` elements of a constant around axis i. */
export const pad = functions.pad;
/** Cuts a tensor along one axis, by default the first: into a number of equal parts, or into parts of the given lengths (one may be -1). */
export const split = functions.split;
/** Joins tensors of one shape along a new axis, by default the first. As a method it joins others to this tensor. */
export const stack = functions.stack;
/** The tensor repeated `reps[i]` times along axis i. */
export const tile = functions.tile;
/** The slices of a tensor along one axis, by default the first, each without that axis. */
export const unstack = functions.unstack;
/** The positions, as i32, that sort the last axis; equal elements keep their order, and not-a-number counts as the greatest. */
export const argSort = functions.argSort;
/**
 * Slices of x along one axis, by default the first, at the given positions:
 * `out[.., i.., ..] = x[.., indices[i..], ..]`. The first `batchDims` axes are
 * shared by both: each entry of the batch has positions of its own.
 */
export const gather = functions.gather;
/**
 * A new last axis of length `depth` that has `onValue` at the position and
 * `offValue` elsewhere; a position outside it has `offValue` everywhere. The
 * dtype is i32 unless another is given.
 */
export const oneHot = functions.oneHot;
/**
 * The slices of x along one axis added into zeros of the given shape:
 * `out[.., indices[i..], ..] += x[.., i.., ..]`. The gradient of `gather`, and
 * the other way round.
 */
export const scatterAdd = functions.scatterAdd;
/** The `k` greatest along the last axis, in falling order, and their positions as i32; of equal ones the first comes first. */
export const topk = functions.topk;
/**
 * The mean of each window, as `maxPool` moves it. Only what lies in the image
 * counts, as in TensorFlow; with `countPadding` the padding counts as zeros, as
 * PyTorch does unless told otherwise.
 */
export const avgPool = functions.avgPool;
/**
 * The greatest element of each window `filterSize`, which moves by `strides`
 * (by default its own size); not-a-number wins. Images are `[batch, height,
 * width, channels]`, or one without the batch; `dataFormat: 'NCHW'` has the
 * channels before the spatial axes. Padding never wins. The gradient goes to
 * the first of several that tie.
 */
export const maxPool = functions.maxPool;
/**
 * The greatest element of each window, as `maxPool` in NHWC, and where it is:
 * `indexes` are row-major positions in its image, or with
 * `includeBatchInIndex` in the whole of x, as i32.
 */
export const maxPoolWithArgmax = functions.maxPoolWithArgmax;
/**
 * Normalizes by a mean and a variance that are given:
 * `(x - mean) / sqrt(variance + varianceEpsilon) * scale + offset` (Ioffe,
 * Szegedy: Batch Normalization, 2015). They are vectors along the last axis,
 * or anything that broadcasts to x. This is what a model does when it does not
 * train, with running averages; `fusedBatchNorm` is for training.
 */
export const batchNorm = functions.batchNorm;
/**
 * Normalizes each channel by its own mean and variance over the batch and all
 * of space, as a model does that trains, and gives these too: `variance` is
 * the mean of squares, without Bessel's correction. Channels lie along the
 * last axis, or with `dataFormat: 'NCHW'` along the second; x may have any
 * number of axes. Running averages are the caller's:
 * `running.assign(running.mul(0.99).add(mean.mul(0.01)))`; PyTorch keeps
 * `variance * n / (n - 1)` in its own.
 */
export const fusedBatchNorm = functions.fusedBatchNorm;
/**
 * Normalizes groups of channels, each image by itself, by their mean and
 * variance, then applies `scale` and `offset` to each channel (Wu, He: Group
 * Normalization, 2018). One group for each channel is instance normalization.
 * `epsilon` is 1e-5, as in PyTorch; channels lie along the last axis, or with
 * `dataFormat: 'NCHW'` along the second.
 */
export const groupNorm = functions.groupNorm;
/**
 * Takes mean and standard deviation out of the last axis, then applies `scale`
 * and `offset` where they are given:
 * `(x - mean) / sqrt(variance + epsilon) * scale + offset` (Ba, Kiros, Hinton:
 * Layer Normalization, 2016). `epsilon` is 1e-5, as in PyTorch.
 */
export const layerNorm = functions.layerNorm;
/**
 * Divides by the root of the mean of squares along the last axis, then
 * multiplies by `scale` where it is given: `x / sqrt(mean(x^2) + epsilon) *
 * scale` (Zhang, Sennrich: Root Mean Square Layer Normalization, 2019).
 */
export const rmsNorm = functions.rmsNorm;
/**
 * `softmax(query @ key^T * scale + mask) @ value` (Vaswani and others:
 * Attention Is All You Need, 2017): query is `[..., L, E]`, key `[..., S, E]`,
 * value `[..., S, V]`, and what stands before broadcasts. A mask of booleans
 * says who takes part, one of floats is added; it broadcasts to `[..., L, S]`.
 * `isCausal` lets position i see those up to i. `scale` is `1 / sqrt(E)` unless
 * given. `dropoutP` drops weights, `enableGqa` shares each head of key and
 * value among several of query (axis -3). Where a mask of booleans leaves
 * nobody, the result is 0. The order of arguments is PyTorch's.
 */
export const scaledDotProductAttention = functions.scaledDotProductAttention;
/**
 * One step of a gated recurrent unit (Cho and others, 2014). With the gates
 * `z, r, n` in the order of Keras, of x's part `a = x @ kernel + bias` and of
 * h's part `b = h @ recurrentKernel + recurrentBias`: `z = sigmoid(az + bz)`,
 * `r = sigmoid(ar + br)`, `n = tanh(an + r * bn)`, `h = z * h + (1 - z) * n`.
 * That is how cuDNN, PyTorch (whose order is r, z, n) and Keras do it; without
 * `resetAfter` r applies to h before the product, as in the paper and in
 * TensorFlow.js.
 */
export const gruCell = functions.gruCell;
/**
 * One step of long short-term memory (Hochreiter, Schmidhuber, 1997). With
 * `i, f, g, o` the four parts of `x @ kernel + h @ recurrentKernel + bias`:
 * `c = sigmoid(f) * c + sigmoid(i) * tanh(g)`, `h = sigmoid(o) * tanh(c)`. The
 * order of the gates is that of Keras and PyTorch, whose two biases are to be
 * added up. `x` is `[batch, inputs]`, `h` and `c` are `[batch, units]`.
 */
export const lstmCell = functions.lstmCell;
/**
 * The cross entropy of sigmoid(logits) against labels that are probabilities,
 * element by element: `softplus(logits) - logits * labels`. Label smoothing s
 * moves labels to `labels * (1 - s) + s / 2`. With the arguments of
 * TensorFlow.js's `losses.sigmoidCrossEntropy`.
 */
export const sigmoidCrossEntropy = functions.sigmoidCrossEntropy;
/**
 * The cross entropy of softmax(logits) against labels that are probabilities
 * along the last axis (one-hot ones, say). Label smoothing s moves labels to
 * `labels * (1 - s) + s / classes`. With the arguments of TensorFlow.js's
 * `losses.softmaxCrossEntropy`.
 */
export const softmaxCrossEntropy = functions.softmaxCrossEntropy;
/** The cross entropy of softmax(logits) against labels that are class numbers: `-logSoftmax(logits)[label]`. */
export const sparseSoftmaxCrossEntropy = functions.sparseSoftmaxCrossEntropy;
/**
 * Sets elements to 0 with probability `rate` and divides the others by
 * `1 - rate`, so that the mean stays (Srivastava and others: Dropout, 2014). A
 * `noiseShape` that broadcasts to the shape of x drops whole slices. It always
 * drops: leave it out where the model does not train.
 */
export const dropout = functions.dropout;
/** What `dropout` multiplies with: 0 with probability `rate`, else `1 / (1 - rate)`, in the noise's shape and the dtype of x. */
export const dropoutMask = functions.dropoutMask;
/** Numbers drawn from the normal distribution with the given mean and standard deviation; f32 unless another float is given. */
export const randomNormal = functions.randomNormal;
/** Numbers drawn evenly from `minval` up to, but without, `maxval`; f32 unless another dtype is given, whole ones for integers. */
export const randomUniform = functions.randomUniform;
/** One value in every element of a shape; f32 unless another dtype is given. (TensorFlow.js calls it `fill`.) */
export const full = functions.full;
/** `num` numbers at even distances from `start` to `stop`, both included, in f32. */
export const linspace = functions.linspace;
/** Ones of a shape; f32 unless another dtype is given. */
export const ones = functions.ones;
/** Ones of the shape and dtype of x. */
export const onesLike = functions.onesLike;
/** The numbers from `start` up to, but without, `stop`, `step` apart; f32 unless another dtype is given. */
export const range = functions.range;
/** Zeros of a shape; f32 unless another dtype is given. */
export const zeros = functions.zeros;
/** Zeros of the shape and dtype of x. */
export const zerosLike = functions.zerosLike;
