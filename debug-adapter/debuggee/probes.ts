/**
 * What conditions, hit counts and log messages of line breakpoints call inside
 * the program: one call instead of a round trip to the adapter, and quiet, so
 * that looking at a tensor leaves no trace in the program.
 */
import type { Asks } from '../../engine/protocol.ts';
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
      tell('Program.logs', { text: message().map(words).join(''), sites: running() });
    });
    return false;
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

/** A text as it is, all else as Variables shows it, at the moment it is logged. */
function words(value: unknown): string {
  return typeof value === 'string' ? value : lineOf(value);
}

/** A breakpoint that fails says so once, not at every pass of a loop. */
function quietly<T>(id: number, work: () => T): T | undefined {
  const { desk } = probes;
  desk?.begin('quiet');
  try {
    return work();
  } catch (failure) {
    if (!faulty.has(id)) tell('Program.faults', { why: String(failure), sites: running() });
    faulty.add(id);
    return undefined;
  } finally {
    desk?.end();
  }
}
