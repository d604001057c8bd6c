import { conditionOf, messageOf } from './condition.ts';
import type { Circumstance, Condition, Message } from './condition.ts';
import { hooks } from './gate.ts';
import { BACKWARD_OPS } from './protocol.ts';
import type { OpBreakpoint } from './protocol.ts';

/**
 * Op breakpoints: which ops stop the program. Names and conditions are
 * compiled once, in the program itself; an op that no breakpoint names costs
 * one look-up.
 */

/** The ops that breakpoints may name. */
export interface OpNames {
  readonly names: readonly string[];
  /** Why no gradient of that op's name ever runs; null where one does. */
  readonly lacking?: (op: string) => string | null;
}

export class OpBreakpoints {
  private list: readonly Stop[] = [];
  private readonly hot = new Map<string, readonly Stop[]>();
  private readonly fault: (why: string, breakpoint: number) => void;
  private readonly log: (message: readonly unknown[]) => void;

  /** `fault` hears what a condition or a message throws, the first time; `log` the messages. */
  constructor(
    fault: (why: string, breakpoint: number) => void,
    log: (message: readonly unknown[]) => void = () => {},
  ) {
    this.fault = fault;
    this.log = log;
  }

  get any(): boolean {
    return this.list.length > 0;
  }

  /** Replaces them all, and says of each what is wrong with it. Hit counts go on where nothing changed. */
  set(
    list: readonly OpBreakpoint[],
    ops: OpNames,
  ): readonly { readonly id: number; readonly error?: string }[] {
    const before = this.list;
    const stops: Stop[] = [];
    const answers = list.map((breakpoint) => {
      try {
        const old = before.find((stop) => same(stop.breakpoint, breakpoint));
        stops.push(compile(breakpoint, ops, old));
        return { id: breakpoint.id };
      } catch (error) {
        return { id: breakpoint.id, error: (error as Error).message };
      }
    });
    this.list = stops;
    this.hot.clear();
    return answers;
  }

  /**
   * The ids of those that stop here. `name` is the op's own name (`∇matMul` for a gradient), `path`
   * where it runs (`encoder/dense1/matMul`, `∇matMul/transpose`); the circumstance is asked for only
   * where a breakpoint has a condition.
   */
  hits(
    name: string,
    path: string,
    when: 'before' | 'after',
    circumstance: () => Circumstance,
  ): readonly number[] {
    const stops = this.stops(name, path);
    if (stops.length === 0) return stops as never[];
    const ids: number[] = [];
    let known: Circumstance | undefined;
    for (const stop of stops) {
      if (stop.breakpoint.when !== when) continue;
      const { condition, message, breakpoint } = stop;
      if (condition && !this.tried(stop, () => condition((known ??= circumstance())))) continue;
      stop.hits++;
      if (!stop.enough(stop.hits)) continue;
      if (message) this.tried(stop, () => (message((known ??= circumstance()), this.log), true));
      else ids.push(breakpoint.id);
    }
    return ids;
  }

  /** Whether one names an op of the past, before or after it, and its condition held then. Nothing is counted. */
  named(name: string, path: string, circumstance: () => Circumstance): boolean {
    return this.stops(name, path).some(
      (stop) =>
        stop.message === null &&
        (stop.condition === null || this.tried(stop, () => stop.condition!(circumstance()))),
    );
  }

  /** As with line breakpoints, a condition that fails does not hold. */
  private tried(stop: Stop, work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      if (!stop.faulty) this.fault(String(error), stop.breakpoint.id);
      stop.faulty = true;
      return false;
    }
  }

  private stops(name: string, path: string): readonly Stop[] {
    let stops = this.hot.get(path);
    if (stops === undefined) {
      stops = this.list.filter((stop) => stop.matches(name, path));
      // A program that names its layers by counting would let this grow without end.
      if (this.hot.size >= 10_000) this.hot.clear();
      this.hot.set(path, stops);
    }
    return stops;
  }
}

/** Those of this program. */
export const breakpoints = new OpBreakpoints(
  (why, breakpoint) => hooks?.fault?.(why, breakpoint),
  (message) => hooks?.log?.(message),
);

interface Stop {
  readonly breakpoint: OpBreakpoint;
  readonly matches: (name: string, path: string) => boolean;
  readonly condition: Condition | null;
  readonly message: Message | null;
  readonly enough: (hits: number) => boolean;
  hits: number;
  /** Its condition has thrown. */
  faulty: boolean;
}

function compile(breakpoint: OpBreakpoint, ops: OpNames, old: Stop | undefined): Stop {
  return {
    breakpoint,
    matches: pattern(breakpoint.name, ops),
    condition: breakpoint.condition?.trim() ? conditionOf(breakpoint.condition) : null,
    message: breakpoint.log ? messageOf(breakpoint.log) : null,
    enough: hitCount(breakpoint.hit),
    hits: old?.hits ?? 0,
    faulty: old?.faulty ?? false,
  };
}

/**
 * A plain name means the op wherever the program's own forward pass runs it. A star stands for any
 * run of characters; a pattern with a slash is compared with the whole path, so that
 * `encoder/*` finds what runs in a layer and `∇matMul/*` the ops a gradient is made of. Two stars
 * are the same, and those in front of a slash may also stand for nothing.
 */
function pattern(text: string, ops: OpNames): (name: string, path: string) => boolean {
  const wanted = text.trim();
  if (wanted === '')
    throw new Error('an op breakpoint needs the name of an op, as matMul or ∇matMul');
  const bare = wanted.replace(/^∇/, '');
  const known = ops.names.includes(bare) || (bare !== wanted && BACKWARD_OPS.includes(bare));
  if (!/[*/]/.test(wanted) && !known) throw new Error(unknown(bare, ops));
  const lacking = bare === wanted ? null : ops.lacking?.(bare);
  if (lacking) throw new Error(lacking);
  const body = escape(wanted).replace(/\*\*\/|\*+/g, (stars) =>
    stars === '**/' ? '(.*/)?' : '.*',
  );
  const regex = new RegExp(`^${body}$`);
  if (wanted.includes('/')) return (_, path) => regex.test(path);
  return (name, path) => !insideGradient(path) && regex.test(name);
}

function insideGradient(path: string): boolean {
  return path.lastIndexOf('∇') >= 0 && path.indexOf('/', path.lastIndexOf('∇')) >= 0;
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function unknown(name: string, { names }: OpNames): string {
  const lower = name.toLowerCase();
  const near =
    names.find((op) => op.toLowerCase() === lower) ??
    names.find((op) => op.toLowerCase().startsWith(lower.slice(0, 4)));
  return `no op is called '${name}'${near ? `; there is ${near}` : ''}`;
}

/** `5`, `== 5`, `>= 5`, `> 5`, `< 5`, `<= 5`, `% 5`; a bare number means that hit and all after it, as VS Code says it. */
function hitCount(text: string | undefined): (hits: number) => boolean {
  if (!text?.trim()) return () => true;
  const match = /^\s*(>=|<=|===?|=|>|<|%)?\s*(\d+)\s*$/.exec(text);
  if (!match)
    throw new Error(`a hit count is a number, with >, >=, <, <=, = or % before it; not '${text}'`);
  const n = Number(match[2]);
  switch (match[1]) {
    case '>':
      return (hits) => hits > n;
    case '<':
      return (hits) => hits < n;
    case '<=':
      return (hits) => hits <= n;
    case '%':
      return (hits) => n > 0 && hits % n === 0;
    case '=':
    case '==':
    case '===':
      return (hits) => hits === n;
    default:
      return (hits) => hits >= n;
  }
}

function same(a: OpBreakpoint, b: OpBreakpoint): boolean {
  return (
    a.name === b.name &&
    a.when === b.when &&
    a.condition === b.condition &&
    a.hit === b.hit &&
    a.log?.join() === b.log?.join()
  );
}
