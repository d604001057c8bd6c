import type { Page } from './devices/cpu/page.ts';
import type { Tensor } from './tensor.ts';

/**
 * When memory is taken back from tensors that the program has dropped without
 * a word. Who still holds a page is asked of the JavaScript engine, by an
 * oracle that the host supplies; asking is only right where no op is half
 * done, so devices say that it is due and the next op does it first.
 */
export const pressure: { due: boolean } = { due: false };

/** Finds out which pages the program still holds. */
export interface Oracle {
  readonly name: string;
  /** Takes note of a page without keeping it alive. */
  watch(page: Page): void;
  /** Forgets a page that was given back by itself. */
  forget(page: Page): void;
  /** The pages that something holds, found by one collection of garbage. */
  survivors(): readonly Page[];
}

/** Every object with a prototype that something holds: what the host finds, for those who ask what is alive. */
export const census: { of: (<T extends object>(prototype: T) => readonly T[]) | null } = {
  of: null,
};

/** Lets the devices take back what nothing holds; the inputs of the op about to run are held meanwhile. */
export function relieve(inputs: readonly Tensor[]): void {
  held.inputs = inputs;
  try {
    for (const sweep of sweeps) sweep();
  } finally {
    pressure.due = false;
    held.inputs = [];
  }
}

/** Has a device's memory swept whenever it is due. */
export function onRelief(sweep: () => void): void {
  sweeps.push(sweep);
}

/**
 * When to ask next. As many bytes as `budget` may pile up beside those that
 * were alive the last time; it grows while asking takes more than a thirtieth
 * of the time, and shrinks again when it takes far less.
 */
export class Watermark {
  #budget: number;
  #limit: number;
  #alive = 0;
  #ended = performance.now();

  constructor(budget = FIRST, limit = LIMIT) {
    this.#budget = budget;
    this.#limit = limit;
    marks.push(this);
  }

  get bytes(): number {
    return this.#alive + this.#budget;
  }

  limit(bytes: number): void {
    this.#limit = bytes;
    this.#budget = Math.min(this.#budget, bytes);
  }

  /** Runs one sweep and learns from the time it took; it says how many bytes were left. */
  measure(sweep: () => number): void {
    const start = performance.now();
    this.#alive = sweep();
    const end = performance.now();
    const share = (end - start) / Math.max(end - this.#ended, 1e-3);
    this.#ended = end;
    if (share > SHARE) this.#budget = Math.min(this.#budget * 2, this.#limit);
    else if (share < SHARE / 8)
      this.#budget = Math.max(this.#budget / 2, Math.min(FIRST, this.#limit));
  }
}

/**
 * How many bytes of tensors that were dropped may pile up before they are
 * looked for; 512 MiB unless set. More of them makes looking rarer.
 *
 *     tf.setSweepLimit(2 ** 29);
 */
export function setSweepLimit(bytes: number): void {
  if (!(bytes >= MB)) throw new Error(`setSweepLimit: ${bytes} is less than 1 MiB (${MB} bytes)`);
  for (const mark of marks) mark.limit(bytes);
}

const marks: Watermark[] = [];
const MB = 2 ** 20;
const FIRST = 256 * MB;
const LIMIT = 512 * MB;
const SHARE = 0.03;

const sweeps: (() => void)[] = [];
const held: { inputs: readonly Tensor[] } = { inputs: [] };
