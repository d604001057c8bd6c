import type { Bytes, Device } from '../device.ts';
import type { LoggedTensor, Worth } from './entry.ts';
import { unpin } from '../storage.ts';

/**
 * The values that the op log keeps: bytes as an op found or left them. They are
 * pinned, so that whoever writes to their tensor writes to other bytes. Beyond
 * a budget they go: first what a cheap op makes of others, then what a dear one
 * does, and what nothing can make again last; of each what was not used for the
 * longest time.
 */
export class KeptValues {
  /** Of all that is kept, each once. */
  bytes = 0;
  /** The number of the first entry that the log still has. */
  first = 0;
  #budget = DEFAULT_BUDGET;
  /** By what it would cost to have them again, the cheapest first. */
  readonly #lines = [new Line(), new Line(), new Line()] as const;

  get budget(): number {
    return this.#budget;
  }

  set budget(bytes: number) {
    this.#budget = bytes;
    this.#evict();
  }

  /**
   * The value in bytes as they are now, used by the entry of that number. `maker` is the number of
   * the op that has just computed it, or `NOBODY`; `worth` is what that makes it worth.
   */
  keep(bytes: Bytes, used: number, maker: number, worth: Worth, slot: number): LoggedValue {
    let value = bytes.logged ?? null;
    if (value === null || value.version !== bytes.version)
      bytes.logged = value = new LoggedValue(bytes, maker, worth, slot);
    value.used = used;
    if (value.bytes === null) {
      value.bytes = bytes;
      bytes.pins++;
      this.bytes += bytes.length;
      // What it was made of went with its maker.
      this.#lines[value.maker < this.first ? 2 : value.worth].add(value);
      if (this.bytes > this.#budget) this.#evict();
    }
    return value;
  }

  /** How many values are listed, those included that were released since. */
  get listed(): number {
    return this.#lines.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether one of the pins of these bytes is that of the log. */
  holds({ logged }: Bytes): boolean {
    return logged !== undefined && logged !== null && logged.bytes !== null;
  }

  /** Gives the bytes up; what they were may still be computed. */
  release(value: LoggedValue): void {
    const { bytes } = value;
    if (bytes === null) return;
    value.bytes = null;
    this.bytes -= bytes.length;
    unpin(bytes);
  }

  #evict(): void {
    while (this.bytes > this.#budget) {
      const [cheap, dear, only] = this.#lines;
      const value = cheap.next() ?? dear.next() ?? only.next();
      if (value === null) return;
      this.release(value);
    }
  }
}

/** So many bytes of values are kept where nothing else is said. */
export const DEFAULT_BUDGET = 256 * 2 ** 20;

/** Values in the order in which they were used last, as nearly as it matters. */
class Line {
  #values: LoggedValue[] = [];
  #first = 0;
  /** From this length on it is looked through for values that were released. */
  #full = 1024;

  get length(): number {
    return this.#values.length - this.#first;
  }

  add(value: LoggedValue): void {
    // Where the budget is never reached nothing is taken out, and the program may run for days.
    if (this.length >= this.#full) {
      this.#values = this.#values.slice(this.#first).filter(({ bytes }) => bytes !== null);
      this.#first = 0;
      this.#full = Math.max(1024, 2 * this.length);
    }
    value.queued = value.used;
    this.#values.push(value);
  }

  /** The one that was not used for the longest time, taken out. */
  next(): LoggedValue | null {
    while (this.#first < this.#values.length) {
      const value = this.#values[this.#first]!;
      this.#first++;
      if (this.#first > 1024 && 2 * this.#first > this.#values.length) {
        this.#values = this.#values.slice(this.#first);
        this.#first = 0;
      }
      if (value.bytes === null) continue;
      if (value.used === value.queued) return value;
      this.add(value);
    }
    return null;
  }
}

/** The maker of a value that came from outside of the log. */
export const NOBODY = -1;

/** One value of a tensor: its bytes while they are kept, and how it came about. */
export class LoggedValue {
  /** Null while they are not kept. */
  bytes: Bytes | null = null;
  readonly device: Device | null;
  /** The count of writes that the bytes had: with another one they hold something else. */
  readonly version: number;
  /** The number of the innermost op that computed it, or `NOBODY`. */
  readonly maker: number;
  readonly worth: Worth;
  /** Which of the op's results it is. */
  readonly slot: number;
  /** The entry that used it last. */
  used = 0;
  /** What that was when it was put into its line. */
  queued = 0;
  /** As an entry saw it last: the next one mostly sees the same. */
  last: LoggedTensor | null = null;

  constructor(bytes: Bytes | null, maker: number, worth: Worth, slot: number) {
    this.device = bytes?.device ?? null;
    this.version = bytes?.version ?? 0;
    this.maker = maker;
    this.worth = worth;
    this.slot = slot;
  }
}
