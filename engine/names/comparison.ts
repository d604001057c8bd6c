// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** Whether `x = y`, with broadcasting. */
export const equal = functions.equal;
/** Whether `x > y`, with broadcasting. */
export const greater = functions.greater;
/** Whether `x >= y`, with broadcasting. */
export const greaterEqual = functions.greaterEqual;
/** Whether `x < y`, with broadcasting. */
export const less = functions.less;
/** Whether `x <= y`, with broadcasting. */
export const lessEqual = functions.lessEqual;
/** Whether both are true, with broadcasting; anything but zero is true. */
export const logicalAnd = functions.logicalAnd;
/** Whether x is false: zero. */
export const logicalNot = functions.logicalNot;
/** Whether one of the two is true or both, with broadcasting; anything but zero is true. */
export const logicalOr = functions.logicalOr;
/** Whether one of the two is true and not both, with broadcasting; anything but zero is true. */
export const logicalXor = functions.logicalXor;
/** Whether x and y differ, with broadcasting. */
export const notEqual = functions.notEqual;
/**
 * `x` where the condition is true, `y` where it is not; the three broadcast.
 * The condition is bool and comes first, also as a method: `condition.where(x, y)`.
 */
export const where = functions.where;
