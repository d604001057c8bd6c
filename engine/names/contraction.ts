// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The vector product along an axis of length 3, by default the last; other axes broadcast (NumPy's and TensorFlow's `cross`). */
export const cross = functions.cross;
/**
 * The sum of products that an equation says, which names the axes of all
 * operands and of the result: `'ij,jk->ik'` is a matrix product. An axis that
 * an operand has twice is its diagonal (`'ii->i'`), one that the result does
 * not have is summed, `...` are any axes, which broadcast, and without `->`
 * the result has `...` and what is there only once, in alphabetical order.
 * Several operands are multiplied two at a time, in the order with the fewest
 * multiplications. Called as a function it is TensorFlow.js's
 * `tf.einsum(equation, ...tensors)`; as a method of the first operand, the
 * equation comes after the list of the others.
 */
export const einsum = functions.einsum;
/** Every product of an element of x and one of y, as blocks: `out[i n + k, j m + l] = x[i, j] y[k, l]`, for any rank (NumPy's `kron`). */
export const kron = functions.kron;
/** The product of every element of one vector with every one of another: `out[i, j] = v1[i] v2[j]`. */
export const outerProduct = functions.outerProduct;
/**
 * Products summed over some axes of both: the last `axes` of a against the
 * first of b, or the axes of a and those of b in two lists (TensorFlow's and
 * NumPy's; 2 unless given, as in NumPy).
 */
export const tensordot = functions.tensordot;
