/**
 * Continue, steps and pause. A step is a goal: whatever stops V8 on the way
 * (an exception that is caught, hidden code) is judged against it, because V8
 * itself forgets a step at every stop.
 */
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import type { CallFrame, Pause } from './pauses.ts';
import type { Sources } from './sources.ts';

type Command = 'Debugger.resume' | 'Debugger.stepOver' | 'Debugger.stepInto' | 'Debugger.stepOut';
interface Goal {
  readonly command: Command;
  /** How many frames the stack may have at the end of the step. */
  readonly depth: number;
  /** Where the step began inside a line (at an op): it ends on another. */
  readonly not?: Protocol.Debugger.Location;
}

/** An idle program runs no JavaScript that could stop; after this long it is woken. */
const IDLE = 100;
const WAKE = '0\n//# sourceURL=tapedeck-internal:///wake.js';

export class Stepping {
  private readonly cdp: Cdp;
  private readonly sources: Sources;
  private goal: Goal | null = null;
  private wanted = false;
  private waking: NodeJS.Timeout | undefined;
  /** The user sees a stop, and has not sent the program on. */
  private shown = false;
  /** Fulfilled while V8 runs the program; it answers a pause that comes too early and forgets it. */
  private running = Promise.withResolvers<void>();
  /** V8 runs through hidden code without stopping, exceptions included: only while a step needs it. */
  private passing = false;

  constructor(cdp: Cdp, sources: Sources) {
    this.cdp = cdp;
    this.sources = sources;
    cdp.on('Debugger.paused', () => (this.running = Promise.withResolvers()));
    cdp.on('Debugger.resumed', () => this.running.resolve());
    cdp.onStart(async () => {
      this.goal = null;
      this.wanted = false;
      this.shown = false;
      this.passing = false;
      this.running.resolve();
    });
    cdp.onEnd(() => clearTimeout(this.waking));
  }

  async continue(): Promise<void> {
    this.goal = null;
    this.shown = false;
    await this.cdp.send('Debugger.resume');
  }

  async over(pause: Pause): Promise<void> {
    const { callFrames, user } = pause;
    const depth = callFrames.length - Math.max(user, 0);
    if (user <= 0) return this.go({ command: 'Debugger.stepOver', depth });
    const not = callFrames[user]!.location;
    await this.pass(true);
    await this.go({ command: 'Debugger.stepOver', depth, not }, 'Debugger.stepOut');
  }

  async into(pause: Pause): Promise<void> {
    // What a paused op calls is hidden: the next thing to see is behind it.
    if (pause.user > 0) return this.over(pause);
    await this.pass(true);
    await this.go({ command: 'Debugger.stepInto', depth: Infinity });
  }

  async out({ callFrames, user }: Pause): Promise<void> {
    const depth = callFrames.length - Math.max(user, 0) - 1;
    if (user > 0) await this.pass(true);
    await this.go({ command: 'Debugger.stepOut', depth });
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

  /** Whether a stop that nothing else explains ends a step or a pause; `on` where the step is not done. */
  judge(callFrames: readonly CallFrame[], user: number): 'step' | 'pause' | 'on' | null {
    if (this.wanted) return 'pause';
    if (!this.goal) return null;
    const { depth, not } = this.goal;
    const at = callFrames[0]!.location;
    if (user !== 0 || callFrames.length > depth) return 'on';
    if (not && callFrames.length === depth && sameLine(at, not)) return 'on';
    return 'step';
  }

  /** Sends the program on after a stop that is not for the user. */
  async goOn(callFrames: readonly CallFrame[], user: number): Promise<void> {
    const { goal } = this;
    if (!goal) return void (await this.cdp.send('Debugger.resume'));
    if (user !== 0) {
      await this.pass(true);
      await this.cdp.send(user > 0 ? 'Debugger.stepOut' : 'Debugger.stepInto');
    } else if (callFrames.length > goal.depth) await this.cdp.send('Debugger.stepOut');
    else await this.cdp.send(goal.command);
  }

  /** The user sees this stop: no goal outlives it. */
  async arrived(): Promise<void> {
    this.goal = null;
    this.wanted = false;
    this.shown = true;
    clearTimeout(this.waking);
    await this.pass(false);
  }

  private async go(goal: Goal, command: Command = goal.command): Promise<void> {
    this.goal = goal;
    this.shown = false;
    await this.cdp.send(command);
  }

  private async pass(on: boolean): Promise<void> {
    if (this.passing === on) return;
    this.passing = on;
    const patterns = on ? this.sources.stepPatterns() : [];
    await this.cdp.send('Debugger.setBlackboxPatterns', { patterns });
  }
}

function sameLine(a: Protocol.Debugger.Location, b: Protocol.Debugger.Location): boolean {
  return a.scriptId === b.scriptId && a.lineNumber === b.lineNumber;
}
