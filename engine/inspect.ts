import { cellsOf, childrenOf } from './cells.ts';
import { assign, assignAt, redo, setElement, undo } from './user-edits.ts';
import { editHistory } from './edit-history.ts';
import { dataBreakpoints } from './data-breakpoints.ts';
import { begin, end, standing } from './evaluation.ts';
import { control, hooks } from './gate.ts';
import { DESK, GATE, Gate, VERSION } from './protocol.ts';
import type { Asks, LiveRows, OpFrame, TensorId, TensorInfo } from './protocol.ts';
import { apart, extentOf, infoOf, isTensor, rowOf, statistics } from './rows.ts';
import { past } from './op-log/past.ts';
import { plainly } from './plain-attrs.ts';
import { place } from './sites.ts';
import { currentDevice } from './placement.ts';
import { setAttr } from './op-attrs.ts';
import { state } from './state.ts';
import { GradientTape } from './tape.ts';
import { tapeInfos, tapeNodes } from './tapes.ts';
import { describe, Tensor } from './tensor.ts';
import { filters } from './filters/filters.ts';
import { gradientless } from './gradientless.ts';
import { instructionBreakpoints, nameOfRow } from './instruction-breakpoints.ts';
import { breakpoints, type OpNames } from './op-breakpoints.ts';
import { profiler } from './profiler.ts';
import { summary, Summary } from './summary.ts';
import { aimAt, arm, runTo } from './trace.ts';
import type { NamedTensors } from './trace.ts';
import { cursor, log, travel } from './op-log/travel.ts';
import { opLog } from './op-log/log.ts';
import { originOf } from './origin/origin.ts';

/**
 * The front desk: answers a debugger's questions (`Asks` of protocol.ts) under
 * one global key. Nothing here runs an op or is noticed by the program.
 */

/** The functions of the ops, by the names of the table. */
type Functions = { readonly [op: string]: unknown };

/** Opens the desk. `root` is where the engine's own scripts lie. */
export function openDesk(functions: Functions, root: string): void {
  const desk = backdated(deskOf(functions, root));
  Object.defineProperty(globalThis, Symbol.for(DESK), { value: desk, configurable: true });
  if (hooks?.breakpoints?.length) desk.setOpBreakpoints(hooks.breakpoints);
  desk.setDataBreakpoints(hooks?.dataBreakpoints ?? []);
  desk.setInstructionBreakpoints(hooks?.instructionBreakpoints ?? []);
  for (const { error } of desk.setFilters(hooks?.filters ?? []))
    if (error !== undefined) hooks?.fault?.(error);
  hooks?.loaded?.(desk);
}

/** The questions about tensors and tapes are answered as of the place in the op log where one looks. */
function backdated(desk: Asks): Asks {
  const looks = Object.entries(desk).filter(([name]) => LOOKS.has(name as keyof Asks)) as [
    string,
    (...given: unknown[]) => unknown,
  ][];
  const then = looks.map(([name, look]) => [
    name,
    (...given: unknown[]) => past.within(() => look(...given)),
  ]);
  return { ...desk, ...(Object.fromEntries(then) as Partial<Asks>) };
}

const LOOKS: ReadonlySet<keyof Asks> = new Set([
  'row',
  'label',
  'extent',
  'list',
  'rows',
  'stats',
  'children',
  'window',
  'setElement',
  'assign',
  'assignAt',
  'tapes',
  'tape',
] as const);

/** Shown since the last pause; and, over pauses, in an editor. */
const shown = new Map<TensorId, Tensor>();
const held = new Map<TensorId, Tensor>();

/** So much time may go into the statistics of one list. */
const PATIENCE = 100;

function deskOf(functions: Functions, root: string): Asks {
  const names = Object.keys(functions);
  const ops: OpNames = { names, lacking: gradientless };
  return {
    hello: () => ({ version: VERSION, root, ops: names }),

    row: (value) => (isTensor(value) ? rowOf(show(value)) : null),
    label: (value) =>
      isTensor(value)
        ? describe(value)
        : value instanceof Summary
          ? value.line()
          : value instanceof GradientTape
            ? String(value)
            : null,
    line: (value) => (isTensor(value) ? rowOf(value.whole).text : null),
    extent: (value) => (isTensor(value) ? extentOf(value) : null),
    list: (value) => (isTensor(value) ? value.toJSON() : null),
    prototype: () => Tensor.prototype,
    rows,
    handle: find,
    hold(id, on) {
      if (!on) return void held.delete(id);
      // What was made for a look at the past ends with it.
      const own = shown.get(id) ?? held.get(id);
      if (own) held.set(id, own);
      else find(id);
    },
    forget() {
      shown.clear();
      past.go(null, []);
    },
    stats: (id, exact) => statistics(find(id), exact),
    children: (id, index, start, count) => childrenOf(find(id), index, start, count),
    window: (id, window) => cellsOf(find(id), window),

    setElement: (id, index, value) => setElement(find(id), index, value),
    assign: (id, value) => assign(find(id), value),
    assignAt: (id, index, value) => assignAt(find(id), index, value),
    edits: () => editHistory.rows(),
    undo: (number) => show(undo(number)).id,
    redo: () => show(redo()).id,
    setAttr: (name, value) => setAttr(past.at === null ? standing() : null, name, value),
    memory() {
      const { storages, bytes, reserved } = currentDevice().usage();
      return { storages, bytes, reserved };
    },

    tapes: tapeInfos,
    tape: (id, start, count) => tapeNodes(id, start, count, show),
    opFrames,

    setOpBreakpoints(list) {
      const answers = breakpoints.set(list, ops);
      armBreakpoints();
      return answers;
    },
    setDataBreakpoints(list) {
      const answers = dataBreakpoints.set(list);
      armBreakpoints();
      return answers;
    },
    setInstructionBreakpoints(list) {
      const answers = instructionBreakpoints.set(list);
      armBreakpoints();
      return answers;
    },
    instruction: nameOfRow,
    setFilters(list) {
      const answers = filters.set(list);
      // Whoever looks for NaN alone need not have every op announced.
      const looks = filters.any ? (filters.onlyNaN ? Gate.FINITE : Gate.FILTERS) : 0;
      const bits = looks | (filters.has('tensorLeak') ? Gate.LINES : 0);
      Atomics.and(control, GATE, ~(Gate.FILTERS | Gate.FINITE | Gate.LINES));
      Atomics.or(control, GATE, bits);
      return answers;
    },
    holds: (filter, facts) => filters.holds(filter, facts),
    gate(set, clear) {
      Atomics.and(control, GATE, ~clear);
      Atomics.or(control, GATE, set);
    },
    step: arm,
    travel(how, handles, id) {
      shown.clear();
      return travel(how, handles.filter(isTensor), id);
    },
    cursor,
    log,
    origin: (of) => originOf(of, find),
    logged: () => ({ first: opLog.first, end: opLog.end, bytes: opLog.values.bytes }),
    runTo: (goal) => runTo(goal, ops),
    stopAt: (call, callee) => calls(functions, callee, call.op) && aimAt(call),
    summary,
    begin,
    end,

    profile(on) {
      if (on) profiler.start();
      if (on) Atomics.or(control, GATE, Gate.PROFILE);
      else Atomics.and(control, GATE, ~Gate.PROFILE);
    },
    profileNames: (texts, places) => profiler.names(texts, places),
    leaving: () => profiler.settle(),
  };
}

/** Has ops looked at, and writes, as far as there are breakpoints. */
function armBreakpoints(): void {
  const ofOps = breakpoints.any || dataBreakpoints.ofOps || instructionBreakpoints.any;
  const bits = (ofOps ? Gate.BREAK : 0) | (dataBreakpoints.any ? Gate.DATA : 0);
  Atomics.and(control, GATE, ~(Gate.BREAK | Gate.DATA));
  Atomics.or(control, GATE, bits);
}

/** One example of a vmap shows as the whole batch. */
function show({ whole: tensor }: Tensor): Tensor {
  shown.set(tensor.id, tensor);
  return tensor;
}

/** Whether what is about to be called is an op. A callee that cannot be known without calling something is known by its name. */
function calls(functions: Functions, callee: unknown, name: string): boolean {
  const methods = Tensor.prototype as unknown as Functions;
  if (callee === undefined) return Object.hasOwn(functions, name) && Object.hasOwn(methods, name);
  return Object.keys(functions).some((op) => callee === functions[op] || callee === methods[op]);
}

function find(id: TensorId): Tensor {
  const tensor = past.find(id) ?? shown.get(id) ?? held.get(id);
  if (!tensor) throw new Error(`tensor ${id} is not shown any more: the program has moved on`);
  return tensor;
}

function rows(values: readonly unknown[], limit = Infinity): LiveRows {
  const storages = new Map<number, number>();
  // Handles of one id stand for one tensor, for a variable itself.
  const found = new Map<TensorId, { tensor: Tensor; info: TensorInfo }>();
  for (const tensor of values) {
    if (!isTensor(tensor) || past.made(tensor)) continue;
    const info = infoOf(tensor);
    if (!info.disposed && !found.get(info.id)?.info.variable) found.set(info.id, { tensor, info });
  }
  const alive = [...found.values()].sort(
    (a, b) => b.info.bytes - a.info.bytes || a.info.id - b.info.id,
  );
  for (const { info } of alive) storages.set(info.storage, info.bytes);
  const until = performance.now() + PATIENCE;
  return {
    rows: alive.slice(0, limit).map(({ tensor }) => rowOf(show(tensor), performance.now() < until)),
    total: alive.length,
    bytes: [...storages.values()].reduce((sum, bytes) => sum + bytes, 0),
  };
}

function opFrames(): readonly OpFrame[] {
  const frames: OpFrame[] = [];
  for (let run = state.op; run; run = run.outer) {
    const site = place(run.site);
    const inputs = named(run.inputs);
    frames.push({
      op: run.name,
      phase: run.phase,
      direction: run.direction,
      path: run.path,
      depth: run.depth,
      ...(run.entry !== undefined && { number: run.entry }),
      ...(site ? { site } : {}),
      inputs,
      attrs: plainly(run.attrs, (tensor) => rowOf(show(tensor)).text),
      outputs: apart(inputs, named(run.outputs)),
    });
  }
  return frames;
}

function named(tensors: NamedTensors) {
  return tensors.map(([name, tensor]) => ({ name, tensor: rowOf(show(tensor)) }));
}
