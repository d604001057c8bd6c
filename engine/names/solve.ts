// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** X with `A @ X = rhs`, where `chol` is the lower factor that `cholesky` gives of A (TensorFlow's `cholesky_solve`). */
export const choleskySolve = functions.choleskySolve;
/** The inverses of square matrices in the last two axes. A singular matrix is an error; `pinv` takes those. */
export const inv = functions.inv;
/**
 * X with the least `|matrix @ X - rhs|`, and of several the one with the least
 * norm, for matrices of any shape and rank: `pinv(matrix, rcond) @ rhs`.
 * `rhs` is `[..., m, k]`, or one vector `[m]`.
 */
export const lstsq = functions.lstsq;
/**
 * The pseudoinverse of Moore and Penrose, `[..., n, m]` of `[..., m, n]`, of
 * matrices of any rank. Singular values up to `rcond` times the greatest count
 * as 0; it is `10 max(m, n)` times the precision of the dtype unless given, as
 * in TensorFlow. Gradient: Golub, Pereyra, 1973, for a rank that stays.
 */
export const pinv = functions.pinv;
/**
 * X with `matrix @ X = rhs` for square matrices; with `adjoint` the transpose
 * (of complex ones its conjugate) stands in the matrix's place. `rhs` is
 * `[..., m, k]`, or one vector `[m]`; batches broadcast. A singular matrix is
 * an error; `lstsq` takes those.
 */
export const solve = functions.solve;
/**
 * X with `matrix @ X = rhs`, where only one triangle of the matrix is read,
 * the lower one unless `lower` is false; with `adjoint` its transpose stands
 * in its place. `rhs` is `[..., m, k]`; batches broadcast (TensorFlow's
 * `triangular_solve`). A zero on the diagonal is an error.
 */
export const triangularSolve = functions.triangularSolve;
