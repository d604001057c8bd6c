import { specsOf, whole, type Rule } from './call.ts';
import { run } from '../run.ts';
import { functions } from '../functions.ts';
import { sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** Ops that count into places: each example has places of its own, one after the other, so that one op counts them all. */

/** Folds by segment: those of example b begin at `b * numSegments`. */
export const segments: Rule = (call) => {
  const { op, inputs, attrs, batch } = call;
  const { numSegments } = attrs as { numSegments: number };
  const [spec] = specsOf(call);
  const [x, ids] = inputs.map((input) => whole(input, batch) as Tensor) as [Tensor, Tensor];
  const own = ids.cast('i32');
  const inside = own.greaterEqual(0).logicalAnd(own.less(numSegments));
  const places = inside.where(own.add(begins(batch.size, numSegments, own)), -1);
  const made = run(op, [x, places], { numSegments: batch.size * numSegments }) as Tensor;
  return made.reshape([batch.size, ...spec!.shape]);
};

/** Counts of numbers: what lies above all goes above all of all examples; negative numbers are refused, as ever. */
export const bins: Rule = (call) => {
  const { op, inputs, attrs, batch } = call;
  const { size } = attrs as { size: number };
  const [x, weights] = inputs.map((input) => whole(input, batch) as Tensor | undefined);
  const own = x!.cast('i32');
  const inside = own.less(size).where(own.add(begins(batch.size, size, own)), batch.size * size);
  const places = own.less(0).where(own, inside);
  const made = run(op, [places, weights], { size: batch.size * size }) as Tensor;
  return made.reshape([batch.size, size]);
};

/** A diagonal of all axes, whose two halves become two axes. */
export const diagonals: Rule = (call) => {
  const [spec] = specsOf(call);
  const x = whole(call.inputs[0], call.batch) as Tensor;
  const n = sizeOf(spec!.shape);
  const square = x.reshape([call.batch.size, n, n]);
  return square.diagonal(0, 1, 2).reshape([call.batch.size, ...spec!.shape]);
};

/** Where the places of each example begin, to be added to its own. */
function begins(size: number, places: number, like: Tensor): Tensor {
  const { device, rank } = like;
  const first = functions.range(0, size, 1, 'i32').mul(places).to(device);
  return first.reshape([size, ...Array.from({ length: rank - 1 }, () => 1)]);
}
