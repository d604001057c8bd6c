import type { Rows } from './device.ts';
import { sameShape, type Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/**
 * The plain cases of broadcasting: one tensor has the shape of the result and
 * is dense, and the other gives its elements to every row of it (a bias, a
 * number) or one element to each row (what a reduction kept), also where it
 * was broadcast to that shape before (the gradient of a sum). run.ts takes
 * those by its short way.
 */
export interface Repeat {
  readonly how: 'row' | 'column';
  /** The second is what repeats, not the first. */
  readonly second: boolean;
  /** How many elements it has. */
  readonly count: number;
}

/** Which of the cases two tensors are, or null for any other, shapes that do not broadcast among them. */
export function repeat(x: Tensor, y: Tensor): Repeat | null {
  if (x.size === 0 || y.size === 0 || x.size > LARGE || y.size > LARGE) return null;
  if (x.strides !== null || y.strides !== null) {
    if (!sameShape(x.shape, y.shape)) return null;
    if (x.strides === null) return spread(y.shape, y.strides!, true);
    return y.strides === null ? spread(x.shape, x.strides, false) : null;
  }
  return y.size <= x.size ? along(x.shape, y, true) : along(y.shape, x, false);
}

/** Runs a kernel of rows on operands at those addresses, for a result of so many elements. */
export function stretch(
  kernel: Rows,
  { how, second, count }: Repeat,
  out: number,
  x: number,
  y: number,
  size: number,
): void {
  const rest = size / count;
  if (count === 1) kernel(out, x, y, 1, size, 0, second ? 1 : 0, 0, second ? 0 : 1);
  else if (how === 'column') {
    if (second) kernel(out, x, y, count, rest, rest, 1, 1, 0);
    else kernel(out, x, y, count, rest, 1, 0, rest, 1);
  } else if (second) kernel(out, x, y, rest, count, count, 1, 0, 1);
  else kernel(out, x, y, rest, count, 0, 1, count, 1);
}

/** What is larger is left to the device, which may share the work out. */
const LARGE = 2 ** 14;

/** A dense tensor along a larger shape. */
function along(large: Shape, { shape, size }: Tensor, second: boolean): Repeat | null {
  const lead = large.length - shape.length;
  if (lead < 0) return null;
  let same = shape.length;
  while (same > 0 && shape[same - 1] === large[lead + same - 1]) same--;
  if (ones(shape, 0, same)) return { how: 'row', second, count: size };
  if (lead > 0) return null;
  same = 0;
  while (shape[same] === large[same]) same++;
  return ones(shape, same, shape.length) ? { how: 'column', second, count: size } : null;
}

function ones(shape: Shape, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (shape[i] !== 1) return false;
  return true;
}

/** A tensor that was broadcast: steps of 0 along its first axes, or along its last. */
function spread(shape: Shape, strides: readonly number[], second: boolean): Repeat | null {
  let axis = shape.length - 1;
  let count = 1;
  while (axis >= 0 && (shape[axis] === 1 || strides[axis] === 0)) axis--;
  const how = axis < shape.length - 1 && axis >= 0 ? 'column' : 'row';
  for (; axis >= 0 && (shape[axis] === 1 || strides[axis] === count); axis--) count *= shape[axis]!;
  for (; axis >= 0; axis--) {
    if (shape[axis] !== 1 && (how === 'column' || strides[axis] !== 0)) return null;
  }
  return { how, second, count };
}
