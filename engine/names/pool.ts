// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

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
