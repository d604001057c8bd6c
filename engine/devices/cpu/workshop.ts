import type { Buf } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import type { Plan } from './plan.ts';
import type { Team } from './team.ts';
import type { Temporaries } from './room.ts';
import type { SlidingPlan } from './sliding-plan.ts';
import type { Wasm } from './wasm.ts';

/** What the files of kernels share: the compiled code, and memory to work in. */
export interface Workshop {
  readonly wasm: Wasm;
  readonly team: Team;
  readonly plan: Plan;
  readonly sliding: SlidingPlan;
  readonly temporaries: Temporaries;
  /** The address of x's elements row-major in x's own shape, copied where they are strided. */
  rows(x: Buf): number;
}

/** Where a buffer's first element lies. */
export function address(x: Buf): number {
  return x.storage.bytes.at + x.offset * dtypes[x.dtype].bytes;
}

/** Whether a buffer lies outside the kernels' memory. */
export function away(x: Buf): boolean {
  return x.storage.bytes.at < 0;
}
