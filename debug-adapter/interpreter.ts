/**
 * Runs code in the program where it stands. Looking is quiet: the engine puts
 * everything back that the program could notice. What changes things runs as
 * the program itself would. Nothing runs for ever: V8 ends what takes too long
 * without running its `finally` blocks, so the engine is mended from outside.
 */
import { DESK, type Mood } from '../engine/protocol.ts';
import type { Slow } from './debuggee/values.ts';
import { ASKED } from './debuggee/words.ts';
import { CdpError, type Cdp } from './cdp.ts';
import { errors } from './errors.ts';
import { firstLine } from './remote.ts';
import type { Pauses } from './pauses.ts';
import type { Shown } from './stack.ts';
import type { Typed } from './typed.ts';
import type { Given, Remote, Values } from './values.ts';

/** How long an evaluation may take, in seconds: a hover must not hold up the editor. Tests shorten them. */
export const limits: Record<string, number> = {
  hover: 1,
  watch: 2,
  variables: 2,
  getter: 2,
  repl: 10,
  edit: 10,
};

export class Interpreter {
  private readonly cdp: Cdp;
  private readonly values: Values;
  private readonly pauses: Pauses;
  private readonly heard: (() => void)[] = [];
  /** Evaluations that change something come one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(cdp: Cdp, values: Values, pauses: Pauses) {
    this.cdp = cdp;
    this.values = values;
    this.pauses = pauses;
  }

  /** Called before each evaluation: it may change anything. */
  onRun(heard: () => void): void {
    this.heard.push(heard);
  }

  /** Evaluates at most so many seconds; fails with what the code threw. */
  run(shown: Shown, code: string, mood: Mood, seconds: number): Promise<Remote> {
    if (mood === 'quiet') return this.quietly(shown, code, seconds);
    if (this.pauses.past) return Promise.reject(errors.past());
    const run = this.last.then(() => this.live(shown, code, seconds));
    this.last = run.catch(() => {});
    return run;
  }

  /** Asks what may run code of the user's, for so many seconds at most. */
  async ask<N extends keyof Slow>(
    shown: Shown,
    mood: Mood,
    seconds: number,
    what: N,
    ...args: Given<Parameters<Slow[N]>>
  ): Promise<Remote> {
    return this.run(shown, await this.values.later(what, ...args), mood, seconds);
  }

  /** One round trip: the three are answered in order, and `end` needs no word on how it went. */
  private async quietly(shown: Shown, code: string, seconds: number): Promise<Remote> {
    const asked = [
      this.desk('begin("quiet")'),
      this.evaluate(shown, code, seconds),
      this.desk('end()'),
    ] as const;
    const [, found] = await Promise.allSettled(asked);
    if (found.status === 'fulfilled') return found.value;
    throw found.reason instanceof Ended ? errors.tooLong(seconds) : found.reason;
  }

  private async live(shown: Shown, code: string, seconds: number): Promise<Remote> {
    void this.desk('begin("live")');
    let cut = false;
    try {
      return await this.evaluate(shown, code, seconds);
    } catch (failure) {
      cut = failure instanceof Ended;
      throw cut ? errors.tooLong(seconds) : failure;
    } finally {
      await this.desk(`end(${cut})`);
    }
  }

  private async evaluate(
    { callFrame }: Shown,
    expression: string,
    seconds: number,
  ): Promise<Remote> {
    for (const heard of this.heard) heard();
    const common = {
      objectGroup: this.values.group(),
      silent: true,
      timeout: seconds * 1000,
    };
    // While the program stands, V8 ends by the limit only what it evaluates on a frame, be it one that is not shown.
    const frame = callFrame ?? this.pauses.current?.callFrames[0];
    const answer = frame
      ? this.cdp.send('Debugger.evaluateOnCallFrame', {
          callFrameId: frame.callFrameId,
          expression: callFrame ? expression : `(0, eval)(${JSON.stringify(expression)})`,
          ...common,
        })
      : this.cdp.send('Runtime.evaluate', { expression, ...common });
    const { result, exceptionDetails } = await answer.catch((failure: unknown) => {
      if (failure instanceof CdpError && /terminated/.test(failure.message)) throw new Ended();
      throw failure;
    });
    if (!exceptionDetails) return result;
    const { exception, text } = exceptionDetails;
    if (exception?.subtype === 'error') throw errors.failed(firstLine(exception.description));
    const thrown = exception?.description ?? JSON.stringify(exception?.value) ?? text;
    throw errors.failed(`Thrown: ${thrown}`);
  }

  /** A program without the engine has no desk, and nothing to mend. */
  private async desk(call: string): Promise<void> {
    const expression = `globalThis[Symbol.for(${JSON.stringify(DESK)})]?.${call}${ASKED}`;
    await this.cdp.send('Runtime.evaluate', { expression, silent: true, returnByValue: true });
  }
}

/** V8 ended the evaluation. */
class Ended extends Error {}

/** At an op, its inputs and outputs can be spoken of by name, and `op` is what the op is. */
export function inOp({ op }: Shown, { code, expression }: Typed): string {
  if (!op || expression === null) return code;
  const tensors = [...op.inputs, ...op.outputs].filter(({ name }) => NAME.test(name));
  const names = [...tensors.map(({ name }) => name), 'op'];
  const about = { name: op.op, path: op.path, direction: op.direction, attrs: op.attrs };
  const desk = `globalThis[Symbol.for(${JSON.stringify(DESK)})]`;
  const handles = tensors.map(({ tensor }) => `${desk}.handle(${tensor.id})`);
  return `"use strict"; ((${names.join()}) => (${expression}\n))(${[...handles, JSON.stringify(about)].join()})`;
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
