// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The shape that two shapes broadcast to, as whole numbers in a tensor; with
 * shapes as lists rather than tensors nothing needs to be asked.
 */
export const broadcastArgs = functions.broadcastArgs;
/**
 * With `paddings[i] = [before, after]` elements around axis i that are those of
 * x again: mirrored at the outermost element (`'reflect'`), mirrored behind it
 * so that it comes twice (`'symmetric'`), the outermost one again and again
 * (`'edge'`), or those at the other end (`'wrap'`). (The first two are
 * TensorFlow.js's; the others are NumPy's, PyTorch's `replicate` and
 * `circular`.)
 */
export const mirrorPad = functions.mirrorPad;
/**
 * Every element along an axis several times in a row: as often as `repeats`
 * says, for all or for each. Without an axis all elements are one row. (As
 * `tf.repeat`, `numpy.repeat` and `torch.repeat_interleave`.)
 */
export const repeat = functions.repeat;
/**
 * The elements moved on by `shift` places along an axis; what leaves at one end
 * comes in at the other. Several axes have a shift each; without an axis all
 * elements are one row. (As `tf.roll` and `numpy.roll`.)
 */
export const roll = functions.roll;
