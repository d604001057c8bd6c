// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Means of windows that divide space into `outputSize` parts as equal as can
 * be: part i of n elements cut into m goes from `floor(i n / m)` to
 * `ceil((i + 1) n / m)` (PyTorch's `adaptive_avg_pool`). One number counts for
 * all spatial axes, of which there may be any number.
 */
export const adaptiveAvgPool = functions.adaptiveAvgPool;
/** The mean of each window of sequences `[batch, width, channels]` (or one without the batch); see `avgPool`. */
export const avgPool1d = functions.avgPool1d;
/** The mean of each window of volumes `[batch, depth, height, width, channels]` (or one without the batch); see `avgPool`. */
export const avgPool3d = functions.avgPool3d;
/**
 * The mean of each channel over all of space, with any number of spatial axes:
 * `[batch, ..space, channels]` becomes `[batch, channels]`. The channels come
 * second with `dataFormat: 'NCHW'`; `keepDims` keeps axes of length 1.
 * (Keras' names: GlobalAveragePooling.)
 */
export const globalAvgPool = functions.globalAvgPool;
/** The greatest element of each channel over all of space; see `globalAvgPool`. */
export const globalMaxPool = functions.globalMaxPool;
/** The greatest element of each window of sequences `[batch, width, channels]` (or one without the batch); see `maxPool`. */
export const maxPool1d = functions.maxPool1d;
/** The greatest element of each window of volumes `[batch, depth, height, width, channels]` (or one without the batch); see `maxPool`. */
export const maxPool3d = functions.maxPool3d;
