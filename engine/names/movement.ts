// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The tensor repeated along axes of length 1, and along new axes in front. */
export const broadcastTo = functions.broadcastTo;
/** A copy on bytes of its own, row-major without gaps. */
export const clone = functions.clone;
/** With a new axis of length 1 before the given one, by default in front. */
export const expandDims = functions.expandDims;
/** All elements, row-major, along one axis. */
export const flatten = functions.flatten;
/** The same tensor under a new handle. */
export const identity = functions.identity;
/** The axes in another order: axis i of the result is axis `dims[i]` of x. (PyTorch's name for `transpose` with an order.) */
export const permute = functions.permute;
/**
 * The same elements, row-major, in another shape; one length may be -1 and is
 * filled in. Copies only where no strides can say it, as after a transpose.
 */
export const reshape = functions.reshape;
/** The elements in opposite order along some axes, by default all. */
export const reverse = functions.reverse;
/**
 * A window that starts at `begin` and has the given size; a size of -1, or one
 * left out, goes to the end of its axis. A bare number counts for the first
 * axis.
 */
export const slice = functions.slice;
/** Without axes of length 1: the given ones, by default all. */
export const squeeze = functions.squeeze;
/** The same tensor, through which nothing flows back. */
export const stopGradient = functions.stopGradient;
/** The axes in another order: axis i of the result is axis `perm[i]` of x. By default they are reversed. */
export const transpose = functions.transpose;
