/** What non-maximum suppression is asked for. */
export interface Suppression {
  readonly maxOutputSize: number;
  readonly iouThreshold: number;
  readonly scoreThreshold: number;
  readonly softNmsSigma: number;
}

/** A box in the running: its score so far, and how many of those selected it was compared with. */
interface Candidate {
  readonly box: number;
  score: number;
  compared: number;
}

/**
 * The boxes (rows of y1, x1, y2, x2 in any corners' order) that keep their
 * score, the highest first: each takes those out that overlap with it, or with
 * `softNmsSigma` lowers their scores (Bodla, Singh, Chellappa, Davis, 2017).
 * Of equal scores the first box wins.
 */
export function selected(
  boxes: ArrayLike<number>,
  scores: ArrayLike<number>,
  asked: Suppression,
): readonly { readonly box: number; readonly score: number }[] {
  const { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma } = asked;
  const scale = softNmsSigma > 0 ? -0.5 / softNmsSigma : 0;
  const rising = (a: Candidate, b: Candidate) => a.score - b.score || b.box - a.box;
  const candidates = Array.from(scores, (score, box) => ({
    box,
    score: Number(score),
    compared: 0,
  }))
    .filter(({ score }) => score > scoreThreshold)
    .sort(rising);
  const kept: { box: number; score: number }[] = [];
  while (kept.length < maxOutputSize && candidates.length > 0) {
    const one = candidates.pop()!;
    const before = one.score;
    if (before <= scoreThreshold) break;
    let beaten = false;
    for (let i = kept.length - 1; i >= one.compared && !beaten; i--) {
      const shared = overlap(boxes, one.box, kept[i]!.box);
      beaten = shared >= iouThreshold;
      if (!beaten) one.score *= Math.exp(scale * shared * shared);
      if (one.score <= scoreThreshold) break;
    }
    one.compared = kept.length;
    if (beaten) continue;
    if (one.score === before) kept.push({ box: one.box, score: one.score });
    else if (one.score > scoreThreshold) insert(candidates, one, rising);
  }
  return kept;
}

/** Intersection over union of two boxes; 0 where one has no area. */
function overlap(boxes: ArrayLike<number>, i: number, j: number): number {
  const of = (box: number) => {
    const at = (k: number) => Number(boxes[box * 4 + k]!);
    const [y, x] = [[at(0), at(2)] as const, [at(1), at(3)] as const];
    return [Math.min(...y), Math.min(...x), Math.max(...y), Math.max(...x)] as const;
  };
  const [a, b] = [of(i), of(j)];
  const area = ([top, left, bottom, right]: typeof a) => (bottom - top) * (right - left);
  if (area(a) <= 0 || area(b) <= 0) return 0;
  const height = Math.max(Math.min(a[2], b[2]) - Math.max(a[0], b[0]), 0);
  const width = Math.max(Math.min(a[3], b[3]) - Math.max(a[1], b[1]), 0);
  return (height * width) / (area(a) + area(b) - height * width);
}

function insert(
  list: Candidate[],
  one: Candidate,
  rising: (a: Candidate, b: Candidate) => number,
): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising(list[middle]!, one) < 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, one);
}
