/** Where the program stands and why: one place decides whether a stop of V8 is one for the user. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Cursor, OpFrame, OpPause } from '../engine/protocol.ts';
import type { Breakpoints } from './breakpoints.ts';
import type { Cdp } from './cdp.ts';
import { THREAD, type Client } from './client.ts';
import { PAUSE_SCRIPT, type ProgramEvents } from './debuggee/words.ts';
import { errors } from './errors.ts';
import type { Exceptions, Thrown } from './exceptions.ts';
import { isInstruction } from './instruction-breakpoints.ts';
import type { Sources } from './sources.ts';
import type { Stepping } from './stepping.ts';

export type CallFrame = Protocol.Debugger.CallFrame;

/** The program stands still. Frames are V8's, innermost first, hidden ones included. */
export interface Pause {
  readonly callFrames: readonly CallFrame[];
  readonly asyncStackTrace?: Protocol.Runtime.StackTrace | undefined;
  readonly why: 'entry' | 'breakpoint' | 'step' | 'pause' | 'exception' | 'memory' | 'op';
  /** Index of the first frame that is shown; -1 where only hidden code runs. */
  readonly user: number;
  readonly op: OpPause | null;
  /** The ops that run, where it stands at one and has said so. */
  readonly opFrames: readonly OpFrame[] | null;
  readonly exception: Thrown | null;
  /** The line breakpoints it stands on, by the editor's numbers. */
  readonly hit: readonly number[];
}

export class Pauses {
  /** null while the program runs. */
  current: Pause | null = null;
  /** Where in the op log one looks, while it stands; null is the present. */
  past: Cursor | null = null;
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly stepping: Stepping;
  private readonly exceptions: Exceptions;
  private readonly breakpoints: Breakpoints;
  /** How often the program has gone on or ended: a stop that is looked at meanwhile is none. */
  private turns = 0;
  /** What the program has said of the op that it is about to stop at. */
  private arrival: ProgramEvents['Program.stops'][0] | null = null;
  private readonly resumed: (() => void)[] = [];
  private readonly turned: (() => void)[] = [];
  private readonly stopped: ((pause: Pause) => Promise<unknown>)[] = [];

  constructor(
    cdp: Cdp,
    client: Client,
    sources: Sources,
    stepping: Stepping,
    exceptions: Exceptions,
    breakpoints: Breakpoints,
  ) {
    this.cdp = cdp;
    this.client = client;
    this.sources = sources;
    this.stepping = stepping;
    this.exceptions = exceptions;
    this.breakpoints = breakpoints;
    cdp.on('Program.stops', (arrival) => (this.arrival = arrival));
    cdp.on('Debugger.paused', (event) => void this.look(event).catch(() => this.giveUp()));
    cdp.on('Debugger.resumed', () => this.forget());
    cdp.onEnd(() => this.forget());
  }

  /** Where the program stands. Fails while it runs. */
  now(): Pause {
    if (!this.current) throw errors.notPaused();
    return this.current;
  }

  /** From now on one looks there in the op log: what was known of frames and values is void. */
  turn(past: Cursor | null): void {
    this.past = past;
    for (const heard of this.turned) heard();
  }

  /** Called when the program runs again, and when one looks at another place in the op log. */
  onTurn(heard: () => void): void {
    this.turned.push(heard);
  }

  /** Called when the program runs again: what was known of its frames and values is void. */
  onResume(heard: () => void): void {
    this.resumed.push(heard);
  }

  /** Called before the editor hears of a stop. */
  onStop(heard: (pause: Pause) => Promise<unknown>): void {
    this.stopped.push(heard);
  }

  private async look(event: Protocol.Debugger.PausedEvent): Promise<void> {
    const turn = this.turns;
    const pause = await this.understand(event);
    if (!pause) return;
    await this.stepping.arrived();
    if (turn !== this.turns) return;
    this.current = pause;
    for (const heard of this.stopped) await heard(pause);
    if (turn !== this.turns) return;
    this.client.tell('stopped', {
      reason: reasonOf(pause),
      ...said(pause),
      threadId: THREAD,
      allThreadsStopped: true,
    });
  }

  /** null where the program has been sent on. */
  private async understand(event: Protocol.Debugger.PausedEvent): Promise<Pause | null> {
    const { callFrames, asyncStackTrace, reason } = event;
    const user = callFrames.findIndex((frame) => !this.sources.hidden(frame.location.scriptId));
    const none = { op: null, opFrames: null, exception: null, hit: [] };
    const at = { callFrames, asyncStackTrace, user, ...none };
    const { arrival } = this;
    if (this.atOp(callFrames) && arrival)
      return { ...at, why: 'op', op: arrival.reason, opFrames: arrival.frames };
    if (reason === 'exception' || reason === 'promiseRejection') {
      const exception = await this.exceptions.judge(event);
      if (exception) return { ...at, why: 'exception', exception };
      await this.stepping.goOn(callFrames);
      return null;
    }
    if (reason === 'instrumentation') {
      await this.breakpoints.bindMapped(callFrames[0]!.location.scriptId);
      await this.stepping.goOn(callFrames);
      return null;
    }
    if (reason === 'OOM') return { ...at, why: 'memory' };
    if (this.isAsked(callFrames)) {
      await this.stepping.goOn(callFrames);
      return null;
    }
    const hit = this.stepping.foreign(event.hitBreakpoints ?? []);
    if (hit.some((id) => this.breakpoints.isEntry(id))) return { ...at, why: 'entry' };
    if (hit.length) return { ...at, why: 'breakpoint', hit: this.breakpoints.numbers(hit) };
    const step = this.stepping.judge(callFrames);
    if (step === 'on') {
      await this.stepping.goOn(callFrames);
      return null;
    }
    return { ...at, why: step ?? 'breakpoint' };
  }

  /** Never by V8's reason: it differs from version to version and mixes with a step. */
  private atOp(callFrames: readonly CallFrame[]): boolean {
    const top = callFrames[0];
    return top !== undefined && this.sources.script(top.location.scriptId)?.url === PAUSE_SCRIPT;
  }

  /** A program that stops in what the adapter asks gives no answer. Such scripts nobody hears of. */
  private isAsked(callFrames: readonly CallFrame[]): boolean {
    return callFrames.some(({ location }) => !this.sources.script(location.scriptId));
  }

  private forget(): void {
    this.turns++;
    this.arrival = null;
    if (!this.current) return;
    this.current = this.past = null;
    for (const heard of [...this.resumed, ...this.turned]) heard();
  }

  /** The program must never hang because we failed to understand a stop. */
  private giveUp(): void {
    void this.cdp.send('Debugger.resume').catch(() => {});
  }
}

function reasonOf({ why, op }: Pause): string {
  // Not 'function breakpoint': an editor may open its debug view for this one reason only.
  if (op?.found) return 'exception';
  if (op?.why === 'data') return 'data breakpoint';
  if (op?.breakpoints.some(isInstruction)) return 'instruction breakpoint';
  if (op) return op.why === 'step' ? 'step' : 'breakpoint';
  return why === 'memory' ? 'exception' : why;
}

function said({ why, op, exception }: Pause): Partial<DebugProtocol.StoppedEvent['body']> {
  if (op) {
    const name = op.direction === 'backward' ? `∇${op.op}` : op.op;
    const wrote =
      op.wrote && (op.wrote === name ? `${name} made a value` : `${name} wrote ${op.wrote}`);
    const text = op.found?.message ?? wrote;
    return {
      description: text ? `Paused: ${text}` : `Paused ${op.phase} ${name}`,
      text: text ?? `${op.phase} ${name}`,
      ...(op.breakpoints.length && { hitBreakpointIds: [...op.breakpoints] }),
    };
  }
  if (exception) {
    const [first = ''] = exception.description.split('\n');
    return {
      description: `Paused on ${exception.caught ? 'a caught' : 'an'} exception`,
      text: first,
    };
  }
  if (why === 'memory')
    return {
      description: 'Paused: out of memory',
      text: 'The program is about to run out of memory.',
    };
  // Else an editor may say 'Paused on pause'.
  return why === 'pause' ? { description: 'Paused' } : {};
}
