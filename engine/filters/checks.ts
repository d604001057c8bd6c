import type { FilterName, Found } from '../protocol.ts';
import type { OpRun } from '../trace.ts';
import type { Facts } from '../condition.ts';
import { deadRelu, saturated } from './activations.ts';
import { departure } from './departure.ts';
import { explodingGradient, vanishingGradient } from './gradients.ts';
import { anyNaN, firstNaN } from './nan.ts';
import { weightUpdate } from './weights.ts';

/** What an exception filter looks for. */
export interface Check {
  /** What its condition may speak of, beside what that of an op breakpoint may. */
  readonly facts: readonly string[];
  /** Looks at an op that has ended. */
  readonly after?: (run: OpRun) => readonly Finding[];
}

export interface Finding {
  readonly facts: Facts;
  /** The program is about to stop for it. */
  found(): Found;
}

export const checks: { readonly [F in FilterName]: Check } = {
  firstNaN,
  anyNaN,
  divergence: departure,
  explodingGradient,
  vanishingGradient,
  deadRelu,
  saturated,
  weightUpdate,
  // These are found where no op ends: see tapes.ts and leak.ts.
  nullGradient: { facts: ['name', 'reason'] },
  unusedTape: { facts: ['nodes', 'bytes'] },
  tensorLeak: { facts: ['tensors', 'bytes', 'steps'] },
  // What does not fit is an error that V8 tells the debugger of.
  misfit: { facts: ['message'] },
};
