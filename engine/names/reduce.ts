// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** Whether all elements over some axes are true: not zero. */
export const all = functions.all;
/** Whether any element over some axes is true: not zero. */
export const any = functions.any;
/** The position of the greatest along one axis, by default the first, as i32; the first of several, and not-a-number before any number. */
export const argMax = functions.argMax;
/** The position of the least along one axis, by default the first, as i32; the first of several, and not-a-number before any number. */
export const argMin = functions.argMin;
/** `log(sum(exp(x)))` over some axes, computed without overflow. */
export const logSumExp = functions.logSumExp;
/** The greatest over some axes; not-a-number wins. Several that tie share the gradient evenly. */
export const max = functions.max;
/** The mean over some axes. Integers become f32; the mean of nothing is not-a-number. */
export const mean = functions.mean;
/** The least over some axes; not-a-number wins. Several that tie share the gradient evenly. */
export const min = functions.min;
/** The product over some axes. */
export const prod = functions.prod;
/** The sum over some axes, added pairwise. Booleans are counted in i32, short integers added in 32 bits. */
export const sum = functions.sum;
/**
 * Sums until the tensor has the given shape: the gradient of broadcasting. A
 * tensor that has the shape is returned itself.
 */
export const sumTo = functions.sumTo;
