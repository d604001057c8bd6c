// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** Times until something that happens `rate` times as often as once comes to pass: mean `1 / rate`. */
export const exponential = functions.exponential;
/** The beta distribution on 0 to 1: mean `a / (a + b)`. */
export const randomBeta = functions.randomBeta;
/** The ratio of two normal numbers, times `scale`, plus `loc`: it has no mean. */
export const randomCauchy = functions.randomCauchy;
/** The gamma distribution with shape `alpha` and rate `beta`: mean `alpha / beta`. With the arguments of TensorFlow.js. */
export const randomGamma = functions.randomGamma;
/** The limit of greatest numbers, `-log(-log(u))`, times `scale`, plus `loc`. */
export const randomGumbel = functions.randomGumbel;
/** The difference of two exponential numbers, times `scale`, plus `loc`. */
export const randomLaplace = functions.randomLaplace;
/** Numbers whose logarithm is normal with that mean and standard deviation. */
export const randomLogNormal = functions.randomLogNormal;
/** Student's t with `df` degrees of freedom. */
export const randomStudentT = functions.randomStudentT;
/** Normal numbers that lie within two standard deviations of the mean: others are drawn again, as in TensorFlow.js. */
export const truncatedNormal = functions.truncatedNormal;
