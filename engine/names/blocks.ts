// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** Takes back what `spaceToBatchND` did, and cuts `crops[i] = [before, after]` elements off the axes. */
export const batchToSpaceND = functions.batchToSpaceND;
/** Moves channels into space: of `[batch, h, w, c]` it makes `[batch, h * b, w * b, c / b²]` for blocks of b times b. */
export const depthToSpace = functions.depthToSpace;
/**
 * Cuts the axes behind the first into blocks, after padding them with zeros,
 * and puts each place in a block into a batch of its own: of
 * `[batch, ...space, ...rest]` it makes `[batch * blocks, ...space / block, ...rest]`.
 */
export const spaceToBatchND = functions.spaceToBatchND;
/** Moves space into channels: of `[batch, h, w, c]` it makes `[batch, h / b, w / b, c * b²]`; takes back what `depthToSpace` did. (TensorFlow's.) */
export const spaceToDepth = functions.spaceToDepth;
