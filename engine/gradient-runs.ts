import { nameAt, outputAt } from './node-names.ts';
import { current } from './own-gradients.ts';
import { state } from './state.ts';
import type { TapeNode } from './tape-node.ts';
import { alias, type Tensor } from './tensor.ts';
import type { NamedTensors } from './trace.ts';

/** What a debugger sees of the gradient of a node, as an op of its own: what goes in, and what comes out. */

/** What goes into the gradient of a node, by name. */
export function inputsOf(node: TapeNode, arrived: readonly (Tensor | undefined)[]): NamedTensors {
  const inputs: [string, Tensor][] = [];
  arrived.forEach(
    (g, i) => g && inputs.push([arrived.length === 1 ? 'g' : `g.${outputAt(node, i)}`, g]),
  );
  node.tensors.forEach((tensor, i) => {
    if (node.pinned?.[i]) inputs.push([nameAt(node, i), current(node, tensor, i)]);
  });
  return inputs;
}

/** What comes of it. */
export function outputsOf(
  node: TapeNode,
  made: readonly (Tensor | null | undefined)[],
): NamedTensors {
  return made.flatMap((tensor, i) => (tensor ? [[`d${nameAt(node, i)}`, tensor] as const] : []));
}

/** The same inputs without their names. */
export function shown(node: TapeNode, arrived: readonly (Tensor | undefined)[]): readonly Tensor[] {
  const all: Tensor[] = [];
  for (let i = 0; i < arrived.length; i++) if (arrived[i]) all.push(arrived[i]!);
  for (let i = 0; i < node.tensors.length; i++) if (node.pinned?.[i]) all.push(node.tensors[i]!);
  return all;
}

/** Where somebody may change one of the gradients, no two of them are one handle. */
export function singly(
  made: readonly (Tensor | null | undefined)[],
  arrived: readonly (Tensor | undefined)[],
): readonly (Tensor | null | undefined)[] {
  return made.map((gradient, i) => {
    if (!gradient || (!arrived.includes(gradient) && made.indexOf(gradient) === i)) return gradient;
    const own = alias(gradient);
    state.scope?.made.push(own);
    return own;
  });
}
