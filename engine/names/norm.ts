// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

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
 * Normalizes each channel of each image by its own mean and variance over
 * space, then applies `scale` and `offset` to each channel (Ulyanov, Vedaldi,
 * Lempitsky: Instance Normalization, 2016): `groupNorm` with as many groups as
 * channels.
 */
export const instanceNorm = functions.instanceNorm;
/**
 * Takes mean and standard deviation out of the last axis, then applies `scale`
 * and `offset` where they are given:
 * `(x - mean) / sqrt(variance + epsilon) * scale + offset` (Ba, Kiros, Hinton:
 * Layer Normalization, 2016). `epsilon` is 1e-5, as in PyTorch.
 */
export const layerNorm = functions.layerNorm;
/**
 * Divides by a power of the sum of squares of neighbouring channels, which lie
 * along the last axis: `x / (bias + alpha * sum(x[i - depthRadius .. i +
 * depthRadius]^2)) ^ beta` (Krizhevsky, Sutskever, Hinton, 2012). PyTorch
 * divides alpha by the number of channels in the sum.
 */
export const localResponseNormalization = functions.localResponseNormalization;
/**
 * Divides by the root of the mean of squares along the last axis, then
 * multiplies by `scale` where it is given: `x / sqrt(mean(x^2) + epsilon) *
 * scale` (Zhang, Sennrich: Root Mean Square Layer Normalization, 2019).
 */
export const rmsNorm = functions.rmsNorm;
