import type { LogEntry, LoggedTensor } from './entry.ts';
import { opLog } from './log.ts';
import { recovered } from './replay.ts';
import { state } from '../state.ts';
import { gone, unmade, type Storage } from '../storage.ts';
import { Tensor } from '../tensor.ts';

/**
 * The past: what handles, optimizer slots and the generator were before an
 * entry of the op log ran. The program knows nothing of it. While somebody
 * looks (`enter` to `leave`), the handles that it holds point to the bytes
 * they had then; in between they are what they are, so that a program that is
 * sent on finds the present, whatever became of the debugger.
 */
export class Past {
  /** Where one looks: before this entry ran. Null is the present. */
  at: LogEntry | null = null;
  /** The handles whose bytes were others then, and where those are. */
  #changed: readonly (readonly [handle: Tensor, then: Storage])[] = [];
  /** What they point to in the present, while somebody looks. */
  #now: readonly Storage[] | null = null;
  #looking = 0;
  /** What the entry and those around it worked on. */
  #own: (readonly [logged: LoggedTensor, tensor: Tensor])[] = [];
  /** Made for this place; they go with it. */
  #made: Tensor[] = [];

  /** Goes to a place; `handles` are all that the program holds. Without a place, to the present. */
  go(at: LogEntry | null, handles: readonly Tensor[]): void {
    this.#release();
    this.at = at;
    if (at === null) return;
    const { byHandle, byStorage } = writesFrom(at.number);
    const then = new Map<LoggedTensor, Storage>();
    const changed: [Tensor, Storage][] = [];
    for (const handle of handles) {
      const write = byHandle.get(handle.id) ?? byStorage.get(handle.storage.id);
      if (handle.id > at.born) changed.push([handle, unmade]);
      else if (write !== undefined) {
        const before = write.inputs[0]!;
        if (!then.has(before)) then.set(before, this.#bring(before)?.storage ?? gone);
        changed.push([handle, then.get(before)!]);
      }
    }
    this.#changed = changed;
  }

  /** A tensor of the entry (or one around it), as it was; its values may be gone. */
  tensor(logged: LoggedTensor): Tensor {
    const known = this.#own.find(([{ id, value }]) => id === logged.id && value === logged.value);
    if (known !== undefined) return known[1];
    // Of what an entry wrote to, the values before and after it are shown side by side: two numbers.
    const wanted = this.find(logged.id) === undefined ? logged : { ...logged, id: newId() };
    const tensor = this.#bring(wanted) ?? absent(wanted);
    this.#own.push([logged, tensor]);
    return tensor;
  }

  /** The same by its id, once it was shown. */
  find(id: number): Tensor | undefined {
    return this.#own.find(([, tensor]) => tensor.id === id)?.[1];
  }

  /** Whether it was made to look at the past; the program holds none of these. */
  made(tensor: Tensor): boolean {
    return this.#made.includes(tensor) || this.#own.some(([, own]) => own === tensor);
  }

  /** Has all handles be what they were. Calls nest. */
  enter(): void {
    if (this.at === null || this.#looking++ > 0) return;
    opLog.past = true;
    this.#now = this.#changed.map(([handle]) => handle.storage);
    for (const [handle, then] of this.#changed) handle.storage = then;
  }

  leave(): void {
    if (this.at === null || --this.#looking > 0) return;
    this.#restore();
  }

  /** The same, however many looks were cut off on the way. */
  abandon(): void {
    this.#restore();
  }

  /** Runs `look` with everything as it was. */
  within<R>(look: () => R): R {
    this.enter();
    try {
      return look();
    } finally {
      this.leave();
    }
  }

  /** The generator and the count of steps, for random ops that are tried out there. */
  rewind(): void {
    if (this.at === null) return;
    const { seed, draws, step } = this.at;
    Object.assign(state, { seed, draws, step });
  }

  #bring(logged: LoggedTensor): Tensor | null {
    const tensor = recovered(logged);
    if (tensor !== null) this.#made.push(tensor);
    return tensor;
  }

  #restore(): void {
    this.#looking = 0;
    opLog.past = false;
    if (this.#now === null) return;
    this.#changed.forEach(([handle], i) => (handle.storage = this.#now![i]!));
    this.#now = null;
  }

  #release(): void {
    this.#restore();
    for (const tensor of this.#made) tensor.dispose();
    this.#made = [];
    this.#changed = [];
    this.#own = [];
  }
}

/** What stands for a tensor whose values are gone; it need not be disposed. */
export function absent({ id, shape, dtype, size, name }: LoggedTensor): Tensor {
  const tensor = new Tensor(gone, shape, dtype, size, 0, null);
  return Object.assign(tensor, { id, ...(name && { name }) });
}

function newId(): number {
  return new Tensor(gone, [], 'f32', 1, 0, null).id;
}

/** The first write from that entry on, to each handle that has moved to another storage, and to each storage. */
function writesFrom(number: number): {
  readonly byHandle: ReadonlyMap<number, LogEntry>;
  readonly byStorage: ReadonlyMap<number, LogEntry>;
} {
  const byHandle = new Map<number, LogEntry>();
  const byStorage = new Map<number, LogEntry>();
  for (let n = opLog.end - 1; n >= number; n--) {
    const entry = opLog.at(n)!;
    if (entry.kind !== 'write' && entry.kind !== 'update') continue;
    const { id, storage } = entry.inputs[0]!;
    byHandle.set(id, entry);
    if (!entry.moved) byStorage.set(storage, entry);
  }
  return { byHandle, byStorage };
}

export const past = new Past();
