import { axisOf, sameShape, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** What is said of positions: along which axis they lie, what they pick, and which of them lies outside. */

export interface Gathered {
  readonly axis: number;
  readonly batchDims: number;
}

/** Along which axis indices pick, and how many axes they share with x. */
export function gathered(
  op: string,
  x: Shape,
  indices: Shape,
  axis: number,
  batch: number,
): Gathered {
  const at = axisOf(op, axis, x.length);
  const shared = x.slice(0, batch);
  if (batch >= 0 && batch <= at && sameShape(shared, indices.slice(0, batch))) {
    return { axis: at, batchDims: batch };
  }
  const many = batch === 1 ? 'axis' : `${batch} axes`;
  throw new Error(
    `${op}: ${text(x)} and the indices ${text(indices)} do not share their first ${many} before axis ${at}`,
  );
}

/** What `gather` would give: the shape of slices for indices. */
export function pickedShape(x: Shape, indices: Shape, { axis, batchDims }: Gathered): Shape {
  return [...x.slice(0, axis), ...indices.slice(batchDims), ...x.slice(axis + 1)];
}

/** How many axes the last axis of the indices names; throws where there are not as many. */
export function namedAxes(op: string, shape: Shape, indices: Shape): number {
  const named = indices.at(-1);
  if (named !== undefined && named <= shape.length) return named;
  if (named === undefined) {
    throw new Error(`${op}: the indices have no axes; the last one must name an element`);
  }
  throw new Error(
    `${op}: the indices ${text(indices)} name ${named} axes; ${text(shape)} has ${shape.length}`,
  );
}

/** How errors speak of an index that is out of bounds. */
export function outside(
  op: string,
  index: number,
  at: string,
  axis: number,
  shape: Shape,
  wrap = false,
): Error {
  const n = shape[axis]!;
  const fits = n === 0 ? 'it is empty' : `${wrap ? -n : 0} to ${n - 1}`;
  return new Error(
    `${op}: index ${index}${at} lies outside axis ${axis} of ${text(shape)} (${fits})`,
  );
}

/** Where the i-th of the indices stands, in words; nothing where there is only one. */
export function positionText(i: number, shape: Shape): string {
  if (shape.length === 0) return '';
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return ` at ${text(at)}`;
}

/** Throws under vmap, where the shape of a result would be another for each example. */
export function sameForAll(op: string, tensor: Tensor): void {
  if (tensor.whole === tensor) return;
  throw new Error(
    `${op}: how many elements ${tensor.dtype}${text(tensor.shape)} picks differs from example to example under vmap, and a batch needs one shape for all; where(condition, x, y) keeps the shape`,
  );
}
