// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The elements or slices of x where `mask` is true, in a row: the axes of the
 * mask, from `axis` on, become one. (TensorFlow.js's `booleanMaskAsync`, but at
 * once.)
 */
export const booleanMask = functions.booleanMask;
/**
 * Where x is not 0 (or is true): the positions of those elements, row-major,
 * one in each row of the result, as TensorFlow.js's `whereAsync` gives them,
 * but at once. No gradient: positions are whole numbers.
 */
export const nonzero = functions.nonzero;
/**
 * The values of x without repetition, in the order in which they come first:
 * single ones of a tensor of one axis, else slices along `axis`. `indices` says
 * for each element of x which of them it is, `counts` how often each one comes.
 * Not-a-number is equal to itself here, and -0 to 0. No gradient flows through the
 * values, as in PyTorch: take them by `gather` where one is wanted.
 */
export const unique = functions.unique;
