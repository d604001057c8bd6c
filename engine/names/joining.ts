// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** Joins tensors along one axis, by default the first; all other axes must be equal. As a method it joins others to this tensor. */
export const concat = functions.concat;
/** With `paddings[i] = [before, after]` elements of a constant around axis i. */
export const pad = functions.pad;
/** Cuts a tensor along one axis, by default the first: into a number of equal parts, or into parts of the given lengths (one may be -1). */
export const split = functions.split;
/** Joins tensors of one shape along a new axis, by default the first. As a method it joins others to this tensor. */
export const stack = functions.stack;
/** The tensor repeated `reps[i]` times along axis i. */
export const tile = functions.tile;
/** The slices of a tensor along one axis, by default the first, each without that axis. */
export const unstack = functions.unstack;
