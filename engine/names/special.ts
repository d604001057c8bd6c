// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The derivative of lgamma. At 0 it is infinite, below it not-a-number at whole numbers, as in PyTorch. Integers become f32. */
export const digamma = functions.digamma;
/** The error function: `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. Integers become f32. */
export const erf = functions.erf;
/** `1 - erf(x)`, exact where that is small. Integers become f32. */
export const erfc = functions.erfc;
/** What has x as its error function; infinite at -1 and 1, not-a-number outside. Integers become f32. */
export const erfinv = functions.erfinv;
/** The logarithm of the absolute value of the gamma function; infinite at 0 and below it at whole numbers. Integers become f32. */
export const lgamma = functions.lgamma;
/**
 * The n-th derivative of digamma, for whole n from 0 on; 1 is the trigamma
 * function. At 0 and below it at whole numbers it is infinite. PyTorch and
 * SciPy take n first. Integers become f32.
 */
export const polygamma = functions.polygamma;
