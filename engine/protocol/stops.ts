/** Where a program stops at its ops, why, and how it goes on: a part of the door, protocol.ts. */
import type { Site, TensorRow } from '../protocol.ts';

/** Where a program stands in an op: the innermost first. Composite ops and gradients nest. */
export interface OpFrame {
  readonly op: string;
  readonly phase: 'before' | 'after';
  readonly direction: 'forward' | 'backward';
  readonly path: string;
  /** How many ops it runs inside of. */
  readonly depth: number;
  /** Which entry of the op log it is; absent before it runs, and where no log was kept as it began. */
  readonly number?: number;
  /** The line the op was called from; for a gradient op the line of its forward op. */
  readonly site?: Site;
  readonly inputs: readonly { readonly name: string; readonly tensor: TensorRow }[];
  readonly attrs: { readonly [name: string]: unknown };
  readonly outputs: readonly { readonly name: string; readonly tensor: TensorRow }[];
}

export interface OpPause {
  readonly why: 'breakpoint' | 'step' | 'filter' | 'data';
  readonly op: string;
  readonly phase: 'before' | 'after';
  readonly direction: 'forward' | 'backward';
  /** The op breakpoints that stopped it, by their ids. */
  readonly breakpoints: readonly number[];
  /** The number that the next op to begin has in the op log. */
  readonly next: number;
  /** What an exception filter found. */
  readonly found?: Found;
  /** The variable, or the op, with a new value that a data breakpoint waits for. */
  readonly wrote?: string;
}

/** What exception filters watch for. What each is called and when it stops, a debugger says. */
export type FilterName =
  'firstNaN' | 'anyNaN' | 'divergence' | 'misfit' | GradientFilter | LayerFilter;
type GradientFilter = 'nullGradient' | 'explodingGradient' | 'vanishingGradient' | 'unusedTape';
type LayerFilter = 'deadRelu' | 'saturated' | 'weightUpdate' | 'tensorLeak';
/** A filter that is on. Without a condition it stops at all it finds. */
export interface ArmedFilter {
  readonly name: FilterName;
  readonly condition?: string;
}
/** Where an exception filter stops the program, and how it came to that. */
export interface Found {
  readonly filter: FilterName;
  readonly message: string;
  /** From the first bad value on, the last one is where the program stands. */
  readonly chain: readonly Hop[];
}
/** An op with what it runs in, `net/∇sqrt/div`, or nothing; and what it made, `2 NaN in f32[3]`. */
export interface Hop {
  readonly op: string;
  readonly what: string;
  readonly site?: Site;
}

/** An op breakpoint: `matMul`, `∇conv2d` (a gradient op), `*` (any); `when` says before or after. */
export interface OpBreakpoint {
  readonly id: number;
  readonly name: string;
  readonly when: 'before' | 'after';
  readonly condition?: string;
  readonly hit?: string;
  /** Does not stop but says this: the parts of the message, as JavaScript over what a condition may speak of. */
  readonly log?: readonly string[];
}

/** Of a variable by its name, `variable/w`, or of what an op makes on a line, `made/mean@file:///model.ts:12:5`. */
export type DataBreakpoint = Omit<OpBreakpoint, 'when'>;
/** On an op of the op log, for when the same line calls it again, inside of the same ops: `∇gelu/mul@file:///model.ts:12:5`. */
export type InstructionBreakpoint = Omit<OpBreakpoint, 'when' | 'log'>;

/**
 * Where the program is to run to: the next op of a name or pattern (and condition), the next in
 * another layer, the gradient of the op it stands at or of what a line called, the first op of the
 * next training step, or the first outside of the layer it stands in.
 */
export type OpGoal =
  | ({ readonly to: 'op' } & Pick<OpBreakpoint, 'name' | 'when' | 'condition'>)
  | { readonly to: 'gradient'; readonly url?: string; readonly line?: number }
  | { readonly to: 'layer' | 'step' | 'outside' };

/** The call of an op in the program's text. */
export interface OpCall extends Site {
  readonly op: string;
  /** The breakpoint that is set on it. */
  readonly id: number;
}

/** From an op pause: `next` op at this depth or above, `into` the ops it is made of, to its end (`finish`), `out` to the end of the op around it. */
export type OpStep = 'next' | 'into' | 'finish' | 'out';
