import type { OpFrame, Site } from '../protocol.ts';

/** Where one looks in the op log: before an op that has run since. */
export interface Cursor {
  readonly number: number;
  /** The number of the first entry there is, and of the next one to come. */
  readonly first: number;
  readonly end: number;
  /** The op and those around it, as they were, with what came of them. */
  readonly frames: readonly OpFrame[];
  readonly step: number;
  /** What the generator behind random ops was at. */
  readonly seed: number | null;
  readonly draws: number;
}

/** An entry of the op log: an op that ran (`matMul`, `∇matMul`), or a write to a variable (`assign`). */
export interface LogRow {
  readonly number: number;
  readonly op: string;
  readonly path: string;
  readonly depth: number;
  readonly site?: Site;
  /** `f32[2,3]`, one for each tensor. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly step: number;
  /** In milliseconds; below 0 where it has not ended. */
  readonly duration: number;
}
