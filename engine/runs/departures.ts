import { hooks } from '../gate.ts';
import type { Storage } from '../storage.ts';
import { isOwn } from '../op-run.ts';
import type { OpRun } from '../trace.ts';
import { noteOf } from './note.ts';

/**
 * Tells whoever keeps the record of a run, or compares it with that of another,
 * what the program's own ops make. Where one departs from the other run, all
 * that comes of it does: only the first is of interest, and what came of it is
 * remembered by its storage.
 */
export function tell(run: OpRun): void {
  if (!isOwn(run) || hooks?.ran === undefined) return;
  const departure = hooks.ran(noteOf(run));
  const known = run.inputs.some(([, tensor]) => hasDeparted(tensor.whole.storage));
  run.departure = known ? null : departure;
  if (departure === null) return;
  for (const [, tensor] of run.outputs) {
    const { storage } = tensor.whole;
    departed.set(storage, storage.version);
  }
}

/** Values were copied from one storage to another, or handed over. */
export function carryDeparture(from: Storage, to: Storage): void {
  if (hasDeparted(from)) departed.set(to, to.version);
}

function hasDeparted(storage: Storage): boolean {
  return departed.get(storage) === storage.version;
}

/** What was written to since is judged anew. */
const departed = new WeakMap<Storage, number>();
