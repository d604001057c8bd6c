/** What the program prints, with the line that printed it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from 'devtools-protocol';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import { ENGINE, FAULT, LOG, RECORDS, TEXT } from './debuggee/probes.ts';
import type { Printed } from './debuggee/words.ts';
import type { Sources } from './sources.ts';
import type { Target } from './targets.ts';
import type { Variables } from './variables.ts';

type Called = Protocol.Runtime.ConsoleAPICalledEvent;
type Said = DebugProtocol.OutputEvent['body'];

export class Output {
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly variables: Variables;

  constructor(cdp: Cdp, client: Client, sources: Sources, variables: Variables, target: Target) {
    this.client = client;
    this.sources = sources;
    this.variables = variables;
    cdp.on('Runtime.consoleAPICalled', (call) => this.hear(call));
    target.onWritten((output, category) => client.tell('output', { category, output }));
  }

  private hear(call: Called): void {
    const [first, ...rest] = call.args;
    if (first?.value === ENGINE || first?.value === RECORDS) return;
    if (first?.value === TEXT) {
      const [category, output, print] = rest.map(({ value }) => String(value));
      this.say({ category: category!, output: output! }, call, print);
    } else if (first?.value === LOG) {
      this.say({ category: 'console', output: `${String(rest[0]?.value)}\n` }, call);
    } else if (first?.value === FAULT) {
      const output = `A breakpoint's condition or message failed: ${String(rest[1]?.value)}\n`;
      this.say({ category: 'stderr', output }, call);
    }
  }

  private say(said: Said, call: Called, print?: string): void {
    const { id, rows } = JSON.parse(print ?? '{}') as Partial<Printed>;
    this.client.tell('output', {
      ...said,
      ...this.place(call),
      ...(id !== undefined && {
        variablesReference: this.variables.printed(said.output, id, rows ?? 0),
      }),
    });
  }

  private place({ stackTrace }: Called): Partial<Said> {
    for (const frame of stackTrace?.callFrames ?? []) {
      if (this.sources.hidden(frame.scriptId)) continue;
      const source = this.sources.source(frame.scriptId);
      if (source) return { source, ...this.sources.position(frame) };
    }
    return {};
  }
}
