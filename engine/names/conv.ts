// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

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
