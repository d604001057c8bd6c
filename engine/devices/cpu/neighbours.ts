/** After a worker was not let run so much work is done alone, at first and at most, in the team's measure. */
const ALONE = 2 ** 26;
const MOST = 2 ** 30;
/** So many jobs on end that nobody came to help with mean the least of it: they cost no more than being told of. */
const UNHELPED = 8;
/** What is left of it after a job that went well. */
const FORGET = 7 / 8;

/**
 * Whether something else has the processors. A worker that is not let run may
 * be waited for longer than it saves; so the main thread does a while without, twice as
 * long each time, up to where such waits make no odds.
 */
export class Neighbours {
  readonly #least: number;
  #penalty: number;
  #left = 0;
  #unhelped = 0;
  /** Some worker has started: until then nobody can help. */
  #met = false;

  constructor(alone = ALONE) {
    this.#least = alone;
    this.#penalty = alone;
  }

  /** Whether this work is for the main thread alone. */
  busy(work: number): boolean {
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
}
