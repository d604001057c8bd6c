import { numbersOf } from '../complex.ts';
import type { Buf, Elements, Kernels } from '../device.ts';
import { sizeOf } from '../shape.ts';
import { inWorkspace, room } from './workspace.ts';

/** Results and inputs of one calculation: matrices by their last two axes, but `vectors` by their last and `numbers` by none. */
interface Operands {
  readonly out: readonly Buf[];
  readonly in: readonly Buf[];
  readonly vectors?: readonly Buf[];
  readonly numbers?: readonly Buf[];
}

/**
 * One calculation for every matrix of a batch, which all operands share:
 * `each` gets the elements of the inputs in f64, its own to write on, and
 * gives those of the results; of complex ones the two parts in turn.
 */
export function overBatch(
  k: Kernels,
  { out, in: inputs, vectors = [], numbers = [] }: Operands,
  each: (given: readonly Float64Array[], at: number) => readonly ArrayLike<number>[],
): void {
  const rank = (x: Buf) => (numbers.includes(x) ? 0 : vectors.includes(x) ? 1 : 2);
  const count = sizeOf(inputs[0]!.shape.slice(0, -rank(inputs[0]!)));
  const sizes = inputs.map(
    (x) => numbersOf(x).each * sizeOf(x.shape.slice(x.shape.length - rank(x))),
  );
  const parts = (list: readonly Buf[]) => list.map((x) => numbersOf(x).numbers);
  k.calculate(parts(out), parts(inputs), (made, given) => {
    const one = (at: number) => {
      const results = each(
        given.map((x, i) => doubles(x, at * sizes[i]!, sizes[i]!)),
        at,
      );
      results.forEach((result, i) => {
        (made[i] as Float64Array).set(result, at * result.length);
      });
    };
    for (let at = 0; at < count; at++) inWorkspace(sizes[0]!, () => one(at));
  });
}

/** A part of elements of any dtype, as a copy in f64. */
function doubles(x: Elements, from: number, size: number): Float64Array {
  const part = x.subarray(from, from + size);
  if (part instanceof BigInt64Array || part instanceof BigUint64Array) {
    return Float64Array.from(part, Number);
  }
  const to = room(size);
  to.set(part as Float64Array);
  return to;
}

/** How an error names one matrix of a batch. */
export function nameOf(at: number, shape: readonly number[]): string {
  return shape.length <= 2 ? 'the matrix' : `matrix ${at} of the batch`;
}
