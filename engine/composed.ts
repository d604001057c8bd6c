import type { TapeNode } from './tape-node.ts';
import { GradientTape, last } from './tape.ts';
import { Tensor } from './tensor.ts';

/**
 * The gradients of a row that is written in other ops, where a device did it in
 * one: it is run once more, op by op, so that a tape that records the backward
 * pass sees how each gradient depends on the inputs.
 */
export function composed(
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  inputs: readonly Tensor[],
  need: readonly boolean[],
): readonly (Tensor | null)[] {
  const { op, attrs, counts } = node;
  // The tape that a debugger shows is the program's.
  const shown = last.tape;
  last.tape = null;
  using tape = new GradientTape({ watchAccessedVariables: false });
  last.tape = shown;
  // A tensor that is several inputs is one source: its gradient comes with the first of them.
  const asked = inputs.map((input, i) => need[i] && inputs.indexOf(input) === i);
  const sources = inputs.filter((_, i) => asked[i]);
  tape.watch(sources);
  let at = 0;
  const given = op.inputs.map((_, i) => {
    const count = counts === null ? 1 : Math.abs(counts[i]!);
    const from = at;
    at += count;
    return op.lists[i] ? inputs.slice(from, at) : count === 0 ? undefined : inputs[from];
  });
  const made = op.row.compose!(op.named(...given), attrs) as object;
  const outs: Tensor[] = made instanceof Tensor ? [made] : Object.values(made);
  const used = outs.flatMap((out, i) =>
    arrived[i] === undefined ? [] : [[out, arrived[i]] as const],
  );
  const gradients = tape.gradient(
    used.map(([out]) => out),
    sources,
    { outputGradients: used.map(([, g]) => g) },
  );
  let next = 0;
  return asked.map((one) => (one ? gradients[next++]! : null));
}
