import { control, hooks } from './gate.ts';
import { closeRecord, lineFor, logged, openEntry, openRecord, traffic } from './noting.ts';
import type { Input } from './inputs.ts';
import { Subject } from './op-log/entry.ts';
import { opLog } from './op-log/log.ts';
import { dataBreakpoints } from './data-breakpoints.ts';
import type { Case } from './filters/bad-values.ts';
import type { Finding } from './filters/checks.ts';
import { filters } from './filters/filters.ts';
import type { Gradients } from './filters/gradients.ts';
import { instructionBreakpoints, nameOfRun } from './instruction-breakpoints.ts';
import { breakpoints, type OpNames } from './op-breakpoints.ts';
import { circumstance, lineOf, title, trail } from './op-run.ts';
import { tell } from './runs/departures.ts';
import { profiler } from './profiler.ts';
import { DEPTH, GATE, Gate, OP_FUNCTION, WATCH } from './protocol.ts';
import type { Departure, FilterName, Found, OpCall, OpGoal, OpStep } from './protocol.ts';
import { goalOf, type Goal } from './goals.ts';
import type { Ready } from './ready.ts';
import { NOWHERE, place } from './sites.ts';
import { state } from './state.ts';
import type { Tensor } from './tensor.ts';

/**
 * The listeners behind the op gate: op breakpoints and op steps. run.ts and
 * backward.ts come here only while somebody may stop at the op:
 *
 *     if (control[GATE] & WATCH) return watch({ name, … }, () => compute(…), named);
 *
 * A composite op and a gradient formula run their ops inside `perform`, so the
 * ops nest. Answering a debugger's questions is inspect.ts.
 */

export type NamedTensors = readonly (readonly [name: string, tensor: Tensor])[];

/** An op about to run. A list input is spelled out: `['xs[0]', x], ['xs[1]', y]`. */
export interface Watched {
  readonly name: string;
  readonly direction: 'forward' | 'backward';
  readonly inputs: () => NamedTensors;
  readonly attrs: object;
  /** Of an op of the table: its row, and what goes into it as the row has it. */
  readonly call?: { readonly op: Ready; readonly inputs: readonly Input[] };
  /** The layer scope and site of the forward op, where this is its gradient. */
  readonly origin?: Origin | null;
  /** The line that called it, where that was looked up; else it is here. */
  readonly line?: number | null;
  /** Work and traffic, where the row knows them. Asked after the op. */
  readonly cost?: (attrs: object) => { readonly flops: number; readonly bytes: number };
}

/** What made a tensor, and which line of the user's program (a number of sites.ts). */
export interface Origin {
  readonly op: string;
  /** The layer scope, `encoder/dense1`, '' outside of any. */
  readonly path: string;
  readonly site: number;
}

/** An op that is running. */
export interface OpRun extends Omit<Watched, 'inputs'>, Origin {
  readonly inputs: NamedTensors;
  attrs: object;
  /** Runs it with other attributes, for a try; none for what only stands among the ops. */
  trial?: (attrs: object) => NamedTensors;
  site: number;
  /** The op it runs inside of. */
  readonly outer: OpRun | null;
  readonly depth: number;
  phase: 'before' | 'after';
  outputs: NamedTensors;
  /** Stop when it has ended. */
  stopAfter: boolean;
  /** The number of its entry in the op log, once it runs. */
  entry?: number;
  /** What of its results is not finite, and of what size the gradients are that it has made, once a filter has looked. */
  bad?: Case | null;
  gradients?: Gradients;
  /** How it differs from a run that is compared with, where that is new. */
  departure?: Departure | null;
  /** The op around it, where that one is not followed. */
  inside?: string | null;
}

/** Runs an op under the eyes of all listeners; `results` names what came of it. */
export function watch<R>(
  op: Watched,
  perform: (attrs: object) => R,
  results: (made: R) => NamedTensors,
): R {
  const run = begin(op);
  run.trial = (attrs) => results(perform(attrs));
  const { record: around, inside, entry: outerEntry } = state;
  let record = -1;
  let entry = -1;
  state.op = run;
  state.inside = null;
  try {
    if (control[GATE]! & (Gate.BREAK | Gate.NEXT)) look(run);
    // Whoever stops before the op may change what goes into it.
    if (logged()) entry = run.entry = openLog(run);
    if (control[GATE]! & Gate.PROFILE) record = open(run);
    const made = marked[OP_FUNCTION]!(perform, run.attrs) as R;
    if (record >= 0) profiler.close(record);
    run.outputs = results(made);
    if (entry >= 0) closeLog(entry, run);
    run.phase = 'after';
    if (record >= 0) note(record, run);
    // Not the run itself: it holds its inputs.
    const origin: Origin = { op: title(run), path: run.path, site: run.site };
    for (const [, tensor] of run.outputs) tensor.origin = origin;
    if (control[GATE]! & Gate.RUN) tell(run);
    if (run.stopAfter || control[GATE]! & (WATCH | Gate.FINITE)) look(run);
    return made;
  } finally {
    closeRecord(record, around);
    state.op = run.outer;
    state.inside = inside;
    state.entry = outerEntry;
  }
}

/**
 * An op that nobody looked at until its results were not finite. `outer` is the op around it that is
 * followed, `inside` the nearest that is not.
 */
export function unsound(
  op: Watched,
  outputs: NamedTensors,
  outer: OpRun | null,
  inside: string | null,
): void {
  state.op = outer;
  const run = begin(op);
  run.inside = inside;
  run.phase = 'after';
  run.outputs = outputs;
  state.op = run;
  look(run);
}

/**
 * Something that is no op (the end of a tape, a step of the training), at which a filter looks: it
 * stands among the op frames as if it were one.
 */
export function occurred(
  name: string,
  inputs: NamedTensors,
  outputs: NamedTensors,
  filter: FilterName,
  find: (run: OpRun) => readonly Finding[],
): void {
  if (!filters.has(filter)) return;
  standing(name, inputs, outputs, (run) => {
    const found = filters.among(filter, find(run), () => circumstance(run));
    if (found !== null) stop(run, [], found);
  });
}

/** A variable has new values, and a data breakpoint may stop for it. */
export function wrote(
  by: string,
  variable: string,
  inputs: NamedTensors,
  outputs: NamedTensors,
): void {
  standing(by, inputs, outputs, (run) => {
    const hits = dataBreakpoints.written(variable, () => circumstance(run));
    if (hits.length > 0) stop(run, hits, null, variable);
  });
}

/** Looks at something that has happened as if it were an op that has ended. */
function standing(
  name: string,
  inputs: NamedTensors,
  outputs: NamedTensors,
  look: (run: OpRun) => void,
): void {
  const run = begin({ name, direction: 'forward', inputs: () => inputs, attrs: {} });
  run.phase = 'after';
  run.outputs = outputs;
  state.op = run;
  try {
    look(run);
  } finally {
    state.op = run.outer;
  }
}

/** The frame by which a debugger puts the op between those of the user: a bundle leaves this name alone. */
const marked = {
  [OP_FUNCTION](perform: (attrs: object) => unknown, attrs: object): unknown {
    return perform(attrs);
  },
};

/** Arms the next op stop; what it means depends on where the program stands. */
export function arm(how: OpStep): void {
  const inner = state.op;
  const outer = inner?.outer;
  goal = null;
  if (how === 'finish' && inner?.phase === 'before') inner.stopAfter = true;
  else if (how === 'out' && outer) outer.stopAfter = true;
  else if (how === 'out' && (inner?.path ?? state.path) !== '')
    aim(goalOf({ to: 'outside' }, inner));
  else {
    control[DEPTH] = how === 'into' ? DEEPEST : (inner?.depth ?? 0);
    Atomics.or(control, GATE, Gate.NEXT);
  }
}

/** Arms a stop further on. Fails for an op that there is not; `ops` are those there are. */
export function runTo(to: OpGoal, ops: OpNames): void {
  aim(goalOf(to, state.op, ops));
}

/** The program is about to make this call: it stops at the op that it calls. */
export function aimAt(to: OpCall): true {
  const alone = (control[GATE]! & Gate.NEXT) === 0;
  call = { ...to, alone };
  if (alone) {
    goal = null;
    control[DEPTH] = -1;
    Atomics.or(control, GATE, Gate.NEXT);
  }
  return true;
}

function aim(at: Goal): void {
  goal = at;
  Atomics.or(control, GATE, Gate.NEXT);
}

/** What is armed with `Gate.NEXT`: null is the next op, as deep as `DEPTH` says. */
let goal: Goal | null = null;
/** The next op is that of a call with a breakpoint; `alone`: nothing else is armed. */
let call: (OpCall & { readonly alone: boolean }) | null = null;

const DEEPEST = 0x7fffffff;

function begin(op: Watched): OpRun {
  const outer = state.op;
  const path = op.origin?.path ?? outer?.path ?? state.path;
  let inputs: NamedTensors | null = null;
  return {
    name: op.name,
    op: op.name,
    direction: op.direction,
    get inputs() {
      return (inputs ??= op.inputs());
    },
    attrs: op.attrs,
    ...(op.call && { call: op.call }),
    cost: op.cost,
    path,
    site:
      (op.origin ? op.origin.site : op.line === undefined ? lineFor(watch) : op.line) ?? NOWHERE,
    outer,
    depth: outer ? outer.depth + 1 : 0,
    phase: 'before',
    outputs: [],
    stopAfter: false,
  };
}

/** Stops the program where a breakpoint or a step says so. */
function look(run: OpRun): void {
  const gate = control[GATE]!;
  const hits =
    gate & Gate.BREAK
      ? [
          ...breakpoints.hits(title(run), trail(run), run.phase, () => circumstance(run)),
          ...instructed(run),
        ]
      : [];
  const called = call === null ? [] : calledHere(run);
  const stepped = (gate & Gate.NEXT) !== 0 && reached(run);
  const found =
    gate & (Gate.FILTERS | Gate.FINITE | Gate.RUN) && run.phase === 'after'
      ? filters.after(run, () => circumstance(run))
      : null;
  const made =
    gate & Gate.BREAK && run.phase === 'after'
      ? dataBreakpoints.made(
          title(run),
          () => lineOf(run),
          () => circumstance(run),
        )
      : [];
  if (made.length > 0) stop(run, [...made, ...hits, ...called], found, title(run));
  else if (hits.length + called.length > 0 || stepped || run.stopAfter || found !== null)
    stop(run, [...hits, ...called], found);
}

/** The breakpoints on what stands in the op log for an earlier run of the same op. */
function instructed(run: OpRun): readonly number[] {
  if (run.phase === 'after' || !instructionBreakpoints.any) return [];
  return instructionBreakpoints.hits(
    title(run),
    () => (lineOf(run), nameOfRun(run)),
    () => circumstance(run),
  );
}

/** `wrote` is what has a new value that somebody waits for. */
function stop(run: OpRun, hits: readonly number[], found: Found | null, wrote?: string): void {
  run.stopAfter = false;
  goal = null;
  lineOf(run);
  Atomics.and(control, GATE, ~Gate.NEXT);
  hooks?.pause({
    why: found ? 'filter' : wrote ? 'data' : hits.length ? 'breakpoint' : 'step',
    ...(found && { found }),
    ...(wrote && { wrote }),
    op: run.name,
    phase: run.phase,
    direction: run.direction,
    breakpoints: hits,
    next: opLog.end,
  });
  if (control[GATE]! & Gate.AFTER) {
    Atomics.and(control, GATE, ~Gate.AFTER);
    if (run.phase === 'before') run.stopAfter = true;
  }
}

/** A step goes to the beginning of an op; only who named an op may want its end. */
function reached(run: OpRun): boolean {
  if (goal === null) return run.phase === 'before' && run.depth <= control[DEPTH]!;
  return goal(run, { name: title(run), path: trail(run), circumstance: () => circumstance(run) });
}

/** The call is over with the first op that comes, whether it is the one that was meant or not. */
function calledHere(run: OpRun): readonly number[] {
  const { id, url, line, column, alone } = call!;
  call = null;
  if (alone) Atomics.and(control, GATE, ~Gate.NEXT);
  const site = place(lineOf(run));
  return site?.url === url && site.line === line && site.column === column ? [id] : [];
}

/** The layer scope of a gradient is that of its forward op. */
function openLog(run: OpRun): number {
  const { call, inputs, attrs, path, site, name } = run;
  if (call !== undefined)
    return openEntry(call.op, call.inputs, tensors(inputs), attrs, site, path);
  const names = inputs.map(([each]) => each);
  const subject = new Subject(name, title(run), null, 'backward', names, null);
  return opLog.open(subject, path, site, attrs, tensors(inputs));
}

function closeLog(entry: number, { call, outputs }: OpRun): void {
  const names = call === undefined ? outputs.map(([each]) => each) : null;
  opLog.close(entry, tensors(outputs), names);
}

function open({ name, path, direction, inputs, site }: OpRun): number {
  return openRecord({ name, text: null }, path, direction === 'backward', tensors(inputs), site);
}

function note(record: number, { cost, attrs, inputs, outputs }: OpRun): void {
  if (cost === undefined) return traffic(record, tensors(inputs), tensors(outputs));
  const { bytes, flops } = cost(attrs);
  profiler.note(record, bytes, flops);
}

function tensors(named: NamedTensors): readonly Tensor[] {
  return named.map(([, tensor]) => tensor);
}
