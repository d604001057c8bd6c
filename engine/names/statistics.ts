// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** How many elements over some axes are not 0, as i32; not-a-number is not. */
export const countNonzero = functions.countNonzero;
/** The middle one of the elements in order, over some axes; of an even number the mean of the middle two, as in NumPy (PyTorch takes the lower one). Not-a-number where one is among them. */
export const median = functions.median;
/** Mean and variance (without correction) over some axes, as in TensorFlow.js. */
export const moments = functions.moments;
/** The mean over some axes of what is not not-a-number; not-a-number where there is nothing else. */
export const nanMean = functions.nanMean;
/** The sum over some axes of what is not not-a-number. */
export const nanSum = functions.nanSum;
/**
 * The values below which the shares `q` of the elements lie, over some axes: q
 * is a number from 0 to 1, or a list of them, which becomes the first axis of
 * the result. Between two elements goes `interpolation`: 'linear', 'lower',
 * 'higher', 'midpoint' or 'nearest', as in NumPy and PyTorch. Not-a-number where
 * one is among the elements.
 */
export const quantile = functions.quantile;
/** The square root of `variance`. Where that is 0 nothing flows back. */
export const std = functions.std;
/**
 * The mean square of the distances from the mean, over some axes. The sum of
 * squares is divided by their number less `correction`: 0 as in NumPy and
 * TensorFlow; 1, for an unbiased estimate, is PyTorch's own default.
 */
export const variance = functions.variance;
