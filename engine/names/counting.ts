// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * How often each whole number from 0 up to, but without, `size` is among x, or
 * the sum of the `weights` that stand beside it there. Numbers from `size` on
 * are left out, negative ones are an error. As in TensorFlow.js.
 */
export const bincount = functions.bincount;
/**
 * How many elements lie in each of so many bins of equal width, as i32, and the
 * edges between these: from the least to the greatest element unless a range is
 * given. A bin holds its lower edge, the last one its upper edge too; what lies
 * outside is left out. As in NumPy.
 */
export const histogram = functions.histogram;
