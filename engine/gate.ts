import { HOOKS, WORDS } from './protocol.ts';
import type { Hooks } from './protocol.ts';
import type { Tensor } from './tensor.ts';

/**
 * What the op gate knows: the words shared with a debugger, and the ops that
 * are running while it is open. run.ts and tape.ts read `control[GATE]`; who
 * looks at the ops is in trace.ts.
 */

/** What a debugger lent before the engine was loaded, if there is one. */
export const hooks = (globalThis as { readonly [key: symbol]: unknown })[Symbol.for(HOOKS)] as
  Hooks | undefined;

/** The control words; a debugger reads and writes them from another thread. */
export const control = new Int32Array(hooks?.control ?? new SharedArrayBuffer(4 * WORDS));

/** The ops that are running and were watched from their start, the innermost last. */
export const running: Running[] = [];

export type NamedTensors = readonly (readonly [name: string, tensor: Tensor])[];

/** An op about to run. A list input is spelled out: `['xs[0]', x], ['xs[1]', y]`. */
export interface Watched {
  readonly name: string;
  readonly direction: 'forward' | 'backward';
  /** The layer scope it runs in, '' outside of any. */
  readonly path: string;
  readonly inputs: NamedTensors;
  readonly attrs: object;
  /** The site of the forward op, where this is its gradient. */
  readonly site?: number;
  /** Work and traffic, where the row knows them. Asked after the op. */
  readonly cost?: () => { readonly flops: number; readonly bytes: number };
}

export interface Running extends Watched {
  readonly site: number;
  /** How many ops it runs inside of. */
  readonly depth: number;
  /** Layer scope and all the ops around it: `encoder/∇layerNorm/mul`. */
  readonly trail: string;
  phase: 'before' | 'after';
  outputs: NamedTensors;
  /** Stop when it has ended. */
  stopAfter: boolean;
  /** Its op record, or -1. */
  record: number;
}
