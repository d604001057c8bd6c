// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** Adds a vector along the last axis: `x[..., i] + bias[i]`. */
export const biasAdd = functions.biasAdd;
/**
 * The inner product of two vectors, or the product of a vector and a matrix or
 * of two matrices: the last axis of x against the first of y.
 */
export const dot = functions.dot;
/**
 * The matrix product of the last two axes, `[m,k] x [k,n] = [m,n]`; leading
 * axes are a batch and broadcast. `transposeA` and `transposeB` read an input
 * with its last two axes swapped, without copying it. For vectors there is
 * `dot`.
 */
export const matMul = functions.matMul;
