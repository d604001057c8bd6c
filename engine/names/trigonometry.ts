// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The angle from 0 to pi whose cosine is x; not-a-number outside -1 to 1. Integers become f32. */
export const acos = functions.acos;
/** What from 0 on has x as its hyperbolic cosine; not-a-number below 1. Integers become f32. */
export const acosh = functions.acosh;
/** The angle from -pi/2 to pi/2 whose sine is x; not-a-number outside -1 to 1. Integers become f32. */
export const asin = functions.asin;
/** What has x as its hyperbolic sine. Integers become f32. */
export const asinh = functions.asinh;
/** The angle from -pi/2 to pi/2 whose tangent is x. Integers become f32. */
export const atan = functions.atan;
/**
 * The angle from -pi to pi of the point whose ordinate is x and abscissa y,
 * with broadcasting: the ordinate comes first, as everywhere. Where both are 0
 * nothing flows back. Integers become f32.
 */
export const atan2 = functions.atan2;
/** What has x as its hyperbolic tangent; infinite at -1 and 1, not-a-number outside. Integers become f32. */
export const atanh = functions.atanh;
/** The cosine of x radians. Integers become f32. */
export const cos = functions.cos;
/** The hyperbolic cosine. Integers become f32. */
export const cosh = functions.cosh;
/** `sqrt(x * x + y * y)` without overflow, with broadcasting. Where both are 0 nothing flows back. Integers become f32. */
export const hypot = functions.hypot;
/** The sine of x radians. Integers become f32. */
export const sin = functions.sin;
/** The hyperbolic sine. Integers become f32. */
export const sinh = functions.sinh;
/** The tangent of x radians. Integers become f32. */
export const tan = functions.tan;
/** The hyperbolic tangent. Integers become f32. */
export const tanh = functions.tanh;
