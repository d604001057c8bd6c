import { isFloat, type DType } from './dtype.ts';
import type { Spec } from './op.ts';
import { broadcast, sameShape, text, type Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/**
 * What becomes of the losses of the examples: 'mean' (the weighed sum over the
 * sum of the weights), 'sum', 'none', or 'sumByNonzeroWeights' (the weighed sum
 * over the count of weights that are not 0, TensorFlow.js's own default).
 * Without weights all count 1.
 */
export type Reduction = 'mean' | 'sum' | 'none' | 'sumByNonzeroWeights';

const reductions: readonly Reduction[] = ['mean', 'sum', 'none', 'sumByNonzeroWeights'];

export function reductionOf(op: string, reduction: Reduction = 'sumByNonzeroWeights'): Reduction {
  if (reductions.includes(reduction)) return reduction;
  throw new Error(`${op}: no reduction '${reduction}'; there are ${reductions.join(', ')}`);
}

/** Shape and dtype of the result, where `each` is the shape of the losses of the examples and `values` what they are computed from. */
export function total(
  op: string,
  name: string,
  values: Spec,
  weights: Spec | undefined,
  reduction: Reduction,
  each: Shape,
): { shape: Shape; dtype: DType } {
  if (!isFloat(values.dtype)) {
    throw new Error(`${op}: the ${name} are ${values.dtype}; they must be floats`);
  }
  const shape = weights === undefined ? each : broadcast(op, each, weights.shape);
  return { shape: reduction === 'none' ? shape : [], dtype: values.dtype };
}

export function paired(op: string, labels: Spec, name: string, values: Spec): void {
  if (sameShape(labels.shape, values.shape)) return;
  throw new Error(
    `${op}: labels ${text(labels.shape)} against ${name} ${text(values.shape)}; their shapes must be equal`,
  );
}

export function reduceLosses(
  losses: Tensor,
  weights: Tensor | undefined,
  { reduction }: { readonly reduction: Reduction },
): Tensor {
  const each = weights === undefined ? losses : losses.mul(weights);
  if (reduction === 'none') return each;
  if (reduction === 'sum') return each.sum();
  if (weights === undefined) return each.mean();
  const all = weights.broadcastTo(each.shape);
  if (reduction === 'mean') return each.sum().div(all.sum());
  return each.sum().div(all.notEqual(0).sum().maximum(1));
}
