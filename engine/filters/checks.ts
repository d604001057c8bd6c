import type { FilterName, Found } from '../protocol.ts';
import type { OpRun } from '../trace.ts';
import type { Facts } from './filters.ts';
import { anyNaN, firstNaN } from './nan.ts';

/** What an exception filter looks for. */
export interface Check {
  /** What its condition may speak of, beside what that of an op breakpoint may. */
  readonly facts: readonly string[];
  /** Looks at an op that has ended. */
  readonly after?: (run: OpRun) => Finding | null;
}

export interface Finding {
  readonly facts: Facts;
  /** The program is about to stop for it. */
  found(): Found;
}

export const checks: { readonly [F in FilterName]: Check } = {
  firstNaN,
  anyNaN,
  // What does not fit is an error that V8 tells the debugger of.
  misfit: { facts: ['message'] },
};
