import type { Rows } from './device.ts';
import { sameShape, type Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/**
 * The plain cases of broadcasting two dense tensors: one has the shape of the
 * result, and the other gives its elements to every row of it (a bias, a
 * number) or one element to each row (what a reduction kept). run.ts takes
 * those by its short way.
 */
export const Repeats = {
  NONE: 0,
  Y_BY_ROW: 1,
  Y_BY_COLUMN: 2,
  X_BY_ROW: 3,
  X_BY_COLUMN: 4,
  /** Anything else, shapes that do not broadcast among it. */
  OTHER: 5,
} as const;
export type Repeats = (typeof Repeats)[keyof typeof Repeats];

/** Which of the cases two dense tensors are. */
export function repeats(x: Tensor, y: Tensor): Repeats {
  if (sameShape(x.shape, y.shape)) return Repeats.NONE;
  if (x.size === 0 || y.size === 0 || x.size > LARGE || y.size > LARGE) return Repeats.OTHER;
  return y.size <= x.size ? along(x.shape, y.shape, 0) : along(y.shape, x.shape, 2);
}

/** Runs a kernel of rows on operands at those addresses; `size` is that of the result, `small` that of what repeats. */
export function stretch(
  kernel: Rows,
  how: Repeats,
  out: number,
  x: number,
  y: number,
  size: number,
  small: number,
): void {
  if (how === Repeats.Y_BY_ROW) {
    if (small === 1) kernel(out, x, y, 1, size, 0, 1, 0, 0);
    else kernel(out, x, y, size / small, small, small, 1, 0, 1);
  } else if (how === Repeats.X_BY_ROW) {
    if (small === 1) kernel(out, x, y, 1, size, 0, 0, 0, 1);
    else kernel(out, x, y, size / small, small, 0, 1, small, 1);
  } else if (how === Repeats.Y_BY_COLUMN) {
    kernel(out, x, y, small, size / small, size / small, 1, 1, 0);
  } else {
    kernel(out, x, y, small, size / small, 1, 0, size / small, 1);
  }
}

/** What is larger is left to the device, which may share the work out. */
const LARGE = 2 ** 14;

function along(large: Shape, small: Shape, x: 0 | 2): Repeats {
  const lead = large.length - small.length;
  if (lead < 0) return Repeats.OTHER;
  let same = small.length;
  while (same > 0 && small[same - 1] === large[lead + same - 1]) same--;
  if (ones(small, 0, same)) return (Repeats.Y_BY_ROW + x) as Repeats;
  if (lead > 0) return Repeats.OTHER;
  same = 0;
  while (small[same] === large[same]) same++;
  return ones(small, same, small.length) ? ((Repeats.Y_BY_COLUMN + x) as Repeats) : Repeats.OTHER;
}

function ones(shape: Shape, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (shape[i] !== 1) return false;
  return true;
}
