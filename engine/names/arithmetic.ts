// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** `x + y`, with broadcasting. */
export const add = functions.add;
/** The sum of tensors of one shape. */
export const addN = functions.addN;
/** The size of x with the sign of y, with broadcasting. Nothing flows back to y. Integers become f32. */
export const copySign = functions.copySign;
/** `x / y`, with broadcasting. Integers become f32, as in NumPy and PyTorch (TensorFlow.js rounds them down: `floorDiv`). */
export const div = functions.div;
/** `x / y`, and 0 where y is 0, with broadcasting. Integers become f32. */
export const divNoNan = functions.divNoNan;
/** `floor(x / y)`, with broadcasting. An integer divided by 0 is 0. No gradient: it is flat between its steps. */
export const floorDiv = functions.floorDiv;
/** `x - y * trunc(x / y)`, with broadcasting, as JavaScript's `%`: what is left has the sign of x. An integer divided by 0 leaves 0. */
export const fmod = functions.fmod;
/** From x to y by so much of the way as weight says, exact at both ends; the three broadcast. As PyTorch has it. */
export const lerp = functions.lerp;
/** `log(exp(x) + exp(y))`, with broadcasting, computed without overflow. Integers become f32. */
export const logAddExp = functions.logAddExp;
/** The larger of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const maximum = functions.maximum;
/** The smaller of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const minimum = functions.minimum;
/** `x - y * floor(x / y)`, with broadcasting: what is left has the sign of y. */
export const mod = functions.mod;
/** `x * y`, element by element, with broadcasting. */
export const mul = functions.mul;
/** The next number of the dtype after x on the way to y, with broadcasting. No gradient. Integers become f32. */
export const nextAfter = functions.nextAfter;
/**
 * `x` to the power of `y`, with broadcasting. Where y is 0 nothing flows back to x, and where x is 0 nothing to y unless
 * y is below 0 (then it is infinite).
 */
export const pow = functions.pow;
/** `mod` by the name it has in NumPy and PyTorch: what is left has the sign of y. With the sign of x it is `fmod`. */
export const remainder = functions.remainder;
/** `(x - y) * (x - y)`, with broadcasting. */
export const squaredDifference = functions.squaredDifference;
/** `x - y`, with broadcasting. */
export const sub = functions.sub;
/** `x * log(y)`, with broadcasting, and 0 where x is 0 unless y is not-a-number. Integers become f32. */
export const xlogy = functions.xlogy;
