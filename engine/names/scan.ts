// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/** `log(cumsum(exp(x)))` along an axis, computed without overflow. Integers become f32. */
export const cumLogSumExp = functions.cumLogSumExp;
/** The greatest of the elements along an axis up to each, and where it lies, as i32: the last of several. Not-a-number wins. As in PyTorch; `reverse` as elsewhere here. */
export const cummax = functions.cummax;
/** The least of the elements along an axis up to each, and where it lies, as i32: the last of several. Not-a-number wins. As in PyTorch; `reverse` as elsewhere here. */
export const cummin = functions.cummin;
/** The products of the elements along an axis up to each. Zeros among them leave gradients right, of any order. */
export const cumprod = functions.cumprod;
/** The sums of the elements along an axis up to each. Floats are added in f64, integers as by `sum`. */
export const cumsum = functions.cumsum;
/**
 * `out[i] = a[i] * out[i - 1] + b[i]` along an axis, from `out[0] = b[0]` on: a
 * linear recurrence, of which cumsum (a = 1) and running means are cases. a and
 * b have one shape. Its gradient is one, too.
 */
export const linearScan = functions.linearScan;
