import { make } from './run.ts';
import { state } from './state.ts';
import type { TapeNode } from './tape-node.ts';
import { revive, type Tensor } from './tensor.ts';

/**
 * The gradients by the device's own kernels, where no tape is to record how they come about: null where
 * there are none. Given all gradients so far, they come with those that `adds` says added to them.
 */
export function straight(
  node: TapeNode,
  arrived: readonly (Tensor | undefined)[],
  need: readonly boolean[],
  grads: readonly (Tensor | null)[] | null,
): readonly (Tensor | null)[] | null {
  // Under vmap gradients may be batched, which only ops know.
  if (state.tape !== null || state.batch !== null) return null;
  const { device } = arrived.find((g) => g !== undefined)!.storage.bytes;
  const { op, override, attrs } = node;
  const by = override ?? op.derived(device);
  if (by?.gradients === undefined) return null;
  const { tensors } = node;
  const [inputs, outputs]: [Tensor[], Tensor[]] = [[], []];
  const [to, before]: [(Tensor | null)[], (Tensor | null)[]] = [[], []];
  for (let i = 0; i < tensors.length; i++) {
    const tensor = current(node, tensors[i]!, i);
    if (i >= node.inputs) outputs.push(tensor);
    else {
      const asked = need[i] === true;
      inputs.push(tensor);
      to.push(asked ? make(tensor.shape, tensor.dtype, device) : null);
      before.push(asked && grads !== null ? adds(node, i, grads) : null);
    }
  }
  if (by.gradients(arrived, inputs, outputs, attrs, to, before)) return to;
  for (const one of to) one?.dispose();
  return null;
}

/** What came before the gradient of an input, where the device's own way adds to it; else null. */
export function adds(
  { op, override, slots, tensors, inputs }: TapeNode,
  i: number,
  grads: readonly (Tensor | null)[],
): Tensor | null {
  const before = grads[slots[i]!]!;
  if (before === null || before.strides !== null || before.dtype !== tensors[i]!.dtype) return null;
  const by = override ?? op.derived(before.storage.bytes.device);
  if (by?.adds?.includes(i) !== true) return null;
  // A tensor that is several inputs gets several gradients here.
  for (let k = 0; k < inputs; k++) if (k !== i && slots[k] === slots[i]) return null;
  return before;
}

/** A tensor of a node as its forward saw it: an edit since then does not reach it. */
export function current(node: TapeNode, tensor: Tensor, i: number): Tensor {
  const bytes = node.pinned?.[i] ?? null;
  if (bytes === null || tensor.storage.bytes === bytes) return tensor;
  const revived = revive(tensor, bytes);
  state.scope?.made.push(revived);
  return revived;
}
