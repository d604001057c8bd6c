import { past } from './op-log/past.ts';
import { nameAt } from './node-names.ts';
import type { TapeInfo, TapeNodeInfo, TensorId } from './protocol.ts';
import { rowOf } from './rows.ts';
import { NOWHERE, place } from './sites.ts';
import { state } from './state.ts';
import { last } from './tape.ts';
import type { GradientTape, TapeNode } from './tape.ts';
import type { Tensor } from './tensor.ts';

/** Tapes and their nodes as a debugger shows them. */

/** Those that record, the innermost first, and the one made last. */
export function tapeInfos(): readonly TapeInfo[] {
  const born = past.at?.born ?? Infinity;
  const then = all().filter((tape) => tape.born <= born);
  return then.map((tape) => {
    const site = tape.site === NOWHERE ? undefined : place(tape.site);
    return {
      id: tape.id,
      state: tape.state,
      persistent: tape.persistent,
      nodes: recorded(tape).length,
      bytes: tape.bytes,
      ...(site ? { site } : {}),
    };
  });
}

/** Nodes in the order of recording. `show` hands a tensor out under its id. */
export function tapeNodes(
  id: number,
  start: number,
  count: number,
  show: (tensor: Tensor) => Tensor,
): readonly TapeNodeInfo[] {
  const tape = all().find((tape) => tape.id === id);
  if (!tape) throw new Error(`tape ${id} is gone`);
  const makers = new Map<number, number>();
  const nodes = recorded(tape);
  nodes.forEach(({ slots, inputs }, index) => {
    for (const slot of slots.slice(inputs)) makers.set(slot, index);
  });
  return nodes
    .slice(start, start + count)
    .map((node, i) => nodeInfo(node, start + i, makers, show));
}

/** What was on it at the place in the op log where one looks: the results of later ops were not made yet. */
function recorded({ nodes }: GradientTape): readonly TapeNode[] {
  if (past.at === null) return nodes;
  const { born } = past.at;
  return nodes.filter(({ tensors, inputs }) => tensors.slice(inputs).every(({ id }) => id <= born));
}

function all(): readonly GradientTape[] {
  const tapes: GradientTape[] = [];
  for (let tape = state.tape; tape; tape = tape.outer) tapes.push(tape);
  if (last.tape && !tapes.includes(last.tape)) tapes.push(last.tape);
  return tapes;
}

function nodeInfo(
  node: TapeNode,
  index: number,
  makers: ReadonlyMap<number, number>,
  show: (tensor: Tensor) => Tensor,
): TapeNodeInfo {
  const described = node.tensors.map(({ id, shape, dtype }, i) => ({
    name: nameAt(node, i),
    id: id as TensorId,
    shape,
    dtype,
  }));
  const saved = described.flatMap((tensor, i) => {
    const bytes = node.pinned?.[i];
    if (!bytes) return [];
    show(node.tensors[i]!);
    return [{ ...tensor, bytes: bytes.length }];
  });
  const site = place(node.site);
  return {
    index,
    op: node.op.name,
    path: node.path,
    ...(site ? { site } : {}),
    inputs: described.slice(0, node.inputs).map((input, i) => {
      const maker = makers.get(node.slots[i]!);
      return { ...input, node: maker !== undefined && maker < index ? maker : null };
    }),
    outputs: described.slice(node.inputs),
    saved,
    bytes: saved.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(node.gradient ? { gradient: rowOf(show(node.gradient)) } : {}),
    ...(node.edit ? { edit: true } : {}),
  };
}
