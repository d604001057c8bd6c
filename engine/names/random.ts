// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Sets elements to 0 with probability `rate` and divides the others by
 * `1 - rate`, so that the mean stays (Srivastava and others: Dropout, 2014). A
 * `noiseShape` that broadcasts to the shape of x drops whole slices. It always
 * drops: leave it out where the model does not train.
 */
export const dropout = functions.dropout;
/** What `dropout` multiplies with: 0 with probability `rate`, else `1 / (1 - rate)`, in the noise's shape and the dtype of x. No gradient: the values of x do not count. */
export const dropoutMask = functions.dropoutMask;
/** Numbers drawn from the normal distribution with the given mean and standard deviation; f32 unless another float is given. */
export const randomNormal = functions.randomNormal;
/** Numbers drawn evenly from `minval` up to, but without, `maxval`; f32 unless another dtype is given, whole ones for integers. */
export const randomUniform = functions.randomUniform;
