import { control } from './gate.ts';
import { currentSite } from './noting.ts';
import { GATE, Gate } from './protocol.ts';
import type { Ready } from './ready.ts';
import { here } from './sites.ts';
import { state } from './state.ts';
import type { GradientTape } from './tape.ts';
import { lastId, type Tensor } from './tensor.ts';

/**
 * What happened under a tape and is not on it: ops through which nothing
 * watched went, ops that have no gradient, values that were read out. Kept
 * while a debugger looks or the tape was made with `explain: true`, so that
 * explain.ts can say why a gradient is null.
 */
export class Trail {
  /** The tape was made with `explain: true`: what it kept outlives other tapes. */
  readonly asked: boolean;
  #open: boolean;
  readonly ops: UntrackedOp[] = [];
  readonly reads: ReadOut[] = [];
  /** Stretches of `stopRecording`, from the last tensor made before to the last made in them. */
  readonly off: (readonly [after: number, upTo: number])[] = [];
  /** What it watched, when its tape has let go of it. */
  watched: ReadonlySet<number> | null = null;

  constructor(asked: boolean) {
    this.asked = asked;
    this.#open = asked;
    if (!asked) return;
    open++;
    Atomics.or(control, GATE, Gate.EXPLAIN);
  }

  /** Its tape has ended; what is noted stays. */
  end(watched: readonly Tensor[]): void {
    this.watched ??= new Set(watched.map(({ id }) => id));
    if (this.#open && --open === 0) Atomics.and(control, GATE, ~Gate.EXPLAIN);
    this.#open = false;
  }

  op(op: Ready, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    shorten(this.ops);
    this.ops.push({
      op,
      path: state.path,
      site: currentSite(),
      inputs: inputs.map(mention),
      outputs: outputs.map(mention),
    });
  }
}

/** How many tapes that explain have not come to their end. */
let open = 0;

/** An op that ran and was not recorded. */
export interface UntrackedOp {
  readonly op: Ready;
  readonly path: string;
  readonly site: number;
  readonly inputs: readonly Mention[];
  readonly outputs: readonly Mention[];
}

/** Values that left the engine for the program's own numbers. */
export interface ReadOut {
  readonly tensor: Mention;
  readonly how: 'item' | 'data' | 'array';
  readonly site: number;
  /** The last tensor that was made before. */
  readonly after: number;
}

/** Enough of a tensor to speak of it, without holding it. */
export type Mention = Pick<Tensor, 'id' | 'shape' | 'dtype'>;

export function mention({ id, shape, dtype }: Mention): Mention {
  return { id, shape, dtype };
}

/** Notes on the tapes that record that the program reads values; `above` is the method that was called. */
export function readOut(tensor: Tensor, how: ReadOut['how'], above: Function): void {
  if (control[GATE] === 0 || state.quiet || state.tape === null) return;
  const read = { tensor: mention(tensor), how, site: here(above), after: lastId() };
  for (let tape: GradientTape | null = state.tape; tape !== null; tape = tape.outer) {
    const { reads } = (tape.trail ??= new Trail(false));
    shorten(reads);
    reads.push(read);
  }
}

/** A tape that stays open for a whole program must not grow with it: the older half goes. */
function shorten(list: unknown[]): void {
  if (list.length >= MOST) list.splice(0, MOST / 2);
}
const MOST = 20_000;
