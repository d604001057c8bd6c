// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The greatest of each segment; 0 where it is empty. Several that tie share the gradient evenly. */
export const segmentMax = functions.segmentMax;
/** The mean of each segment; 0 where it is empty. Integers become f32. */
export const segmentMean = functions.segmentMean;
/** The least of each segment; 0 where it is empty. Several that tie share the gradient evenly. */
export const segmentMin = functions.segmentMin;
/** The product of each segment; 1 where it is empty. */
export const segmentProd = functions.segmentProd;
/** The sum of each segment; 0 where it is empty. */
export const segmentSum = functions.segmentSum;
