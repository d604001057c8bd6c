import type { Site } from './protocol.ts';
import { describe } from './tensor.ts';
import type { Mention } from './trail.ts';

/** Why a gradient is null, or that it is not. */
export type Reason =
  /** It is not null: `steps` are the ops by which it flows. */
  | 'flows'
  /** The tape does not watch the source. */
  | 'notWatched'
  /** The source, the target or something between them has no floats. */
  | 'integer'
  /** Values went through the program's own numbers by `item()`, `data()` or `array()`. */
  | 'readOut'
  | 'stopGradient'
  /** An op has no gradient, or none for that input, or a gradient function of the user's gave null. */
  | 'noGradient'
  /** An edit in the debugger cut the gradient. */
  | 'edited'
  /** The target is older than the tape. */
  | 'beforeTape'
  /** It was made inside `stopRecording`. */
  | 'notRecording'
  /** The tape has ended, and what it recorded is gone; or the target was made after its end. */
  | 'tapeClosed'
  /** No op that was recorded leads from the source to the target. */
  | 'noPath';

/** An op on the way from the source to the target. */
export interface Step {
  readonly op: string;
  readonly path: string;
  /** Its number on the tape; null where it was not recorded. */
  readonly node: number | null;
  readonly site?: Site;
}

/** Where the way breaks: the op, or the method that read, and the tensor that went in. */
export interface Break extends Omit<Step, 'path'> {
  readonly tensor: Mention;
}

/** What `tape.explain()` gives: data, which prints as a sentence. */
export class Explanation {
  readonly reason: Reason;
  readonly target: Mention;
  readonly source: Mention & { readonly name?: string };
  readonly at: Break | null;
  /** The ops from the source to the target, as far as they are known. */
  readonly steps: readonly Step[];
  /** Whether ops that were not recorded, and values that were read out, were noted. */
  readonly known: boolean;

  constructor(
    given: Pick<Explanation, 'reason' | 'target' | 'source'> &
      Partial<Pick<Explanation, 'at' | 'steps' | 'known'>>,
  ) {
    this.reason = given.reason;
    this.target = given.target;
    this.source = given.source;
    this.at = given.at ?? null;
    this.steps = given.steps ?? [];
    this.known = given.known ?? true;
  }

  /** The answer in words. */
  get text(): string {
    return wordsOf[this.reason](this);
  }

  toString(): string {
    return this.text;
  }

  /** How `console.log` prints it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.text;
  }
}

const wordsOf: { readonly [R in Reason]: (of: Explanation) => string } = {
  flows: ({ steps, source }) =>
    `The gradient reaches ${nameOf(source)}${steps.length === 0 ? '' : ` by way of ${steps.map(({ op }) => op).join(', ')}`}.`,
  notWatched: ({ source }) =>
    `The tape does not watch ${nameOf(source)}: tell it with tape.watch(…) before the ops run, or make it a trainable variable.`,
  integer: ({ source, target, at }) => {
    const what =
      at === null
        ? source.dtype.startsWith('f') || source.dtype === 'bf16'
          ? `The target is ${describe(target)}`
          : `The source is ${describe(source)}`
        : `${stepOf(at)} makes integers of ${nameOf(at.tensor)}`;
    return `${what}: gradients flow through floats only; keep it in f32 up to there.`;
  },
  readOut: ({ source, at }) =>
    `The values of ${nameOf(at!.tensor)} left the tape through .${at!.op}()${lineOf(at!)}: what the program makes of them in its own numbers does not depend on ${nameOf(source)} for the tape. Use ops on the tensor itself.`,
  stopGradient: ({ at }) => `${stepOf(at!)} lets nothing flow back to ${nameOf(at!.tensor)}.`,
  noGradient: ({ at }) =>
    at!.op === 'customGrad'
      ? `The gradFunc of ${stepOf(at!)} gives null for ${nameOf(at!.tensor)}.`
      : `${stepOf(at!)} has no gradient for ${nameOf(at!.tensor)}.`,
  edited: ({ at }) =>
    `An edit in the debugger cut the gradient of ${nameOf(at!.tensor)} before ${stepOf(at!)}.`,
  beforeTape: ({ target }) =>
    `The target, ${nameOf(target)}, is older than the tape: make the tape before the ops that it shall record.`,
  notRecording: () =>
    'It was made inside stopRecording, where the tape does not record: compute it outside.',
  tapeClosed: () =>
    'The tape has ended: what it recorded is gone, and what came later it did not see. Ask before gradient(), or make the tape with { explain: true }.',
  noPath: ({ source, target, known }) =>
    `No recorded op leads from ${nameOf(source)} to ${nameOf(target)}.${known ? ' The target was made without it, or of a tensor that is older than the tape.' : ' Make the tape with { explain: true } to know of values that were read out and ops that were not recorded.'}`,
};

function nameOf(tensor: Mention & { readonly name?: string }): string {
  return tensor.name === undefined ? describe(tensor) : `'${tensor.name}', ${describe(tensor)},`;
}

function stepOf(step: Omit<Step, 'path'>): string {
  return `${step.op}${lineOf(step)}`;
}

function lineOf({ site }: { readonly site?: Site }): string {
  if (site === undefined) return '';
  return ` on line ${site.line} of ${decodeURIComponent(site.url.slice(site.url.lastIndexOf('/') + 1))}`;
}
