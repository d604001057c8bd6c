// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * A node of a binary tree out of its two children (Tai, Socher, Manning,
 * Improved semantic representations from tree-structured long short-term
 * memory networks, 2015, as SPINN has it). With `a, i, fl, fr, o` the five
 * parts of `leftH @ leftKernel + rightH @ rightKernel + bias`: `c = tanh(a) *
 * sigmoid(i) + sigmoid(fl) * leftC + sigmoid(fr) * rightC`, `h = sigmoid(o) *
 * tanh(c)`. States are `[batch, units]`, kernels `[units, 5 * units]`; with an
 * input of its own (a tracker's state) `x @ kernel` is added.
 */
export const treeLstmCell = functions.treeLstmCell;
