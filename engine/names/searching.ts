// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * Whether the target of each row is among its `k` greatest predictions: fewer
 * than k are greater, so that ties count as in. A target that is no class, or
 * whose prediction is no finite number, is not. (TensorFlow.js's
 * `inTopKAsync`, but at once.)
 */
export const inTopK = functions.inTopK;
/** Where each value is to be put into a sorted row, before its equals: `searchSorted` from the left. */
export const lowerBound = functions.lowerBound;
/**
 * Where each value is to be put into a row that is sorted, so that it stays
 * so: before its equals, or behind them where `side` is `'right'`. The rows
 * are the last axis of `sortedSequence`; one row serves values of any shape,
 * several one row of values each. Not-a-number comes last.
 */
export const searchSorted = functions.searchSorted;
/** Where each value is to be put into a sorted row, behind its equals: `searchSorted` from the right. */
export const upperBound = functions.upperBound;
