/**
 * The first bytes of the memory, which belong to the kernels: a plan, a
 * constant and the blocks that matrix products and folds work on.
 */
export const RESERVED = 3 * 2 ** 20;
export const PLAN_AT = 64;
/** Behind the plan; how a window slides. */
export const SLIDING_AT = 768;
/** Between the two lie the constants of vector functions, put there by the compiled code itself. */
export const CONSTANT_AT = 2048;
export const BENCH_AT = 4096;
/** Where the main thread writes the plan of its part of a job; the worker threads have places of their own. */
export const SECOND_PLAN_AT = RESERVED - 1024;

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
