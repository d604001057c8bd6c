// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * x times the share of the normal distribution below it: `x / 2 * (1 + erf(x /
 * sqrt(2)))` (Hendrycks, Gimpel: Gaussian Error Linear Units, 2016). With
 * `approximate` by `tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))` in place of erf,
 * as GPT-2 has it. Integers become f32.
 */
export const gelu = functions.gelu;
/** `log(sigmoid(x))`, which is `-softplus(-x)`, computed without overflow. Integers become f32. */
export const logSigmoid = functions.logSigmoid;
/** The logarithm of `softmax`, computed without taking it: `x - log(sum(exp(x)))` along one axis, by default the last. */
export const logSoftmax = functions.logSoftmax;
/** `max(x, 0)`. Its derivative at 0 is 0. */
export const relu = functions.relu;
/** The gradient of `relu`: x where y, its input or result, is above 0, else 0, also where x is infinite. */
export const reluGrad = functions.reluGrad;
/** `1 / (1 + exp(-x))`, computed without overflow. Integers become f32. */
export const sigmoid = functions.sigmoid;
/** `x * sigmoid(x)`, also called swish (Elfwing, Uchibe, Doya, 2017). Integers become f32. */
export const silu = functions.silu;
/**
 * `exp(x) / sum(exp(x))` along one axis, by default the last. The greatest
 * element is taken away first, so that nothing overflows.
 */
export const softmax = functions.softmax;
/** `log(1 + exp(x))`, computed without overflow. Integers become f32. */
export const softplus = functions.softplus;
/** 1 where `x > 0`, `alpha` where it is not; not-a-number stays. No gradient: it is flat on both sides of its step. */
export const step = functions.step;
