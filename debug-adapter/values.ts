/**
 * The adapter's end of debuggee/values.ts: questions about JavaScript values,
 * whole scopes at a time, one round trip each.
 */
import type { Protocol } from 'devtools-protocol';
import { DESK } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Answer } from './debuggee/answers.ts';
import type { Slow, Values as Asked } from './debuggee/values.ts';
import { ASKED, VALUES } from './debuggee/words.ts';
import { errors } from './errors.ts';
import type { Pause } from './pauses.ts';
import { firstLine } from './remote.ts';

export type { Filter, Key, Path, Row } from './debuggee/values.ts';
export type Remote = Protocol.Runtime.RemoteObject;

/** What an object of the program is called, until the program goes on. */
export class Ref {
  readonly objectId: string;
  constructor(objectId: string) {
    this.objectId = objectId;
  }
}

/** What the console has printed. It is found anew for each question, so that nobody here holds on to it. */
export class Print {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

/** Objects found while the program stands still belong to this group; they are let go when it goes on. */
const GROUP = 'tapedeck';

export type Given<A> = { [K in keyof A]: A[K] | Ref | Argument | Print };
/** A value of any kind, as an evaluation gave it. */
export class Argument {
  readonly remote: Remote;
  constructor(remote: Remote) {
    this.remote = remote;
  }
}

interface Question {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (why: unknown) => void;
}

export class Values {
  private readonly cdp: Cdp;
  private self: Promise<string> | null = null;
  private questions: Question[] = [];
  /** Something has been found that belongs to the group. */
  private found = false;

  constructor(cdp: Cdp) {
    this.cdp = cdp;
    cdp.onEnd(() => (this.self = null));
  }

  /** Asks and gets plain data back. What is asked in one go is one round trip. */
  ask<N extends keyof Asked>(
    name: N,
    ...args: Given<Parameters<Asked[N]>>
  ): Promise<ReturnType<Asked[N]>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (!this.questions.length) queueMicrotask(() => void this.askAll());
    this.questions.push({ name, args, resolve, reject });
    return promise as Promise<ReturnType<Asked[N]>>;
  }

  /** Keeps a question, and gives an expression that answers it: the interpreter has it evaluated, within a time limit. */
  async later<N extends keyof Slow>(what: N, ...args: Given<Parameters<Slow[N]>>): Promise<string> {
    const number = await this.ask('later', what, ...args);
    return `globalThis[Symbol.for(${JSON.stringify(VALUES)})].answer(${number})`;
  }

  /** What all tensors inherit from; null in a program without the engine. */
  async prototype(): Promise<Ref | null> {
    const { result } = await this.cdp.send('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(DESK)})]?.prototype()${ASKED}`,
      objectGroup: this.group(),
      disableBreaks: true,
    });
    return result.objectId ? new Ref(result.objectId) : null;
  }

  /** What an evaluation finds belongs to this group: it is let go when the program goes on. */
  group(): string {
    this.found = true;
    return GROUP;
  }

  /** Lets go of everything that was found: the program goes on. What the engine has found is let go at an op by the program itself. */
  letGo(pause: Pause | null): void {
    const forget = `globalThis[Symbol.for(${JSON.stringify(DESK)})]?.forget()${ASKED}`;
    if (!pause?.op)
      this.cdp
        .send('Runtime.evaluate', { expression: forget, silent: true, disableBreaks: true })
        .catch(() => {});
    if (this.found)
      this.cdp.send('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
    this.found = false;
  }

  private async askAll(): Promise<void> {
    const { questions } = this;
    this.questions = [];
    try {
      const asked = questions.map(({ name, args }) => [name, args.map(print)]);
      const { result, exceptionDetails } = await this.cdp.send('Runtime.callFunctionOn', {
        objectId: await this.lent(),
        functionDeclaration: ANSWERS,
        arguments: [{ value: asked }, ...questions.flatMap(({ args }) => args.map(argument))],
        returnByValue: true,
        silent: true,
      });
      if (exceptionDetails) throw errors.failed(firstLine(exceptionDetails.exception?.description));
      (result.value as readonly Answer[]).forEach((answer, i) => {
        const { resolve, reject } = questions[i]!;
        if ('failure' in answer) reject(errors.failed(firstLine(answer.failure)));
        else resolve(answer.value);
      });
    } catch (failure) {
      for (const { reject } of questions) reject(failure);
    }
  }

  private lent(): Promise<string> {
    return (this.self ??= this.cdp
      .send('Runtime.evaluate', {
        expression: `globalThis[Symbol.for(${JSON.stringify(VALUES)})]${ASKED}`,
        disableBreaks: true,
      })
      .then(({ result }) => {
        if (!result.objectId) throw errors.notRunning();
        return result.objectId;
      })
      .catch((failure: unknown) => {
        // Asked between two programs: the next one has them.
        this.self = null;
        throw failure;
      }));
  }
}

const ANSWERS = `function (asked, ...given) { return this.answers(asked, given); }${ASKED}`;

/** A print is named by its number, and looked up where it is kept. */
function print(given: unknown): number {
  return given instanceof Print ? given.id : 0;
}

function argument(given: unknown): Protocol.Runtime.CallArgument {
  if (given instanceof Ref) return { objectId: given.objectId };
  if (given instanceof Argument) return argumentOf(given.remote);
  return given instanceof Print ? {} : { value: given };
}

/** A value as an argument of a call in the program. */
export function argumentOf({
  objectId,
  unserializableValue,
  value,
}: Remote): Protocol.Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value: value as unknown } : { unserializableValue };
}
