// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Boxes cut out of images and resized: for each of `boxes` `[boxes, 4]`, whose
 * rows are `y1, x1, y2, x2` from 0 to 1 (which is the last pixel), and the
 * image that `boxInd` says. A box that is turned round flips what it cuts; what
 * lies outside of its image is `extrapolationValue`. There is a gradient for
 * the boxes, too, with `method` 'bilinear'.
 */
export const cropAndResize = functions.cropAndResize;
/**
 * Images sampled at the positions of a grid `[batch, rows, columns, 2]`, whose
 * entries are x and y from -1 to 1, between the edges of the image, or with
 * `alignCorners` between the centres of its outermost pixels (PyTorch's
 * `grid_sample`). What lies outside is zero (`'zeros'`), what is at the border
 * (`'border'`), or the image reflected there (`'reflection'`). Images are
 * `[batch, height, width, channels]`, or with `dataFormat: 'NCHW'` as in
 * PyTorch.
 */
export const gridSample = functions.gridSample;
