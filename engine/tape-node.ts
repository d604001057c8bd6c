import type { Bytes, Override } from './device.ts';
import type { Ready, Saves } from './ready.ts';
import { state } from './state.ts';
import { unpin } from './storage.ts';
import { alias, ghost, type Tensor } from './tensor.ts';
import { currentSite } from './noting.ts';

/** One recorded op: plain data, and the bytes it holds. */
export class TapeNode {
  readonly op: Ready;
  /** The inputs, lists spelled out, then the outputs, then what the device's own way hides: handles where the values are saved, else ghosts. */
  readonly tensors: readonly Tensor[];
  readonly inputs: number;
  /** How many tensors each input took, where there are lists or inputs left out; -1 is one that is no list. */
  readonly counts: readonly number[] | null;
  readonly attrs: unknown;
  /** The tape's slots of them all, -1 where it does not track them. */
  readonly slots: readonly number[];
  /** The bytes it holds, beside `tensors`; null if it holds none. */
  pinned: (Bytes | null)[] | null;
  /** The device's own way, if it was taken. */
  readonly override: Override | null;
  readonly path: string;
  readonly site: number;
  edit: 'through' | 'cut' | null;
  /** The gradient of its first output that came last, kept while a debugger looks. */
  gradient: Tensor | null;

  /** Keeps the list of tensors, and puts what it holds of them in their places. */
  constructor(
    op: Ready,
    tensors: Tensor[],
    inputs: number,
    counts: readonly number[] | null,
    attrs: unknown,
    slots: readonly number[],
    override: Override | null,
  ) {
    this.op = op;
    this.tensors = tensors;
    this.inputs = inputs;
    this.counts = counts;
    this.attrs = attrs;
    this.slots = slots;
    this.pinned = null;
    this.override = override;
    this.path = state.path;
    this.site = currentSite();
    this.edit = null;
    this.gradient = null;
    const saves = override === null ? op.saves : op.savesOf(override);
    for (let i = 0; i < tensors.length; i++) {
      // What has no slot behind the results is there to be saved.
      if (
        i >= slots.length ||
        (isSaved(saves, inputs, counts, i) && isRead(saves, counts, slots, i))
      ) {
        const { bytes } = tensors[i]!.storage;
        bytes.pins++;
        this.pinned ??= new Array<Bytes | null>(tensors.length).fill(null);
        this.pinned[i] = bytes;
      } else tensors[i] = ghost(tensors[i]!);
    }
  }

  /** Keeps the gradient of its output for a debugger, in the place of the one before. */
  show(gradient: Tensor | null): void {
    this.gradient?.dispose();
    this.gradient = gradient === null || gradient.size > SHOWN ? null : alias(gradient);
  }

  /** Lets go of what it saved. Where it is `kept` for someone to look at, shapes and ids are what they find. */
  release(kept: boolean): void {
    const { pinned } = this;
    if (pinned === null) return;
    this.pinned = null;
    const tensors = this.tensors as Tensor[];
    for (let i = 0; i < pinned.length; i++) {
      const bytes = pinned[i]!;
      if (bytes === null) continue;
      if (kept) tensors[i] = ghost(tensors[i]!);
      unpin(bytes);
    }
  }
}

function isSaved(
  { inputs: before, outputs: after }: Saves,
  inputs: number,
  counts: readonly number[] | null,
  i: number,
): boolean {
  if (i < inputs) return before[counts === null ? i : nameOf(counts, i)]!;
  return after[after.length === 1 ? 0 : i - inputs]!;
}

/** Whether something flows back to the input whose gradient reads it, where only one does. */
function isRead(
  { readBy }: Saves,
  counts: readonly number[] | null,
  slots: readonly number[],
  i: number,
): boolean {
  if (readBy === null || counts !== null) return true;
  const reader = readBy[i]!;
  return reader < 0 || slots[reader]! >= 0;
}

/** To which input the tensor at that place belongs. */
function nameOf(counts: readonly number[], at: number): number {
  let end = 0;
  for (let i = 0; i < counts.length; i++) {
    end += Math.abs(counts[i]!);
    if (at < end) return i;
  }
  return counts.length - 1;
}

/** Gradients of more elements than that are not kept for a debugger to show. */
const SHOWN = 2 ** 20;

/** By this a tensor knows which tape tracks it, without keeping the tape alive. */
export class TapeKey {
  live = true;
  /** Tensors that another tape has put its own key on: their ids and slots. */
  others: Map<number, number> | null = null;
}

/** Bytes that nodes keep, each once. */
export function bytesOf(nodes: readonly TapeNode[]): number {
  const all = new Set<Bytes>();
  for (const { pinned } of nodes)
    for (const bytes of pinned ?? []) if (bytes !== null) all.add(bytes);
  return [...all].reduce((sum, { length }) => sum + length, 0);
}
