// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * A step of Adam, its `count`-th (Kingma and Ba, 2015, algorithm 1): the moving
 * means `first * beta1 + gradient * (1 - beta1)` of the gradient and
 * `second * beta2 + gradient^2 * (1 - beta2)` of its square, and
 * `variable - learningRate * m / (sqrt(v) + epsilon)`, where m and v are these
 * means over `1 - beta1^count` and `1 - beta2^count`, for their start at zero.
 */
export const adamStep = functions.adamStep;
/**
 * Gradient descent with momentum: `moving * momentum + gradient` becomes the
 * new `moving`, by which the variable goes down; with `nesterov` by
 * `moving * momentum + gradient` of the new one.
 */
export const momentumStep = functions.momentumStep;
/** Gradient descent: `variable - learningRate * gradient`. */
export const sgdStep = functions.sgdStep;
