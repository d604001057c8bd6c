/**
 * The first bytes of the memory, which belong to the kernels: the constants of
 * vector functions, put there from 1024 on by the compiled code itself, how a
 * window slides, a constant, the blocks that matrix products and folds work
 * on, and plans.
 */
export const RESERVED = 3 * 2 ** 20;
/** How a window slides. */
export const SLIDING_AT = 64;
export const BENCH_AT = 2 ** 15;
export const CONSTANT_AT = BENCH_AT - 64;
/** A plan, and behind it what its operands are brought into rows in; a multiple of a line of the cache. */
export const PLAN_BYTES = 2048;
export const PLAN_AT = RESERVED - 2 * PLAN_BYTES;
/** Where the main thread writes the plan of its part of a job; the worker threads have places of their own. */
export const SECOND_PLAN_AT = RESERVED - PLAN_BYTES;
/** Bytes for the counts of all digits of a key that is sorted by; scripts/kernels/sort.ts says how many there are. */
export const COUNT_BYTES = 2 ** 16;

/** The arena has no room for what a kernel works in: it may be done in parts, or in another way. */
export class NoRoom extends Error {}

/** Where kernels take working memory that depends on their operands: the arena, below the storages. */
export interface Room {
  /** The address of so many bytes, a multiple of 16. Does not ask what is alive; throws `NoRoom` where there is none. */
  take(bytes: number): number;
  give(at: number, bytes: number): void;
  /** Memory that is free at all times, for ops that are done in parts. */
  readonly area: { readonly at: number; readonly bytes: number };
}

/** Working memory behind the arena's back, for when that is full: given out from the start on, free again when all of it is given back. */
export class Spare {
  readonly #at: number;
  readonly #bytes: number;
  #top = 0;
  #taken = 0;

  constructor(at: number, bytes: number) {
    this.#at = at;
    this.#bytes = bytes;
  }

  /** The address of so many bytes; -1 where there is no room. */
  take(bytes: number): number {
    const length = Math.ceil(bytes / 64) * 64;
    if (this.#top + length > this.#bytes) return -1;
    const at = this.#at + this.#top;
    this.#top += length;
    this.#taken++;
    return at;
  }

  /** Takes it back; false where that address is not of here. */
  give(at: number): boolean {
    if (at < this.#at || at >= this.#at + this.#bytes) return false;
    if (--this.#taken === 0) this.#top = 0;
    return true;
  }
}

/** Working memory of one kernel call, given back all at once. */
export class Temporaries {
  readonly #room: Room;
  readonly #held: number[] = [];

  constructor(room: Room) {
    this.#room = room;
  }

  take(bytes: number): number {
    const at = this.#room.take(bytes);
    this.#held.push(at, bytes);
    return at;
  }

  end(): void {
    while (this.#held.length > 0) {
      const bytes = this.#held.pop()!;
      this.#room.give(this.#held.pop()!, bytes);
    }
  }
}
