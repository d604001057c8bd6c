// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Every `strides[i]`-th element from `begin[i]` up to, but without, `end[i]`
 * along axis i; backwards where a stride is negative, by default each.
 * Negative bounds count from the end, those beyond it are cut off, axes
 * without bounds are whole. Bit i of a mask gives entry i another meaning:
 * `beginMask` and `endMask` leave a bound out, `ellipsisMask` stands for all
 * axes that no other entry speaks of, `newAxisMask` is a new axis of length 1,
 * `shrinkAxisMask` is the position `begin[i]` alone, whose axis goes. Nothing
 * is copied. `x.at('1:, ::-1')` says the same more shortly.
 */
export const stridedSlice = functions.stridedSlice;
/**
 * Zeros of the given shape, and x from `begin` on in steps: the gradient of
 * `stridedSlice`, and the other way round.
 */
export const stridedSliceGrad = functions.stridedSliceGrad;
/**
 * x with other values in a section of it, which is said as for `stridedSlice`.
 * `value` broadcasts to the section and is cast to the dtype of x.
 * (TensorFlow's TensorStridedSliceUpdate; `x.with('1:, ::-1', value)` says the
 * same more shortly.)
 */
export const stridedSliceUpdate = functions.stridedSliceUpdate;
