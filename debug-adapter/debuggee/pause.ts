/** The pause point: where the program stands while an op is looked at. */
import { Script } from 'node:vm';
import { HOOKS, WORDS, type Hooks, type OpPause } from '../../engine/protocol.ts';
import { engineLoaded } from './probes.ts';
import { PAUSE_SCRIPT } from './words.ts';

/**
 * Leaves the engine what it needs to stop, before it is loaded, and returns its
 * control words. The `debugger` statement stands in a script of its own: one in
 * a script that stepping skips would be skipped too.
 */
export function lendHooks(): SharedArrayBuffer {
  const pause = new Script('(function opPause(reason) { debugger; })', {
    filename: PAUSE_SCRIPT,
  }).runInThisContext() as (reason: OpPause) => void;
  const control = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
  const hooks: Hooks = { control, pause, loaded: engineLoaded };
  Object.defineProperty(globalThis, Symbol.for(HOOKS), { value: hooks });
  return control;
}
