/**
 * The door of the debug adapter: the custom DAP requests and events by which
 * the views show tensors. The stock requests are not repeated here.
 *
 * Names carry the prefix `tapedeck/`. A request that needs a paused program
 * fails with a sentence while it runs.
 */
import type {
  Cells,
  EditRow,
  Num,
  Origin,
  OriginOf,
  Site,
  Stats,
  TapeId,
  TapeInfo,
  TapeNodeInfo,
  TensorId,
  TensorRow,
  Travel,
  Window,
} from '../engine/protocol.ts';
export type {
  Cells,
  EditRow,
  Num,
  Origin,
  OriginInput,
  OriginOf,
  Site,
  Stats,
  TapeId,
  TapeInfo,
  TapeNodeInfo,
  TensorId,
  TensorRow,
  Travel,
  Window,
} from '../engine/protocol.ts';

export const VERSION = 1;
/** The debug type, in launch.json and everywhere. */
export const TYPE = 'tapedeck';

/** A place the editor can open. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}
/** A row of the Tensors tree: with the places resolved. */
export interface LiveTensor extends TensorRow {
  readonly group: 'variable' | 'saved' | 'layer' | 'other';
  readonly place?: Place;
}
export interface PlacedNode extends TapeNodeInfo {
  readonly place?: Place;
}

export interface PlacedOrigin extends Origin {
  readonly place?: Place;
}

/** Numbers behind one op run, as the profiler keeps them. Times in milliseconds since `Profile.start`. */
export interface OpRecord {
  readonly op: string;
  readonly path: string;
  readonly direction: 'forward' | 'backward';
  readonly start: number;
  readonly duration: number;
  /** The index of the record around it (composite op), or -1. */
  readonly parent: number;
  readonly shapes: string;
  readonly bytes: number;
  readonly flops: number;
  /** Position in `sites`, -1 where it is not known. */
  readonly site: number;
  readonly step: number;
}
export interface Profile {
  readonly start: number;
  readonly duration: number;
  /** Records that no longer fit the ring. */
  readonly lost: number;
  /** At most a hundred thousand a call: ask again from `from + records.length` until none come. */
  readonly records: readonly OpRecord[];
  readonly sites: readonly Site[];
}

export interface PlacedProfile extends Profile {
  /** Beside `sites`, one each; null where the file is not the user's. */
  readonly places: readonly (Place | null)[];
}

/** Where in the op log one looks: before an op that ran so many ops ago, the last one 1. */
export interface Look {
  readonly number: number;
  readonly ago: number;
  readonly op: string;
}

/** How the editor names a tensor: by its id while it lives, else by the expression it was opened with. */
export interface TensorRef {
  readonly id: TensorId;
  readonly expression?: string;
}

/** How far `tapedeck/runTo` runs. */
export type RunTo =
  | { readonly to: 'op'; readonly name: string }
  | { readonly to: 'gradient'; readonly path?: string; readonly line?: number }
  | { readonly to: 'layer' | 'step' };

/** An op of the program's text that is compared with that of a recorded run: how often which came of it. */
export interface ComparedOp {
  readonly op: string;
  /** With the layers and ops around it. */
  readonly path: string;
  /** Where the program calls it; of one that is missing, where the reference did. */
  readonly site?: Site;
  readonly then?: { readonly name: string; readonly line: number; readonly column: number };
  /** The same to the bit, within the tolerance, beyond it. */
  readonly same: number;
  readonly close: number;
  readonly differing: number;
  /** Only in the reference (or not there yet), and only in this run. */
  readonly missing: number;
  readonly extra: number;
  /** The largest difference of two numbers, and as a part of the size of the number or of its tensor. */
  readonly abs: Num;
  readonly rel: Num;
  /** The first beyond the tolerance: of all runs of this op, the training step, and of all ops. */
  readonly first?: { readonly occurrence: number; readonly step: number; readonly op: number };
  /** What differs there, where it is more than numbers: shape, dtype, NaN, text. */
  readonly what?: string;
}
/** A run beside a recorded one, as far as it has come. The counts are of ops that ran. */
export interface Comparison {
  /** The program that was recorded, and whether it came to its end. */
  readonly reference: string;
  readonly complete: boolean;
  readonly ops: number;
  readonly same: number;
  readonly close: number;
  readonly differing: number;
  readonly missing: number;
  readonly extra: number;
  /** Those that differ first, then missing ones, extra ones, and those that match. */
  readonly rows: readonly ComparedOp[];
  /** How many rows are left out. */
  readonly left: number;
}
/** With the places resolved, and which run it is of. */
export interface PlacedComparison extends Omit<Comparison, 'rows'> {
  readonly rows: readonly (ComparedOp & { readonly place?: Place })[];
  /** The program has come to its end: what is missing does not come any more. */
  readonly over: boolean;
}

export interface Requests {
  /** Where the program stands: running, or paused on a line or an op. */
  'tapedeck/state': (a: {}) => {
    readonly paused: boolean;
    readonly engine: boolean;
    readonly op?: string;
    readonly past?: Look;
    readonly profiling: boolean;
  };
  /** Every tensor that is alive, largest first, at most `limit`. */
  'tapedeck/tensors': (a: { readonly limit?: number }) => {
    readonly tensors: readonly LiveTensor[];
    readonly total: number;
    readonly bytes: number;
    readonly past?: Look;
  };
  /** One tensor, found again by id or expression; null where it is gone. */
  'tapedeck/tensor': (a: { readonly ref: TensorRef }) => { readonly tensor: LiveTensor | null };
  /** From what Variables shows: the tensor behind a variable of a container. */
  'tapedeck/tensorOf': (a: { readonly variablesReference: number; readonly name: string }) => {
    readonly tensor: LiveTensor | null;
  };
  'tapedeck/stats': (a: { readonly id: TensorId; readonly exact: boolean }) => Stats;
  'tapedeck/window': (a: { readonly id: TensorId; readonly window: Window }) => Cells;
  /**
   * Where an element comes from: the op that made it, its line, and the elements of its inputs that
   * fed it, those that matter most. An input's element is asked about by the entry that it fed. One that
   * is no number is followed to where the first came in, hop by hop.
   */
  'tapedeck/origin': (a: { readonly of: OriginOf }) => { readonly hops: readonly PlacedOrigin[] };
  /** Holds an id over pauses while an editor shows the tensor. */
  'tapedeck/hold': (a: { readonly id: TensorId; readonly on: boolean }) => {};
  'tapedeck/setElement': (a: {
    readonly id: TensorId;
    readonly index: readonly number[];
    readonly value: string;
  }) => { readonly tensor: LiveTensor };
  /** The edits made in place, in order. */
  'tapedeck/edits': (a: {}) => { readonly edits: readonly EditRow[] };
  /** Takes back the last edit, or that one; what the program has written since stays. */
  'tapedeck/undoEdit': (a: { readonly number?: number }) => { readonly id: TensorId };
  /** Does again the edit that was undone last. */
  'tapedeck/redoEdit': (a: {}) => { readonly id: TensorId };
  'tapedeck/tapes': (a: {}) => {
    readonly tapes: readonly (TapeInfo & { readonly place?: Place })[];
    readonly past?: Look;
  };
  'tapedeck/tape': (a: { readonly id: TapeId; readonly start: number; readonly count: number }) => {
    readonly nodes: readonly PlacedNode[];
  };
  /** Runs to the next op and stops before it. */
  'tapedeck/nextOp': (a: {}) => {};
  /** Runs the op the program stands before, and stops behind it. */
  'tapedeck/finishOp': (a: {}) => {};
  /** Moves over the op log; the program stands where it stood. `id` is that of a variable, for `write`. */
  'tapedeck/travel': (a: { readonly how: Travel; readonly id?: TensorId }) => {};
  /** Runs into the op the program stands before, to the first op that it is made of; from a line, to the next op. */
  'tapedeck/intoOp': (a: {}) => {};
  /** Runs to the end of the op around, else out of the layer the program stands in. */
  'tapedeck/outOfOp': (a: {}) => {};
  /**
   * Runs to an op: `op` to the next that is called so (`matMul`, `after ∇conv2d`, `encoder/* if step > 5`),
   * `layer` to the first of another layer, `gradient` to the gradient of the op it stands at or of what a line
   * of a file called (by default the one it stands on), `step` to the first of the next training step.
   */
  'tapedeck/runTo': (a: RunTo) => {};
  /** Starts or stops recording op times; works while the program runs. */
  'tapedeck/profile': (a: { readonly on: boolean }) => {};
  /** The records from the given one on; also while the program runs, and after it ended. */
  'tapedeck/profiled': (a: { readonly from: number }) => PlacedProfile;
  /** How the run compares with the one that `reference` of the launch configuration names; null without one. Also while the program runs, and after its end. */
  'tapedeck/comparison': (a: {}) => { readonly comparison: PlacedComparison | null };
}

export interface Events {
  /** Tensors or tapes changed without a step: a view that shows one asks again. */
  'tapedeck/changed': { readonly ids: readonly TensorId[] | 'all' };
  'tapedeck/profiling': { readonly on: boolean; readonly records: number };
  /** At the end of a recording, before `profiling` says so: what nobody has asked for yet, in pieces, for a session that ends answers no more. */
  'tapedeck/records': PlacedProfile & { readonly from: number };
  /** The program has ended: how its run compares with the reference. */
  'tapedeck/compared': { readonly comparison: PlacedComparison };
}

export type Name = keyof Requests;
export type Arguments<N extends Name> = Parameters<Requests[N]>[0];
export type Answer<N extends Name> = ReturnType<Requests[N]>;
