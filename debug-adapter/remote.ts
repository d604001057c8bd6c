/** Functions that run inside the program, written as functions, and questions to the engine's desk. */
import { DESK, HOOKS, type Asks, type Hooks } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import { ASKED } from './debuggee/words.ts';
import { AdapterError, errors } from './errors.ts';

/** What the engine watches for: the lists by their names in `Hooks`, and the questions that set them. */
const lists = {
  breakpoints: 'setOpBreakpoints',
  filters: 'setFilters',
  dataBreakpoints: 'setDataBreakpoints',
  instructionBreakpoints: 'setInstructionBreakpoints',
} as const;
type Lists = typeof lists;

export class Remote {
  private readonly cdp: Cdp;
  constructor(cdp: Cdp) {
    this.cdp = cdp;
  }

  /**
   * Runs a function in the program, also while it is paused or busy. It sees
   * its arguments and globals, nothing around it here; all of them and the
   * answer are plain data.
   */
  async call<A extends readonly unknown[], R>(work: (...args: A) => R, ...args: A): Promise<R> {
    const given = args.map((arg) => JSON.stringify(arg) ?? 'undefined').join();
    const { result, exceptionDetails } = await this.cdp.send('Runtime.evaluate', {
      expression: `(${work})(${given})${ASKED}`,
      returnByValue: true,
      silent: true,
      // A pause that waits for an idle program to do something is not meant for what we do in it.
      disableBreaks: true,
    });
    if (exceptionDetails) throw errors.failed(firstLine(exceptionDetails.exception?.description));
    return result.value as R;
  }

  hasEngine(): Promise<boolean> {
    return this.call((desk: string) => Symbol.for(desk) in globalThis, DESK);
  }

  /** Asks the engine; fails with its own sentence, and where the program has no engine. */
  ask<N extends keyof Asks>(name: N, ...args: Parameters<Asks[N]>): Promise<ReturnType<Asks[N]>> {
    return this.call(
      (desk: string, method: string, given: readonly unknown[]) => {
        const asks = (globalThis as never)[Symbol.for(desk)] as
          Record<string, (...given: unknown[]) => unknown> | undefined;
        if (!asks) throw new Error('The program has not loaded the engine yet: it has run no op.');
        return asks[method]!(...given);
      },
      DESK,
      name as string,
      args,
    ) as Promise<ReturnType<Asks[N]>>;
  }

  /** Gives the engine a list of what to watch for, or leaves it where the engine finds it when it is loaded: null then. */
  async watch<L extends keyof Lists>(
    name: L,
    list: NonNullable<Hooks[L]>,
  ): Promise<ReturnType<Asks[Lists[L]]> | null> {
    if (!this.cdp.debugging) return null;
    return this.call(
      (hooks: string, desk: string, name: string, method: string, list: unknown) => {
        const all = globalThis as never;
        const lent = all[Symbol.for(hooks)] as Record<string, unknown> | undefined;
        if (lent) lent[name] = list;
        const asks = all[Symbol.for(desk)] as Record<string, (list: unknown) => never> | undefined;
        return asks ? asks[method]!(list) : null;
      },
      HOOKS,
      DESK,
      name,
      lists[name],
      list,
    );
  }
}

/** What V8 says of an error, without its stack and its class. */
export function firstLine(description = 'The evaluation failed.'): string {
  return description.split('\n')[0]!.replace(/^(Uncaught )?Error: /, '');
}

/** A failure of any kind as one the editor can show. */
export function asFailure(failure: unknown): AdapterError {
  if (failure instanceof AdapterError) return failure;
  // V8's words for what was found at a stop that is over.
  if (failure instanceof Error && /Could not find object with given id/.test(failure.message))
    return errors.noHandle();
  return errors.failed(failure instanceof Error ? failure.message : String(failure));
}
