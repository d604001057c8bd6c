// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Eigenvalues of any square matrices in the last two axes, in the order of
 * `eigvals`, and their eigenvectors, which are the columns of `eigenvectors`:
 * `x @ eigenvectors = eigenvectors * eigenvalues` (TensorFlow's and NumPy's
 * `eig`). Both are complex (c128 for f64, else c64). Each vector has the length
 * 1, and its greatest element is real and positive. Symmetric matrices have
 * real ones, by `eigh`. The gradient of vectors divides by differences of
 * eigenvalues: where two are equal it is not finite, as in PyTorch. (Boeddeker
 * et al., On the computation of complex-valued gradients, 2017.)
 */
export const eig = functions.eig;
/**
 * Eigenvalues of any square matrices in the last two axes, as complex numbers
 * (c128 for f64, else c64): by rising real part, and those of one real part by
 * rising imaginary part. Not-a-number in a matrix makes all of its results so.
 * (TensorFlow's and NumPy's `eigvals`, which leave the order open.) Its
 * gradient asks for the eigenvectors, which must be independent: where two
 * eigenvalues are one and have one vector, it is an error or not finite.
 */
export const eigvals = functions.eigvals;
