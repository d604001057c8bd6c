// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The determinants of square matrices in the last two axes. Its gradient is
 * `det(x) inv(x)^T`, and for singular matrices the cofactors, which are its
 * limit.
 */
export const det = functions.det;
/**
 * The exponential of square matrices, `1 + x + x @ x / 2 + ...`, by Padé's
 * approximant, scaled and squared (Higham, 2005); to each element alone `exp`
 * is applied. Not-a-number or Infinity in a matrix makes all of its result
 * not-a-number. Gradient: Mathias, A chain rule for matrix functions, 1996.
 */
export const expm = functions.expm;
/** Square matrices to the power of a whole number, by repeated squaring; a negative one is that of the inverse. */
export const matrixPower = functions.matrixPower;
/**
 * How many singular values of each matrix are greater than `tol`, as i32;
 * unless given, that is the greatest of them times the longer side times the
 * precision of the dtype, as in NumPy and TensorFlow.
 */
export const matrixRank = functions.matrixRank;
/**
 * The sign of the determinant and the logarithm of its absolute value, which
 * neither overflow nor underflow: 0 and -Infinity for a singular matrix, which
 * has no gradient.
 */
export const slogdet = functions.slogdet;
/** The sums of the diagonals of the matrices in the last two axes. */
export const trace = functions.trace;
