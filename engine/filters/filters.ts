import { conditionOf, type Circumstance, type Condition, type Facts } from '../condition.ts';
import { hooks } from '../gate.ts';
import type { ArmedFilter, FilterName, Found } from '../protocol.ts';
import type { OpRun } from '../trace.ts';
import { checks, type Finding } from './checks.ts';

/**
 * Exception filters: what may go wrong with tensors, and stops the program
 * where it does. What each looks for is in checks.ts.
 */
export class Filters {
  #on: readonly Armed[] = [];
  readonly #fault: (why: string) => void;

  /** `fault` hears what a condition throws, the first time. */
  constructor(fault: (why: string) => void) {
    this.#fault = fault;
  }

  /** Whether ops must be looked at. What departs from another run is found where that is compared with. */
  get any(): boolean {
    return this.#on.some(({ name }) => name !== 'divergence');
  }

  /** Whether nothing is looked for but NaN and infinities. */
  get onlyNaN(): boolean {
    return this.#on.every(({ name }) => /^(firstNaN|anyNaN|divergence)$/.test(name));
  }

  /** Replaces them all, and says of each what is wrong with it. */
  set(
    list: readonly ArmedFilter[],
  ): readonly { readonly name: FilterName; readonly error?: string }[] {
    const on: Armed[] = [];
    const answers = list.map((filter) => {
      const { name, condition = '' } = filter;
      const old = this.#on.find((other) => other.name === name && other.text === condition);
      try {
        on.push(old ?? armed(name, condition));
        return { name };
      } catch (error) {
        return { name, error: (error as Error).message };
      }
    });
    this.#on = on;
    return answers;
  }

  /** What is found at an op that has ended; null where the program goes on. */
  after(run: OpRun, at: () => Circumstance): Found | null {
    let circumstance: Circumstance | null = null;
    const here = () => (circumstance ??= at());
    for (const filter of this.#on) {
      const findings = checks[filter.name].after?.(run) ?? nothing;
      for (let i = 0; i < findings.length; i++) {
        if (this.#met(filter, findings[i]!.facts, here)) return findings[i]!.found();
      }
    }
    return null;
  }

  /** Whether one is on: what it looks for need not be found else. */
  has(name: FilterName): boolean {
    return this.#on.some((filter) => filter.name === name);
  }

  /** The same for what was found where no op ended. */
  among(name: FilterName, findings: readonly Finding[], at: () => Circumstance): Found | null {
    const filter = this.#on.find((other) => other.name === name);
    const met = filter && findings.find(({ facts }) => this.#met(filter, facts, at));
    return met?.found() ?? null;
  }

  /** Whether a filter is on and its condition met, by what was found outside of the ops. */
  holds(name: FilterName, facts: Facts): boolean {
    const filter = this.#on.find((other) => other.name === name);
    return filter !== undefined && this.#met(filter, facts, () => null);
  }

  /** As with breakpoints, a condition that fails does not hold. */
  #met(filter: Armed, facts: Facts, at: () => Circumstance | null): boolean {
    try {
      return filter.condition === null || filter.condition(at(), facts);
    } catch (error) {
      if (!filter.faulty) this.#fault(String(error));
      filter.faulty = true;
      return false;
    }
  }
}

const nothing: readonly Finding[] = [];

/** Those of this program. */
export const filters = new Filters((why) => hooks?.fault?.(why));

interface Armed {
  readonly name: FilterName;
  readonly text: string;
  readonly condition: Condition | null;
  /** Its condition has thrown. */
  faulty: boolean;
}

function armed(name: FilterName, text: string): Armed {
  const condition = text.trim() === '' ? null : conditionOf(text, checks[name].facts);
  return { name, text, condition, faulty: false };
}
