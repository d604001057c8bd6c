import { control } from './gate.ts';
import { gradients } from './backward.ts';
import type { Override } from './device.ts';
import { isSmooth } from './dtype.ts';
import { tensorGiven } from './given.ts';
import {
  completed,
  inForm,
  isZero,
  listOf,
  request,
  type GradientOptions,
  type GradientsOf,
  type Sources,
  type Unconnected,
} from './gradient-request.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { answered, beginning, ending } from './filters/tapes.ts';
import { batchJacobian, jacobians } from './jacobian.ts';
import { GATE } from './protocol.ts';
import type { Ready } from './ready.ts';
import { here, NOWHERE } from './sites.ts';
import { state } from './state.ts';
import { bytesOf, TapeKey, TapeNode } from './tape-node.ts';
import type { TapeOptions } from './tape-options.ts';
import { describe, held, lastId, type Tensor } from './tensor.ts';
import { Trail } from './trail.ts';

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
 *
 * A tape is open for the whole program, not for one function: over an `await`
 * or a `yield` it records what other code does meanwhile, as far as something
 * watched goes into it. Gradients stay right; what is recorded in vain takes
 * memory until the tape is closed.
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
  /** @internal The vmap that it was made in. */
  readonly batch = state.batch;
  /** @internal Where it was made, see sites.ts. */
  readonly site: number;
  /** @internal The last tensor that was older than the tape. */
  readonly born = lastId();
  /** @internal What happened and is not on it, while someone may ask. */
  trail: Trail | null = null;
  #state: TapeState = 'recording';
  readonly #auto: boolean;
  #watched: Tensor[] = [];

  constructor({
    persistent = false,
    watchAccessedVariables = true,
    explain = false,
  }: TapeOptions = {}) {
    if (explain) this.trail = new Trail(true);
    this.id = ++ids;
    this.persistent = persistent;
    this.#auto = watchAccessedVariables;
    this.outer = state.tape;
    this.site = control[GATE] === 0 ? NOWHERE : here(new.target);
    state.tape = this;
    beginning(this);
    last.tape?.forget();
    last.tape = this;
  }

  get state(): TapeState {
    return this.#state;
  }

  /** Bytes that are kept for the backward pass. */
  get bytes(): number {
    return bytesOf(this.nodes);
  }

  /** `GradientTape 2: recording, 10 nodes`. */
  toString(): string {
    const { id, state, nodes } = this;
    const name = `GradientTape ${id}: ${state === 'used' ? 'used up' : state}`;
    return `${name}, ${nodes.length} node${nodes.length === 1 ? '' : 's'}`;
  }

  /** How `console.log` prints it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Gradients can be asked for with respect to these tensors. */
  watch(tensors: Tensor | readonly Tensor[]): void {
    this.#open('watch');
    for (const each of listOf(tensors)) {
      const tensor = tensorGiven('watch', 'what is to be watched', each).whole;
      held(tensor, 'watch');
      if (!isSmooth(tensor.dtype)) {
        throw new Error(
          `watch: ${describe(tensor)} has no gradient; only floats and complex numbers do: cast it, for one to 'f32'`,
        );
      }
      if (this.find(tensor) < 0) this.#enter(tensor);
    }
  }

  /**
   * Why the gradient of `target` with respect to `source` is null, or by which
   * ops it flows: `console.log(tape.explain(loss, w))`. Lines, and what is not
   * on the tape, are known where a debugger looked on, or the tape was made
   * with `explain: true`. Also after `gradient()`, until another tape is made.
   */
  explain(target: Tensor, source: Tensor): Explanation {
    return explain(this, target, source);
  }

  /** The tensors it watches: trainable variables that were used, and what was given to `watch`. */
  watchedVariables(): readonly Tensor[] {
    return this.#watched;
  }

  /** Runs `f` without recording it. */
  stopRecording<R>(f: () => R): R {
    if (this.#state !== 'recording') return f();
    const from = lastId();
    this.pause();
    try {
      return f();
    } finally {
      if (control[GATE] !== 0) (this.trail ??= new Trail(false)).off.push([from, lastId()]);
      // `f` may have asked for the gradient, or closed the tape.
      if (this.state === 'paused') this.resume();
    }
  }

  /** Forgets what was recorded and watched, and records on. */
  reset(): void {
    this.#open('reset');
    this.#drop();
    this.nodes = [];
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
   * each target. With `unconnectedGradients: 'zero'` there are zeros in place
   * of null. A tape that is not persistent answers once.
   */
  gradient<S extends Sources, U extends Unconnected = 'none'>(
    target: Tensor | readonly Tensor[],
    sources: S,
    { outputGradients, unconnectedGradients }: GradientOptions<U> = {},
  ): GradientsOf<S, U> {
    if (this.#state === 'used') {
      throw new Error(
        'gradient: this tape has given its gradients already; make it with { persistent: true } to ask more than once',
      );
    }
    this.#open('gradient');
    const zeros = isZero(unconnectedGradients);
    const asked = request(target, sources, outputGradients);
    const recording = this.#state === 'recording';
    // What only looks must not use up the tape of the program.
    const once = !this.persistent && !state.quiet;
    if (recording) this.pause();
    if (once) this.#state = 'used';
    try {
      const found = gradients(this, asked, once);
      answered(this, asked, found, zeros);
      return inForm(sources, completed(asked, found, zeros));
    } finally {
      if (once) this.#close('used');
      else if (recording) this.resume();
    }
  }

  /** All first derivatives: the target's shape, then the source's; null where it does not depend on it. By vmap. */
  jacobian<S extends Sources, U extends Unconnected = 'none'>(
    target: Tensor,
    sources: S,
    { unconnectedGradients }: { readonly unconnectedGradients?: U } = {},
  ): GradientsOf<S, U> {
    return jacobians(this, target, sources, unconnectedGradients);
  }

  /** The same for each example of a batch, the first axis of both, by itself: `[b, ...target, ...source]`. */
  batchJacobian(target: Tensor, source: Tensor): Tensor | null {
    return batchJacobian(this, target, source);
  }

  /** Ends the recording and lets go of everything saved. */
  dispose(): void {
    if (this.#state === 'recording') this.#leave();
    if (this.#state !== 'used') ending(this);
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
    const slots: number[] = [];
    for (let i = 0; i < inputs.length; i++) {
      const slot = this.#reach(inputs[i]!);
      slots.push(slot);
      if (slot >= 0) tracked = true;
    }
    if (!tracked) return this.pass(op, inputs, outputs);
    const results = outputs.length - (override?.hidden?.names.length ?? 0);
    for (let i = 0; i < results; i++) slots.push(this.#result(outputs[i]!));
    const tensors = inputs.concat(outputs);
    this.nodes.push(new TapeNode(op, tensors, inputs.length, counts, attrs, slots, override));
  }

  /** @internal The same for an op with one tensor and one result, without making lists of them on the way. */
  record1(op: Ready, x: Tensor, attrs: unknown, out: Tensor): void {
    const from = op.differentiable ? this.#reach(x) : -1;
    if (from < 0) {
      if (control[GATE] !== 0) this.pass(op, [x], [out]);
      return;
    }
    const slots = [from, this.#result(out)];
    this.nodes.push(new TapeNode(op, [x, out], 1, null, attrs, slots, null));
  }

  /** @internal The same for two tensors. */
  record2(op: Ready, x: Tensor, y: Tensor, attrs: unknown, out: Tensor): void {
    const left = op.differentiable ? this.#reach(x) : -1;
    const right = op.differentiable ? this.#reach(y) : -1;
    if (left < 0 && right < 0) {
      if (control[GATE] !== 0) this.pass(op, [x, y], [out]);
      return;
    }
    const slots = [left, right, this.#result(out)];
    this.nodes.push(new TapeNode(op, [x, y, out], 2, null, attrs, slots, null));
  }

  /** @internal Notes an op that is not recorded, for someone who may ask why. */
  pass(op: Ready, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    if (control[GATE] !== 0) (this.trail ??= new Trail(false)).op(op, inputs, outputs);
  }

  /** @internal Marks that the values of a tensor were changed in place; its gradient flows on, or ends there. */
  edit(tensor: Tensor, op: Ready, cut: boolean): void {
    const slot = this.find(tensor);
    if (slot < 0) return;
    const node = new TapeNode(op, [tensor, tensor], 1, null, { cut }, [slot, slot], null);
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
    const { outer, nodes } = this;
    const { length } = nodes;
    const mode = this.#state;
    return () => {
      if (this.nodes !== nodes) return;
      this.outer = outer;
      for (const node of nodes.splice(length)) node.release(false);
      // One that has begun to let go of what it saved cannot give gradients any more.
      if (this.#state !== 'used') this.#state = mode;
    };
  }

  /** @internal Nodes that were kept for a debugger to look at go when another tape takes the place. */
  forget(): void {
    if (this.trail?.asked || (this.#state !== 'used' && this.#state !== 'closed')) return;
    for (const node of this.nodes) node.show(null);
    this.nodes = [];
    this.trail = null;
  }

  /** @internal Whether what comes of the tensor is recorded. */
  tracks(tensor: Tensor): boolean {
    return this.#reach(tensor) >= 0;
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

  /** The place of what goes into an op, and that of a variable that is used for the first time. */
  #reach(tensor: Tensor): number {
    if (tensor.key === this.key) return tensor.slot;
    const slot = this.find(tensor);
    return slot < 0 && this.#auto && tensor.watched ? this.#enter(tensor) : slot;
  }

  #result(tensor: Tensor): number {
    return isSmooth(tensor.dtype) ? this.#track(tensor) : -1;
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
    this.trail?.end(this.#watched);
    this.#watched = [];
    this.outer = null;
  }

  #drop(): void {
    const { nodes } = this;
    if (nodes.length === 0) return;
    // A debugger shows the last tape also when its gradients are out.
    const kept = control[GATE] !== 0;
    for (let i = 0; i < nodes.length; i++) nodes[i]!.release(kept);
    if (!kept) this.nodes = [];
  }
}

export type { TapeNode };
export type TapeState = 'recording' | 'paused' | 'closed' | 'used';

/** The last tape made, for the debugger to show while nothing records. */
export const last: { tape: GradientTape | null } = { tape: null };

let ids = 0;
