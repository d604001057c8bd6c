import type { Bytes, Device } from '../device.ts';
import type { Input, Result } from '../inputs.ts';
import type { Ready } from '../ready.ts';
import { state } from '../state.ts';
import { Storage } from '../storage.ts';

/** Runs `f` inside of those vmaps, the outermost first, where it does not run there already. */
export function within<R>(batches: readonly Batch[], f: () => R): R {
  const before = state.batch;
  const ended = batches.filter((batch) => before === null || !before.isWithin(batch));
  const places = ended.map(({ outer, depth }) => ({ outer, depth }));
  for (const batch of ended) batch.enter();
  try {
    return f();
  } finally {
    for (const batch of ended) batch.leave();
    ended.forEach((batch, i) => Object.assign(batch, places[i]));
    state.batch = before;
  }
}

/** Whether examples draw their own random numbers, as in a loop, or all the same. */
export type Randomness = 'different' | 'same';

/**
 * One `vmap` that runs: as many examples as it has, computed side by side.
 * `state.batch` is the innermost one. run.ts hands it every op that its short
 * ways have left over; ops of what is not batched it gives back.
 */
export class Batch {
  readonly size: number;
  readonly randomness: Randomness;
  /** The one around it, and how many there are. A gradient function that runs later may find others around. */
  outer: Batch | null;
  depth: number;
  /** What its handles have in place of bytes: no short way takes them, and after its end no op does. */
  readonly storage: Storage;
  /** What an op does on tensors of it; null where none of them is batched. */
  readonly run: (op: Ready, inputs: readonly Input[], attrs: unknown) => Result | null;
  /** The ops that ran example by example. */
  readonly looped = new Set<string>();
  /** It runs, or is entered once more by a gradient function of the user's. */
  #open = 0;

  constructor(size: number, randomness: Randomness, device: Device, run: Batch['run']) {
    this.size = size;
    this.randomness = randomness;
    this.outer = null;
    this.depth = state.batch === null ? 0 : state.batch.depth + 1;
    this.run = run;
    const open = (): boolean => this.#open > 0;
    const bytes: Bytes = {
      get device(): Device {
        if (open()) return device;
        throw new Error(
          'a tensor of one example was used after its vmap had ended; return it from the function, which gives the whole batch',
        );
      },
      at: -1,
      length: 0,
      pins: 0,
      version: 0,
      owned: true,
    };
    this.storage = new Storage(bytes, true);
  }

  /** It runs from here on, inside of what runs now. */
  enter(): void {
    this.#open++;
    this.outer = state.batch;
    this.depth = this.outer === null ? 0 : this.outer.depth + 1;
    state.batch = this;
  }

  leave(): void {
    this.#open--;
  }

  /** Whether it is that one or runs inside of it. */
  isWithin(other: Batch): boolean {
    for (let batch: Batch | null = this; batch !== null; batch = batch.outer) {
      if (batch === other) return true;
    }
    return false;
  }
}
