// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The greatest of each segment; the least value of the dtype (of floats -Infinity) where it is empty. Several that tie share the gradient evenly. */
export const unsortedSegmentMax = functions.unsortedSegmentMax;
/** The mean of each segment; 0 where it is empty. Integers become f32. */
export const unsortedSegmentMean = functions.unsortedSegmentMean;
/** The least of each segment; the greatest value of the dtype (of floats Infinity) where it is empty. Several that tie share the gradient evenly. */
export const unsortedSegmentMin = functions.unsortedSegmentMin;
/** The product of each segment; 1 where it is empty. */
export const unsortedSegmentProd = functions.unsortedSegmentProd;
/** The sum of each segment; 0 where it is empty. */
export const unsortedSegmentSum = functions.unsortedSegmentSum;
