// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Convolves each channel with filters of its own: the filter is `[height,
 * width, channels, multiplier]`, and channel c makes the channels
 * `c * multiplier` and on.
 */
export const depthwiseConv2d = functions.depthwiseConv2d;
/**
 * A depthwise convolution and then one by single pixels, `[1, 1, channels *
 * multiplier, channels out]`, which mixes the channels.
 */
export const separableConv2d = functions.separableConv2d;
