// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** `abs(labels - predictions)`. */
export const absoluteDifference = functions.absoluteDifference;
/** `-labels * log(predictions) - (1 - labels) * log(1 - predictions)` of probabilities, logarithms kept above -100 as in PyTorch. From logits take `sigmoidCrossEntropy`. */
export const bceLoss = functions.bceLoss;
/** `1 - sum(labels * predictions)` along an axis, by default the last, which stays with length 1; both are taken to have length 1 along it. */
export const cosineDistance = functions.cosineDistance;
/** `max(0, 1 - predictions * (2 * labels - 1))`: labels are 0 or 1. */
export const hingeLoss = functions.hingeLoss;
/** Half the square of the distance up to `delta`, beyond it a straight line (Huber, 1964). */
export const huberLoss = functions.huberLoss;
/** How far predicted probabilities are from the labels' own, `sum(labels * log(labels / predictions))` along the last axis (Kullback, Leibler, 1951); infinite where something comes that was predicted never to. */
export const klDivergence = functions.klDivergence;
/** `-labels * log(predictions + epsilon) - (1 - labels) * log(1 - predictions + epsilon)` of probabilities. */
export const logLoss = functions.logLoss;
/** `(labels - predictions)^2`. */
export const meanSquaredError = functions.meanSquaredError;
/** `-logProbabilities[label]`, where labels are class numbers and classes lie along the last axis: what `sparseSoftmaxCrossEntropy` is of logits. */
export const nllLoss = functions.nllLoss;
/** The negative logarithm of Poisson's probability of the labels, without its constant part: `exp(p) - labels * p` for p the logarithm of the rate, or `p - labels * log(p + 1e-8)` where the predictions are rates. As in PyTorch. */
export const poissonNll = functions.poissonNll;
/** How much nearer, along the last axis, an anchor is to be to what is like it than to what is not: `max(|anchor - positive| - |anchor - negative| + margin, 0)`. As in PyTorch, 1e-6 is added to every distance. */
export const tripletLoss = functions.tripletLoss;
