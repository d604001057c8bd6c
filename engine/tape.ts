import { control } from './gate.ts';
import { gradients, type Sources, type GradientsOf } from './backward.ts';
import type { Bytes, Override } from './device.ts';
import { isFloat } from './dtype.ts';
import { GATE } from './protocol.ts';
import type { Ready, Saves } from './ready.ts';
import { here, NOWHERE } from './sites.ts';
import { state } from './state.ts';
import { unpin } from './storage.ts';
import { describe, ghost, held, type Tensor } from './tensor.ts';
import { currentSite } from './trace.ts';

export interface TapeOptions {
  /** `gradient()` may be called more than once; what was recorded is kept until the tape is closed. */
  readonly persistent?: boolean;
  /** Trainable variables are watched as soon as they are used. On unless set to false. */
  readonly watchAccessedVariables?: boolean;
}

/**
 * Records the ops that run while it is open, as far as something watched goes
 * into them, and computes gradients from that.
 *
 *     using tape = new tf.GradientTape();
 *     const loss = model(x).sub(y).square().mean();
 *     const [dw, db] = tape.gradient(loss, [w, b]);
 *
 * It records from the moment it is made until its first `gradient()`, or, if
 * it is persistent, until the end of its block (`dispose()` without `using`).
 * Leaving the block lets go of everything it saved. Tapes nest: an outer one
 * records the gradients that an inner one computes.
 */
export class GradientTape {
  readonly id: number;
  readonly persistent: boolean;
  /** @internal */
  readonly key: TapeKey = new TapeKey();
  /** @internal What was recorded, in order. */
  nodes: TapeNode[] = [];
  /** @internal How many tensors it tracks. */
  slots = 0;
  /** @internal The tape around this one. */
  outer: GradientTape | null;
  /** @internal Where it was made, see sites.ts. */
  readonly site: number;
  #state: TapeState = 'recording';
  readonly #auto: boolean;
  #watched: Tensor[] = [];

  constructor({ persistent = false, watchAccessedVariables = true }: TapeOptions = {}) {
    this.id = ++ids;
    this.persistent = persistent;
    this.#auto = watchAccessedVariables;
    this.outer = state.tape;
    this.site = control[GATE] === 0 ? NOWHERE : here(GradientTape);
    state.tape = this;
    last.tape = this;
  }

  get state(): TapeState {
    return this.#state;
  }

  /** Bytes that are kept for the backward pass. */
  get bytes(): number {
    const all = new Set<Bytes>();
    for (const node of this.nodes)
      for (const bytes of node.pinned) if (bytes !== null) all.add(bytes);
    return [...all].reduce((sum, { length }) => sum + length, 0);
  }

  /** Gradients can be asked for with respect to these tensors. */
  watch(tensors: Tensor | readonly Tensor[]): void {
    this.#open('watch');
    for (const tensor of [tensors].flat() as Tensor[]) {
      held(tensor, 'watch');
      if (!isFloat(tensor.dtype)) {
        throw new Error(`watch: ${describe(tensor)} has no gradient; only floats do`);
      }
      if (this.find(tensor) < 0) this.#enter(tensor);
    }
  }

  /** The tensors it watches: trainable variables that were used, and what was given to `watch`. */
  watchedVariables(): readonly Tensor[] {
    return this.#watched;
  }

  /** Runs `f` without recording it. */
  stopRecording<R>(f: () => R): R {
    if (this.#state !== 'recording') return f();
    this.pause();
    try {
      return f();
    } finally {
      this.resume();
    }
  }

  /** Forgets what was recorded and watched, and records on. */
  reset(): void {
    this.#open('reset');
    this.#drop();
    this.slots = 0;
    this.#watched = [];
    this.key.live = false;
    (this as { key: TapeKey }).key = new TapeKey();
  }

  /**
   * The gradient of `target` (of the sum of its elements, or of a list of
   * targets) with respect to one source, a list or a record of sources; in the
   * same form, null where the target does not depend on the source.
   *
   * `outputGradients` weighs the elements of the target: of its shape, one for
   * each target. A tape that is not persistent answers once.
   */
  gradient<S extends Sources>(
    target: Tensor | readonly Tensor[],
    sources: S,
    { outputGradients }: { readonly outputGradients?: Tensor | readonly Tensor[] } = {},
  ): GradientsOf<S> {
    if (this.#state === 'used') {
      throw new Error(
        'gradient: this tape has given its gradients already; make it with { persistent: true } to ask more than once',
      );
    }
    this.#open('gradient');
    const recording = this.#state === 'recording';
    if (recording) this.pause();
    if (!this.persistent) this.#state = 'used';
    try {
      return gradients(this, target, sources, outputGradients);
    } finally {
      if (!this.persistent) this.#close('used');
      else if (recording) this.resume();
    }
  }

  /** Ends the recording and lets go of everything saved. */
  dispose(): void {
    if (this.#state === 'recording') this.#leave();
    this.#close(this.#state === 'used' ? 'used' : 'closed');
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal The place of a tensor among those it tracks, or -1. */
  find(tensor: Tensor): number {
    const { key } = this;
    if (tensor.key === key) return tensor.slot;
    return key.others === null ? -1 : (key.others.get(tensor.id) ?? -1);
  }

  /** @internal Records an op whose inputs (lists spelled out) and outputs are given. */
  record(
    op: Ready,
    inputs: readonly Tensor[],
    counts: readonly number[] | null,
    attrs: unknown,
    outputs: readonly Tensor[],
    override: Override | null,
  ): void {
    let tracked = false;
    const slots = new Array<number>(inputs.length);
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      let slot = this.find(input);
      if (slot < 0 && this.#auto && input.watched) slot = this.#enter(input);
      slots[i] = slot;
      if (slot >= 0) tracked = true;
    }
    if (!tracked) return;
    const results = new Array<number>(outputs.length);
    for (let i = 0; i < outputs.length; i++) {
      results[i] = isFloat(outputs[i]!.dtype) ? this.#track(outputs[i]!) : -1;
    }
    this.nodes.push(new TapeNode(op, inputs, counts, attrs, outputs, slots, results, override));
  }

  /** @internal Marks that the values of a tensor were changed in place; its gradient flows on, or ends there. */
  edit(tensor: Tensor, op: Ready, cut: boolean): void {
    const slot = this.find(tensor);
    if (slot < 0) return;
    const node = new TapeNode(op, [tensor], null, { cut }, [tensor], [slot], [slot], null);
    node.edit = cut ? 'cut' : 'through';
    this.nodes.push(node);
  }

  /** @internal */
  pause(): void {
    this.#leave();
    this.#state = 'paused';
  }

  /** @internal */
  resume(): void {
    this.outer = state.tape;
    state.tape = this;
    this.#state = 'recording';
  }

  /** @internal Takes down what an evaluation might leave half-done; the function returned puts it back. */
  mark(): () => void {
    const { outer } = this;
    const mode = this.#state;
    return () => {
      this.outer = outer;
      this.#state = mode;
    };
  }

  #open(what: string): void {
    if (this.#state === 'closed' || this.#state === 'used') {
      throw new Error(`${what}: this tape is closed; what it recorded is gone`);
    }
  }

  #enter(tensor: Tensor): number {
    this.#watched.push(tensor);
    return this.#track(tensor);
  }

  #track(tensor: Tensor): number {
    const slot = this.slots++;
    const { key } = this;
    if (tensor.key === null || !tensor.key.live) {
      tensor.key = key;
      tensor.slot = slot;
    } else (key.others ??= new Map()).set(tensor.id, slot);
    return slot;
  }

  #leave(): void {
    if (state.tape === this) state.tape = this.outer;
    else {
      for (let tape = state.tape; tape !== null; tape = tape.outer) {
        if (tape.outer === this) tape.outer = this.outer;
      }
    }
  }

  #close(how: TapeState): void {
    this.#state = how;
    this.key.live = false;
    this.#drop();
    this.#watched = [];
    this.outer = null;
  }

  #drop(): void {
    const { nodes } = this;
    if (nodes.length === 0) return;
    for (let i = 0; i < nodes.length; i++) nodes[i]!.release();
    // A debugger shows the last tape also when its gradients are out.
    if (control[GATE] === 0) this.nodes = [];
  }
}

/** Runs `f` with a tape that records until it returns: the same without `using`. */
export function gradientTape<R>(f: (tape: GradientTape) => R, options?: TapeOptions): R {
  const tape = new GradientTape(options);
  try {
    return f(tape);
  } finally {
    tape.dispose();
  }
}

export type TapeState = 'recording' | 'paused' | 'closed' | 'used';

/** The last tape made, for the debugger to show while nothing records. */
export const last: { tape: GradientTape | null } = { tape: null };

/** By this a tensor knows which tape tracks it, without keeping the tape alive. */
export class TapeKey {
  live = true;
  /** Tensors that another tape has put its own key on: their ids and slots. */
  others: Map<number, number> | null = null;
}

/** One recorded op: plain data. */
export class TapeNode {
  readonly op: Ready;
  /** The inputs, lists spelled out, then the outputs: handles where the values are saved, else ghosts. */
  readonly tensors: readonly Tensor[];
  readonly inputs: number;
  /** How many tensors each input took, where there are lists or inputs left out; -1 is a single one. */
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
  /** The gradient of its first output, kept while a debugger shows tapes. */
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

let ids = 0;
