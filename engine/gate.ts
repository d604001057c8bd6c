import { HOOKS, WORDS } from './protocol.ts';
import type { Hooks } from './protocol.ts';

/**
 * The words that the program shares with a debugger. run.ts and tape.ts read
 * `control[GATE]` at every op; what looks at the ops while it is not zero is in
 * trace.ts.
 */

/** What a debugger lent before the engine was loaded, if there is one. */
export const hooks = (globalThis as { readonly [key: symbol]: unknown })[Symbol.for(HOOKS)] as
  Hooks | undefined;

/** The control words; a debugger reads and writes them from another thread. */
export const control = new Int32Array(hooks?.control ?? new SharedArrayBuffer(4 * WORDS));
