import { dataBreakpoints } from './data-breakpoints.ts';
import { filters } from './filters/filters.ts';
import { weightUpdate } from './filters/weights.ts';
import { control } from './gate.ts';
import { GATE, Gate } from './protocol.ts';
import { Storage } from './storage.ts';
import { Tensor } from './tensor.ts';
import { occurred, wrote } from './trace.ts';
import type { Variable } from './variable.ts';

/**
 * Gives a variable new values; `by` is the method or the op that does it. Who
 * waits for that sees what they were before, too.
 */
export function writing(variable: Variable, by: string, write: () => void): void {
  const gate = control[GATE]!;
  if ((gate & (Gate.DATA | Gate.FILTERS)) === 0) return write();
  const stops = (gate & Gate.DATA) !== 0 && dataBreakpoints.watches(variable.name);
  // The steps of optimizers are ops, which are looked at by themselves.
  const update = UPDATES.has(by) && variable.watched && filters.has('weightUpdate');
  if (!stops && !update) return write();
  // Where somebody holds the old bytes, the new ones are written elsewhere.
  const { shape, dtype, size, storage } = variable;
  const before = new Tensor(new Storage(storage.bytes, true), shape, dtype, size, 0, null);
  const made = [['out', variable]] as const;
  try {
    write();
    if (update) occurred(by, [['variable', before]], made, 'weightUpdate', weightUpdate.after!);
    if (stops) wrote(by, variable.name, [['before', before]], made);
  } finally {
    before.dispose();
  }
}

/** `assign` itself mostly loads what was saved. */
const UPDATES: ReadonlySet<string> = new Set(['assignAdd', 'assignSub']);
