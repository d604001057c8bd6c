// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * A band of the matrices in the last two axes, zeros elsewhere: the main
 * diagonal, `numLower` diagonals below and `numUpper` above it; a negative
 * number means all of them.
 */
export const bandPart = functions.bandPart;
/**
 * The tensor as the diagonal of one of twice the rank, with zeros elsewhere:
 * `out[i.., i..] = x[i..]`. (Of a matrix TensorFlow.js makes a tensor of rank
 * 4, and so does this; its diagonal is `diagonal`.)
 */
export const diag = functions.diag;
/**
 * The diagonal of a tensor whose shape is another one twice over:
 * `out[i..] = x[i.., i..]`. Takes back what `diag` did; nothing is copied.
 * (TensorFlow's name.)
 */
export const diagPart = functions.diagPart;
/**
 * The diagonal of the matrices along two axes, by default the first two: their
 * axes go, and the diagonal, `offset` above the main one, is the last axis.
 * Nothing is copied. (As `numpy.diagonal` and `torch.diagonal`.)
 */
export const diagonal = functions.diagonal;
/** The lower triangle of the last two axes, zeros above: what lies on the diagonal `k` above the main one or below it. (As `numpy.tril`.) */
export const tril = functions.tril;
/** The upper triangle of the last two axes, zeros below: what lies on the diagonal `k` above the main one or above it. (As `numpy.triu`.) */
export const triu = functions.triu;
