// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** `x + y`, with broadcasting. */
export const add = functions.add;
/** `x / y`, with broadcasting. Integers become f32, as in NumPy and PyTorch (TensorFlow.js rounds them down: `floorDiv`). */
export const div = functions.div;
/** `floor(x / y)`, with broadcasting. An integer divided by 0 is 0. No gradient: it is flat between its steps. */
export const floorDiv = functions.floorDiv;
/** The larger of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const maximum = functions.maximum;
/** The smaller of the two, with broadcasting; not-a-number wins. Where they are equal each gets half the gradient. */
export const minimum = functions.minimum;
/** `x - y * floor(x / y)`, with broadcasting: what is left has the sign of y. */
export const mod = functions.mod;
/** `x * y`, element by element, with broadcasting. */
export const mul = functions.mul;
/** `x` to the power of `y`, with broadcasting. Where y is 0 nothing flows back to x, and where x is 0 nothing to y. */
export const pow = functions.pow;
/** `(x - y) * (x - y)`, with broadcasting. */
export const squaredDifference = functions.squaredDifference;
/** `x - y`, with broadcasting. */
export const sub = functions.sub;
