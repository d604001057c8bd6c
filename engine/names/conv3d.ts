// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Slides a filter `[depth, height, width, channels in / groups, channels out]`
 * over volumes `[batch, depth, height, width, channels]` (or one without the
 * batch); see `conv2d`. `dataFormat: 'NCDHW'` has the channels before the
 * spatial axes.
 */
export const conv3d = functions.conv3d;
/** The gradient of `conv3d` with respect to its filter, from its input and the gradient `g` of its result. */
export const conv3dBackpropFilter = functions.conv3dBackpropFilter;
/**
 * The gradient of `conv3d` with respect to its input, which spreads x over
 * `outputShape` by the filter `[depth, height, width, channels out / groups,
 * channels in]`; see `conv2dTranspose`.
 */
export const conv3dTranspose = functions.conv3dTranspose;
