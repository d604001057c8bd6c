// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** 1 with the probability that x says, else 0, in the dtype of x. No gradient. As in PyTorch. */
export const bernoulli = functions.bernoulli;
/** So many class numbers for each row of logits, as i32, drawn by the probabilities softmax(logits): `multinomial` by the name it has in TensorFlow. */
export const categorical = functions.categorical;
/**
 * So many class numbers for each row of logits, as i32, drawn by the
 * probabilities softmax(logits), or by the rows themselves where they are
 * `normalized`: probabilities. With the arguments of TensorFlow.js.
 */
export const multinomial = functions.multinomial;
/** The whole numbers from 0 up to, but without, n in random order, as i32. */
export const permutation = functions.permutation;
/** How often something happens that happens x times on average, in the dtype of x. No gradient. As in PyTorch. */
export const poisson = functions.poisson;
/** Shares that add up to 1 along the last axis, of the Dirichlet distribution with the concentrations alpha. No gradient. */
export const randomDirichlet = functions.randomDirichlet;
/** `randomUniformInt` by a shorter name. */
export const randomInt = functions.randomInt;
/** Whole numbers drawn evenly from `minval` up to, but without, `maxval`, as i32: `randomUniform` of that dtype. With the arguments of TensorFlow.js. */
export const randomUniformInt = functions.randomUniformInt;
/** The slices of x along an axis, by default the first, in random order. */
export const shuffle = functions.shuffle;
