import type { Bytes, Override } from './device.ts';
import { control } from './gate.ts';
import { GATE } from './protocol.ts';
import type { Ready, Saves } from './ready.ts';
import { NOWHERE } from './sites.ts';
import { state } from './state.ts';
import { unpin } from './storage.ts';
import { alias, ghost, type Tensor } from './tensor.ts';
import { currentSite } from './trace.ts';

/** One recorded op: plain data, and the bytes it holds. */
export class TapeNode {
  readonly op: Ready;
  /** The inputs, lists spelled out, then the outputs: handles where the values are saved, else ghosts. */
  readonly tensors: readonly Tensor[];
  readonly inputs: number;
  /** How many tensors each input took, where there are lists or inputs left out; -1 is one that is no list. */
  readonly counts: readonly number[] | null;
  readonly attrs: unknown;
  /** The tape's slots of inputs and outputs, -1 where it does not track them. */
  readonly slots: readonly number[];
  readonly results: readonly number[];
  /** The bytes it holds, beside `tensors`. */
  readonly pinned: (Bytes | null)[];
  /** The device's own way, if it was taken. */
  readonly override: Override | null;
  readonly path: string;
  readonly site: number;
  edit: 'through' | 'cut' | null;
  /** The gradient of its first output that came last, kept while a debugger looks. */
  gradient: Tensor | null;

  constructor(
    op: Ready,
    inputs: readonly Tensor[],
    counts: readonly number[] | null,
    attrs: unknown,
    outputs: readonly Tensor[],
    slots: readonly number[],
    results: readonly number[],
    override: Override | null,
  ) {
    this.op = op;
    this.inputs = inputs.length;
    this.counts = counts;
    this.attrs = attrs;
    this.slots = slots;
    this.results = results;
    this.override = override;
    this.path = state.path;
    this.site = control[GATE] === 0 ? NOWHERE : currentSite();
    this.edit = null;
    this.gradient = null;
    const total = inputs.length + outputs.length;
    const tensors = new Array<Tensor>(total);
    const pinned = new Array<Bytes | null>(total);
    const saves: Saves = override === null ? op.saves : op.savesOf(override);
    for (let i = 0; i < inputs.length; i++) {
      const tensor = inputs[i]!;
      const saved = saves.inputs[counts === null ? i : nameOf(counts, i)]!;
      tensors[i] = saved ? tensor : ghost(tensor);
      pinned[i] = saved ? hold(tensor) : null;
    }
    for (let i = 0; i < outputs.length; i++) {
      const tensor = outputs[i]!;
      const saved = saves.outputs[saves.outputs.length === 1 ? 0 : i]!;
      tensors[inputs.length + i] = saved ? tensor : ghost(tensor);
      pinned[inputs.length + i] = saved ? hold(tensor) : null;
    }
    this.tensors = tensors;
    this.pinned = pinned;
  }

  /** Keeps the gradient of its output for a debugger, in the place of the one before. */
  show(gradient: Tensor | null): void {
    this.gradient?.dispose();
    this.gradient = gradient === null || gradient.size > SHOWN ? null : alias(gradient);
  }

  /** Lets go of what it saved. Who looks at it afterwards finds shapes and ids only. */
  release(): void {
    const { pinned } = this;
    const tensors = this.tensors as Tensor[];
    for (let i = 0; i < pinned.length; i++) {
      const bytes = pinned[i]!;
      if (bytes === null) continue;
      pinned[i] = null;
      tensors[i] = ghost(tensors[i]!);
      unpin(bytes);
    }
  }
}

function hold(tensor: Tensor): Bytes {
  const { bytes } = tensor.storage;
  bytes.pins++;
  return bytes;
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
