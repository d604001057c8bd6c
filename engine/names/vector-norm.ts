// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The norm of vectors along one axis or of matrices along two, as in
 * TensorFlow.js; without an axis that of all elements in a row. Of vectors:
 * 'euclidean' or 2, 1 (the sum of sizes), Infinity and -Infinity (the greatest
 * and the least of them), 0 (how many are not 0), any other p. Of matrices:
 * 'euclidean' or 'fro' (of all elements), 1 and Infinity (the greatest sum of
 * sizes of a column, of a row), -1 and -Infinity (the least), 2, -2 and 'nuc'
 * (the greatest, the least and the sum of singular values). Where a root is
 * taken of 0 nothing flows back. Integers become f32.
 */
export const norm = functions.norm;
