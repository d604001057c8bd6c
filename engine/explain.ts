import { isSmooth } from './dtype.ts';
import { Explanation, type Break, type Step } from './explanation.ts';
import { spansOf } from './node-names.ts';
import { tensorGiven } from './given.ts';
import type { Ready } from './ready.ts';
import { place } from './sites.ts';
import { restore, snapshot, state } from './state.ts';
import type { GradientTape } from './tape.ts';
import type { TapeNode } from './tape-node.ts';
import type { Tensor } from './tensor.ts';
import { mention, type Mention, type ReadOut, type UntrackedOp } from './trail.ts';

/**
 * Why a gradient is null: looks for the way from the source to the target
 * over all ops that are known to have run, and for the first place on it where
 * nothing flows.
 */
export function explain(tape: GradientTape, target: Tensor, source: Tensor): Explanation {
  tensorGiven('explain', 'the target', target);
  tensorGiven('explain', 'the source', source);
  const told = { target: mention(target), source: named(source) };
  const say = (reason: Explanation['reason'], more: Partial<Explanation> = {}): Explanation =>
    new Explanation({ ...told, reason, ...more });
  const ended = tape.state === 'used' || tape.state === 'closed';
  if (ended && tape.nodes.length === 0 && tape.trail === null) return say('tapeClosed');
  if (!isSmooth(source.dtype)) return say('integer', { steps: [] });
  const edges = edgesOf(tape);
  const way = wayBack(edges, target.id, source.id);
  const steps = way?.map(({ step }) => step) ?? [];
  const broken = way?.find(({ open }) => !open);
  const watched = isWatched(tape, source, edges);
  if (way !== null && broken === undefined && watched) {
    if (!isSmooth(target.dtype)) return say('integer', { steps });
    const nothing = way.find(({ maybe }) => maybe);
    if (nothing !== undefined && !ended && isNull(tape, target, source)) {
      return say('noGradient', { steps, at: breakOf(nothing) });
    }
    return say('flows', { steps });
  }
  if (broken !== undefined) return say(reasonOf(broken), { steps, at: breakOf(broken) });
  if (target.id <= tape.born && target.id !== source.id) return say('beforeTape');
  if (way !== null) return say('notWatched', { steps });
  const reads = readsBetween(tape, edges, target.id, source.id);
  if (reads.length > 0) {
    const { how, site, tensor } = reads.at(-1)!;
    return say('readOut', { at: { ...placeOf(site), op: how, tensor, node: null } });
  }
  const offs = tape.trail?.off ?? [];
  if (offs.some(([after, upTo]) => ends(edges, target.id).some((id) => id > after && id <= upTo))) {
    return say('notRecording');
  }
  const older = ends(edges, target.id).some((id) => id <= tape.born && id > source.id);
  if (!edges.has(target.id) && tape.find(target) < 0 && target.id !== source.id) {
    return say(ended ? 'tapeClosed' : 'noPath', { known: tape.trail !== null });
  }
  return say(watched || older ? 'noPath' : 'notWatched', { known: tape.trail !== null });
}

/** One input of one op, by which its result depends on it. */
interface Edge {
  readonly from: Mention;
  readonly to: Mention;
  readonly op: Ready;
  /** A gradient flows along it. */
  readonly open: boolean;
  /** Whether one does is known only when it is computed: one formula for all inputs. */
  readonly maybe: boolean;
  readonly cut: boolean;
  readonly step: Step;
}

/** The edges that lead to each tensor. */
type Edges = ReadonlyMap<number, readonly Edge[]>;

function edgesOf(tape: GradientTape): Edges {
  const all = new Map<number, Edge[]>();
  const cuts = new Set<number>();
  const add = (edge: Edge): void => {
    const list = all.get(edge.to.id);
    if (list === undefined) all.set(edge.to.id, [edge]);
    else list.push(edge);
  };
  tape.nodes.forEach((node, index) => {
    const { tensors, inputs, slots, op } = node;
    if (node.edit !== null) {
      if (node.edit === 'cut') cuts.add(tensors[0]!.id);
      return;
    }
    for (let k = inputs; k < slots.length; k++) {
      for (let i = 0; i < inputs; i++) {
        const [from, to] = [tensors[i]!, tensors[k]!];
        const cut = cuts.has(from.id);
        add({
          from,
          to,
          op,
          cut,
          open: !cut && isSmooth(to.dtype) && hasFormula(op, inputAt(node, i)),
          maybe: op.row.backward !== undefined,
          step: { op: op.name, path: node.path, node: index, ...placeOf(node.site) },
        });
      }
    }
  });
  for (const passed of tape.trail?.ops ?? []) passedEdges(passed).forEach(add);
  return all;
}

function passedEdges({ op, path, site, inputs, outputs }: UntrackedOp): readonly Edge[] {
  const step = { op: op.name, path, node: null, ...placeOf(site) };
  return outputs.flatMap((to) =>
    inputs.map((from) => {
      const open = op.differentiable && isSmooth(from.dtype) && isSmooth(to.dtype);
      return { from, to, op, open, maybe: false, cut: false, step };
    }),
  );
}

function inputAt(node: TapeNode, i: number): string {
  const at = spansOf(node).findIndex(([from, to]) => i >= from && i < to);
  return node.op.inputs[at]!;
}

function hasFormula({ row }: Ready, input: string): boolean {
  return row.grad === undefined || (row.grad[input] ?? null) !== null;
}

/** The way from the source to the target with the fewest breaks; null where no op leads there. */
function wayBack(edges: Edges, target: number, source: number): readonly Edge[] | null {
  const via = new Map<number, Edge | null>([[target, null]]);
  let now = [target];
  let later: [number, Edge][] = [];
  while (now.length > 0) {
    for (let i = 0; i < now.length; i++) {
      const id = now[i]!;
      if (id === source) return wayFrom(via, source);
      for (const edge of edges.get(id) ?? []) {
        const next = edge.from.id;
        if (via.has(next)) continue;
        if (edge.open) {
          via.set(next, edge);
          now.push(next);
        } else later.push([next, edge]);
      }
    }
    now = [];
    for (const [id, edge] of later) {
      if (via.has(id)) continue;
      via.set(id, edge);
      now.push(id);
    }
    later = [];
  }
  return null;
}

function wayFrom(via: ReadonlyMap<number, Edge | null>, source: number): readonly Edge[] {
  const way: Edge[] = [];
  for (let edge = via.get(source)!; edge; edge = via.get(edge.to.id)!) way.push(edge);
  return way;
}

/** What the target was made of and no known op made. */
function ends(edges: Edges, target: number): readonly number[] {
  const seen = new Set([target]);
  for (const id of seen) for (const { from } of edges.get(id) ?? []) seen.add(from.id);
  return [...seen].filter((id) => !edges.has(id));
}

/** Values read out of the source, or of what was made of it, before all of the target was there. */
function readsBetween(
  tape: GradientTape,
  edges: Edges,
  target: number,
  source: number,
): readonly ReadOut[] {
  return (tape.trail?.reads ?? []).filter(
    ({ tensor, after }) => after < target && wayBack(edges, tensor.id, source) !== null,
  );
}

function isWatched(tape: GradientTape, source: Tensor, edges: Edges): boolean {
  if (tape.find(source) >= 0 || tape.trail?.watched?.has(source.id)) return true;
  if (tape.watchedVariables().includes(source)) return true;
  // A result that is itself tracked, on a tape whose marks another one has taken over.
  return (edges.get(source.id) ?? []).some(({ open, step }) => open && step.node !== null);
}

function reasonOf({ op, cut, to, from }: Edge): Explanation['reason'] {
  if (cut) return 'edited';
  if (op.name === 'stopGradient') return 'stopGradient';
  if (!op.differentiable) return 'noGradient';
  return isSmooth(to.dtype) && isSmooth(from.dtype) ? 'noGradient' : 'integer';
}

function breakOf({ step, from }: Edge): Break {
  return { ...step, tensor: mention(from) };
}

/** Asks for the gradient as one who only looks. */
function isNull(tape: GradientTape, target: Tensor, source: Tensor): boolean {
  const before = snapshot();
  Object.assign(state, { quiet: true, tape: null, scope: null });
  try {
    const gradient = tape.gradient(target, source);
    gradient?.dispose();
    return gradient === null;
  } finally {
    restore(before);
  }
}

function placeOf(site: number): Pick<Step, 'site'> {
  const known = place(site);
  return known === undefined ? {} : { site: known };
}

function named(source: Tensor): Mention & { readonly name?: string } {
  const { name } = source as { readonly name?: string };
  return name === undefined ? mention(source) : { ...mention(source), name };
}
