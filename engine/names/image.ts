// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Images in another size, by Keys' cubic kernel over the sixteen nearest
 * pixels, with a = -0.75 as in PyTorch and in TensorFlow 1; the border goes on
 * outside. See `resizeBilinear`.
 */
export const resizeBicubic = functions.resizeBicubic;
/**
 * Images in another size, between the four nearest pixels. Corners lie on
 * corners with `alignCorners`; centres of pixels at halves with
 * `halfPixelCenters`, which is what PyTorch does without `align_corners`, and
 * TensorFlow 2; else at whole numbers, as TensorFlow 1 had it. Integers become
 * f32.
 */
export const resizeBilinear = functions.resizeBilinear;
/** Images in another size, each pixel that of its nearest in the source; see `resizeBilinear`. */
export const resizeNearestNeighbor = functions.resizeNearestNeighbor;
