import type { Batch } from './vmap/batch.ts';
import type { Device } from './device.ts';
import type { Scope } from './scope.ts';
import type { GradientTape } from './tape.ts';
import type { OpRun } from './trace.ts';

/**
 * Everything about the engine that changes while a program runs, in one
 * object: what a debugger takes down before an evaluation and puts back after
 * it, also when the evaluation was cut off in the middle of an op.
 */
export interface State {
  /** The innermost tape that records; the others follow by `outer`. */
  tape: GradientTape | null;
  scope: Scope | null;
  /** The innermost vmap that runs. */
  batch: Batch | null;
  /** Someone looks on who must not be noticed: a tape is not used up by its gradients. */
  quiet: boolean;
  /** The layer scopes around, `encoder/dense1`; empty outside all of them. */
  path: string;
  /** Where new tensors are made. Null until the first one asks for the default. */
  device: Device | null;
  /** Null until a random op or `tf.setSeed` needs one. */
  seed: number | null;
  /** Random ops since the seed was set. */
  draws: number;
  step: number;
  /** The optimizer whose updates count as steps: the first that makes one. */
  stepper: object | null;
  /** The line that called what runs ops of its own accord (a composite op, a backward pass), while a debugger wants it. */
  site: number | null;
  /** The op that runs, as far as it was watched from its start. */
  op: OpRun | null;
  /** The op around, where ops only leave notes. */
  inside: string | null;
  /** The op record of the op that runs, or -1. */
  record: number;
  /** The number in the op log of the op that runs; -1 outside of all, or without a log. */
  entry: number;
}

export const state: State = {
  tape: null,
  scope: null,
  batch: null,
  quiet: false,
  path: '',
  device: null,
  seed: null,
  draws: 0,
  step: 0,
  stepper: null,
  site: null,
  op: null,
  inside: null,
  record: -1,
  entry: -1,
};

/** Runs what the engine does for itself: no tape records it, no scope ends what it makes. */
export function aside<R>(f: () => R): R {
  const { tape, scope } = state;
  state.tape = null;
  state.scope = null;
  try {
    return f();
  } finally {
    state.tape = tape;
    state.scope = scope;
  }
}

export interface Snapshot {
  readonly state: State;
  readonly tapes: readonly (() => void)[];
}

export function snapshot(): Snapshot {
  const tapes: (() => void)[] = [];
  for (let tape = state.tape; tape !== null; tape = tape.outer) tapes.push(tape.mark());
  return { state: { ...state }, tapes };
}

/** Puts back what `snapshot` took down. */
export function restore(from: Snapshot): void {
  Object.assign(state, from.state);
  for (const putBack of from.tapes) putBack();
}
