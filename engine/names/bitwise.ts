// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The bits that both have, with broadcasting. */
export const bitwiseAnd = functions.bitwiseAnd;
/** The bits that x has not; of integers that is `-x - 1`, of booleans `logicalNot`. */
export const bitwiseNot = functions.bitwiseNot;
/** The bits that one of the two has or both, with broadcasting. */
export const bitwiseOr = functions.bitwiseOr;
/** The bits that one of the two has and not both, with broadcasting. */
export const bitwiseXor = functions.bitwiseXor;
/**
 * The bits of x, y places to the left: `x * 2 ** y`, wrapped around. Where y is
 * negative or as large as the width of the dtype nothing is left: 0.
 */
export const leftShift = functions.leftShift;
/**
 * The bits of x, y places to the right, the sign drawn after: `floor(x / 2 **
 * y)`. Where y is negative or as large as the width of the dtype the sign is
 * left: 0 or -1.
 */
export const rightShift = functions.rightShift;
