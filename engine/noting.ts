import { widthOf } from './dtype.ts';
import { isGood } from './filters/bad-values.ts';
import { control } from './gate.ts';
import {
  counts,
  inputNames,
  named,
  outputNames,
  spelled,
  tensorsOf,
  type Input,
  type Result,
} from './inputs.ts';
import { Subject } from './op-log/entry.ts';
import { opLog } from './op-log/log.ts';
import { profiler } from './profiler.ts';
import { GATE, Gate, STEP } from './protocol.ts';
import type { Ready } from './ready.ts';
import { here, NOWHERE } from './sites.ts';
import { state } from './state.ts';
import type { Tensor } from './tensor.ts';
import { unsound, type NamedTensors, type Origin } from './trace.ts';

/**
 * Ops that nobody stops at. What they make knows what made it and the line of
 * the user's that called, and the profiler gets its records, while the program
 * runs almost as fast as with the gate closed. What an op is made of has the
 * op's line, which is looked up once; a gradient has that of its forward op.
 */

type Perform = (op: Ready, inputs: readonly Input[], attrs: unknown) => Result;

/** An op of the table. `line` is its own: looked up before, as a stack is the dearer to read the more stands on it. */
export function noted(
  op: Ready,
  inputs: readonly Input[],
  attrs: unknown,
  perform: Perform,
  line: number | null,
): Result {
  const { op: outer, site, record: around, path, inside, entry: outerEntry } = state;
  const gate = control[GATE]!;
  const seen = gate & (Gate.PROFILE | Gate.VALUES);
  const given = seen === 0 ? NONE : op.simple ? (inputs as readonly Tensor[]) : spelled(inputs);
  const record = gate & Gate.PROFILE ? openRecord(op, path, false, given, line) : -1;
  const entry = gate & Gate.VALUES ? openEntry(op, inputs, given, attrs, line, path) : -1;
  state.op = null;
  state.site = line;
  state.inside = op.name;
  try {
    const made = perform(op, inputs, attrs);
    if (entry >= 0) {
      if (op.single) opLog.close1(entry, made as Tensor);
      else opLog.close(entry, tensorsOf(made), null);
    }
    if (record >= 0) {
      profiler.close(record);
      const { cost } = op.row;
      if (cost === undefined) traffic(record, given, tensorsOf(made));
      else {
        const { bytes, flops } = cost(named(op, inputs), attrs);
        profiler.note(record, bytes, flops);
      }
    }
    const origin: Origin = { op: op.name, path, site: line ?? NOWHERE };
    if (op.single) (made as Tensor).origin = origin;
    else for (const tensor of tensorsOf(made)) tensor.origin = origin;
    if (control[GATE]! & Gate.FINITE && !isSound(op, made)) {
      const { name } = op;
      const own = { name, direction: 'forward', attrs: attrs as object, line } as const;
      const run = { ...own, inputs: () => inputNames(op, inputs) };
      unsound(run, outputNames(op, made), outer, inside);
    }
    return made;
  } finally {
    closeRecord(record, around);
    state.op = outer;
    state.site = site;
    state.inside = inside;
    state.entry = outerEntry;
  }
}

const NONE: readonly Tensor[] = [];

function isSound(op: Ready, made: Result): boolean {
  return op.single ? isGood(made as Tensor) : tensorsOf(made).every(isGood);
}

/** Opens the log's entry for an op of the table, and says its number. */
export function openEntry(
  op: Ready,
  inputs: readonly Input[],
  given: readonly Tensor[],
  attrs: unknown,
  line: number | null,
  path: string,
): number {
  const subject = op.simple ? (op.subject ??= subjectOf(op, inputs)) : subjectOf(op, inputs);
  return opLog.open(subject, path, line ?? NOWHERE, attrs, given);
}

function subjectOf(op: Ready, inputs: readonly Input[]): Subject {
  const { name, simple } = op;
  const names = simple ? op.inputs : inputNames(op, inputs).map(([each]) => each);
  return new Subject(name, name, op, 'forward', names, simple ? null : counts(inputs));
}

/** What a gradient is called among the records, and by the tensors it makes. */
export interface Titles {
  readonly name: string;
  readonly gradient: string;
  /** The number of the name among the profiler's texts. */
  text: number | null;
}

/** An op of the backward pass. `of` has the layer scope and line of its forward op, where there is one. */
export function notedBackward<R>(
  op: Titles,
  of: { readonly path: string; readonly site: number } | null,
  gradient: NotedGradient<R>,
): R {
  const { op: outer, site, record: around, path: scope, inside, entry: outerEntry } = state;
  const line = of === null ? lineFor(notedBackward) : of.site;
  const path = of === null ? scope : of.path;
  const gate = control[GATE]!;
  const given = gate & (Gate.PROFILE | Gate.VALUES | Gate.FINITE) ? gradient.inputs() : NONE;
  const record = gate & Gate.PROFILE ? openRecord(op, path, true, given, line) : -1;
  const entry =
    gate & Gate.VALUES
      ? opLog.open(gradient.subject(), path, line ?? NOWHERE, gradient.attrs, given)
      : -1;
  state.op = null;
  state.site = line;
  state.path = path;
  state.inside = op.gradient;
  try {
    const made = gradient.perform();
    const all = gradient.results(made);
    if (record >= 0) {
      profiler.close(record);
      traffic(record, given, all);
    }
    if (entry >= 0) opLog.close(entry, all, gradient.resultNames(made));
    const origin: Origin = { op: op.gradient, path, site: line ?? NOWHERE };
    for (let i = 0; i < all.length; i++) {
      const tensor = all[i];
      if (tensor) tensor.origin = origin;
    }
    if (control[GATE]! & Gate.FINITE && !all.every((tensor) => !tensor || isGood(tensor))) {
      const own = { name: op.name, direction: 'backward', attrs: {}, origin } as const;
      const inputs = (): NamedTensors => together(gradient.subject().names, given);
      unsound({ ...own, inputs }, together(gradient.resultNames(made), all), outer, inside);
    }
    return made;
  } finally {
    closeRecord(record, around);
    state.op = outer;
    state.site = site;
    state.path = scope;
    state.inside = inside;
    state.entry = outerEntry;
  }
}

/** How a gradient is computed, and what goes in and comes out; names are asked for only where somebody wants them. */
export interface NotedGradient<R> {
  readonly attrs: unknown;
  inputs(): readonly Tensor[];
  perform(): R;
  results(made: R): readonly (Tensor | null | undefined)[];
  /** What it is to the op log, with the names of the inputs. */
  subject(): Subject;
  /** The names of those results that there are. */
  resultNames(made: R): readonly string[];
}

/** Names with those tensors that there are. */
export function together(
  names: readonly string[],
  tensors: readonly (Tensor | null | undefined)[],
): NamedTensors {
  const there = tensors.filter((tensor) => tensor !== null && tensor !== undefined);
  return there.map((tensor, i) => [names[i]!, tensor] as const);
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

/** The line of what runs here; whoever is told to look asks `here`, with no frame of ours in between. Null: nobody wants it. */
export function knownLine(): number | typeof LOOK | null {
  const { op: outer, site } = state;
  // In a gradient function of the user's each op has a line of its own.
  const shared = outer?.name === 'customGrad' ? null : (outer?.site ?? site);
  return shared ?? (wantsSite() ? LOOK : null);
}

/** The line is not known yet. */
export const LOOK = -2;

/** The same, looked up. */
export function lineFor(above: Function): number | null {
  const line = knownLine();
  return line === LOOK ? here(above) : line;
}

/** Reading the stack costs more than a small op: only what is taped, profiled or logged is worth it, or where somebody asks who made what. */
function wantsSite(): boolean {
  const wanted = Gate.PROFILE | Gate.LINES | Gate.VALUES;
  return state.tape !== null || (control[GATE]! & wanted) !== 0;
}

/** The op log is kept. */
export function logged(): boolean {
  return (control[GATE]! & Gate.VALUES) !== 0;
}

/** Opens the record of an op that runs until `closeRecord`. */
export function openRecord(
  op: Pick<Titles, 'name' | 'text'>,
  path: string,
  backward: boolean,
  inputs: readonly Tensor[],
  site: number | null,
): number {
  // A debugger on another thread may have set the bit without a word.
  if (!profiler.started) profiler.start();
  return (state.record = profiler.open(
    (op.text ??= profiler.number(op.name)),
    path,
    backward,
    state.record,
    inputs,
    site ?? NOWHERE,
    control[STEP]!,
  ));
}

/** The op has ended, in whatever way; `around` is the record it ran inside of. */
export function closeRecord(record: number, around: number): void {
  if (record < 0) return;
  state.record = around;
  if (around < 0) profiler.settle();
}

/** What an op moves at least: every input read once, every output written once, an operation for each element. */
export function traffic(
  record: number,
  inputs: readonly Tensor[],
  outputs: readonly (Tensor | null | undefined)[],
): void {
  let bytes = 0;
  let flops = 0;
  for (let i = 0; i < inputs.length; i++) {
    const { size, dtype } = inputs[i]!;
    bytes += size * widthOf(dtype);
  }
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i];
    if (!output) continue;
    bytes += output.size * widthOf(output.dtype);
    flops += output.size;
  }
  profiler.note(record, bytes, flops);
}
