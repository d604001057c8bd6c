// Printed from the op table by scripts/docs.ts; edits are lost. The rows are in engine/ops/.
import { functions } from '../functions.ts';

/**
 * The positions, as i32, of the boxes `[n, 4]` (rows of y1, x1, y2, x2) that
 * stay, the highest score first: a box goes where its intersection with one
 * that stays is `iouThreshold` of their union or more, or its score not above
 * `scoreThreshold`. No more than `maxOutputSize` stay. No gradient: positions are whole numbers.
 */
export const nonMaxSuppression = functions.nonMaxSuppression;
/**
 * As `nonMaxSuppression`, with the scores of the boxes that stay. With a
 * `softNmsSigma` above 0 boxes that overlap less than `iouThreshold` do not go,
 * but their scores are multiplied by `exp(-iou^2 / (2 softNmsSigma))` (Bodla,
 * Singh, Chellappa, Davis: Soft-NMS, 2017). No gradient, as in TensorFlow.js.
 */
export const nonMaxSuppressionWithScore = functions.nonMaxSuppressionWithScore;
