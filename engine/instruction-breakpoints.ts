import { hooks } from './gate.ts';
import type { LogEntry } from './op-log/entry.ts';
import { opLog } from './op-log/log.ts';
import { OpBreakpoints } from './op-breakpoints.ts';
import type { Circumstance } from './condition.ts';
import type { InstructionBreakpoint } from './protocol.ts';
import { NOWHERE, place } from './sites.ts';
import { state } from './state.ts';
import { title } from './op-run.ts';
import type { OpRun } from './trace.ts';

/**
 * Breakpoints on rows of the op log. A row has run and does not come back, so what is
 * meant is the op of that name that the same line calls, inside of the same ops, whenever it runs
 * again: `∇layerNorm/mul@file:///model.ts:12:5`. Such a name is one to the op breakpoints,
 * which know conditions and hit counts.
 */
class InstructionBreakpoints {
  readonly #list = new OpBreakpoints((why, id) => hooks?.fault?.(why, id));
  /** By the op's own title: of any other the line is not looked up. */
  #names: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  get any(): boolean {
    return this.#list.any;
  }

  /** Replaces them all, and says of each what is wrong with it. */
  set(list: readonly InstructionBreakpoint[]): ReturnType<OpBreakpoints['set']> {
    const names = new Map<string, Set<string>>();
    for (const { name } of list) {
      const [chain] = name.split('@');
      const op = chain!.slice(chain!.lastIndexOf('/') + 1);
      names.set(op, (names.get(op) ?? new Set()).add(name));
    }
    this.#names = names;
    return this.#list.set(
      list.map((breakpoint) => ({ ...breakpoint, when: 'before' })),
      { names: [] },
    );
  }

  /** The ids of those that stop before an op; its line and the ops around it are asked for where its title fits. */
  hits(op: string, name: () => string | null, at: () => Circumstance): readonly number[] {
    const wanted = this.#names.get(op);
    const found = wanted ? name() : null;
    return found !== null && wanted!.has(found) ? this.#list.hits(found, found, 'before', at) : [];
  }

  /** Whether one stands at an op of the past, and its condition held then. */
  named(entry: LogEntry, at: () => Circumstance): boolean {
    const name = this.#names.has(entry.title) ? nameOfEntry(entry) : null;
    return name !== null && this.#list.named(name, name, at);
  }
}

/** Those of this program. */
export const instructionBreakpoints = new InstructionBreakpoints();

/** What a breakpoint on a row is called; on the row behind the last one, if that is the op the program stands before. */
export function nameOfRow(number: number): string {
  const entry = opLog.at(number);
  if (entry === undefined && number < opLog.end)
    throw new Error('the op log has lost this op: it has gone too long ago');
  if (entry?.kind === 'write' || entry?.kind === 'update')
    throw new Error('this is a write to a variable, not an op: break on its value change instead');
  const next = number === opLog.end && state.op?.phase === 'before' ? state.op : null;
  if (entry === undefined && next === null)
    throw new Error('what runs here is not known yet: set a breakpoint on an op that has run');
  const name = entry ? nameOfEntry(entry) : nameOfRun(next!);
  if (name === null) throw new Error('which line called this op was not noted');
  return name;
}

/** The same of an op that runs. */
export function nameOfRun(run: OpRun): string | null {
  const titles: string[] = [];
  for (let each: OpRun | null = run; each !== null; each = each.outer) titles.unshift(title(each));
  return nameOf(titles, run.site);
}

function nameOfEntry(entry: LogEntry): string | null {
  const titles: string[] = [];
  for (let each: LogEntry | null = entry; each !== null; each = each.inside)
    titles.unshift(each.title);
  return nameOf(titles, entry.site);
}

function nameOf(titles: readonly string[], site: number): string | null {
  const at = site === NOWHERE ? undefined : place(site);
  return at ? `${titles.join('/')}@${at.url}:${at.line}:${at.column}` : null;
}
