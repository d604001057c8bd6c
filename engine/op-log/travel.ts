import type { Circumstance } from '../condition.ts';
import { instructionBreakpoints } from '../instruction-breakpoints.ts';
import { breakpoints } from '../op-breakpoints.ts';
import type { LogEntry, LoggedTensor } from './entry.ts';
import { KEPT, opLog } from './log.ts';
import { absent, past } from './past.ts';
import { plainly } from '../plain-attrs.ts';
import type { Cursor, LogRow, OpFrame, Travel } from '../protocol.ts';
import { recovered } from './replay.ts';
import { apart, rowOf } from '../rows.ts';
import { place } from '../sites.ts';
import { state } from '../state.ts';
import { statsOf } from '../stats.ts';
import { describe, type Tensor } from '../tensor.ts';

/** Moving over the op log, and what a debugger is told of it. */

/** Goes there; null is the present. Throws, with the reason, where there is no such place. */
export function travel(how: Travel, handles: readonly Tensor[], id?: number): Cursor | null {
  const { at } = past;
  if (at === null && opLog.end === opLog.first) throw new Error(EMPTY);
  past.go(places[how](at, id), handles);
  return cursor();
}

export function cursor(): Cursor | null {
  const { at } = past;
  if (at === null) return null;
  const { number, step, seed, draws } = at;
  const { first, end } = opLog;
  return { number, first, end, frames: past.within(() => frames(at)), step, seed, draws };
}

export function log(from: number, count: number): readonly LogRow[] {
  const rows: LogRow[] = [];
  for (let n = Math.max(from, opLog.first); n < Math.min(from + count, opLog.end); n++) {
    const { number, title, path, depth, site, inputs, outputs, step, duration } = opLog.at(n)!;
    const found = place(site);
    rows.push({
      number,
      op: title,
      path,
      depth,
      ...(found && { site: found }),
      inputs: inputs.map(describe),
      outputs: outputs.map(describe),
      step,
      duration,
    });
  }
  return rows;
}

/** From the present, or from the place where one is. Null is the present. */
type Place = (at: LogEntry | null, id: number | undefined) => LogEntry | null;

const places: { readonly [N in Travel]: Place } = {
  back: (at) => before(at, ({ depth }) => depth <= depthAt(at)) ?? fail(BEGINNING),
  next: (at) => after(at, ({ depth }) => depth <= depthAt(at)),
  into: (at) => after(at, () => true),
  out: (at) => after(at, ({ depth }) => depth < depthAt(at)),
  reverse: (at) => before(at, isBreakpoint) ?? first(at),
  write: (at, id) => before(at, (entry) => writes(entry, id)) ?? fail(UNWRITTEN),
  finite: (at) => before(at, isSource) ?? fail(FINITE),
};

/** How deep the ops are that stand beside the place. */
function depthAt(at: LogEntry | null): number {
  if (at !== null) return at.depth;
  const entry = opLog.at(state.entry);
  if (entry === undefined) return 0;
  // Behind an op, that op is the last one, and not the ops in it.
  return state.op?.phase === 'after' ? entry.depth : entry.depth + 1;
}

function before(at: LogEntry | null, fits: (entry: LogEntry) => boolean): LogEntry | null {
  for (let n = (at?.number ?? opLog.end) - 1; n >= opLog.first; n--) {
    const entry = opLog.at(n)!;
    if (isStop(entry) && fits(entry)) return entry;
  }
  return null;
}

function after(at: LogEntry | null, fits: (entry: LogEntry) => boolean): LogEntry | null {
  for (let n = (at?.number ?? opLog.end) + 1; n < opLog.end; n++) {
    const entry = opLog.at(n)!;
    if (isStop(entry) && fits(entry)) return entry;
  }
  return null;
}

/** What an optimizer writes belongs to the op that computed it. */
function isStop({ kind }: LogEntry): boolean {
  return kind !== 'update';
}

function first(at: LogEntry | null): LogEntry {
  const entry = opLog.at(opLog.first)!;
  return entry === at ? fail(BEGINNING) : entry;
}

/** Also an op whose results a variable took, as an optimizer's. */
function writes(entry: LogEntry, id: number | undefined): boolean {
  if (entry.kind === 'write') return entry.inputs[0]!.id === id;
  for (let n = entry.number + 1; opLog.at(n)?.kind === 'update'; n++) {
    if (opLog.at(n)!.inputs[0]!.id === id) return true;
  }
  return false;
}

function isBreakpoint(entry: LogEntry): boolean {
  const made: Tensor[] = [];
  try {
    const at = () => circumstance(entry, made);
    return (
      breakpoints.named(entry.title, trail(entry), at) || instructionBreakpoints.named(entry, at)
    );
  } finally {
    for (const tensor of made) tensor.dispose();
  }
}

function circumstance(entry: LogEntry, made: Tensor[]): Circumstance {
  const bring = (logged: LoggedTensor): Tensor => {
    const tensor = recovered(logged) ?? absent(logged);
    made.push(tensor);
    return tensor;
  };
  const inputs = entry.inputs.map(bring);
  const outputs = entry.outputs.map(bring);
  const { names, step } = entry;
  return {
    op: {
      name: entry.name,
      path: trail(entry),
      direction: entry.title.startsWith('∇') ? 'backward' : 'forward',
      attrs: (entry.attrs ?? {}) as object,
    },
    inputs: Object.assign(inputs.slice(), Object.fromEntries(names.map((n, i) => [n, inputs[i]]))),
    out:
      outputs.length > 1
        ? Object.fromEntries(outputs.map((tensor, i) => [outputName(entry, i), tensor]))
        : outputs[0],
    step,
  };
}

/** It made a NaN or an infinity of numbers that had none. What is not kept any more is passed over. */
function isSource({ inputs, outputs }: LogEntry): boolean {
  return outputs.some((logged) => isBroken(logged)) && !inputs.some((logged) => isBroken(logged));
}

function isBroken(logged: LoggedTensor): boolean {
  if (logged.value.bytes === null) return false;
  const tensor = recovered(logged)!;
  const { nan, inf } = statsOf(tensor, true);
  tensor.dispose();
  return nan + inf > 0;
}

/** Layer scope and all the ops around it, as op breakpoints see it. */
function trail({ inside, path, title }: LogEntry): string {
  const around = inside ? trail(inside) : path;
  return around ? `${around}/${title}` : title;
}

function frames(at: LogEntry): readonly OpFrame[] {
  const all: OpFrame[] = [];
  for (let entry: LogEntry | null = at; entry !== null; entry = entry.inside) {
    const site = place(entry.site);
    const inputs = entry.inputs.map((logged, i) => ({
      name: entry.names[i]!,
      tensor: rowOf(past.tensor(logged)),
    }));
    all.push({
      op: entry.name,
      phase: 'before',
      direction: entry.kind === 'backward' ? 'backward' : 'forward',
      path: entry.path,
      depth: entry.depth,
      number: entry.number,
      ...(site ? { site } : {}),
      inputs,
      attrs: plainly(entry.attrs as object, (tensor) => rowOf(tensor).text),
      outputs: apart(
        inputs,
        entry.outputs.map((logged, i) => ({
          name: outputName(entry, i),
          tensor: rowOf(past.tensor(logged)),
        })),
      ),
    });
  }
  return all;
}

function outputName({ kind, op, outputs, outputNames }: LogEntry, i: number): string {
  if (outputNames !== null) return outputNames[i]!;
  if (op === null) return kind === 'write' ? 'after' : 'out';
  if (op.outputs.length > 1) return op.outputs[i]!;
  return outputs.length > 1 || op.row.outputs === 'many' ? `out[${i}]` : 'out';
}

function fail(why: string): never {
  throw new Error(why);
}

const EMPTY = `the op log is empty: ${KEPT}`;
const BEGINNING = `the op log begins here: ${KEPT}`;
const UNWRITTEN = 'the op log has no write to this variable before here';
const FINITE =
  'no op in the log, as far as its values are kept, made a NaN or an infinity of finite numbers before here';
