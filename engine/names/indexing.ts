// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The rows of a table, `[words, ...]`, at positions of any shape: what turns
 * words into vectors (TensorFlow's `embedding_lookup`, PyTorch's
 * `embedding`). A row that is there several times gets the sum of the
 * gradients.
 */
export const embedding = functions.embedding;
/**
 * Slices of x along one axis, by default the first, at the given positions:
 * `out[.., i.., ..] = x[.., indices[i..], ..]`. The first `batchDims` axes are
 * shared by both: each entry of the batch has positions of its own.
 */
export const gather = functions.gather;
/**
 * A new last axis of length `depth` that has `onValue` at the position and
 * `offValue` elsewhere; a position outside it has `offValue` everywhere. The
 * dtype is i32 unless another is given.
 */
export const oneHot = functions.oneHot;
/**
 * The slices of x along one axis added into zeros of the given shape:
 * `out[.., indices[i..], ..] += x[.., i.., ..]`. The gradient of `gather`, and
 * the other way round.
 */
export const scatterAdd = functions.scatterAdd;
