// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Connectionist temporal classification (Graves and others, 2006): the negative
 * logarithm of the probability that logits `[batch, time, classes]` spell the
 * labels `[batch, labels]`, whatever the times and with any blanks between
 * them, summed over all paths in logarithms. Only so many labels and steps of
 * time count as the lengths `[batch]` say. Infinite where there is no such
 * path. Lengths and the blank as in TensorFlow; PyTorch's own mean also divides
 * by the lengths of the labels. It is written in ops, so gradients of any order
 * are exact.
 */
export const ctcLoss = functions.ctcLoss;
