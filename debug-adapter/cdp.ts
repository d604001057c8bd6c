/**
 * The connection to V8's inspector in the user's process, over the relay's
 * socket: one JSON message a line. The object outlives the connection, so that
 * who listens does so once and a restarted program is heard as well.
 */
import type { Socket } from 'node:net';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';
import { lines } from './debuggee/lines.ts';
import type { ProgramEvents, RelayCommands, RelayEvents } from './debuggee/words.ts';
import { errors } from './errors.ts';

type Commands = ProtocolMapping.Commands & RelayCommands;
type Events = ProtocolMapping.Events & RelayEvents & ProgramEvents;
type Answer = { resolve: (result: never) => void; reject: (why: Error) => void };
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What the inspector refused. */
export class CdpError extends Error {}

export class Cdp {
  private socket: Socket | null = null;
  private debug = false;
  private count = 0;
  private readonly waiting = new Map<number, Answer>();
  private readonly listeners = new Map<string, ((params: never) => void)[]>();
  private readonly starts: (() => Promise<unknown>)[] = [];
  private readonly ends: (() => void)[] = [];

  /** Whether there is a program that can be debugged: one that runs without takes no commands of V8. */
  get debugging(): boolean {
    return this.socket !== null && this.debug;
  }

  /** Speaks over this socket until it closes. Every `onStart` has answered when the promise fulfils. */
  async connect(socket: Socket, debug = true): Promise<void> {
    this.socket = socket;
    this.debug = debug;
    socket.setEncoding('utf8');
    socket.on(
      'data',
      lines((line) => this.receive(JSON.parse(line) as Message)),
    );
    // What fails on the way out is followed by 'close'.
    socket.on('error', () => {});
    socket.on('close', () => this.close());
    socket.resume();
    if (debug) for (const start of this.starts) await start();
  }

  /** Fails when the inspector refuses or the program goes away before it answers. */
  send<M extends keyof Commands>(
    method: M,
    ...params: Commands[M]['paramsType']
  ): Promise<Commands[M]['returnType']> {
    const { socket } = this;
    if (!socket?.writable) return Promise.reject(errors.notRunning());
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // A program that just ended takes no more; 'close' tells who waits.
      socket.write(`${JSON.stringify({ id, method, params: params[0] })}\n`, () => {});
    });
  }

  on<E extends keyof Events>(event: E, listener: (...params: Events[E]) => void): void {
    const all = this.listeners.get(event) ?? [];
    all.push(listener as unknown as (params: never) => void);
    this.listeners.set(event, all);
  }

  /** Called with each new program before its first line; the program waits for the answer. */
  onStart(start: () => Promise<unknown>): void {
    this.starts.push(start);
  }

  /** Called when the program is gone, after everything it said was heard. */
  onEnd(end: () => void): void {
    this.ends.push(end);
  }

  /** Lets go of the program: it goes on, or ends, as its launch said. */
  disconnect(): void {
    this.socket?.destroy();
  }

  private receive({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      for (const listener of this.listeners.get(method) ?? []) listener(params as never);
      return;
    }
    const answer = this.waiting.get(id!);
    this.waiting.delete(id!);
    if (error) answer?.reject(new CdpError(error.message));
    else answer?.resolve(result as never);
  }

  private close(): void {
    this.socket = null;
    for (const { reject } of this.waiting.values()) reject(errors.notRunning());
    this.waiting.clear();
    for (const end of this.ends) end();
  }
}
