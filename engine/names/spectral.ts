// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Eigenvalues of symmetric matrices in the last two axes, rising, and their
 * eigenvectors, which are the columns of `eigenvectors` (TensorFlow's
 * self-adjoint `eigh`); other axes are a batch. Of x its symmetric part is
 * read, as in JAX. The greatest element of each eigenvector is positive. The
 * gradient of eigenvectors divides by differences of eigenvalues: where two
 * are equal it is not finite, as in PyTorch; that of the eigenvalues alone
 * always is. Not-a-number in a matrix makes all of its results so.
 */
export const eigh = functions.eigh;
/**
 * `x = u @ diag(s) @ v^T`: singular values, falling, and the vectors on the
 * left and on the right, which are the columns of u and v (TensorFlow's
 * `svd`; NumPy and PyTorch give v transposed). For m by n matrices and k the
 * lesser of both, u is m by k and v is n by k, or with `fullMatrices` m by m
 * and n by n; without `computeUv` they have no columns, and less is to be
 * done. The greatest element of each column of u is positive. The gradient of
 * the vectors divides by differences of squares of singular values (and by
 * themselves, where m is not n): where two are equal, or one is 0, it is not
 * finite, as in PyTorch; that of the singular values alone always is. The
 * columns beyond k are not determined, and nothing flows back from them.
 * Not-a-number in a matrix makes all of its results so. Gradient: Townsend,
 * Differentiating the singular value decomposition, 2016.
 */
export const svd = functions.svd;
