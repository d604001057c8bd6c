import { control } from '../gate.ts';
import type { DType } from '../dtype.ts';
import { KeptValues, LoggedValue } from './values.ts';
import { BUDGET, GATE, Gate, STEP } from '../protocol.ts';
import type { Ready } from '../ready.ts';
import type { Shape } from '../shape.ts';
import { here, NOWHERE } from '../sites.ts';
import { state } from '../state.ts';
import { ended, unsaved } from '../storage.ts';
import { lastId, type Tensor } from '../tensor.ts';

/**
 * The op log: which ops ran, on what, with what result, and every write to a
 * variable, in order. It is kept from the time a debugger sets `Gate.VALUES`.
 * An entry names its tensors and has the bytes they had then; it holds no handle, so that
 * the program's memory comes back as without it, up to the budget of
 * values.ts. Reading it is past.ts, computing what was given up replay.ts.
 */
export class OpLog {
  readonly values = new KeptValues();
  #entries: LogEntry[] = [];
  /** The number of the first entry that is still there. */
  #first = 0;
  /** What is looked at is as it was at a place in the log, not as it is. */
  past = false;
  #begun = false;
  #budget = 0;

  /** Somebody wants it to be kept; also while an evaluation has shut the gate. Let go of once the debugger is gone. */
  get on(): boolean {
    if ((control[GATE]! & Gate.VALUES) !== 0) return true;
    if (this.#begun && !state.quiet) this.clear();
    return this.#begun;
  }

  get first(): number {
    return this.#first;
  }

  /** The number that the next entry will have. */
  get end(): number {
    return this.#first + this.#entries.length;
  }

  at(number: number): LogEntry | undefined {
    return this.#entries[number - this.#first];
  }

  /** Throws while the past is shown: nobody may write to it. */
  refuse(what: string): void {
    if (!this.past) return;
    throw new Error(
      `${what}: this is the past, which does not change; return to the present first (Continue, or Next Op up to its end)`,
    );
  }

  /** An op is about to run. */
  open(about: OpAbout, inputs: readonly Tensor[]): LogEntry {
    const entry = this.#add(about);
    for (let i = 0; i < inputs.length; i++) {
      (entry.inputs as LoggedTensor[]).push(this.#note(inputs[i]!, entry.number, null, 0));
    }
    state.entry = entry;
    entry.start = performance.now();
    return entry;
  }

  /** It has ended, and these are its results; `names` where they differ from the row's. */
  close(
    entry: LogEntry,
    outputs: readonly (Tensor | null | undefined)[],
    names: readonly string[] | null,
  ): void {
    entry.duration = performance.now() - entry.start;
    // What nobody finds any more keeps nothing.
    if (entry.number < this.#first) return;
    entry.outputNames = names;
    for (let i = 0; i < outputs.length; i++) {
      const output = outputs[i];
      if (!output) continue;
      (entry.outputs as LoggedTensor[]).push(this.#note(output, entry.number, entry, i));
    }
  }

  /**
   * Notes a write, which `write` does: what the tensor held before and holds after. A variable that
   * takes new bytes because someone else sees the old ones leaves its storage behind.
   */
  write(tensor: Tensor, how: string, write: () => void): void {
    const before = this.#note(tensor, this.end, null, 0);
    const entry = this.#add({
      name: how,
      title: how,
      op: null,
      kind: how === 'update' ? 'update' : 'write',
      path: state.path,
      site: how === 'edit' ? NOWHERE : (state.site ?? here(this.write)),
      attrs: nothing,
      names: ['before'],
      counts: null,
    });
    (entry.inputs as LoggedTensor[]).push(before);
    write();
    entry.moved = tensor.storage.id !== before.storage;
    (entry.outputs as LoggedTensor[]).push(this.#note(tensor, entry.number, null, 0));
  }

  /** Forgets everything; a debugger that sets the gate begins a new one. */
  clear(): void {
    this.#drop(this.#entries, Infinity);
    this.#first = this.end;
    this.#entries = [];
    this.#begun = false;
  }

  #add(about: OpAbout): LogEntry {
    this.#begun = true;
    if (control[BUDGET] !== this.#budget && control[BUDGET]! > 0) {
      this.#budget = control[BUDGET]!;
      this.values.budget = this.#budget * 2 ** 20;
    }
    if (this.#entries.length >= MOST + PART) this.#shorten();
    const inside = state.entry;
    const entry: LogEntry = {
      ...about,
      number: this.end,
      inside,
      depth: inside === null ? 0 : inside.depth + 1,
      step: control[STEP]!,
      seed: state.seed,
      draws: state.draws,
      born: lastId(),
      inputs: [],
      outputs: [],
      outputNames: null,
      moved: false,
      start: 0,
      duration: -1,
    };
    this.#entries.push(entry);
    return entry;
  }

  #note(tensor: Tensor, used: number, maker: LogEntry | null, slot: number): LoggedTensor {
    // Of one example of a vmap, the whole batch.
    const { id, shape, dtype, size, offset, strides, storage } = tensor.whole;
    // What has no bytes makes the op fail, in its own words.
    const none = storage === ended || storage === unsaved;
    const value = none
      ? new LoggedValue(null, null, slot)
      : this.values.keep(storage.bytes, used, maker, slot);
    const { name } = tensor as { readonly name?: string };
    return {
      id,
      storage: storage.id,
      version: storage.version,
      shape,
      dtype,
      size,
      offset,
      strides,
      value,
      name,
    };
  }

  #shorten(): void {
    this.#drop(this.#entries.splice(0, PART), this.#first + PART);
    this.#first += PART;
  }

  /** Those entries go; what no entry from that number on has used goes with them. */
  #drop(entries: readonly LogEntry[], end: number): void {
    for (const { inputs, outputs } of entries) {
      for (const { value } of inputs) if (value.used < end) this.values.release(value);
      for (const { value } of outputs) {
        // What it made cannot be made again.
        value.maker = null;
        if (value.used < end) this.values.release(value);
      }
    }
  }
}

/** More entries than this, and a part besides, are not kept. */
const MOST = 1 << 16;
const PART = 1 << 12;

const nothing: object = Object.freeze({});

/** What is known of an op before it runs. */
export interface OpAbout {
  /** `matMul`; of a gradient that of its forward op. */
  readonly name: string;
  /** `∇matMul` where it is a gradient. */
  readonly title: string;
  /** What computes it again from its inputs; null for gradients and writes. */
  readonly op: Ready | null;
  /** `update` is a write that belongs to the op before it. */
  readonly kind: 'forward' | 'backward' | 'write' | 'update';
  readonly path: string;
  /** A number of sites.ts. */
  readonly site: number;
  readonly attrs: unknown;
  /** Of the inputs, lists spelled out. */
  readonly names: readonly string[];
  /** How many tensors each input took, where there are lists or inputs left out (`counts` of inputs.ts). */
  readonly counts: readonly number[] | null;
}

/** One op that ran, or one write. */
export interface LogEntry extends OpAbout {
  readonly number: number;
  /** The op it ran inside of. */
  readonly inside: LogEntry | null;
  readonly depth: number;
  readonly step: number;
  /** What the generator was at. */
  readonly seed: number | null;
  readonly draws: number;
  /** The last tensor that was made before. */
  readonly born: number;
  /** Of a write: what the tensor held before. */
  readonly inputs: readonly LoggedTensor[];
  /** None where it threw. */
  readonly outputs: readonly LoggedTensor[];
  outputNames: readonly string[] | null;
  /** The tensor left its storage to others and has another one since. */
  moved: boolean;
  /** In milliseconds, by `performance.now()`. */
  start: number;
  /** Below 0 where it has not ended. */
  duration: number;
}

/** A tensor as an entry saw it. */
export interface LoggedTensor {
  readonly id: number;
  readonly storage: number;
  readonly version: number;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  readonly offset: number;
  readonly strides: readonly number[] | null;
  readonly value: LoggedValue;
  /** Of a variable. */
  readonly name: string | undefined;
}

export const opLog = new OpLog();
