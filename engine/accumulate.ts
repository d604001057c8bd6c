import { zip } from './elementwise.ts';
import { control } from './gate.ts';
import { GATE, WATCH } from './protocol.ts';
import { notedBackward, together } from './noting.ts';
import { Subject } from './op-log/entry.ts';
import { ready } from './ready.ts';
import { inPlace } from './quick.ts';
import { run2 } from './run.ts';
import { state } from './state.ts';
import type { TapeNode } from './tape-node.ts';
import { alias, describe, type Tensor } from './tensor.ts';
import { watch } from './trace.ts';

/**
 * How a backward pass gathers the gradients of a tensor. `made` lists the
 * handles that end with the node at work.
 */

/** The node from which one more gradient of a tensor came; none if the user gave it. */
type Node = TapeNode | null;

/** A handle that the walk may end: what a formula passes on (its own g, something saved) is not the walk's. */
export function owned(gradient: Tensor, made: Tensor[]): Tensor {
  return made.includes(gradient) ? claimed(gradient, made) : alias(gradient);
}

/** Takes a handle out of the list of those that end with this node. It mostly is the one made last. */
function claimed(tensor: Tensor, made: Tensor[]): Tensor {
  const last = made.pop()!;
  if (last !== tensor) made[made.indexOf(tensor)] = last;
  return tensor;
}

/** Two gradients of one tensor as one. The first ends with this node, until when a formula may have given it once more. */
export function sum(before: Tensor, more: Tensor, made: Tensor[], node: Node, of: Tensor): Tensor {
  made.push(before);
  return both(before, more, made, node, of);
}

/** The same, where the first belongs to someone else. */
export function both(before: Tensor, more: Tensor, made: Tensor[], node: Node, of: Tensor): Tensor {
  const result =
    control[GATE] === 0 ? run2(add, before, more) : accumulated(before, more, node, of);
  return claimed(result, made);
}

/** The same as an op of the backward pass, `∇accumulate`: no line of the user's program adds here. */
function accumulated(before: Tensor, more: Tensor, node: Node, of: Tensor): Tensor {
  const perform = () => run2(add, before, more);
  const given = [before, more];
  if ((control[GATE]! & WATCH) === 0) {
    return notedBackward(titles, node, {
      inputs: () => given,
      perform,
      results: (made) => [made],
      attrs: none,
      subject: () => accumulating,
      resultNames: () => OUT,
    });
  }
  const { name = '' } = of as { readonly name?: string };
  return watch(
    {
      name: titles.name,
      direction: 'backward',
      inputs: () => together(accumulating.names, given),
      attrs: { of: `${name} ${describe(of)}`.trim() },
      origin: node && { op: node.op.name, path: node.path, site: node.site },
    },
    perform,
    (made) => [['out', made]],
  );
}

const none = Object.freeze({});
const titles = { name: 'accumulate', gradient: '∇accumulate', text: null };
const accumulating = new Subject(
  titles.name,
  titles.gradient,
  null,
  'backward',
  ['before', 'more'],
  null,
);
const OUT = ['out'];

/** The same in the bytes of the first, where no one else can know them. False where that is not certain. */
export function grown(first: Tensor, second: Tensor): boolean {
  return first.storage.handles === 1 && state.tape === null && inPlace(add, first, second);
}

/** Addition of equal shapes, for the walk's own use: it needs no table of ops, and no sum over broadcast axes. */
const add = ready('add', {
  ...zip('add'),
  saves: [],
  grad: { x: (g: Tensor) => g, y: (g: Tensor) => g },
});
