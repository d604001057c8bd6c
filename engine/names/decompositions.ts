// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The lower triangular matrix L with `x = L @ L^T`, of symmetric positive
 * definite matrices in the last two axes; other axes are a batch. Of x its
 * symmetric part `(x + x^T) / 2` is read, as in JAX, so the gradient is
 * symmetric, as in PyTorch. An error says which pivot is not positive.
 * Gradient: Murray, Differentiation of the Cholesky decomposition, 2016.
 */
export const cholesky = functions.cholesky;
/**
 * Gaussian elimination with partial pivoting: a lower triangle `l` with ones
 * on its diagonal and an upper one `u`, whose product is x with its rows in
 * the order `p` (i32, as TensorFlow's): `x.gather(p) = l @ u`, or for a batch
 * `x.gather(p, rank - 2, rank - 2)`. For m by n matrices and k the lesser of
 * both, l is m by k and u is k by n. Singular matrices have a zero on the
 * diagonal of u, and then no gradient.
 */
export const lu = functions.lu;
/**
 * `x = q @ r` with orthogonal columns in q and an upper triangle r, of the
 * matrices in the last two axes; other axes are a batch. For m by n matrices
 * and k the lesser of both, q is m by k and r is k by n, or with
 * `fullMatrices` m by m and m by n. Signs are those of Householder's
 * reflections, as in LAPACK. The first k columns must be independent for there
 * to be a gradient, and there is none with `fullMatrices` where m > n, for then
 * q is not determined. Gradient: Walter, Lehmann, 2010.
 */
export const qr = functions.qr;
