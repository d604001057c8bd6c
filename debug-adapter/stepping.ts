/**
 * Continue, steps and pause. A step is a goal: whatever stops V8 on the way
 * (an exception that is caught, hidden code) is judged against it, because V8
 * itself forgets a step at every stop.
 *
 * V8 can step through code by itself where it is blackboxed, but then an
 * exception thrown there stops nothing, scripts of Node's own start-up cannot
 * be blackboxed, and the program is slow meanwhile. So hidden code runs freely,
 * with traps where it comes back to the user's.
 */
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import type { CallFrame, Pause } from './pauses.ts';
import type { Sources } from './sources.ts';
import type { Syntax } from './syntax.ts';
import { Traps } from './traps.ts';

interface Goal {
  readonly command: 'Debugger.stepOver' | 'Debugger.stepInto' | 'Debugger.stepOut';
  /** How many frames the stack may have at the end of the step. */
  readonly depth: number;
  /** Where the step began. Its script is not passed through, whatever its kind. */
  readonly from: Protocol.Debugger.Location | undefined;
  readonly fromDepth: number;
  /** It has been in hidden code: back on the line where it began it is not done. */
  passed: boolean;
  /** It began where nothing ran, and ends where the user's code runs again. */
  readonly idle?: true;
}

/** An idle program runs no JavaScript that could stop; after this long it is woken. */
const IDLE = 100;
/** By then what the adapter asked has its answer, as a rule. In milliseconds. */
const SOON = 5;
const WAKE = '0\n//# sourceURL=tapedeck-internal:///wake.js';

export class Stepping {
  private readonly cdp: Cdp;
  private readonly sources: Sources;
  private readonly syntax: Syntax;
  private readonly traps: Traps;
  private goal: Goal | null = null;
  private wanted = false;
  private waking: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  /** The user sees a stop, and has not sent the program on. */
  private shown = false;
  /** Fulfilled while V8 runs the program; it answers a pause that comes too early and forgets it. */
  private running = Promise.withResolvers<void>();

  constructor(cdp: Cdp, sources: Sources, syntax: Syntax) {
    this.cdp = cdp;
    this.sources = sources;
    this.syntax = syntax;
    this.traps = new Traps(cdp, sources, syntax);
    cdp.on('Debugger.paused', () => (this.running = Promise.withResolvers()));
    cdp.on('Debugger.resumed', () => this.running.resolve());
    cdp.onStart(async () => {
      this.goal = null;
      this.wanted = false;
      this.shown = false;
      this.running.resolve();
    });
    cdp.onEnd(() => this.letSleep());
  }

  async continue(): Promise<void> {
    this.goal = null;
    this.shown = false;
    await this.cdp.send('Debugger.resume');
  }

  over(pause: Pause): Promise<void> {
    return this.go(pause, 'Debugger.stepOver', depthOf(pause));
  }

  into(pause: Pause): Promise<void> {
    // What a paused op calls is hidden: the next thing to see is behind it.
    return pause.user > 0 ? this.over(pause) : this.go(pause, 'Debugger.stepInto', Infinity);
  }

  out(pause: Pause): Promise<void> {
    return this.go(pause, 'Debugger.stepOut', depthOf(pause) - 1);
  }

  /** Stops a busy program within milliseconds, and wakes an idle one to stop it. */
  async pause(): Promise<void> {
    if (this.shown) return;
    this.wanted = true;
    await this.running.promise;
    if (!this.wanted) return;
    await this.cdp.send('Debugger.pause');
    // Sent at once it would race a busy loop and stop inside the script that wakes.
    this.waking = setTimeout(() => {
      this.cdp.send('Runtime.evaluate', { expression: WAKE }).catch(() => {});
    }, IDLE);
  }

  /** Of what V8 says was hit, what the user set. */
  foreign(hit: readonly string[]): string[] {
    return this.traps.foreign(hit);
  }

  /** Whether a stop that nothing else explains ends a step or a pause; `on` where the step is not done. */
  judge(callFrames: readonly CallFrame[]): 'step' | 'pause' | 'on' | null {
    if (this.wanted) return 'pause';
    const { goal } = this;
    if (!goal) return null;
    const at = callFrames[0]!.location;
    if (this.passes(at) || callFrames.length > goal.depth) return 'on';
    const back = goal.passed && callFrames.length === goal.fromDepth && sameLine(at, goal.from);
    return back ? 'on' : 'step';
  }

  /** Sends the program on after a stop that is not for the user. */
  async goOn(callFrames: readonly CallFrame[]): Promise<void> {
    const { goal } = this;
    if (this.wanted) return this.pauseLater();
    if (!goal) return void (await this.cdp.send('Debugger.resume'));
    if (goal.idle) return void (await this.cdp.send(goal.command));
    const [top] = callFrames;
    const hidden = this.passes(top!.location);
    if (!hidden && callFrames.length <= goal.depth) await this.cdp.send(goal.command);
    else {
      goal.passed ||= hidden;
      if (hidden && goal.command !== 'Debugger.stepOut') await this.traps.callbacks(top!);
      await this.runTo(callFrames.slice(Math.max(0, callFrames.length - goal.depth)));
    }
  }

  /** V8 has stopped for something else, and has forgotten that it was to pause. */
  private async pauseLater(): Promise<void> {
    await this.cdp.send('Debugger.resume');
    this.again = setTimeout(() => {
      if (this.wanted) void this.cdp.send('Debugger.pause').catch(() => {});
    }, SOON);
  }

  /** The user sees this stop: no goal outlives it. */
  async arrived(): Promise<void> {
    this.goal = null;
    this.wanted = false;
    this.shown = true;
    this.letSleep();
    await this.traps.clear();
  }

  private letSleep(): void {
    clearTimeout(this.waking);
    clearTimeout(this.again);
  }

  private async go(
    { callFrames, user }: Pause,
    command: Goal['command'],
    depth: number,
  ): Promise<void> {
    if (user < 0) return this.awake();
    const frames = callFrames.slice(Math.max(user, 0));
    const { location: from } = frames[0] ?? {};
    this.goal = { command, depth, from, fromDepth: frames.length, passed: user > 0 };
    this.shown = false;
    const callers = frames.slice(1);
    if (user > 0) await this.runTo(frames.slice(frames.length - Math.min(depth, frames.length)));
    else if (command === 'Debugger.stepOut' && this.anyOfUser(callers)) await this.runTo(callers);
    else {
      if (from && (await this.syntax.returnsThroughFinally(from))) await this.traps.frames(callers);
      await this.cdp.send(command);
    }
  }

  /** Node's own code, which calls the user's, is few steps long. */
  private async awake(): Promise<void> {
    const idle: Goal = {
      command: 'Debugger.stepInto',
      depth: Infinity,
      from: undefined,
      fromDepth: 0,
      passed: true,
      idle: true,
    };
    this.goal = idle;
    this.shown = false;
    await this.cdp.send('Debugger.resume');
    await this.running.promise;
    // Whoever lets the program go on or pauses it meanwhile wants something else.
    if (this.goal === idle && !this.shown) await this.cdp.send('Debugger.pause');
  }

  private async runTo(frames: readonly CallFrame[]): Promise<void> {
    await this.traps.frames(frames);
    await this.cdp.send('Debugger.resume');
  }

  private anyOfUser(frames: readonly CallFrame[]): boolean {
    return frames.some(({ location }) => this.sources.kind(location.scriptId) === 'user');
  }

  /** Code that a step does not stop in, unless it began there. */
  private passes({ scriptId }: Protocol.Debugger.Location): boolean {
    return this.sources.kind(scriptId) !== 'user' && scriptId !== this.goal?.from?.scriptId;
  }
}

/** How many frames there are from the first that is shown. */
function depthOf({ callFrames, user }: Pause): number {
  return callFrames.length - Math.max(user, 0);
}

function sameLine(
  a: Protocol.Debugger.Location,
  b: Protocol.Debugger.Location | undefined,
): boolean {
  return a.scriptId === b?.scriptId && a.lineNumber === b.lineNumber;
}
