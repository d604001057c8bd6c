import type { TapeNode } from './tape-node.ts';

/** Where the tensors of each input stand among all of a node. */
export function spansOf(node: TapeNode): (readonly [from: number, to: number])[] {
  let at = 0;
  return node.op.inputs.map((_, i) => {
    const from = at;
    at += node.counts === null ? 1 : Math.abs(node.counts[i]!);
    return [from, at];
  });
}

/** What the debugger and errors call a tensor of a node: `x`, `tensors[2]`, `out`. */
export function nameAt(node: TapeNode, i: number): string {
  const hidden = i - node.slots.length;
  if (hidden >= 0) return node.override!.hidden!.names[hidden]!;
  if (i >= node.inputs) return outputAt(node, i - node.inputs);
  if (node.counts === null) return node.op.inputs[i]!;
  const input = spansOf(node).findIndex(([from, to]) => i >= from && i < to);
  const name = node.op.inputs[input]!;
  return node.op.lists[input] ? `${name}[${i - spansOf(node)[input]![0]}]` : name;
}

export function outputAt(node: TapeNode, i: number): string {
  return node.op.row.outputs === 'many' ? `out[${i}]` : node.op.outputs[i]!;
}
