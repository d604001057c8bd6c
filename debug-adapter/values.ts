/**
 * The adapter's end of debuggee/values.ts: questions about JavaScript values,
 * whole scopes at a time, one round trip each.
 */
import type { Protocol } from 'devtools-protocol';
import { DESK } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Path, Values as Asked } from './debuggee/values.ts';
import { VALUES } from './debuggee/words.ts';
import { errors } from './errors.ts';
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
export const GROUP = 'tapedeck';

type Given<A> = { [K in keyof A]: A[K] | Ref | Argument | Print };
/** A value of any kind, as an evaluation gave it. */
export class Argument {
  readonly remote: Remote;
  constructor(remote: Remote) {
    this.remote = remote;
  }
}

export class Values {
  private readonly cdp: Cdp;
  private self: Promise<string> | null = null;

  constructor(cdp: Cdp) {
    this.cdp = cdp;
    cdp.onEnd(() => (this.self = null));
  }

  /** Asks and gets plain data back. */
  async ask<N extends keyof Asked>(
    name: N,
    ...args: Given<Parameters<Asked[N]>>
  ): Promise<ReturnType<Asked[N]>> {
    const { value } = await this.call(name, args, true);
    return value as ReturnType<Asked[N]>;
  }

  /** The thing itself at the end of a path, to hold on to while the program stands still. */
  at(...args: Given<Parameters<Asked['at']>>): Promise<Remote> {
    return this.call('at', args, false);
  }

  /** Keeps a question for the interpreter to have answered within a time limit. */
  async later(what: 'at' | 'whole', root: Ref | Print | Argument, path: Path): Promise<void> {
    await this.call('later', [what, root, path], true);
  }

  /** What all tensors inherit from; null in a program without the engine. */
  async prototype(): Promise<Ref | null> {
    const { result } = await this.cdp.send('Runtime.evaluate', {
      expression: `globalThis[Symbol.for(${JSON.stringify(DESK)})]?.prototype()`,
      objectGroup: GROUP,
    });
    return result.objectId ? new Ref(result.objectId) : null;
  }

  /** Lets go of everything that was found: the program goes on. */
  forget(): void {
    const expression = `globalThis[Symbol.for(${JSON.stringify(DESK)})]?.forget()`;
    this.cdp.send('Runtime.evaluate', { expression, silent: true }).catch(() => {});
    this.cdp.send('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
  }

  private async call(
    name: string,
    args: readonly unknown[],
    returnByValue: boolean,
  ): Promise<Remote> {
    const { result, exceptionDetails } = await this.cdp.send('Runtime.callFunctionOn', {
      objectId: await this.found(),
      functionDeclaration: CALL,
      arguments: [{ value: [name, ...args.map(print)] }, ...args.map(argument)],
      returnByValue,
      silent: true,
      ...(returnByValue ? {} : { objectGroup: GROUP }),
    });
    if (exceptionDetails) throw errors.failed(firstLine(exceptionDetails.exception?.description));
    return result;
  }

  private found(): Promise<string> {
    return (this.self ??= this.cdp
      .send('Runtime.evaluate', { expression: `globalThis[Symbol.for(${JSON.stringify(VALUES)})]` })
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

/** A print is named by its number, and looked up where it is kept. */
const CALL = `function ([name, ...prints], ...args) {
  return this[name](...args.map((arg, i) => prints[i] ? this.printed(prints[i]) : arg));
}`;

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
