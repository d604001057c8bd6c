// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The cross entropy of sigmoid(logits) against labels that are probabilities,
 * element by element: `softplus(logits) - logits * labels`. Label smoothing s
 * moves labels to `labels * (1 - s) + s / 2`. With the arguments of
 * TensorFlow.js's `losses.sigmoidCrossEntropy`.
 */
export const sigmoidCrossEntropy = functions.sigmoidCrossEntropy;
/**
 * The cross entropy of softmax(logits) against labels that are probabilities
 * along the last axis (one-hot ones, say). Label smoothing s moves labels to
 * `labels * (1 - s) + s / classes`. With the arguments of TensorFlow.js's
 * `losses.softmaxCrossEntropy`.
 */
export const softmaxCrossEntropy = functions.softmaxCrossEntropy;
/** The cross entropy of softmax(logits) against labels that are class numbers: `-logSoftmax(logits)[label]`. */
export const sparseSoftmaxCrossEntropy = functions.sparseSoftmaxCrossEntropy;
