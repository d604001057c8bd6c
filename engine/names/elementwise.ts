// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** The absolute value; of a complex number its distance from 0, which is real. Its derivative at 0 is 0. */
export const abs = functions.abs;
/**
 * The same values in another dtype. Floats are cut toward zero on the way to
 * integers and kept in their range; not-a-number becomes 0. Anything but zero
 * is true. Of a complex number the real part is left. Of a tensor that has the dtype nothing is copied: the result is
 * another handle on the same values.
 */
export const cast = functions.cast;
/** The cube root, which has the sign of x. Integers become f32. */
export const cbrt = functions.cbrt;
/** To the next whole number above. No gradient: it is flat between its steps. */
export const ceil = functions.ceil;
/** Keeps every element between `clipValueMin` and `clipValueMax`; not-a-number stays. The gradient passes between the two, ends included. */
export const clipByValue = functions.clipByValue;
/** `e` to the power of x. Integers become f32. */
export const exp = functions.exp;
/** 2 to the power of x. Integers become f32. */
export const exp2 = functions.exp2;
/** `exp(x) - 1`, exact near 0. Integers become f32. */
export const expm1 = functions.expm1;
/** To the next whole number below. No gradient: it is flat between its steps. */
export const floor = functions.floor;
/** Whether an element is neither infinite nor not-a-number. */
export const isFinite = functions.isFinite;
/** Whether an element is infinite. */
export const isInf = functions.isInf;
/** Whether an element is not-a-number. */
export const isNaN = functions.isNaN;
/** The natural logarithm; not-a-number below 0. Integers become f32. */
export const log = functions.log;
/** The logarithm to base 10; not-a-number below 0. Integers become f32. */
export const log10 = functions.log10;
/** `log(1 + x)`, exact near 0. Integers become f32. */
export const log1p = functions.log1p;
/** The logarithm to base 2; not-a-number below 0. Integers become f32. */
export const log2 = functions.log2;
/** `-x`. */
export const neg = functions.neg;
/** `1 / x`. Integers become f32. */
export const reciprocal = functions.reciprocal;
/** To the nearest whole number, halves to the even one. No gradient: it is flat between its steps. */
export const round = functions.round;
/** `1 / sqrt(x)`. Integers become f32. */
export const rsqrt = functions.rsqrt;
/** -1, 0 or 1 after the sign of x; not-a-number stays. No gradient: it is flat wherever it has a derivative. */
export const sign = functions.sign;
/** The square root; not-a-number below 0. Integers become f32. */
export const sqrt = functions.sqrt;
/** `x * x`. */
export const square = functions.square;
/** To the next whole number toward 0. No gradient: it is flat between its steps. */
export const trunc = functions.trunc;
