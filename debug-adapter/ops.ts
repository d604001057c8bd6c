/**
 * Pausing on ops: op breakpoints, which the editor calls function breakpoints,
 * and steps from op to op. The comparing is done in the program, by the
 * engine's gate.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  DESK,
  type Asks,
  type OpBreakpoint,
  type OpGoal,
  type OpStep,
} from '../engine/protocol.ts';
import type { CallSites } from './call-sites.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { errors } from './errors.ts';
import type { Pause, Pauses } from './pauses.ts';
import { faulty, messageTexts } from './probe.ts';
import type { Answer, Look, RunTo } from './protocol.ts';
import type { Remote } from './remote.ts';
import type { Sources } from './sources.ts';
import { opTitle } from './stack.ts';
import type { Stepping } from './stepping.ts';
import { shown } from './verdicts.ts';

type Told = DebugProtocol.Breakpoint;
/** `refused` says what is wrong with its text, where the engine need not be asked. */
type Wanted = OpBreakpoint & { readonly refused?: string };

export class Ops {
  private readonly cdp: Cdp;
  private readonly client: Client;
  private readonly program: Remote;
  private readonly stepping: Stepping;
  private readonly callSites: CallSites;
  private readonly sources: Sources;
  private wanted: readonly Wanted[] = [];
  private count = FIRST;
  /** A step from op to op is under way. */
  private armed = false;

  constructor(
    cdp: Cdp,
    client: Client,
    program: Remote,
    pauses: Pauses,
    stepping: Stepping,
    sources: Sources,
    callSites: CallSites,
  ) {
    this.cdp = cdp;
    this.client = client;
    this.program = program;
    this.stepping = stepping;
    this.sources = sources;
    this.callSites = callSites;
    cdp.onStart(async () => {
      this.armed = false;
      await this.send();
    });
    cdp.on('Program.faults', ({ why, breakpoint: id }) => {
      if (!this.wanted.some((breakpoint) => breakpoint.id === id)) return;
      const breakpoint = { id, verified: true, message: faulty(why) };
      client.tell('breakpoint', { reason: 'changed', breakpoint });
    });
    cdp.on('Program.engine', () => void this.tell().catch(() => {}));
    pauses.onStop((pause) => this.arrived(pause));
  }

  /** Instead of those there were: `matMul`, `∇matMul`, `encoder/*`, `after matMul`, `matMul if step > 5`. */
  async setBreakpoints({
    breakpoints,
  }: DebugProtocol.SetFunctionBreakpointsArguments): Promise<
    DebugProtocol.SetFunctionBreakpointsResponse['body']
  > {
    this.wanted = breakpoints.map((wanted) => {
      try {
        return this.make(wanted);
      } catch (failure) {
        const { message } = failure as Error;
        return { id: this.count++, name: '', when: 'before', refused: message };
      }
    });
    await this.callSites.count('ops', this.wanted.length);
    return { breakpoints: await this.send() };
  }

  /** Runs to the next op, into one, or to the end of one. */
  async step(how: OpStep, { op }: Pause): Promise<void> {
    this.armed = true;
    // One after the other on the wire; waiting for the first would cost a round trip.
    await Promise.all([
      // At an op the program arms the step itself, when it goes on.
      op
        ? this.cdp.send('Relay.step', { how })
        : this.program.call(
            (desk: string, how: OpStep) =>
              (globalThis as { [key: symbol]: Asks | undefined })[Symbol.for(desk)]?.step(how),
            DESK,
            fromLine(how),
          ),
      this.stepping.continue(),
    ]);
  }

  /** Arms a stop further on; the program has then to be sent on. Fails for what cannot be run to. */
  async aim(to: RunTo, pause: Pause): Promise<void> {
    await this.program.ask('runTo', this.goal(to, pause));
    this.armed = true;
  }

  private goal(to: RunTo, { op, user, callFrames }: Pause): OpGoal {
    if (to.to === 'op') {
      const { name, when, condition } = this.make({ name: to.name });
      return { to: 'op', name, when, ...(condition && { condition }) };
    }
    if (to.to === 'layer' || to.to === 'step') return to;
    if (to.to !== 'gradient') {
      const { to: other } = to as { readonly to?: unknown };
      throw errors.failed(
        `There is no way to run to ${JSON.stringify(other)}; "to" is one of "op", "gradient", "layer" and "step".`,
      );
    }
    if (to.path !== undefined) return { to: 'gradient', ...this.lineOf(to.path, to.line ?? 1) };
    const at = callFrames[user]?.location;
    const url = at && this.sources.script(at.scriptId)?.url;
    if (op || !url) return { to: 'gradient' };
    return { to: 'gradient', url, line: at.lineNumber + 1 };
  }

  /** A line of a file as the program knows it. */
  private lineOf(path: string, line: number): { readonly url: string; readonly line: number } {
    const [script] = this.sources.ofPath(path);
    if (!script) return { url: this.sources.url(path), line };
    const { lineNumber } = this.sources.location(script, { line, column: 1 });
    return { url: script.url, line: lineNumber + 1 };
  }

  /** Where the program stands. */
  async state(
    pause: Pause | null,
    profiling: boolean,
    past: Look | null,
  ): Promise<Answer<'tapedeck/state'>> {
    const engine = await this.program.hasEngine().catch(() => false);
    return {
      paused: pause !== null,
      engine,
      ...(pause?.op && { op: opTitle(pause.op) }),
      ...(past && { past }),
      profiling,
    };
  }

  /**
   * `after matMul if stats(out).nan > 0 log {stats(out)}`: not every editor's field for conditions can be
   * reached, and none has one for messages, so the name may hold both.
   */
  private make({
    name,
    condition: field,
    hitCondition,
  }: DebugProtocol.FunctionBreakpoint): OpBreakpoint {
    const [, when = 'before', op = '', asked, message] =
      /^\s*(?:(before|after)\s+)?(.*?)(?:\s+if\s+(.*?))?(?:\s+log\s+(.*?))?\s*$/.exec(name)!;
    const condition = asked && field ? `(${asked}) && (${field})` : asked || field;
    const log = message === undefined ? undefined : messageTexts(message);
    const same = this.wanted.find(
      (other) =>
        other.name === op &&
        other.when === when &&
        other.condition === condition &&
        other.hit === hitCondition &&
        other.log?.join() === log?.join(),
    );
    return {
      id: same?.id ?? this.count++,
      name: op,
      when: when as OpBreakpoint['when'],
      ...(condition && { condition }),
      ...(hitCondition && { hit: hitCondition }),
      ...(log && { log }),
    };
  }

  /** Gives them to the engine; what it says of each. */
  private async send(): Promise<Told[]> {
    const good = this.wanted.filter(({ refused }) => refused === undefined);
    const verdicts = await this.program.watch('breakpoints', good);
    return this.wanted.map(({ id, refused }) => shown(id, verdicts, refused));
  }

  private async tell(): Promise<void> {
    for (const breakpoint of await this.send()) {
      this.client.tell('breakpoint', { reason: 'changed', breakpoint });
    }
  }

  /** Where the program stands on a line, the step from op to op is over as well. */
  private async arrived({ op }: Pause): Promise<void> {
    if (this.armed && !op) {
      await this.cdp.send('Relay.step', { how: null });
    }
    this.armed = false;
    await this.callSites.stopped();
  }
}

/** Line breakpoints are numbered from 1. */
const FIRST = 1_000_000;

/** On a line within an op, a gradient function of the user's for one, the next op is one that runs inside of it. */
function fromLine(how: OpStep): OpStep {
  return how === 'next' ? 'into' : how;
}
