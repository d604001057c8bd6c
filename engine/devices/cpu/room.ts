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

/** Where kernels take working memory that depends on their operands: the arena, below the storages. */
export interface Room {
  /** The address of so many bytes, a multiple of 16. Does not ask what is alive; throws where there is no room. */
  take(bytes: number): number;
  give(at: number, bytes: number): void;
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
