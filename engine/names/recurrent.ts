// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * One step of a gated recurrent unit (Cho and others, 2014). With the gates
 * `z, r, n` in the order of Keras, of x's part `a = x @ kernel + bias` and of
 * h's part `b = h @ recurrentKernel + recurrentBias`: `z = sigmoid(az + bz)`,
 * `r = sigmoid(ar + br)`, `n = tanh(an + r * bn)`, `h = z * h + (1 - z) * n`.
 * That is how cuDNN, PyTorch (whose order is r, z, n) and Keras do it; without
 * `resetAfter` r applies to h before the product, as in the paper and in
 * TensorFlow.js.
 */
export const gruCell = functions.gruCell;
/**
 * One step of long short-term memory (Hochreiter, Schmidhuber, 1997). With
 * `i, f, g, o` the four parts of `x @ kernel + h @ recurrentKernel + bias`:
 * `c = sigmoid(f) * c + sigmoid(i) * tanh(g)`, `h = sigmoid(o) * tanh(c)`. The
 * order of the gates is that of Keras and PyTorch, whose two biases are to be
 * added up. `x` is `[batch, inputs]`, `h` and `c` are `[batch, units]`.
 */
export const lstmCell = functions.lstmCell;
/**
 * One step of a simple recurrent network: `tanh(x @ kernel + h @
 * recurrentKernel + bias)` (Elman, 1990), or with `activation` 'relu' that in
 * place of tanh, as PyTorch's `RNNCell`.
 */
export const simpleRnnCell = functions.simpleRnnCell;
