import { zip } from './elementwise.ts';
import { control } from './gate.ts';
import { sameAs, type GradientRequest } from './gradient-request.ts';
import { GATE, Gate } from './protocol.ts';
import { isNamed, ready } from './ready.ts';
import { run2 } from './run.ts';
import { Scope } from './scope.ts';
import { sameShape } from './shape.ts';
import { state } from './state.ts';
import type { GradientTape } from './tape.ts';
import type { TapeNode } from './tape-node.ts';
import { alias, describe, filled, revive, type Tensor } from './tensor.ts';
import { ownSite, watch, type NamedTensors } from './trace.ts';

/**
 * Walks a tape backwards. Gradients stand in a list by the tape's own slots;
 * each entry is a handle that this walk owns, so what was used up is freed at
 * once. Only nodes between the sources and the target are looked at; `once`
 * says that each may let go of what it saved. The gradients come in the order
 * of the sources, null where none arrived.
 */
export function gradients(
  tape: GradientTape,
  asked: GradientRequest,
  once: boolean,
): readonly (Tensor | null)[] {
  const { scope, site } = state;
  // Handles made here belong to the walk, not to the scope of whoever asked.
  state.scope = null;
  state.site = control[GATE] === 0 ? null : ownSite(gradients);
  let found: (Tensor | null)[];
  try {
    found = walk(tape, asked, once);
  } finally {
    state.scope = scope;
    state.site = site;
  }
  if (scope !== null) for (const tensor of found) if (tensor !== null) scope.made.push(tensor);
  return found;
}

function walk(
  tape: GradientTape,
  { targets, sources, weights }: GradientRequest,
  once: boolean,
): (Tensor | null)[] {
  const slots = sources.map((source) => tape.find(source));
  const wanted = new Uint8Array(tape.slots);
  const isSource = new Uint8Array(tape.slots);
  for (const slot of slots) if (slot >= 0) wanted[slot] = isSource[slot] = 1;
  const { nodes } = tape;
  for (let i = 0; i < nodes.length; i++) spread(nodes[i]!, wanted);
  const grads = new Array<Tensor | null>(tape.slots).fill(null);
  seed(tape, targets, weights, grads);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.edit !== null) cut(node, grads);
    else step(node, grads, wanted, isSource);
    if (once) node.release();
  }
  // The same source twice gives two handles on one gradient.
  const taken = new Set<number>();
  const found = slots.map((slot) => {
    const gradient = slot < 0 ? null : grads[slot]!;
    if (gradient === null || !taken.has(slot)) {
      taken.add(slot);
      return gradient;
    }
    return alias(gradient);
  });
  for (let slot = 0; slot < grads.length; slot++) if (!taken.has(slot)) grads[slot]?.dispose();
  return found;
}

/** Whatever comes of something wanted is wanted. */
function spread(node: TapeNode, wanted: Uint8Array): void {
  const { slots, results } = node;
  for (let i = 0; i < slots.length; i++) {
    if (slots[i]! >= 0 && wanted[slots[i]!] === 1) {
      for (let k = 0; k < results.length; k++) if (results[k]! >= 0) wanted[results[k]!] = 1;
      return;
    }
  }
}

function seed(
  tape: GradientTape,
  targets: readonly Tensor[],
  weights: readonly Tensor[] | null,
  grads: (Tensor | null)[],
): void {
  targets.forEach((target, i) => {
    const slot = tape.find(target);
    if (slot < 0) return;
    const start =
      weights === null ? filled(target.storage.bytes.device, target, 1) : alias(weights[i]!);
    grads[slot] = grads[slot] === null ? start : sum(grads[slot]!, start, target, null);
  });
}

function cut(node: TapeNode, grads: (Tensor | null)[]): void {
  const slot = node.slots[0]!;
  if (node.edit !== 'cut' || grads[slot] === null) return;
  grads[slot]!.dispose();
  grads[slot] = null;
}

/** One node: from the gradients of its results to those of its inputs. */
function step(
  node: TapeNode,
  grads: (Tensor | null)[],
  wanted: Uint8Array,
  isSource: Uint8Array,
): void {
  const { slots, results } = node;
  let any = false;
  for (let i = 0; i < results.length; i++)
    if (results[i]! >= 0 && grads[results[i]!] !== null) any = true;
  if (!any) return;
  let needed = false;
  for (let i = 0; i < slots.length; i++)
    if (slots[i]! >= 0 && wanted[slots[i]!] === 1) needed = true;
  const arrived = new Array<Tensor | undefined>(results.length);
  for (let i = 0; i < results.length; i++) {
    arrived[i] = (results[i]! >= 0 && grads[results[i]!]) || undefined;
  }
  if (control[GATE]! & Gate.GRADIENTS && arrived[0] !== undefined) node.show(arrived[0]);
  if (needed) {
    const scope = new Scope();
    const kept: Tensor[] = [];
    try {
      const made =
        control[GATE] === 0 ? formulas(node, arrived, wanted) : watched(node, arrived, wanted);
      for (let i = 0; i < slots.length; i++) {
        const slot = slots[i]!;
        let gradient = made[i];
        if (slot < 0 || wanted[slot] === 0 || gradient === null || gradient === undefined) continue;
        const tensor = node.tensors[i]!;
        // The op met its inputs in a wider dtype; a gradient has that of its tensor.
        if (gradient.dtype !== tensor.dtype) gradient = gradient.cast(tensor.dtype);
        if (gradient.shape !== tensor.shape && !sameShape(gradient.shape, tensor.shape)) {
          sameAs(`∇${node.op.name}`, `gradient for '${nameAt(node, i)}'`, gradient, tensor);
        }
        const before = grads[slot]!;
        if (before === null) {
          // What a formula passes on (its own g, something saved) is not the walk's to free.
          const fresh = scope.made.includes(gradient) && !kept.includes(gradient);
          grads[slot] = fresh ? gradient : alias(gradient);
        } else grads[slot] = sum(before, gradient, tensor, node);
        kept.push(grads[slot]!);
      }
    } finally {
      scope.end(kept);
    }
  }
  for (let i = 0; i < results.length; i++) {
    const slot = results[i]!;
    if (arrived[i] === undefined || isSource[slot] === 1) continue;
    arrived[i]!.dispose();
    grads[slot] = null;
  }
}

/** The row's gradient formulas, or the device's own: a gradient for each input, lists spelled out. */
function formulas(
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  wanted: Uint8Array,
): readonly (Tensor | null | undefined)[] {
  const { op, override, attrs } = node;
  const { row } = op;
  const { outputs: form = 'one' } = row;
  if (override === null && node.counts === null && row.grad !== undefined && form === 'one') {
    return each(node, arrived[0]!, wanted);
  }
  const tensors = node.tensors.map((tensor, i) => current(node, tensor, i));
  const inputs = tensors.slice(0, node.inputs);
  const outputs = tensors.slice(node.inputs);
  const need = node.slots.map((slot) => slot >= 0 && wanted[slot] === 1);
  const own = override?.backward?.(arrived, inputs, outputs, attrs, need);
  if (own) return own;
  const g =
    row.outputs === undefined || row.outputs === 'one'
      ? arrived[0]
      : named(op.outputs, row, arrived);
  const seen: { [name: string]: unknown } = {};
  const spans = spansOf(node);
  op.inputs.forEach((name, i) => {
    const [from, to] = spans[i]!;
    seen[name] = op.lists[i] ? inputs.slice(from, to) : inputs[from];
    if (from === to && !op.lists[i]) seen[name] = undefined;
  });
  if (isNamed(row)) op.outputs.forEach((name, i) => (seen[name] = outputs[i]));
  else seen['out'] = row.outputs === 'many' ? outputs : outputs[0];
  const made = new Array<Tensor | null | undefined>(node.inputs).fill(null);
  const put = (i: number, gradient: Gradient): void => {
    const [from, to] = spans[i]!;
    if (gradient instanceof Array) for (let k = from; k < to; k++) made[k] = gradient[k - from];
    else if (from < to) made[from] = gradient as Tensor | null | undefined;
  };
  const needs = (i: number): boolean => need.slice(...spans[i]!).includes(true);
  if (row.backward !== undefined) {
    const wants = Object.fromEntries(op.inputs.map((name, i) => [name, needs(i)]));
    const all = row.backward(g, seen, attrs, wants);
    op.inputs.forEach((name, i) => put(i, all[name]));
  } else {
    op.inputs.forEach((name, i) => {
      const formula = row.grad?.[name];
      if (formula && needs(i)) put(i, formula(g, seen, attrs) as Gradient);
    });
  }
  return made;
}

/** The short way for most ops: one tensor for every input, one result, one formula per input. */
function each(node: TapeNode, g: Tensor, wanted: Uint8Array): readonly (Tensor | null)[] {
  const { op, tensors, slots, attrs } = node;
  const { inputs: names, row } = op;
  const count = names.length;
  const seen: { [name: string]: Tensor } = {};
  for (let i = 0; i < count; i++) seen[names[i]!] = current(node, tensors[i]!, i);
  seen['out'] = current(node, tensors[count]!, count);
  const made = new Array<Tensor | null>(count).fill(null);
  for (let i = 0; i < count; i++) {
    const formula = row.grad![names[i]!];
    if (formula && slots[i]! >= 0 && wanted[slots[i]!] === 1) {
      made[i] = formula(g, seen, attrs) as Tensor;
    }
  }
  return made;
}

/** What a formula gives for one input. */
type Gradient = Tensor | readonly (Tensor | null)[] | null | undefined;

/** The same as an op of its own, `∇matMul`, for whoever looks at the ops. */
function watched(
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  wanted: Uint8Array,
): readonly (Tensor | null | undefined)[] {
  const { op, path, site, attrs } = node;
  const inputs: [string, Tensor][] = [];
  arrived.forEach(
    (g, i) => g && inputs.push([arrived.length === 1 ? 'g' : `g.${outputAt(node, i)}`, g]),
  );
  node.tensors.forEach((tensor, i) => {
    if (node.pinned[i] !== null) inputs.push([nameAt(node, i), current(node, tensor, i)]);
  });
  return watch(
    {
      name: op.name,
      direction: 'backward',
      inputs,
      attrs: attrs as object,
      origin: { op: op.name, path, site },
    },
    () => formulas(node, arrived, wanted),
    (made) =>
      made.flatMap((tensor, i) =>
        tensor ? [[`d${nameAt(node, i)}`, tensor] as const] : [],
      ) as NamedTensors,
  );
}

/** A tensor of a node as its forward saw it: an edit since then does not reach it. */
function current(node: TapeNode, tensor: Tensor, i: number): Tensor {
  const bytes = node.pinned[i]!;
  if (bytes === null || tensor.storage.bytes === bytes) return tensor;
  const revived = revive(tensor, bytes);
  state.scope?.made.push(revived);
  return revived;
}

function named(
  names: readonly string[],
  row: TapeNode['op']['row'],
  arrived: readonly (Tensor | undefined)[],
): unknown {
  return isNamed(row) ? Object.fromEntries(names.map((name, i) => [name, arrived[i]])) : arrived;
}

/** Where the tensors of each input stand among all of a node. */
function spansOf(node: TapeNode): (readonly [from: number, to: number])[] {
  let at = 0;
  return node.op.inputs.map((_, i) => {
    const from = at;
    at += node.counts === null ? 1 : Math.abs(node.counts[i]!);
    return [from, at];
  });
}

/** What the debugger and errors call a tensor of a node: `x`, `tensors[2]`, `out`. */
export function nameAt(node: TapeNode, i: number): string {
  if (i >= node.inputs) return outputAt(node, i - node.inputs);
  const input = spansOf(node).findIndex(([from, to]) => i >= from && i < to);
  const name = node.op.inputs[input]!;
  return node.op.lists[input] ? `${name}[${i - spansOf(node)[input]![0]}]` : name;
}

function outputAt(node: TapeNode, i: number): string {
  return node.op.row.outputs === 'many' ? `out[${i}]` : node.op.outputs[i]!;
}

/** Adds to the gradient of a tensor what came from one more node, and frees what was there before. */
function sum(before: Tensor, more: Tensor, of: Tensor, node: TapeNode | null): Tensor {
  const both = control[GATE] === 0 ? run2(add, before, more) : accumulated(before, more, of, node);
  before.dispose();
  return both;
}

/** The same as an op of the backward pass, `∇accumulate`: no line of the user's program adds here. */
function accumulated(before: Tensor, more: Tensor, of: Tensor, node: TapeNode | null): Tensor {
  const { name = '' } = of as { readonly name?: string };
  return watch(
    {
      name: 'accumulate',
      direction: 'backward',
      inputs: [
        ['before', before],
        ['more', more],
      ],
      attrs: { of: `${name} ${describe(of)}`.trim() },
      origin: node && { op: node.op.name, path: node.path, site: node.site },
    },
    () => run2(add, before, more),
    (made) => [['out', made]],
  );
}

/** Addition of equal shapes, for the walk's own use: it needs no table of ops, and no sum over broadcast axes. */
const add = ready('add', {
  ...zip('add'),
  saves: [],
  grad: { x: (g: Tensor) => g, y: (g: Tensor) => g },
});
