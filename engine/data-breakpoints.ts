import { hooks } from './gate.ts';
import { OpBreakpoints } from './op-breakpoints.ts';
import type { Circumstance } from './condition.ts';
import type { DataBreakpoint } from './protocol.ts';
import { place } from './sites.ts';

/**
 * Data breakpoints: which values stop the program when they are written. A
 * variable is known by its name (`variable/w`); a tensor never changes, so a
 * new value of it is what the same op on the same line makes
 * (`made/mean@file:///model.ts:12:5`). Such a name is one to the op
 * breakpoints, which know conditions and hit counts.
 */
class DataBreakpoints {
  readonly #list = new OpBreakpoints((why) => hooks?.fault?.(why));
  #names: ReadonlySet<string> = new Set();

  get any(): boolean {
    return this.#list.any;
  }

  /** Replaces them all, and says of each what is wrong with it. */
  set(list: readonly DataBreakpoint[]): ReturnType<OpBreakpoints['set']> {
    this.#names = new Set(list.map(({ name }) => name));
    return this.#list.set(
      list.map((breakpoint) => ({ ...breakpoint, when: 'after' })),
      { names: [] },
    );
  }

  /** Whether ops are to be looked at. */
  get ofOps(): boolean {
    return [...this.#names].some((name) => name.startsWith('made/'));
  }

  /** Whether somebody waits for writes to a variable. */
  watches(variable: string): boolean {
    return this.#names.has(`variable/${variable}`);
  }

  /** The ids of those that stop where it was written. */
  written(variable: string, at: () => Circumstance): readonly number[] {
    return this.#hits(`variable/${variable}`, at);
  }

  /** The same for what an op has made. */
  made(op: string, site: () => number, at: () => Circumstance): readonly number[] {
    let wanted = false;
    for (const name of this.#names) if (name.startsWith(`made/${op}@`)) wanted = true;
    const line = wanted ? place(site()) : undefined;
    if (line === undefined) return none;
    return this.#hits(`made/${op}@${line.url}:${line.line}:${line.column}`, at);
  }

  #hits(name: string, at: () => Circumstance): readonly number[] {
    return this.#names.has(name) ? this.#list.hits(name, name, 'after', at) : none;
  }
}
const none: readonly number[] = [];

/** Those of this program. */
export const dataBreakpoints = new DataBreakpoints();
