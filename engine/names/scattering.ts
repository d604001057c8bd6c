// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * x with the slices of `source` along one axis, by default the first, added
 * where `indices` says: what comes to one place several times is summed. (As
 * PyTorch's `index_add`.)
 */
export const indexAdd = functions.indexAdd;
/**
 * Whether no later element of a row is equal. The first `batchDims` axes count
 * rows, all others are one row. (What `scatterUpdate` asks of its indices for
 * its gradient.)
 */
export const lastOccurrence = functions.lastOccurrence;
/**
 * Zeros of the given shape, with `updates` added where the last axis of
 * `indices` says: what comes to one place several times is summed. The
 * gradient of `gatherND`, and the other way round.
 */
export const scatterND = functions.scatterND;
/**
 * x with other slices along one axis, by default the first, where `indices`
 * says: `out[.., indices[i..], ..] = updates[.., i.., ..]`. `updates`
 * broadcasts; of several slices for one place the last stays, and the gradient
 * flows to that one alone. The first `batchDims` axes are shared as those of
 * `gather`. (TensorFlow's `scatter_update`, but x itself stays as it is.)
 */
export const scatterUpdate = functions.scatterUpdate;
/**
 * x with other elements or slices where the last axis of `indices` says, as
 * `gatherND` reads it. Of several for one place the last stays.
 */
export const tensorScatterUpdate = functions.tensorScatterUpdate;
