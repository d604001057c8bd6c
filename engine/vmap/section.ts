import { repeated, type Part, type Rule } from './call.ts';
import { run } from '../run.ts';
import type { Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Sections in steps: all of each example, along the axis of the batch. */
export const sections: Rule = ({ op, inputs, attrs, batch }) => {
  const { begin, steps, size, shape, kept } = attrs as {
    begin: Shape;
    steps: Shape;
    size: Shape;
    shape: Shape;
    kept?: readonly number[];
  };
  const [x, value] = inputs as readonly (Part | undefined)[];
  const of = x!.batched ? x!.tensor : repeated(x!.tensor, batch);
  const moved = {
    ...(attrs as object),
    begin: [0, ...begin],
    steps: [1, ...steps],
    size: [batch.size, ...size],
    shape: [batch.size, ...shape],
    ...(kept && { kept: [0, ...kept.map((axis) => (axis < 0 ? axis : axis + 1))] }),
  };
  return run(op, value === undefined ? [of] : [of, behind(value, shape.length)], moved);
};

/** A value that broadcasts over that many axes, with these behind that of its batch. */
function behind({ tensor, batched }: Part, rank: number): Tensor {
  if (!batched) return tensor;
  const { shape } = tensor;
  const lead = new Array<number>(rank - shape.length + 1).fill(1);
  return tensor.reshape([shape[0]!, ...lead, ...shape.slice(1)]);
}
