/** The pause point: where the program stands while an op is looked at. */
import { Script } from 'node:vm';
import {
  HOOKS,
  RING_BYTES,
  WORDS,
  type Hooks,
  type OpFrame,
  type OpPause,
} from '../../engine/protocol.ts';
import { desk } from './desk.ts';
import { engineLoaded, said } from './probes.ts';
import { running, tell } from './telling.ts';
import { PAUSE_SCRIPT, STEP, STEPS } from './words.ts';

/** The engine's control words and the ring of its op records. */
export interface Shared {
  readonly control: SharedArrayBuffer;
  readonly records: SharedArrayBuffer;
}

/**
 * Leaves the engine what it needs, before it is loaded, and returns what the
 * relay shares of it. The `debugger` statement stands in a script of its own: one in
 * a script that stepping skips would be skipped too. What the adapter would ask
 * at every op, and tell before every step, is said and done here around it:
 * each of those would be a round trip.
 */
export function lendHooks(words: Int32Array): Shared {
  const point = new Script(POINT, { filename: PAUSE_SCRIPT }).runInThisContext() as Point;
  const control = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
  // The system gives memory for the ring as it is written to.
  const records = new SharedArrayBuffer(RING_BYTES);
  const hooks: Hooks = {
    control,
    records,
    pause: point(
      (reason) => arrive(words, reason),
      () => goOn(words),
    ),
    fault: (why, breakpoint) =>
      tell('Program.faults', {
        why,
        sites: running(),
        ...(breakpoint !== undefined && { breakpoint }),
      }),
    log: (message) => tell('Program.logs', { text: said(message), sites: running() }),
    loaded: engineLoaded,
  };
  Object.defineProperty(globalThis, Symbol.for(HOOKS), { value: hooks });
  return { control, records };
}

type Point = (arrive: (reason: OpPause) => void, goOn: () => void) => Hooks['pause'];
const POINT = '((arrive, goOn) => function opPause(reason) { arrive(reason); debugger; goOn(); })';

function arrive(words: Int32Array, reason: OpPause): void {
  Atomics.store(words, STEP, 0);
  tell('Program.stops', { reason, frames: frames() });
}

/** What goes wrong here goes wrong for the adapter, not for the program. */
function frames(): readonly OpFrame[] | null {
  try {
    return desk()?.opFrames() ?? null;
  } catch {
    return null;
  }
}

/** What was found at the pause is let go, and the step that was wanted begins. */
function goOn(words: Int32Array): void {
  desk()?.forget();
  const how = STEPS[Atomics.load(words, STEP) - 1];
  if (how) desk()?.step(how);
}
