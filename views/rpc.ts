/**
 * Calls across `postMessage`, typed by the door. Both halves of a webview use
 * `connect`: each hands over the methods it answers and gets the other half's.
 * Adding a call is adding a method to `Pages`.
 *
 * A call is answered exactly once. An error crosses as its sentence: stacks
 * belong to the side that threw.
 */
import type { Pages } from './protocol.ts';

/** One end of a message channel, whatever carries it. */
export interface Wire {
  post(message: unknown): void;
  listen(take: (message: unknown) => void): void;
}

export type View = keyof Pages;
export type HostOf<V extends View> = Pages[V]['host'];
export type PageOf<V extends View> = Pages[V]['page'];
/** What a page would ask for first, and finds in its document where that was known before. */
export type FirstOf<V extends View> = Awaited<ReturnType<HostOf<V>['open']>>;

type Method = (...args: never[]) => unknown;
interface Call {
  readonly call: string;
  readonly id: number;
  readonly args: readonly unknown[];
}
interface Reply {
  readonly reply: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Answers the other half's calls with `ours`; the result calls the other half. */
export function connect<Theirs extends object, Ours extends object>(
  wire: Wire,
  ours: Ours,
): Theirs {
  let count = 0;
  const waiting = new Map<number, { take(value: unknown): void; fail(error: Error): void }>();
  const answers = new Map(Object.entries(ours as Record<string, Method>));

  wire.listen((raw) => {
    // The editor's own messages come the same way.
    if (typeof raw !== 'object' || raw === null) return;
    const message = raw as Call | Reply;
    if ('call' in message) void answer(message.call, message.id, message.args);
    else if ('reply' in message) settle(message);
  });

  async function answer(name: string, id: number, args: readonly unknown[]): Promise<void> {
    try {
      const method = answers.get(name);
      if (!method) throw new Error(`This side answers no call named ${name}.`);
      wire.post({ reply: id, result: await method(...(args as never[])) });
    } catch (error) {
      wire.post({ reply: id, error: sentence(error) });
    }
  }

  function settle(message: Reply): void {
    const call = waiting.get(message.reply);
    waiting.delete(message.reply);
    if (message.error === undefined) call?.take(message.result);
    else call?.fail(new Error(message.error));
  }

  function send(call: string, args: readonly unknown[]): Promise<unknown> {
    const id = ++count;
    const result = new Promise((take, fail) => waiting.set(id, { take, fail }));
    // Announcements have no one waiting for their failure.
    result.catch(() => {});
    wire.post({ call, id, args });
    return result;
  }

  return new Proxy({} as Theirs, {
    get: (_, call) =>
      typeof call === 'string' ? (...args: unknown[]) => send(call, args) : undefined,
  });
}

/** What a person reads of an error. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
