import type { Tensor } from './tensor.ts';

/** The axes of a tensor in another order: for formulas of what is done along the last one. */

/** With that axis last. */
export function endingWith(x: Tensor, axis: number): Tensor {
  const axes = x.shape.map((_, i) => i);
  return axis === axes.length - 1 ? x : x.transpose([...axes.toSpliced(axis, 1), axis]);
}

/** With the last axis there. */
export function startingAt(x: Tensor, axis: number): Tensor {
  const last = x.shape.length - 1;
  const axes = x.shape.map((_, i) => i);
  return axis === last ? x : x.transpose(axes.toSpliced(last, 1).toSpliced(axis, 0, last));
}
