/**
 * What conditions, hit counts and log messages of line breakpoints call inside
 * the program: one call instead of a round trip to the adapter, and quiet, so
 * that looking at a tensor leaves no trace in the program.
 */
import type { Asks, OpCall } from '../../engine/protocol.ts';
import { running, tell } from './telling.ts';
import { lineOf } from './values.ts';
import { PROBES } from './words.ts';

export interface Probes {
  /** Whether the breakpoint stops here: its condition holds and its hit count is reached. */
  stops(id: number, condition: (() => unknown) | null, hit: Hit | null): boolean;
  /** Prints the message where `stops` would stop; never stops. */
  logs(
    id: number,
    condition: (() => unknown) | null,
    hit: Hit | null,
    message: () => unknown[],
  ): false;
  /**
   * The same as `stops` on the call of an op: there the program stops at the op. `callee` gives what is
   * called, where that can be known without calling anything.
   */
  calls(
    call: OpCall,
    condition: (() => unknown) | null,
    hit: Hit | null,
    callee: (() => unknown) | null,
  ): boolean;
  /** What `stats(t)` is in conditions and messages where the program has no other. */
  stats(value: unknown): unknown;
  /** Forgets the hits of a breakpoint that was changed. */
  forget(id: number): void;
  /** The front desk of the engine, once it is loaded. */
  desk: Asks | null;
}
export interface Hit {
  readonly test: '=' | '>' | '>=' | '<' | '<=' | '%';
  readonly count: number;
}

const hits = new Map<number, number>();
const faulty = new Set<number>();

const probes: Probes = {
  desk: null,
  stops: (id, condition, hit) => quietly(id, () => reached(id, condition, hit)) === true,
  logs: (id, condition, hit, message) => {
    quietly(id, () => {
      if (!reached(id, condition, hit)) return;
      tell('Program.logs', { text: said(message()), sites: running() });
    });
    return false;
  },
  calls(call, condition, hit, callee) {
    const { id } = call;
    if (quietly(id, () => reached(id, condition, hit)) !== true) return false;
    return probes.desk?.stopAt(call, callee ? found(callee) : undefined) !== true;
  },
  stats(value) {
    if (!probes.desk)
      throw new Error('stats takes a tensor, and the program has not loaded the engine');
    return probes.desk.summary(value);
  },
  forget: (id) => {
    hits.delete(id);
    faulty.delete(id);
  },
};

export function lendProbes(): void {
  Object.defineProperty(globalThis, Symbol.for(PROBES), { value: probes });
}

/** The engine calls this from `Hooks.loaded`. */
export function engineLoaded(desk: Asks): void {
  probes.desk = desk;
  tell('Program.engine', {});
}

/** At the end of the program: no op that still runs comes to its own end. */
export function lastRecords(): void {
  probes.desk?.leaving();
}

/** Only runs that satisfy the condition count as hits. */
function reached(id: number, condition: (() => unknown) | null, hit: Hit | null): boolean {
  if (condition && !condition()) return false;
  if (!hit) return true;
  const count = (hits.get(id) ?? 0) + 1;
  hits.set(id, count);
  return compare[hit.test](count, hit.count);
}

const compare: Record<Hit['test'], (count: number, wanted: number) => boolean> = {
  '=': (count, wanted) => count === wanted,
  '>': (count, wanted) => count > wanted,
  '>=': (count, wanted) => count >= wanted,
  '<': (count, wanted) => count < wanted,
  '<=': (count, wanted) => count <= wanted,
  '%': (count, wanted) => count % wanted === 0,
};

/** A name may be one that the function does not have in sight. */
function found(callee: () => unknown): unknown {
  try {
    return callee();
  } catch {
    return undefined;
  }
}

/** A message in one text: texts as they are, all else as Variables shows it, at the moment it is logged. */
export function said(message: readonly unknown[]): string {
  return message
    .map((part) => (typeof part === 'string' ? part : (probes.desk?.line(part) ?? lineOf(part))))
    .join('');
}

/** A breakpoint that fails says so once, not at every pass of a loop. */
function quietly<T>(id: number, work: () => T): T | undefined {
  const { desk } = probes;
  desk?.begin('quiet');
  try {
    return work();
  } catch (failure) {
    if (!faulty.has(id))
      tell('Program.faults', { why: String(failure), breakpoint: id, sites: running() });
    faulty.add(id);
    return undefined;
  } finally {
    desk?.end();
  }
}
