// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** elu whose slope has no step at 0: x above it, `alpha * (exp(x / alpha) - 1)` up to there (Barron, 2017). Integers become f32. */
export const celu = functions.celu;
/** x above 0, `alpha * (exp(x) - 1)` up to there (Clevert, Unterthiner, Hochreiter, 2015). Integers become f32. */
export const elu = functions.elu;
/** The first half of x along an axis, by default the last, times the sigmoid of the other half (Dauphin and others, 2016). */
export const glu = functions.glu;
/** `min(max(x + 3, 0), 6) / 6`, as in PyTorch and Keras 3. Integers become f32. */
export const hardSigmoid = functions.hardSigmoid;
/** `x * hardSigmoid(x)` (Howard and others: Searching for MobileNetV3, 2019). Integers become f32. */
export const hardSwish = functions.hardSwish;
/** `min(max(x, minVal), maxVal)`. */
export const hardTanh = functions.hardTanh;
/** x above 0, `alpha * x` up to there. Integers become f32. */
export const leakyRelu = functions.leakyRelu;
/** `x * tanh(softplus(x))` (Misra, 2019). Integers become f32. */
export const mish = functions.mish;
/** x above 0, `alpha * x` up to there, where alpha is a tensor that broadcasts and may be trained (He and others, 2015). Integers become f32. */
export const prelu = functions.prelu;
/** `min(max(x, 0), 6)` (Howard and others: MobileNets, 2017). */
export const relu6 = functions.relu6;
/** elu with the scale and alpha that keep mean and variance from layer to layer (Klambauer and others, 2017). Integers become f32. */
export const selu = functions.selu;
/** `x / (1 + abs(x))`; -1 and 1 at the infinities. Integers become f32. */
export const softsign = functions.softsign;
/** `silu` by its other name: `x * sigmoid(x)` (Ramachandran, Zoph, Le, 2017). */
export const swish = functions.swish;
