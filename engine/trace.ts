import { dtypes } from './dtype.ts';
import { control, hooks } from './gate.ts';
import { breakpoints } from './op-breakpoints.ts';
import type { Circumstance } from './op-breakpoints.ts';
import { Profiler } from './profiler.ts';
import { DEPTH, GATE, Gate, OP_FUNCTION, STEP } from './protocol.ts';
import type { OpStep } from './protocol.ts';
import { here, NOWHERE } from './sites.ts';
import { state } from './state.ts';
import type { Tensor } from './tensor.ts';

/**
 * The listeners behind the op gate: op breakpoints, op steps, call sites and
 * the profiler. run.ts and tape.ts come here only while the gate is open:
 *
 *     if (control[GATE] !== 0) return watch({ name, … }, () => compute(…), named);
 *
 * A composite op and a gradient formula run their ops inside `perform`, so the
 * ops nest. Answering a debugger's questions is inspect.ts.
 */

export type NamedTensors = readonly (readonly [name: string, tensor: Tensor])[];

/** An op about to run. A list input is spelled out: `['xs[0]', x], ['xs[1]', y]`. */
export interface Watched {
  readonly name: string;
  readonly direction: 'forward' | 'backward';
  readonly inputs: NamedTensors;
  readonly attrs: object;
  /** The layer scope and site of the forward op, where this is its gradient. */
  readonly origin?: Origin | null;
  /** Work and traffic, where the row knows them. Asked after the op. */
  readonly cost?: () => { readonly flops: number; readonly bytes: number };
}

/** What made a tensor, and which line of the user's program (a number of sites.ts). */
export interface Origin {
  readonly op: string;
  /** The layer scope, `encoder/dense1`, '' outside of any. */
  readonly path: string;
  readonly site: number;
}

/** An op that is running. */
export interface OpRun extends Watched, Origin {
  site: number;
  /** The op it runs inside of. */
  readonly outer: OpRun | null;
  readonly depth: number;
  phase: 'before' | 'after';
  outputs: NamedTensors;
  /** Stop when it has ended. */
  stopAfter: boolean;
  /** Its op record, or -1. */
  record: number;
}

export const profiler = new Profiler(control);

/** Runs an op under the eyes of all listeners; `results` names what came of it. */
export function watch<R>(op: Watched, perform: () => R, results: (made: R) => NamedTensors): R {
  const gate = control[GATE]!;
  const run = begin(op);
  state.op = run;
  try {
    if (gate & (Gate.BREAK | Gate.NEXT)) look(run);
    if (gate & Gate.PROFILE) run.record = open(run);
    const made = marked[OP_FUNCTION]!(perform) as R;
    if (run.record >= 0) profiler.close(run.record);
    run.outputs = results(made);
    run.phase = 'after';
    if (run.record >= 0) note(run);
    // Not the run itself: it holds its inputs.
    const origin: Origin = { op: title(run), path: run.path, site: run.site };
    for (const [, tensor] of run.outputs) tensor.origin = origin;
    if (run.stopAfter || control[GATE]! & Gate.BREAK) look(run);
    return made;
  } finally {
    state.op = run.outer;
  }
}

/** The frame by which a debugger puts the op between those of the user: a bundle leaves this name alone. */
const marked = {
  [OP_FUNCTION](perform: () => unknown): unknown {
    return perform();
  },
};

/**
 * Runs an op that nobody watches, and notes on its results where they came from. What it is made of
 * has its line, which is looked up once; a gradient has that of its forward op.
 */
export function noted<R>(
  op: string,
  forward: { readonly path: string; readonly site: number } | null,
  perform: () => R,
  results: (made: R) => readonly (Tensor | null | undefined)[],
): R {
  const { op: outer, site } = state;
  state.op = null;
  if (forward !== null) state.site = forward.site;
  else if (site === null && state.tape !== null) state.site = here(noted);
  try {
    const made = perform();
    const { path } = forward ?? state;
    const origin: Origin = { op, path, site: state.site ?? NOWHERE };
    for (const tensor of results(made)) if (tensor) tensor.origin = origin;
    return made;
  } finally {
    state.op = outer;
    state.site = site;
  }
}

/** The line of the user's program that called the engine, for the tape to note. */
export function currentSite(): number {
  if (control[GATE] === 0) return NOWHERE;
  return state.op?.site ?? state.site ?? here(currentSite);
}

/** For what runs many ops by itself: their line is looked up once. `above` is the engine's function that was called. */
export function ownSite(above: Function): number | null {
  if (control[GATE] === 0 || !wantsSite()) return state.site;
  return state.op?.site ?? state.site ?? here(above);
}

/** Arms the next op stop; what it means depends on where the program stands. */
export function arm(how: OpStep): void {
  const inner = state.op;
  const outer = inner?.outer;
  if (how === 'finish' && inner?.phase === 'before') inner.stopAfter = true;
  else if (how === 'out' && outer) outer.stopAfter = true;
  else {
    const depth = inner?.depth ?? 0;
    control[DEPTH] = how === 'into' ? DEEPEST : how === 'out' ? Math.max(0, depth - 1) : depth;
    Atomics.or(control, GATE, Gate.NEXT);
  }
}

const DEEPEST = 0x7fffffff;

function begin(op: Watched): OpRun {
  const outer = state.op;
  const path = op.origin?.path ?? outer?.path ?? state.path;
  return {
    name: op.name,
    op: op.name,
    direction: op.direction,
    inputs: op.inputs,
    attrs: op.attrs,
    cost: op.cost,
    path,
    site: lineOf(op, outer),
    outer,
    depth: outer ? outer.depth + 1 : 0,
    phase: 'before',
    outputs: [],
    stopAfter: false,
    record: -1,
  };
}

/** What runs inside of an op has its line; in a gradient function of the user's each op has its own. */
function lineOf({ origin }: Watched, outer: OpRun | null): number {
  if (origin) return origin.site;
  const shared = outer?.name === 'customGrad' ? null : (outer?.site ?? state.site);
  return shared ?? (wantsSite() ? here(watch) : NOWHERE);
}

/** Reading the stack costs more than a small op: only what is taped or profiled is worth it. */
function wantsSite(): boolean {
  return state.tape !== null || (control[GATE]! & Gate.PROFILE) !== 0;
}

function title(op: Watched): string {
  return op.direction === 'backward' ? `∇${op.name}` : op.name;
}

/** Layer scope and all the ops around it: `encoder/∇layerNorm/mul`. */
function trail(run: OpRun): string {
  const around = run.outer ? trail(run.outer) : run.path;
  return around ? `${around}/${title(run)}` : title(run);
}

/** Stops the program where a breakpoint or a step says so. */
function look(run: OpRun): void {
  const gate = control[GATE]!;
  const hits =
    gate & Gate.BREAK
      ? breakpoints.hits(title(run), trail(run), run.phase, () => circumstance(run))
      : [];
  const stepped =
    run.phase === 'after'
      ? run.stopAfter
      : (gate & Gate.NEXT) !== 0 && run.depth <= control[DEPTH]!;
  if (hits.length === 0 && !stepped) return;
  run.stopAfter = false;
  if (run.site === NOWHERE) located(run, here(look));
  Atomics.and(control, GATE, ~Gate.NEXT);
  hooks?.pause({
    why: hits.length ? 'breakpoint' : 'step',
    op: run.name,
    phase: run.phase,
    direction: run.direction,
    breakpoints: hits,
  });
  if (control[GATE]! & Gate.AFTER) {
    Atomics.and(control, GATE, ~Gate.AFTER);
    if (run.phase === 'before') run.stopAfter = true;
  }
}

function located(run: OpRun, site: number): void {
  for (let each: OpRun | null = run; each?.site === NOWHERE; each = each.outer) each.site = site;
}

function circumstance(run: OpRun): Circumstance {
  const outputs = run.outputs.map(([, tensor]) => tensor);
  return {
    op: { name: run.name, path: trail(run) },
    inputs: Object.assign(
      run.inputs.map(([, tensor]) => tensor),
      Object.fromEntries(run.inputs),
    ),
    out: outputs.length > 1 ? Object.fromEntries(run.outputs) : outputs[0],
    step: control[STEP]!,
  };
}

function open(run: OpRun): number {
  // A debugger on another thread may have set the bit without a word.
  if (!profiler.started) profiler.start();
  return profiler.open({
    op: run.name,
    path: run.path,
    direction: run.direction,
    parent: run.outer?.record ?? -1,
    inputs: run.inputs,
    site: run.site,
    step: control[STEP]!,
  });
}

function note(run: OpRun): void {
  const { flops, bytes } = run.cost?.() ?? traffic(run);
  profiler.note(run.record, bytes, flops);
}

/** What an op moves at least: every input read once, every output written once, an operation for each element. */
function traffic({ inputs, outputs }: OpRun): { flops: number; bytes: number } {
  let bytes = 0;
  let flops = 0;
  for (const [, { size, dtype }] of inputs) bytes += size * dtypes[dtype].bytes;
  for (const [, { size, dtype }] of outputs) {
    bytes += size * dtypes[dtype].bytes;
    flops += size;
  }
  return { bytes, flops };
}
