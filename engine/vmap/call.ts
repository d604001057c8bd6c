import type { Batch } from './batch.ts';
import type { Spec } from '../op.ts';
import type { Ready } from '../ready.ts';
import { sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/**
 * How an op runs once for a whole batch: a rule gets the inputs with the axis
 * of the batch in front, or without it where they are the same for all
 * examples, and gives results that have it; null where it cannot.
 */
export type Rule = (call: BatchCall) => unknown;

/** An op on a batch. */
export interface BatchCall {
  readonly op: Ready;
  readonly inputs: readonly BatchInput[];
  readonly attrs: any;
  readonly batch: Batch;
}

/** One input: a tensor, a list, or nothing where it was left out. */
export type BatchInput = Part | readonly Part[] | undefined;
export interface Part {
  readonly tensor: Tensor;
  readonly batched: boolean;
}

/** What the op gives for one example. */
export function specsOf({ op, inputs, attrs }: BatchCall): readonly Spec[] {
  const one = ({ tensor, batched }: Part): Spec & { size: number; rank: number } => {
    const shape = batched ? tensor.shape.slice(1) : tensor.shape;
    return { shape, dtype: tensor.dtype, size: sizeOf(shape), rank: shape.length };
  };
  const given = inputs.map((input) =>
    input === undefined || isPart(input) ? input && one(input) : input.map(one),
  );
  return listed(op.row.spec(op.named(...given), attrs));
}

export function listed(specs: unknown): readonly Spec[] {
  const { shape, dtype } = specs as Partial<Spec>;
  return shape !== undefined && dtype !== undefined
    ? [specs as Spec]
    : (Object.values(specs as object) as Spec[]);
}

/** The same for every example. */
export function repeated(tensor: Tensor, { size }: Batch): Tensor {
  return tensor.broadcastTo([size, ...tensor.shape]);
}

export function isPart(input: BatchInput): input is Part {
  return input !== undefined && 'tensor' in input;
}

/** The inputs as they are, where all of one have the axis of the batch: also those that are the same for all. */
export function whole(input: BatchInput, batch: Batch): Tensor | readonly Tensor[] | undefined {
  if (input === undefined) return undefined;
  const one = ({ tensor, batched }: Part) => (batched ? tensor : repeated(tensor, batch));
  return isPart(input) ? one(input) : input.map(one);
}
