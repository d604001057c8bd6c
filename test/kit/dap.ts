/** A small editor without a screen: speaks DAP to the adapter, in words that tests read like a story. */
import assert from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { inline, type Lendings } from '../../debug-adapter/index.ts';
import type { Answer, Arguments, Name } from '../../debug-adapter/protocol.ts';

const root = new URL('../../', import.meta.url);
/** What the adapter lends a program when everything runs from the sources. */
export const lent: Lendings = {
  preload: new URL('debug-adapter/debuggee/preload.ts', root),
  engine: new URL('engine/index.ts', root),
};
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`test/fixtures/${name}`, root));

type Message = DebugProtocol.ProtocolMessage;
type Told = DebugProtocol.Event;
/** Fails instead of waiting for ever; never a measure of speed. */
const PATIENCE = 20_000;

export interface Stop {
  readonly reason: string;
  readonly text?: string;
  readonly description?: string;
  readonly hitBreakpointIds?: readonly number[];
}

export class Client {
  /** Every event, as it came. */
  readonly events: Told[] = [];
  /** What `runInTerminal` is answered with; a test that uses a terminal puts its own here. */
  terminal: (args: DebugProtocol.RunInTerminalRequestArguments) => ChildProcess = () => {
    throw new Error('this editor has no terminal');
  };
  /** Set for an adapter in a process of its own. */
  readonly adapter: ChildProcess | null;
  private readonly send: (message: Message) => void;
  private readonly waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  private readonly watching = new Set<() => void>();
  private seq = 0;
  private heard = 0;

  private constructor(adapter: ChildProcess | null, send: (message: Message) => void) {
    this.adapter = adapter;
    this.send = send;
  }

  /** An adapter in this process, as the extension has it. */
  static inline(): Client {
    const session = inline(lent);
    const client = new Client(null, (message) => session.handleMessage(message));
    session.onDidSendMessage((message) => client.receive(message as Message));
    return client;
  }

  /** An adapter in a process of its own, as other editors have it. */
  static spawn(script = fileURLToPath(new URL('debug-adapter/main.ts', root))): Client {
    const adapter = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const client = new Client(adapter, (message) => {
      const json = JSON.stringify(message);
      adapter.stdin.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
    });
    let rest = Buffer.alloc(0);
    adapter.stdout.on('data', (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      for (;;) {
        const head = rest.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/Content-Length: (\d+)/.exec(rest.toString('utf8', 0, head))![1]);
        if (rest.length < head + 4 + length) return;
        const body = rest.toString('utf8', head + 4, head + 4 + length);
        rest = rest.subarray(head + 4 + length);
        client.receive(JSON.parse(body) as Message);
      }
    });
    return client;
  }

  /** A stock request of DAP. Fails with the adapter's sentence. */
  async request<T = never>(command: string, args: object = {}): Promise<T> {
    const seq = ++this.seq;
    const answered = new Promise<DebugProtocol.Response>((resolve) =>
      this.waiting.set(seq, resolve),
    );
    this.send({ seq, type: 'request', command, arguments: args } as Message);
    const response = await bounded(answered, `an answer to "${command}"`);
    if (!response.success) {
      const error = (response.body as DebugProtocol.ErrorResponse['body'])?.error;
      throw new Error(error?.variables?.['message'] ?? response.message);
    }
    return response.body as T;
  }

  /** One of our own requests. */
  ask<N extends Name>(name: N, args: Arguments<N>): Promise<Answer<N>> {
    return this.request<Answer<N>>(name, args);
  }

  /** Launches and waits until breakpoints may be set. */
  async launch(program: string, more: object = {}): Promise<void> {
    await this.initialize();
    await this.request('launch', { program, runtimeExecutable: process.execPath, ...more });
    await this.event('initialized');
  }

  async initialize(): Promise<DebugProtocol.Capabilities> {
    return this.request('initialize', {
      adapterID: 'tapedeck',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
      supportsRunInTerminalRequest: true,
    });
  }

  /** Sets the breakpoints of a file: lines, or what DAP calls source breakpoints. */
  async breakpoints(
    path: string,
    ...wanted: (number | DebugProtocol.SourceBreakpoint)[]
  ): Promise<DebugProtocol.Breakpoint[]> {
    const breakpoints = wanted.map((each) => (typeof each === 'number' ? { line: each } : each));
    const body = await this.request<DebugProtocol.SetBreakpointsResponse['body']>(
      'setBreakpoints',
      { source: { path }, breakpoints },
    );
    return body.breakpoints;
  }

  async exceptions(...filters: string[]): Promise<void> {
    await this.request('setExceptionBreakpoints', { filters });
  }

  /** Everything is set: the program runs. */
  async go(): Promise<void> {
    await this.request('configurationDone');
  }

  /** Continues or steps, and waits for the next stop. */
  async step(command: 'continue' | 'next' | 'stepIn' | 'stepOut'): Promise<Stop> {
    await this.request(command, { threadId: 1 });
    return this.stopped();
  }

  /** The next stop that nobody has waited for yet. */
  async stopped(): Promise<Stop> {
    return (await this.event('stopped')).body as Stop;
  }

  /** The end of the program: its exit code. */
  async exited(): Promise<number> {
    return ((await this.event('exited')).body as { exitCode: number }).exitCode;
  }

  /** The next event of a kind; what stands before it is passed over. */
  async event(name: string, fits: (body: never) => boolean = () => true): Promise<Told> {
    const found = await this.until(() => {
      const at = this.events.findIndex(
        (each, index) => index >= this.heard && each.event === name && fits(each.body as never),
      );
      return at < 0 ? undefined : at;
    }, `the event "${name}"`);
    this.heard = found + 1;
    return this.events[found]!;
  }

  /** Waits until something holds of what has been heard. */
  async until<T>(holds: () => T | undefined, what: string): Promise<T> {
    let watch = () => {};
    const held = new Promise<T>((resolve) => {
      watch = () => {
        const value = holds();
        if (value !== undefined) resolve(value);
      };
      this.watching.add(watch);
      watch();
    });
    try {
      return await bounded(held, what, () => this.printed());
    } finally {
      this.watching.delete(watch);
    }
  }

  async stack(): Promise<DebugProtocol.StackFrame[]> {
    const body = await this.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', {
      threadId: 1,
    });
    return body.stackFrames;
  }

  /** Where the program stands, as `name:line`. */
  async at(): Promise<string> {
    const [top] = await this.stack();
    return `${top?.name}:${top?.line}`;
  }

  async evaluate(expression: string, context = 'repl'): Promise<string> {
    const [top] = await this.stack();
    const body = await this.request<DebugProtocol.EvaluateResponse['body']>('evaluate', {
      expression,
      context,
      ...(top && { frameId: top.id }),
    });
    return body.result;
  }

  /** Everything that was printed, all categories together. */
  printed(category?: string): string {
    return this.events
      .filter(({ event, body }) => event === 'output' && (!category || body.category === category))
      .map(({ body }) => (body as DebugProtocol.OutputEvent['body']).output)
      .join('');
  }

  /** The process id of the program. */
  pid(): number {
    const told = this.events.findLast(({ event }) => event === 'process');
    return (told!.body as { systemProcessId: number }).systemProcessId;
  }

  /** Ends the session and sees to it that no process is left. */
  async close(): Promise<void> {
    const started = this.events.some(({ event }) => event === 'process');
    const { exitCode = null, signalCode = null } = this.adapter ?? {};
    if (exitCode === null && signalCode === null)
      await this.request('disconnect', { terminateDebuggee: true }).catch(() => {});
    this.adapter?.kill();
    if (started) await gone(this.pid());
  }

  private receive(message: Message): void {
    if (message.type === 'event') this.events.push(message as Told);
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      this.waiting.get(response.request_seq)?.(response);
      this.waiting.delete(response.request_seq);
    }
    if (message.type === 'request')
      queueMicrotask(() => this.reverse(message as DebugProtocol.Request));
    for (const watch of this.watching) watch();
  }

  private reverse(request: DebugProtocol.Request): void {
    const answer = (more: object) =>
      this.send({
        seq: ++this.seq,
        type: 'response',
        request_seq: request.seq,
        command: request.command,
        ...more,
      } as Message);
    try {
      const { pid } = this.terminal(request.arguments);
      answer({ success: true, body: { shellProcessId: pid } });
    } catch (failure) {
      answer({ success: false, message: (failure as Error).message });
    }
  }
}

/** Fulfils when a process is no more; fails where it stays. */
export async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (!alive(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  process.kill(pid, 'SIGKILL');
  assert.fail(`the program (process ${pid}) is still there`);
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function bounded<T>(work: Promise<T>, what: string, more = () => ''): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come.\n${more()}`)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
