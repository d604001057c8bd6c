import { dtypes } from './dtype.ts';
import { control, hooks, running } from './gate.ts';
import type { NamedTensors, Running, Watched } from './gate.ts';
import { OpBreakpoints } from './op-breakpoints.ts';
import type { Circumstance } from './op-breakpoints.ts';
import { Profiler } from './profiler.ts';
import { DEPTH, GATE, Gate, STEP } from './protocol.ts';
import type { OpStep } from './protocol.ts';
import { here, NOWHERE } from './sites.ts';

/**
 * The listeners behind the op gate: op breakpoints, op steps, call sites and
 * the profiler. run.ts and tape.ts come here only while the gate is open:
 *
 *     if (control[GATE] !== 0) return watch({ name, … }, () => compute(…), named);
 *
 * A composite op and a gradient formula run their ops inside `perform`, so the
 * ops nest. Answering a debugger's questions is inspect.ts.
 */

export const breakpoints = new OpBreakpoints();
export const profiler = new Profiler(control);

/** Runs an op under the eyes of all listeners; `results` names what came of it. */
export function watch<R>(op: Watched, perform: () => R, results: (made: R) => NamedTensors): R {
  const gate = control[GATE]!;
  const around = running.at(-1);
  const frame: Running = {
    ...op,
    site: op.site ?? around?.site ?? here(watch),
    depth: running.length,
    trail: trail(op, around),
    phase: 'before',
    outputs: [],
    stopAfter: false,
    record: -1,
  };
  running.push(frame);
  try {
    if (gate & (Gate.BREAK | Gate.NEXT)) look(frame);
    if (gate & Gate.PROFILE) frame.record = open(frame, around);
    const made = perform();
    if (frame.record >= 0) profiler.close(frame.record);
    frame.outputs = results(made);
    frame.phase = 'after';
    if (frame.record >= 0) close(frame);
    if (frame.stopAfter || control[GATE]! & Gate.BREAK) look(frame);
    return made;
  } finally {
    running.length = frame.depth;
  }
}

/** The line that called the op that is running, for the tape to note. */
export function currentSite(): number {
  return running.at(-1)?.site ?? NOWHERE;
}

/** Arms the next op stop; what it means depends on where the program stands. */
export function arm(how: OpStep): void {
  const inner = running.at(-1);
  const outer = running.at(-2);
  if (how === 'finish' && inner?.phase === 'before') inner.stopAfter = true;
  else if (how === 'out' && outer) outer.stopAfter = true;
  else {
    const depth = inner ? inner.depth : 0;
    control[DEPTH] = how === 'into' ? DEEPEST : how === 'next' ? depth : Math.max(0, depth - 1);
    Atomics.or(control, GATE, Gate.NEXT);
  }
}

const DEEPEST = 0x7fffffff;

function trail(op: Watched, around: Running | undefined): string {
  if (around) return `${around.trail}/${title(op)}`;
  return op.path ? `${op.path}/${title(op)}` : title(op);
}

function title(op: Watched): string {
  return op.direction === 'backward' ? `∇${op.name}` : op.name;
}

/** Stops the program where a breakpoint or a step says so. */
function look(frame: Running): void {
  const gate = control[GATE]!;
  const hits =
    gate & Gate.BREAK
      ? breakpoints.hits(title(frame), frame.trail, frame.phase, () => circumstance(frame))
      : [];
  const stepped =
    frame.phase === 'after'
      ? frame.stopAfter
      : (gate & Gate.NEXT) !== 0 && frame.depth <= control[DEPTH]!;
  if (hits.length === 0 && !stepped) return;
  frame.stopAfter = false;
  Atomics.and(control, GATE, ~Gate.NEXT);
  hooks?.pause({
    why: hits.length ? 'breakpoint' : 'step',
    op: title(frame),
    phase: frame.phase,
    direction: frame.direction,
    breakpoints: hits,
  });
  if (control[GATE]! & Gate.AFTER) {
    Atomics.and(control, GATE, ~Gate.AFTER);
    if (frame.phase === 'before') frame.stopAfter = true;
  }
}

function circumstance(frame: Running): Circumstance {
  const outputs = frame.outputs.map(([, tensor]) => tensor);
  return {
    op: { name: frame.name, path: frame.trail },
    inputs: Object.assign(
      frame.inputs.map(([, tensor]) => tensor),
      Object.fromEntries(frame.inputs),
    ),
    out: outputs.length > 1 ? Object.fromEntries(frame.outputs) : outputs[0],
    step: control[STEP]!,
  };
}

function open(frame: Running, around: Running | undefined): number {
  return profiler.open({
    op: frame.name,
    path: frame.path,
    direction: frame.direction,
    parent: around?.record ?? -1,
    shapes: frame.inputs.map(([, { shape }]) => `[${shape}]`).join(' '),
    site: frame.site,
    step: control[STEP]!,
  });
}

function close(frame: Running): void {
  const { flops, bytes } = frame.cost?.() ?? traffic(frame);
  profiler.note(frame.record, bytes, flops);
}

/** What an op moves at least: every input read once, every output written once, an operation for each element. */
function traffic({ inputs, outputs }: Running): { flops: number; bytes: number } {
  const sum = (list: NamedTensors) =>
    list.reduce((all, [, { size, dtype }]) => all + size * dtypes[dtype].bytes, 0);
  return {
    bytes: sum(inputs) + sum(outputs),
    flops: outputs.reduce((all, [, { size }]) => all + size, 0),
  };
}
