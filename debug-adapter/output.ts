/** What the program prints, with the line that printed it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { FAULT, LOG } from './debuggee/probes.ts';
import type { Sources } from './sources.ts';
import type { Target } from './targets.ts';
import type { Variables } from './variables.ts';

type Called = Protocol.Runtime.ConsoleAPICalledEvent;

export class Output {
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly variables: Variables;
  /** What comes later waits for what is still being put into words. */
  private last: Promise<void> = Promise.resolve();
  private events = false;

  constructor(cdp: Cdp, client: Client, sources: Sources, variables: Variables, target: Target) {
    this.client = client;
    this.sources = sources;
    this.variables = variables;
    cdp.on('Runtime.consoleAPICalled', (call) => this.inTurn(() => this.called(call)));
    target.onWritten((output, category) =>
      this.inTurn(async () => client.tell('output', { category, output })),
    );
  }

  /** With a terminal the program's prints are seen there; only our own lines are told. */
  configure(events: boolean): void {
    this.events = events;
  }

  private inTurn(work: () => Promise<void>): void {
    this.last = this.last.then(work).catch(() => {});
  }

  private async called(call: Called): Promise<void> {
    const [first, ...rest] = call.args;
    if (first?.value === LOG) return this.print(call, 'console', rest, '');
    if (first?.value === FAULT)
      return this.print(call, 'stderr', [
        {
          type: 'string',
          value: `The condition or message of a breakpoint failed: ${String(rest[1]?.value)}`,
        },
      ]);
    // A table is printed through an inner log of Node's own.
    const inner = call.stackTrace?.callFrames[0]?.url.startsWith('node:internal/console');
    if (!this.events || inner) return;
    const shown = KINDS[call.type];
    if (shown === undefined) return;
    await this.print(call, shown, call.args);
  }

  private async print(
    call: Called,
    category: string,
    args: readonly Protocol.Runtime.RemoteObject[],
    joint = ' ',
  ): Promise<void> {
    const { text, variablesReference } = await this.variables.printed(args, joint);
    const body: DebugProtocol.OutputEvent['body'] = {
      category,
      output: `${text}\n`,
      ...this.place(call),
      ...(variablesReference ? { variablesReference } : {}),
    };
    this.client.tell('output', body);
  }

  private place({ stackTrace }: Called): Partial<DebugProtocol.OutputEvent['body']> {
    for (const frame of stackTrace?.callFrames ?? []) {
      if (this.sources.hidden(frame.scriptId)) continue;
      const source = this.sources.source(frame.scriptId);
      if (source) return { source, ...this.sources.position(frame) };
    }
    return {};
  }
}

/** The stream a console call is shown on; what is not named prints nothing. */
const KINDS: Partial<Record<Called['type'], string>> = {
  log: 'stdout',
  info: 'stdout',
  debug: 'stdout',
  dir: 'stdout',
  dirxml: 'stdout',
  table: 'stdout',
  trace: 'stderr',
  error: 'stderr',
  warning: 'stderr',
  assert: 'stderr',
  count: 'stdout',
  timeEnd: 'stdout',
};
