// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Elements or slices of x by whole positions: the last axis of `indices` names
 * them, for all axes of x or for its first ones:
 * `out[i.., ..] = x[indices[i..], ..]`.
 */
export const gatherND = functions.gatherND;
/**
 * x with other elements where `indices` says, along `axis` as `takeAlongAxis`
 * reads them. `values` broadcasts to the indices; of several for one element
 * the last stays. (As `numpy.put_along_axis`, but x itself stays as it is.)
 */
export const putAlongAxis = functions.putAlongAxis;
/**
 * The place, row-major, of each element that the last axis of `indices` names
 * in a tensor of the given shape. With `wrap` negative ones count from the
 * end. `who` is the op that errors speak of. (As `numpy.ravel_multi_index`.)
 */
export const ravelIndex = functions.ravelIndex;
/**
 * One element of x for each index, from the row along `axis` (by default the
 * last) that lies where the index lies: `out[.., i, ..] = x[.., indices[.., i, ..], ..]`.
 * Along the other axes the two broadcast. (As `numpy.take_along_axis`,
 * PyTorch's `gather`.)
 */
export const takeAlongAxis = functions.takeAlongAxis;
