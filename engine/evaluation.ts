import { control } from './gate.ts';
import { past } from './op-log/past.ts';
import { openDevices } from './placement.ts';
import { GATE, Gate, OP_COUNT, STEP } from './protocol.ts';
import type { Mood } from './protocol.ts';
import { restore, snapshot, state } from './state.ts';
import type { Snapshot } from './state.ts';
import type { OpRun } from './trace.ts';

/**
 * Evaluations in a paused program: what the engine is before one, and what is
 * put back after it. V8 ends an evaluation that runs out of time without
 * running its `finally` blocks, so nothing here relies on them.
 */

/** Opens an evaluation; `end` closes the one opened last. */
export function begin(mood: Mood): void {
  const before = snapshot();
  const words = [control[GATE]!, control[OP_COUNT]!, control[STEP]!] as const;
  open.push({ mood, before, words });
  past.enter();
  if (mood === 'quiet') {
    Atomics.store(control, GATE, 0);
    Object.assign(state, { quiet: true, tape: null, scope: null, op: null, entry: -1 });
    past.rewind();
  } else {
    // V8 ignores pauses within an evaluation; breakpoints must not count as hit for it.
    Atomics.and(control, GATE, Gate.SITES | Gate.PROFILE | Gate.VALUES);
    // What the user makes in the middle of an op, or of a gradient, must not end with it.
    if (state.op || state.site !== null)
      Object.assign(state, { scope: null, site: null, op: null, inside: null });
  }
}

/** `cut`: the evaluation was ended by its time limit, in the middle of whatever it did. */
export function end(cut = false): void {
  const evaluation = open.pop();
  if (!evaluation) return;
  const { mood, before, words } = evaluation;
  if (cut) past.abandon();
  else past.leave();
  const [gate, ops, step] = words;
  if (cut) for (const device of openDevices()) device.settle?.();
  if (mood === 'quiet' || cut) {
    restore(before);
    control[OP_COUNT] = ops;
    control[STEP] = step;
  } else {
    const { scope, site, op, inside, path, record, entry } = before.state;
    Object.assign(state, { scope, site, op, inside, path, record, entry });
  }
  // Bits that a debugger set meanwhile stay.
  Atomics.or(control, GATE, gate);
}

/** The op where the program stands, also in the middle of an evaluation there. */
export function standing(): OpRun | null {
  const [first] = open;
  return first === undefined ? state.op : first.before.state.op;
}

/** Reads something in a way the program does not notice. */
export function quietly<R>(read: () => R): R {
  begin('quiet');
  try {
    return read();
  } finally {
    end();
  }
}

interface Evaluation {
  readonly mood: Mood;
  readonly before: Snapshot;
  readonly words: readonly [gate: number, ops: number, step: number];
}
const open: Evaluation[] = [];
