import { both, grown, owned, sum } from './accumulate.ts';
import { composed } from './composed.ts';
import { control } from './gate.ts';
import { sameAs, type GradientRequest } from './gradient-request.ts';
import { NodeGradient } from './node-gradient.ts';
import { notedBackward, together } from './noting.ts';
import { adds, current, straight } from './own-gradients.ts';
import { GATE, Gate, WATCH } from './protocol.ts';
import { singly } from './gradient-runs.ts';
import { nameAt, spansOf } from './node-names.ts';
import { isNamed } from './ready.ts';
import { Scope } from './scope.ts';
import { sameShape } from './shape.ts';
import type { GradientTape } from './tape.ts';
import type { TapeNode } from './tape-node.ts';
import { alias, filled, type Tensor } from './tensor.ts';
import { watch } from './trace.ts';

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
  // Handles made here belong to the walk, which ends them; what it returns, to the scope of whoever asked.
  const scope = new Scope();
  const marks = borrow(tape.slots);
  let found: readonly Tensor[] = [];
  try {
    const all = walk(tape, asked, once, scope.made, marks);
    found = all.filter((tensor) => tensor !== null);
    return all;
  } finally {
    scope.end([]);
    if (scope.outer !== null) scope.outer.made.push(...found);
    spare = marks;
  }
}

/** What is known of a slot before the walk. */
const WANTED = 1;
const SOURCE = 2;

/** One byte for each slot, all 0; kept from walk to walk, except where they nest. */
function borrow(slots: number): Marks {
  const marks = spare.length < slots ? new Uint8Array(2 * slots) : spare;
  spare = nothing;
  return marks.fill(0, 0, slots);
}
type Marks = Uint8Array<ArrayBuffer>;
const nothing: Marks = new Uint8Array(0);
let spare = nothing;

function walk(
  tape: GradientTape,
  { targets, sources, weights }: GradientRequest,
  once: boolean,
  made: Tensor[],
  marks: Marks,
): (Tensor | null)[] {
  const slots: number[] = [];
  for (let i = 0; i < sources.length; i++) {
    const slot = tape.find(sources[i]!);
    slots.push(slot);
    if (slot >= 0) marks[slot] = WANTED | SOURCE;
  }
  const { nodes } = tape;
  for (let i = 0; i < nodes.length; i++) spread(nodes[i]!, marks);
  const grads: Grads = new Array<Tensor | null>(tape.slots).fill(null);
  seed(tape, targets, weights, grads, made);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.edit !== null) cut(node, grads);
    else if (control[GATE] === 0 && isSingle(node)) single(node, grads, marks, made);
    else step(node, grads, marks, made);
    for (let k = 0; k < made.length; k++) made[k]!.dispose();
    made.length = 0;
    // What nobody looks at need not wait for the end of the walk.
    const kept = !once || control[GATE] !== 0;
    if (!kept) nodes.pop();
    if (once) node.release(kept);
  }
  const found: (Tensor | null)[] = [];
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]!;
    // The same source twice gives two handles on one gradient.
    const before = slot < 0 ? -1 : slots.indexOf(slot);
    found.push(before < 0 ? null : before < i ? again(found[before]!) : grads[slot]!);
    if (before >= 0) marks[slot]! |= TAKEN;
  }
  for (let slot = 0; slot < grads.length; slot++) {
    if (grads[slot] !== null && (marks[slot]! & TAKEN) === 0) grads[slot]!.dispose();
  }
  return found;
}
const TAKEN = 4;

/** By slot; each a handle that the walk owns. */
type Grads = (Tensor | null)[];

function again(gradient: Tensor | null): Tensor | null {
  return gradient === null ? null : alias(gradient);
}

/** Whatever comes of something wanted is wanted. */
function spread({ slots, inputs }: TapeNode, marks: Marks): void {
  for (let i = 0; i < inputs; i++) {
    if (slots[i]! >= 0 && (marks[slots[i]!]! & WANTED) !== 0) {
      for (let k = inputs; k < slots.length; k++) if (slots[k]! >= 0) marks[slots[k]!]! |= WANTED;
      return;
    }
  }
}

function seed(
  tape: GradientTape,
  targets: readonly Tensor[],
  weights: readonly Tensor[] | null,
  grads: Grads,
  made: Tensor[],
): void {
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!;
    const slot = tape.find(target);
    if (slot < 0) continue;
    const start =
      weights === null ? filled(target.storage.bytes.device, target, 1) : alias(weights[i]!);
    const before = grads[slot]!;
    if (before !== null) made.push(start);
    grads[slot] = before === null ? start : sum(before, start, made, null, target);
  }
}

function cut(node: TapeNode, grads: Grads): void {
  const slot = node.slots[0]!;
  if (node.edit !== 'cut' || grads[slot] === null) return;
  grads[slot]!.dispose();
  grads[slot] = null;
}

/** One result, and one tensor and one formula for every input: what most ops are. */
function isSingle({ op, counts, override }: TapeNode): boolean {
  return op.formulas !== null && counts === null && override === null;
}

/** Such a node, by the short way. */
function single(node: TapeNode, grads: Grads, marks: Marks, made: Tensor[]): void {
  const { op, slots, inputs, tensors, attrs } = node;
  const from = slots[inputs]!;
  const g = from < 0 ? null : grads[from]!;
  if (g === null) return;
  if (op.derived(g.storage.bytes.device) !== undefined) return step(node, grads, marks, made);
  const last = (marks[from]! & SOURCE) === 0;
  // The slot that g was handed on to, as nobody needs it once this node is done.
  let heir = -1;
  let seen: object | null = null;
  for (let i = 0; i < inputs; i++) {
    const slot = slots[i]!;
    const formula = op.formulas![i]!;
    if (formula === null || slot < 0 || (marks[slot]! & WANTED) === 0) continue;
    seen ??= see(node);
    const made1 = formula(g, seen, attrs) as Tensor | null | undefined;
    if (!made1) continue;
    const gradient = fitted(node, i, made1);
    const before = grads[slot]!;
    if (before === null) {
      if (gradient === g && last && heir < 0) grads[(heir = slot)] = g;
      else grads[slot] = owned(gradient, made);
    } else if (slot === heir) {
      grads[slot] = both(g, gradient, made, node, tensors[i]!);
      heir = -1;
    } else
      grads[slot] = grown(before, gradient)
        ? before
        : sum(before, gradient, made, node, tensors[i]!);
  }
  if (!last) return;
  grads[from] = null;
  if (heir < 0) g.dispose();
}

/** Any node: from the gradients of its results to those of its inputs. */
function step(node: TapeNode, grads: Grads, marks: Marks, made: Tensor[]): void {
  const { slots, inputs, tensors } = node;
  const arrived: (Tensor | undefined)[] = [];
  for (let i = inputs; i < slots.length; i++) {
    arrived.push((slots[i]! >= 0 && grads[slots[i]!]) || undefined);
  }
  if (arrived.every((g) => g === undefined)) return;
  if (control[GATE]! & Gate.GRADIENTS && arrived[0] !== undefined) node.show(arrived[0]);
  const need: boolean[] = [];
  for (let i = 0; i < inputs; i++) {
    need.push(slots[i]! >= 0 && (marks[slots[i]!]! & WANTED) !== 0);
  }
  if (need.includes(true)) {
    const closed = control[GATE] === 0;
    const summed = closed ? straight(node, arrived, need, grads) : null;
    const all =
      summed ?? (closed ? formulas(node, arrived, need, true) : watched(node, arrived, need));
    for (let i = 0; i < inputs; i++) {
      if (!need[i] || !all[i]) continue;
      const slot = slots[i]!;
      const gradient = fitted(node, i, all[i]!);
      const before = grads[slot]!;
      if (before === null) grads[slot] = owned(gradient, made);
      else if (summed !== null && adds(node, i, grads) !== null) {
        before.dispose();
        grads[slot] = owned(gradient, made);
      }
      // What this node itself gave it may have given once more.
      else if (slots.indexOf(slot) < i || !grown(before, gradient))
        grads[slot] = sum(before, gradient, made, node, tensors[i]!);
    }
  }
  for (let i = inputs; i < slots.length; i++) {
    const slot = slots[i]!;
    const g = arrived[i - inputs];
    if (g === undefined || (marks[slot]! & SOURCE) !== 0) continue;
    g.dispose();
    grads[slot] = null;
  }
}

/** A gradient in the dtype of its tensor (the op may have met its inputs in a wider one), once its shape is checked. */
function fitted(node: TapeNode, i: number, gradient: Tensor): Tensor {
  const { dtype, shape } = node.tensors[i]!;
  if (gradient.shape !== shape && !sameShape(gradient.shape, shape)) {
    const what = `gradient for '${nameAt(node, i)}'`;
    sameAs(`∇${node.op.name}`, what, gradient, node.tensors[i]!);
  }
  return gradient.dtype === dtype ? gradient : gradient.cast(dtype);
}

/** The row's gradient formulas, or the device's own: a gradient for each input, lists spelled out. */
function formulas(
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  need: readonly boolean[],
  tried = false,
): readonly (Tensor | null | undefined)[] {
  const { op, override, attrs } = node;
  if (isSingle(node) && op.derived(arrived[0]!.storage.bytes.device) === undefined)
    return each(node, arrived[0]!, need);
  const { row } = op;
  const tensors = node.tensors.map((tensor, i) => current(node, tensor, i));
  const inputs = tensors.slice(0, node.inputs);
  const outputs = tensors.slice(node.inputs);
  const own =
    (tried ? null : straight(node, arrived, need, null)) ??
    override?.backward?.(arrived, inputs, outputs, attrs, need);
  if (own) return own;
  if (row.compose !== undefined) return composed(node, arrived, inputs, need);
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

/** The same where each input has a formula of its own. */
function each(node: TapeNode, g: Tensor, need: readonly boolean[]): (Tensor | null | undefined)[] {
  const made: (Tensor | null | undefined)[] = [];
  let seen: object | null = null;
  for (let i = 0; i < need.length; i++) {
    const formula = node.op.formulas![i]!;
    if (formula === null || !need[i]) made.push(null);
    else made.push(formula(g, (seen ??= see(node)), node.attrs) as Tensor | null | undefined);
  }
  return made;
}

/** What a formula sees: the tensors of its node by name. */
function see(node: TapeNode): object {
  const { op, tensors } = node;
  const [x, y] = [current(node, tensors[0]!, 0), current(node, tensors[1]!, 1)];
  if (tensors.length === 2) return op.seen(x, y);
  if (tensors.length === 3) return op.seen(x, y, current(node, tensors[2]!, 2));
  return op.seen(...tensors.map((tensor, i) => current(node, tensor, i)));
}

/** What a formula gives for one input. */
type Gradient = Tensor | readonly (Tensor | null)[] | null | undefined;

/** The same as an op of its own, `∇matMul`, for whoever looks at the ops. */
function watched(
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  need: readonly boolean[],
): readonly (Tensor | null | undefined)[] {
  const { op, path, site, attrs } = node;
  const gradient = new NodeGradient(node, arrived, need, formulas);
  // A gradient function of the user's is a stretch of the program: what runs in it has its own lines.
  if ((control[GATE]! & WATCH) === 0 && op.name !== 'customGrad')
    return notedBackward(op, node, gradient);
  return watch(
    {
      name: op.name,
      direction: 'backward',
      inputs: () => together(gradient.subject().names, gradient.inputs()),
      attrs: attrs as object,
      origin: { op: op.name, path, site },
    },
    (given) =>
      singly(given === attrs ? gradient.perform() : other(node, given, arrived, need), arrived),
    (made) => together(gradient.resultNames(made), made),
  );
}

/** The gradients with other attributes than those the op ran with; they must fit its inputs all the same. */
function other(
  node: TapeNode,
  attrs: object,
  arrived: readonly (Tensor | undefined)[],
  need: readonly boolean[],
): readonly (Tensor | null | undefined)[] {
  const like = Object.create(node, { attrs: { value: attrs } }) as TapeNode;
  const made = formulas(like, arrived, need);
  made.forEach((gradient, i) => gradient && fitted(node, i, gradient));
  return made;
}

function named(
  names: readonly string[],
  row: TapeNode['op']['row'],
  arrived: readonly (Tensor | undefined)[],
): unknown {
  return isNamed(row) ? Object.fromEntries(names.map((name, i) => [name, arrived[i]])) : arrived;
}
