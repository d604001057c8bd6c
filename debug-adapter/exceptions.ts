/**
 * Which exceptions stop the program. V8 counts everything that Node's module
 * loader catches as caught, so it is asked to stop at all of them, and the
 * source decides: caught is what lies in a `try` with a `catch`, or in what a
 * `.catch()` hangs on, anywhere on the stack.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { errors } from './errors.ts';
import type { Location, Sources } from './sources.ts';
import type { Syntax } from './syntax.ts';

export const filters: DebugProtocol.ExceptionBreakpointsFilter[] = [
  {
    filter: 'all',
    label: 'Caught Exceptions',
    description: 'Stops at every exception, also where the program catches it.',
    default: false,
  },
  {
    filter: 'uncaught',
    label: 'Uncaught Exceptions',
    description: 'Stops at exceptions that nothing in the program catches.',
    default: true,
  },
];

export interface Thrown {
  readonly description: string;
  readonly value: Protocol.Runtime.RemoteObject;
  readonly caught: boolean;
}
type Filter = 'all' | 'uncaught';

/** A caught exception costs half a millisecond here; above this many a second we let V8 judge. */
const FLOOD = 200;

export class Exceptions {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly syntax: Syntax;
  private filters = new Set<Filter>();
  private second = 0;
  private passed = 0;

  constructor(cdp: Cdp, client: Client, sources: Sources, syntax: Syntax) {
    this.cdp = cdp;
    this.client = client;
    this.sources = sources;
    this.syntax = syntax;
    cdp.onStart(() => this.apply());
  }

  async setFilters({ filters }: DebugProtocol.SetExceptionBreakpointsArguments): Promise<void> {
    this.filters = new Set(filters as Filter[]);
    if (this.cdp.debugging) await this.apply();
  }

  /** What was thrown, where the user wants to see it; null where the program should go on. */
  async judge(event: Protocol.Debugger.PausedEvent): Promise<Thrown | null> {
    const data = event.data as (Protocol.Runtime.RemoteObject & { uncaught?: boolean }) | undefined;
    const by = data?.uncaught ? 'nobody' : await this.catcher(event);
    const wanted =
      by === 'nobody' ? this.filters.size > 0 : by === 'user' && this.filters.has('all');
    if (wanted)
      return {
        description: data?.description ?? String(data?.value),
        value: data ?? { type: 'undefined' },
        caught: by === 'user',
      };
    await this.count();
    return null;
  }

  info(thrown: Thrown | null): DebugProtocol.ExceptionInfoResponse['body'] {
    if (!thrown) throw errors.noException();
    const { description, value, caught } = thrown;
    const [message = '', ...stack] = description.split('\n');
    const typeName = value.className ?? value.type;
    return {
      exceptionId: typeName,
      description: message,
      breakMode: caught ? 'always' : 'unhandled',
      details: {
        typeName,
        message: message.replace(`${typeName}: `, ''),
        stackTrace: this.sources.shown(stack).join('\n'),
      },
    };
  }

  private async apply(): Promise<void> {
    const state = this.filters.size ? 'all' : 'none';
    await this.cdp.send('Debugger.setPauseOnExceptions', { state });
  }

  /**
   * Who catches: code of the user's own, hidden code that they called (its own
   * business), or nobody. Hidden frames below the last of the user's are
   * Node's loader and its like; what they catch ends the program.
   */
  private async catcher(
    event: Protocol.Debugger.PausedEvent,
  ): Promise<'user' | 'hidden' | 'nobody'> {
    const frames: Location[] = event.callFrames.map((frame) => frame.location);
    let trace = event.asyncStackTrace;
    for (; trace?.description === 'await'; trace = trace.parent) frames.push(...trace.callFrames);
    const last = frames.findLastIndex(({ scriptId }) => !this.sources.hidden(scriptId));
    if (last < 0) return 'hidden';
    for (const frame of frames.slice(0, last + 1))
      if (await this.syntax.isGuarded(frame))
        return this.sources.hidden(frame.scriptId) ? 'hidden' : 'user';
    return 'nobody';
  }

  private async count(): Promise<void> {
    const second = Math.floor(performance.now() / 1000);
    this.passed = second === this.second ? this.passed + 1 : 1;
    this.second = second;
    if (this.passed !== FLOOD || this.filters.has('all')) return;
    await this.cdp.send('Debugger.setPauseOnExceptions', { state: 'uncaught' });
    this.client.tell('output', {
      category: 'console',
      output: `The program throws and catches more than ${FLOOD} exceptions a second. To keep it fast, exceptions at the top level of a module and rejected promises no longer stop it.\n`,
    });
  }
}
