/** After a worker was not let run so much work is done alone, at first and at most, in the team's measure. */
const ALONE = 2 ** 26;
const MOST = 2 ** 30;
/** So many jobs on end that nobody came to help with mean the least of it: they cost no more than being told of. */
const UNHELPED = 8;
/** What is left of it after a job that went well. */
const FORGET = 7 / 8;
/** After so much work the system is asked again how crowded the processors are, */
const LOOK = 2 ** 28;
/** which they are where a thread is taken off its own more than once in so many microseconds. */
const CROWDED = 1_000;

/** What the system says of the time this program had so far, in microseconds, and how often it was taken off a processor. */
export interface Processors {
  readonly time: number;
  readonly taken: number;
}

/**
 * Whether something else has the processors. A worker that is not let run may
 * be waited for longer than it saves; so the main thread does a while without, twice as
 * long each time, up to where such waits make no odds. Where threads are taken
 * off their processors again and again it goes on alone until that is over: a worker that
 * is woken there may take the main thread's own.
 */
export class Neighbours {
  readonly #least: number;
  #penalty: number;
  #left = 0;
  #unhelped = 0;
  /** Some worker has started: until then nobody can help. */
  #met = false;

  readonly #processors: (() => Processors) | null;
  #seen: Processors | null = null;
  #since = 0;
  #crowded = false;

  constructor(alone = ALONE, processors: (() => Processors) | null = null) {
    this.#least = alone;
    this.#penalty = alone;
    this.#processors = processors;
  }

  /** Whether this work is for the main thread alone. */
  busy(work: number): boolean {
    this.#since += work;
    if (this.#since >= LOOK) this.#look();
    if (this.#crowded) return true;
    if (this.#left <= 0) return false;
    this.#left -= work;
    return true;
  }

  /** A worker began a part and was not let end it. */
  stalled(): void {
    this.#unhelped = 0;
    this.#left = this.#penalty;
    this.#penalty = Math.min(2 * this.#penalty, MOST);
  }

  /** A job was done, with or without help. */
  done(helped: boolean): void {
    if (helped) {
      this.#met = true;
      this.#unhelped = 0;
      this.#penalty = Math.max(FORGET * this.#penalty, this.#least);
    } else if (this.#met && ++this.#unhelped === UNHELPED) {
      this.#unhelped = 0;
      this.#left = this.#least;
    }
  }

  /** Asks how it was since it was asked last. */
  #look(): void {
    this.#since = 0;
    if (this.#processors === null) return;
    const [before, now] = [this.#seen, this.#processors()];
    this.#seen = now;
    if (before === null) return;
    this.#crowded = (now.taken - before.taken) * CROWDED > now.time - before.time;
  }
}
