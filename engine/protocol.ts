/**
 * The door of the engine: what a debugger may ask a program, and the words the
 * two share. Types and constants, no functions.
 *
 * A debugger reaches the engine through one global, `Symbol.for(DESK)`: an
 * object with the methods of `Asks`. All of them are synchronous and answer in
 * plain data that survives JSON (not-a-number and the infinities travel as the
 * strings 'NaN', 'Infinity', '-Infinity' wherever a `Num` stands).
 *
 * Before the program's first line the debugger may leave a `Hooks` object at
 * `Symbol.for(HOOKS)`; the engine picks it up when it is loaded.
 *
 * What belongs together and is long stands beside it in protocol/.
 */
import type { Cursor, LogRow } from './protocol/op-log.ts';
import type { Origin, OriginOf } from './protocol/origin.ts';
import type { Departure, OpNote } from './protocol/runs.ts';

export type * from './protocol/op-log.ts';
export type { Origin, OriginInput, OriginOf } from './protocol/origin.ts';
export { SAMPLES } from './protocol/runs.ts';
export type { Departure, OpNote, OutputNote } from './protocol/runs.ts';
export { Figure, HEADER, RECORD_BYTES, RING, RING_BYTES, Word } from './protocol/records.ts';
import type {
  ArmedFilter,
  DataBreakpoint,
  FilterName,
  InstructionBreakpoint,
  OpBreakpoint,
  OpCall,
  OpFrame,
  OpGoal,
  OpPause,
  OpStep,
} from './protocol/stops.ts';
export type * from './protocol/stops.ts';

export const VERSION = 1;
/** `Symbol.for` of this is the desk; the version is in the name, so that an old engine and a new debugger can say so. */
export const DESK = '@tapedeck/engine/v1';
export const HOOKS = '@tapedeck/hooks/v1';

/** What the debugger lends to the program. */
export interface Hooks {
  /** The control words (an Int32Array of `WORDS` elements over a SharedArrayBuffer). */
  readonly control: SharedArrayBuffer;
  /** Room for the op records (`RING_BYTES`). */
  readonly records?: SharedArrayBuffer;
  /** Stops the program: a function in a script of its own, called with what the desk then shows as the op frames. */
  pause(reason: OpPause): void;
  /** Op breakpoints set before the engine was loaded; it takes them over when it is. */
  breakpoints?: readonly OpBreakpoint[];
  /** The exception filters that are on, likewise. */
  filters?: readonly ArmedFilter[];
  dataBreakpoints?: readonly DataBreakpoint[];
  instructionBreakpoints?: readonly InstructionBreakpoint[];
  /** What the condition or message of an op breakpoint threw, once for each breakpoint. */
  fault?(why: string, breakpoint?: number): void;
  /** The message of an op breakpoint that logs, in parts: texts and values. */
  log?(message: readonly unknown[]): void;
  /** An op has run, with `Gate.RUN`; what comes of comparing it with a run before. */
  ran?(note: OpNote): Departure | null;
  /** Called once the engine is loaded and its desk open. */
  loaded?(desk: Asks): void;
}

/** Positions of the control words. Both sides read and write them while the program runs. */
export const GATE = 0; // bits of `Gate`; zero costs an op one branch
export const EPOCH = 1; // counts up whenever the conditions change
export const OP_COUNT = 2; // how many ops have run (wraps)
export const STEP = 3; // how many training steps
export const DEPTH = 4; // with `Gate.NEXT`: how deep an op may nest to be stopped at
export const RECORDS = 5; // how many op records the profiler has begun (wraps)
export const SETTLED = 6; // how many of them belong to ops that have ended, with all inside them (wraps)
export const NAMES = 7; // how many texts and places the records name
export const BUDGET = 8; // how many MiB of values the op log may keep; 0 is its own choice
export const WORDS = 16;

/** Why an op is looked at. */
export const Gate = {
  /** Stop at the next op, before it runs. */
  NEXT: 1,
  /** Op breakpoints are set: compare names. */
  BREAK: 2,
  /** Time every op and write its record. */
  PROFILE: 4,
  /** Note what made each tensor, and of what happens under a tape the line that called it. */
  SITES: 8,
  /** Stop after the op that is stopped before. */
  AFTER: 16,
  /** Keep the gradients a backward pass finds on the nodes of its tape, for the tape view. */
  GRADIENTS: 32,
  /** A tape was made with `explain: true`: note the same as for `SITES`, and keep its nodes. */
  EXPLAIN: 64,
  /** Exception filters look at the ops. */
  FILTERS: 128,
  /** Ops note their line, taped or not. */
  LINES: 256,
  /** Keep the op log: every op and every write to a variable, with the values they had, within a budget. */
  VALUES: 512,
  /** Somebody waits for writes to a variable. */
  DATA: 2048,
  /** Results are looked at for NaN and infinities, and for nothing else. */
  FINITE: 4096,
  /** Somebody keeps the record of the run, or compares it with that of another. */
  RUN: 8192,
} as const;
/** The bits for which every op is announced. The others only have it leave notes behind. */
export const WATCH = Gate.NEXT | Gate.BREAK | Gate.FILTERS | Gate.RUN;

export type Num = number | 'NaN' | 'Infinity' | '-Infinity';
/** A handle's own number. Views of one storage have different ids and the same `storage`. */
export type TensorId = number;
export type StorageId = number;
export type TapeId = number;

/** A place in the user's program. Lines and columns count from 1. */
export interface Site {
  readonly url: string;
  readonly line: number;
  readonly column: number;
  readonly name?: string;
}

export interface TensorInfo {
  readonly id: TensorId;
  readonly storage: StorageId;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly device: string;
  /** Bytes of the storage, shared by its views. */
  readonly bytes: number;
  /** Shares its storage with another handle as a window of it. */
  readonly view: boolean;
  readonly variable: boolean;
  readonly name?: string;
  /** The op that made it, and the layer scope it ran in. */
  readonly op?: string;
  readonly path?: string;
  readonly site?: Site;
  /** Counts the writes to the storage. */
  readonly version: number;
  readonly disposed: boolean;
  /** Held by an active or kept tape for its backward pass. */
  readonly saved: boolean;
  readonly readOnly: boolean;
}

/** Known once per version, in one pass. `sampled` above ten million elements, unless asked for exactly. */
export interface Stats {
  readonly count: number;
  readonly mean: Num;
  readonly sd: Num;
  readonly min: Num;
  readonly max: Num;
  readonly nan: number;
  readonly inf: number;
  readonly zeros: number;
  readonly sampled: boolean;
}

/** What a row of Variables shows of a tensor: `f32[32,784] cpu  mean 0.131  sd 0.309`. */
export interface TensorRow extends TensorInfo {
  readonly text: string;
  readonly stats?: Stats;
}

/** A rectangle of an N-d tensor: two axes that vary, all others fixed. A 0-d or 1-d tensor has axes null. */
export interface Window {
  readonly rowAxis: number | null;
  readonly columnAxis: number | null;
  /** One index per axis; what stands at the two axes is not read. */
  readonly at: readonly number[];
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
}

/** Row-major f64 little-endian in base64, or JSON for what does not fit one (64-bit integers, complex, strings). */
export interface Cells {
  readonly base64?: string;
  readonly text?: readonly string[];
}

/** A child of a tensor in Variables: `[0]` is a row (with its own children) or an element. */
export interface Child {
  readonly name: string;
  readonly text: string;
  readonly index: readonly number[];
  /** How many children it has in turn; 0 is an element. */
  readonly count: number;
}

export interface TapeInfo {
  readonly id: TapeId;
  readonly state: 'recording' | 'paused' | 'closed' | 'used';
  readonly persistent: boolean;
  readonly nodes: number;
  readonly bytes: number;
  readonly site?: Site;
}

export interface TapeNodeInfo {
  readonly index: number;
  readonly op: string;
  readonly path: string;
  readonly site?: Site;
  readonly inputs: readonly {
    readonly name: string;
    readonly id: TensorId;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly node: number | null;
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly id: TensorId;
    readonly shape: readonly number[];
    readonly dtype: string;
  }[];
  /** What it keeps for its backward: the name says of which input or output. */
  readonly saved: readonly {
    readonly name: string;
    readonly id: TensorId;
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly bytes: number;
  }[];
  readonly bytes: number;
  /** The gradient of its output, once a backward pass of this tape has known it. */
  readonly gradient?: TensorRow;
  /** An edit made in the debugger. */
  readonly edit?: boolean;
}

/** Ops of the backward pass alone: adding up the gradients of one tensor, and a `gradFunc` of the user's. */
export const BACKWARD_OPS: readonly string[] = ['accumulate', 'customGrad'];

/** The function of the engine that an op runs in, by which a debugger finds the op among the frames of a stack. */
export const OP_FUNCTION = 'tapedeck:op';

/** What the numbers in op records stand for, from certain numbers on. */
export interface ProfileNames {
  readonly texts: readonly string[];
  readonly places: readonly Site[];
}

/**
 * Through the op log: to the op before or behind, at this depth or above, into the ops it is made of, out of
 * the op around it; back to the nearest op breakpoint or the beginning (`reverse`), to the last op that wrote
 * to a variable (`write`), to the last one that made a NaN or an infinity of finite numbers (`finite`).
 */
export type Travel = 'back' | 'next' | 'into' | 'out' | 'reverse' | 'write' | 'finite';

/** An edit of a tensor in place: of what, of how many elements (null: too many to be kept), and whether it was taken back. */
export interface EditRow {
  readonly number: number;
  readonly what: string;
  /** While the program holds the tensor. */
  readonly id?: TensorId;
  readonly elements: number | null;
  readonly undone: boolean;
}

/** How an evaluation runs: `quiet` touches nothing the program will notice, `live` as the program itself would. */
export type Mood = 'quiet' | 'live';

export interface LiveRows {
  readonly rows: readonly TensorRow[];
  readonly total: number;
  /** Of all storages, each once. */
  readonly bytes: number;
}

/** A tensor asked for by id must have been handed out since the last pause, or be held. */
export interface Asks {
  hello(): { readonly version: number; readonly root: string; readonly ops: readonly string[] };
  /** Takes any value; null where it is not a tensor or variable. Hands it out under its id. */
  row(value: unknown): TensorRow | null;
  /** `f32[32,784]`, as a preview of something that holds it says, and what a tape is doing; null where it is neither. */
  label(value: unknown): string | null;
  /** What a row says of it; null where it is not a tensor. Hands nothing out. */
  line(value: unknown): string | null;
  /** The bytes that a tensor holds on to, and its rows; null where it is not a tensor. Hands nothing out. */
  extent(value: unknown): { readonly bytes: number; readonly rows: number } | null;
  /** Nested lists of all its elements as JSON can carry them; null where it is not a tensor. */
  list(value: unknown): unknown;
  /** What all tensors inherit from: a debugger asks V8 which are alive. */
  prototype(): object;
  /** Largest first, at most `limit`; what is no tensor is left out. Statistics as far as a tenth of a second goes. */
  rows(values: readonly unknown[], limit?: number): LiveRows;
  /** The handle itself, for evaluation. Throws where the id is not known. */
  handle(id: TensorId): unknown;
  /** Keeps an id valid over pauses while an editor shows it. */
  hold(id: TensorId, on: boolean): void;
  /** Lets go of what was handed out and is not held: the program is about to go on. */
  forget(): void;
  stats(id: TensorId, exact: boolean): Stats;
  children(id: TensorId, index: readonly number[], start: number, count: number): readonly Child[];
  window(id: TensorId, window: Window): Cells;
  /** Gives the storage new bytes with one element changed. `value` as the user typed it: `1.5`, `NaN`, `-Infinity`, `true`. */
  setElement(id: TensorId, index: readonly number[], value: string): void;
  /** In place, from a nested literal, a number for all, or another tensor; throws what did not fit. */
  assign(id: TensorId, value: unknown): void;
  /** The same for what an index means, written as for `at`: `0, :`. What broadcasts to it fits. */
  assignAt(id: TensorId, index: string, value: unknown): void;
  /** The edits made in place, in order. */
  edits(): readonly EditRow[];
  /** Takes an edit back, that one or the last; what the program wrote since stays. The tensor it was of. */
  undo(number?: number): TensorId;
  /** Does again what was undone last. */
  redo(): TensorId;
  /** Another attribute for the op that is about to run; throws, in words, what would not fit. */
  setAttr(name: string, value: unknown): void;
  /** Of the current device: storages that hold bytes, and what was taken from the system. */
  memory(): { readonly storages: number; readonly bytes: number; readonly reserved: number };
  tapes(): readonly TapeInfo[];
  tape(id: TapeId, start: number, count: number): readonly TapeNodeInfo[];
  opFrames(): readonly OpFrame[];
  setOpBreakpoints(
    list: readonly OpBreakpoint[],
  ): readonly { readonly id: number; readonly error?: string }[];
  setDataBreakpoints(list: readonly DataBreakpoint[]): ReturnType<Asks['setOpBreakpoints']>;
  setInstructionBreakpoints(
    list: readonly InstructionBreakpoint[],
  ): ReturnType<Asks['setOpBreakpoints']>;
  /** What an instruction breakpoint on an entry of the op log is called; on the one to come, if that is known. Throws where there can be none. */
  instruction(number: number): string;
  /** Instead of those that were on; says of each what is wrong with its condition. */
  setFilters(
    list: readonly ArmedFilter[],
  ): readonly { readonly name: FilterName; readonly error?: string }[];
  /** Whether a filter stops at something that the program did not see. */
  holds(filter: FilterName, facts: { readonly [name: string]: unknown }): boolean;
  /** Goes there in the op log; null is the present. `handles` are all tensors that the program holds, `id` is a variable's. */
  travel(how: Travel, handles: readonly unknown[], id?: TensorId): Cursor | null;
  /** Where one looks; null is the present. */
  cursor(): Cursor | null;
  /** The op log, from a number on. */
  log(from: number, count: number): readonly LogRow[];
  /** What made an element, and of what; one that is no number is followed to where the first came in. */
  origin(of: OriginOf): readonly Origin[];
  /** Where it begins and ends. */
  logged(): { readonly first: number; readonly end: number; readonly bytes: number };
  /** Sets and clears bits of the gate. */
  gate(set: number, clear: number): void;
  /** Arms the next op stop; the program has then to be resumed. */
  step(how: OpStep): void;
  /** Arms a stop further on. Fails for an op that there is not. */
  runTo(goal: OpGoal): void;
  /** The program is about to make this call: it stops there, at the op. False where none of ours would be called. */
  stopAt(call: OpCall, callee: unknown): boolean;
  /** What `stats(t)` is in conditions, in messages and in the console. */
  summary(value: unknown): unknown;
  /**
   * Opens an evaluation and closes it, whatever happened in between. After a quiet one, or one that
   * was `cut` by its time limit, tapes, scopes, mode, generator, counters and gate are what they were;
   * after a live one only what an evaluation must not leave half-done is put back.
   */
  begin(mood: Mood): void;
  end(cut?: boolean): void;
  /** Begins a new profile, or ends it. The records are in the ring. */
  profile(on: boolean): void;
  /** What the records name, beyond as many texts and places as are known. */
  profileNames(texts: number, places: number): ProfileNames;
  /** The program ends: ops that still run are as complete as they will be. */
  leaving(): void;
}
