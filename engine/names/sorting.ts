// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The positions, as i32, that sort an axis, by default the last; equal elements
 * keep their order, and not-a-number counts as the greatest.
 */
export const argSort = functions.argSort;
/** The same as `argSort`, by its name in TensorFlow, NumPy and PyTorch. */
export const argsort = functions.argsort;
/**
 * The elements along one axis, by default the last, in rising order, or in
 * falling order where `descending`. Equal elements keep their order. As
 * `tf.sort` of TensorFlow, whose direction is a word.
 */
export const sort = functions.sort;
/**
 * The `k` greatest along one axis, by default the last, in falling order
 * (whether `sorted` asks for it or not), and their positions as i32; of equal
 * ones the first comes first.
 */
export const topk = functions.topk;
