import type { Elements } from './device.ts';
import { sameForAll } from './indexing/indices.ts';
import type { Spec } from './op.ts';
import type { Tensor } from './tensor.ts';

// Inputs whose values say what shape a result has: they are read before the op runs.

/** The values of an input, which ops are not told of before they run. */
export function valuesOf(op: string, x: Spec): Elements {
  return tensorOf(op, x).data();
}

export function tensorOf(op: string, x: Spec): Tensor {
  if ((x as Partial<Tensor>).data !== undefined) {
    sameForAll(op, x as Tensor);
    return x as Tensor;
  }
  throw new Error(`${op}: the shape of the result depends on values, which are not known here`);
}
