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
import { isTensorFilter, listed, type Filters } from './filters.ts';
import type { Pause } from './pauses.ts';
import type { Remote } from './remote.ts';
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
  ...listed,
];

export interface Thrown {
  readonly description: string;
  readonly value: Protocol.Runtime.RemoteObject;
  readonly caught: boolean;
  /** The engine refused what it was given. */
  readonly misfit?: true;
}
type Filter = 'all' | 'uncaught';

/** A caught exception costs half a millisecond here; above this many a second we let V8 judge. */
const FLOOD = 200;

export class Exceptions {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly syntax: Syntax;
  private readonly program: Remote;
  private readonly tensors: Filters;
  private filters = new Set<Filter>();
  private second = 0;
  private passed = 0;

  constructor(
    cdp: Cdp,
    client: Client,
    sources: Sources,
    syntax: Syntax,
    program: Remote,
    tensors: Filters,
  ) {
    this.cdp = cdp;
    this.client = client;
    this.sources = sources;
    this.syntax = syntax;
    this.program = program;
    this.tensors = tensors;
    cdp.onStart(() => this.apply());
  }

  /** An editor says those with a condition apart from the others, and wants to hear of each in this order. */
  async setFilters({
    filters,
    filterOptions = [],
  }: DebugProtocol.SetExceptionBreakpointsArguments): Promise<
    DebugProtocol.SetExceptionBreakpointsResponse['body']
  > {
    const all = [...filters.map((filterId) => ({ filterId })), ...filterOptions];
    const tensors = all.filter(({ filterId }) => isTensorFilter(filterId));
    const others = all.filter(({ filterId }) => !isTensorFilter(filterId));
    this.filters = new Set(others.map(({ filterId }) => filterId as Filter));
    const told = await this.tensors.set(tensors);
    if (this.cdp.debugging) await this.apply();
    return {
      breakpoints: all.map((each) => told[tensors.indexOf(each)] ?? { verified: true }),
    };
  }

  /** What was thrown, where the user wants to see it; null where the program should go on. */
  async judge(event: Protocol.Debugger.PausedEvent): Promise<Thrown | null> {
    const data = event.data as (Protocol.Runtime.RemoteObject & { uncaught?: boolean }) | undefined;
    const by = data?.uncaught ? 'nobody' : await this.catcher(event);
    const wanted =
      by === 'nobody' ? this.filters.size > 0 : by === 'user' && this.filters.has('all');
    if (!wanted && (await this.misfits(event, data))) {
      return { description: data!.description!, value: data!, caught: by === 'user', misfit: true };
    }
    if (wanted)
      return {
        description: data?.description ?? String(data?.value),
        value: data ?? { type: 'undefined' },
        caught: by === 'user',
      };
    await this.count();
    return null;
  }

  info({ exception: thrown, op }: Pause): DebugProtocol.ExceptionInfoResponse['body'] {
    if (op?.found) return this.tensors.info(op.found);
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
    const state = this.filters.size || this.tensors.has('misfit') ? 'all' : 'none';
    await this.cdp.send('Debugger.setPauseOnExceptions', { state });
  }

  /** Whether the engine threw it to say that something does not fit, and the filter for that is on. */
  private async misfits(
    { callFrames }: Protocol.Debugger.PausedEvent,
    value: Protocol.Runtime.RemoteObject | undefined,
  ): Promise<boolean> {
    if (!this.tensors.has('misfit') || value?.className !== 'Error') return false;
    const top = callFrames[0]?.location.scriptId;
    const user = callFrames.some(({ location }) => !this.sources.hidden(location.scriptId));
    if (top === undefined || !user || this.sources.kind(top) !== 'engine') return false;
    const message = (value.description ?? '').split('\n')[0]!.replace(/^Error: /, '');
    return this.program.ask('holds', 'misfit', { message });
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
