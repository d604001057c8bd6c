import { control } from '../gate.ts';
import { Subject, type LogEntry, type LoggedTensor, type Worth } from './entry.ts';
import { Part, PART } from './part.ts';
import { KeptValues, LoggedValue, NOBODY } from './values.ts';
import { BUDGET, GATE, Gate, STEP } from '../protocol.ts';
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
  #parts: Part[] = [];
  /** The number of the first entry that is still there. */
  #first = 0;
  /** The number that the next entry will have. */
  #end = 0;
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

  get end(): number {
    return this.#end;
  }

  /** The entry of that number; always the same object. */
  at(number: number): LogEntry | undefined {
    if (!(number >= this.#first && number < this.#end)) return undefined;
    return this.#part(number).entry(number, (number - this.#first) % PART);
  }

  /** The innermost op that computed a value; null where nobody saw that, or where it has gone. */
  makerOf({ maker }: LoggedValue): LogEntry | null {
    return this.at(maker) ?? null;
  }

  /** Throws while the past is shown: nobody may write to it. */
  refuse(what: string): void {
    if (!this.past) return;
    throw new Error(
      `${what}: this is the past, which does not change; return to the present first (Continue, or Next Op up to its end)`,
    );
  }

  /** An op is about to run: the number of its entry, which stands in `state` until the op around goes on. */
  open(
    subject: Subject,
    path: string,
    site: number,
    attrs: unknown,
    inputs: readonly Tensor[],
  ): number {
    const number = this.#add(subject, path, site, attrs);
    const part = this.#parts[this.#parts.length - 1]!;
    for (let i = 0; i < inputs.length; i++)
      part.tensors.push(this.#note(inputs[i]!, number, NOBODY, 2, 0));
    state.entry = number;
    part.given(part.count - 1);
    part.begin(part.count - 1);
    return number;
  }

  /** It has ended, and these are its results; `names` where they differ from the row's. */
  close(
    number: number,
    outputs: readonly (Tensor | null | undefined)[],
    names: readonly string[] | null,
  ): void {
    // What nobody finds any more keeps nothing.
    if (number < this.#first) return;
    const part = this.#part(number);
    const row = (number - this.#first) % PART;
    part.end(row);
    part.making(row);
    if (names !== null) part.outputNames[row] = names;
    const { worth } = part.subjects[row]!;
    for (let i = 0; i < outputs.length; i++) {
      const output = outputs[i];
      if (output) part.tensors.push(this.#note(output, number, number, worth, i));
    }
    part.made(row);
  }

  /** The same for one result under the row's name. */
  close1(number: number, output: Tensor): void {
    if (number < this.#first) return;
    const part = this.#part(number);
    const row = (number - this.#first) % PART;
    part.end(row);
    part.making(row);
    part.tensors.push(this.#note(output, number, number, part.subjects[row]!.worth, 0));
    part.made(row);
  }

  /**
   * Notes a write, which `write` does: what the tensor held before and holds after. A variable that
   * takes new bytes because someone else sees the old ones leaves its storage behind.
   */
  write(tensor: Tensor, how: string, write: () => void): void {
    const before = this.#note(tensor, this.#end, NOBODY, 2, 0);
    const site = how === 'edit' ? NOWHERE : (state.site ?? here(this.write));
    const number = this.#add(writing(how), state.path, site, nothing);
    const part = this.#parts[this.#parts.length - 1]!;
    const row = part.count - 1;
    part.tensors.push(before);
    part.given(row);
    write();
    // What nobody finds any more keeps nothing.
    if (number < this.#first) return;
    if (tensor.storage.id !== before.storage) part.move(row);
    part.making(row);
    part.tensors.push(this.#note(tensor, number, NOBODY, 2, 0));
    part.made(row);
  }

  /** Forgets everything; a debugger that sets the gate begins a new one. */
  clear(): void {
    for (const part of this.#parts) this.#drop(part, Infinity);
    this.#first = this.#end;
    this.#parts = [];
    this.#begun = false;
  }

  #part(number: number): Part {
    return this.#parts[Math.floor((number - this.#first) / PART)]!;
  }

  #add(subject: Subject, path: string, site: number, attrs: unknown): number {
    this.#begun = true;
    if (control[BUDGET] !== this.#budget && control[BUDGET]! > 0) {
      this.#budget = control[BUDGET]!;
      this.values.budget = this.#budget * 2 ** 20;
    }
    let part = this.#parts[this.#parts.length - 1];
    if (part === undefined || part.full) part = this.#extend();
    const number = this.#end++;
    const around = state.entry;
    const inside = around >= this.#first ? number - around : 0;
    const depth = inside === 0 ? 0 : this.#depth(around) + 1;
    const row = part.add(subject, path, site, attrs, inside, depth);
    part.circumstances(row, control[STEP]!, state.seed, state.draws, lastId());
    return number;
  }

  #depth(number: number): number {
    return this.#part(number).depth((number - this.#first) % PART);
  }

  #note(tensor: Tensor, used: number, maker: number, worth: Worth, slot: number): LoggedTensor {
    // Of one example of a vmap, the whole batch.
    const { whole } = tensor;
    const { id, storage } = whole;
    // What has no bytes makes the op fail, in its own words.
    const none = storage === ended || storage === unsaved;
    const value = none
      ? new LoggedValue(null, NOBODY, 2, slot)
      : this.values.keep(storage.bytes, used, maker, worth, slot);
    const { last } = value;
    if (
      last !== null &&
      last.id === id &&
      last.storage === storage.id &&
      last.version === storage.version
    )
      return last;
    return (value.last = {
      id,
      storage: storage.id,
      version: storage.version,
      shape: whole.shape,
      dtype: whole.dtype,
      size: whole.size,
      offset: whole.offset,
      strides: whole.strides,
      value,
      name: (tensor as { readonly name?: string }).name,
    });
  }

  /** Room for more; the oldest part goes where there are enough. */
  #extend(): Part {
    if (this.#parts.length === MOST) {
      this.#drop(this.#parts.shift()!, this.#first + PART);
      this.#first += PART;
      this.values.first = this.#first;
    }
    const part = new Part(this);
    this.#parts.push(part);
    return part;
  }

  /** Those entries go; what no entry from that number on has used goes with them. */
  #drop({ tensors }: Part, end: number): void {
    for (const { value } of tensors) if (value.used < end) this.values.release(value);
  }
}

/** Since when there is a log, for errors. */
export const KEPT =
  'it is kept from the first stop at an op or the first exception filter for tensors on, or from the start with "opLog": "always" in launch.json';

/** So many parts are kept at most. */
const MOST = 17;

const nothing: object = Object.freeze({});

/** A write is called as what did it. */
function writing(how: string): Subject {
  let subject = writings.get(how);
  if (subject === undefined) {
    const kind = how === 'update' ? 'update' : 'write';
    subject = new Subject(how, how, null, kind, ['before'], null);
    writings.set(how, subject);
  }
  return subject;
}
const writings = new Map<string, Subject>();

export const opLog = new OpLog();
