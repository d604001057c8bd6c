import type { One, Sample } from './op.ts';
import type { Axes } from './shape.ts';

/** What the rows that fold axes have in common. */

/** Without an axis all of them are folded. */
export type FoldArgs = [axis?: Axes, keepDims?: boolean];

export function foldSamples(): readonly Sample<{ x: One }, FoldArgs>[] {
  return [
    { in: { x: [2, 3] } },
    { in: { x: [2, 3, 4] }, args: [[0, -1]] },
    { in: { x: [2, 3] }, args: [1, true] },
    { in: { x: { shape: [3], dtype: 'i32', range: [1, 9] } } },
  ];
}

export function foldErrors(op: string) {
  return [
    {
      in: { x: [2, 3] },
      args: [2],
      says: `${op}: no axis 2 in a tensor of rank 2 (there are -2 to 1)`,
    },
    { in: { x: [2, 3] }, args: [[0, -2]], says: `${op}: an axis twice` },
  ] as const;
}
