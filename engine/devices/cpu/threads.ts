import type { Processors } from './neighbours.ts';

/** What a host supplies: threads that run a function's source on some data. */
export interface Threads {
  /** Tells how crowded the processors are; left out where the host does not know. */
  processors?(): Processors;
  /** How many threads there should be where nobody says how many. */
  readonly cores: number;
  /**
   * A thread that evaluates `(source)(data, require)`, with what the host's modules are got by. It neither keeps the program
   * alive nor outlives it; `ended` hears of its end. Null where none can be had.
   */
  start(source: string, data: object, ended: () => void): Thread | null;
}
export interface Thread {
  stop(): void;
}
