/** What the program prints, with the line that printed it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Site } from '../engine/protocol.ts';
import type { Cdp } from './cdp.ts';
import type { Client } from './client.ts';
import type { Printed } from './debuggee/words.ts';
import type { Sources } from './sources.ts';
import type { Target } from './targets.ts';
import type { Variables } from './variables.ts';

type Said = DebugProtocol.OutputEvent['body'];

export class Output {
  private readonly client: Client;
  private readonly sources: Sources;
  private readonly variables: Variables;

  constructor(cdp: Cdp, client: Client, sources: Sources, variables: Variables, target: Target) {
    this.client = client;
    this.sources = sources;
    this.variables = variables;
    cdp.on('Program.prints', ({ stream, text, print, sites }) =>
      this.say({ category: stream, output: text }, sites, print),
    );
    cdp.on('Program.logs', ({ text, sites }) =>
      this.say({ category: 'console', output: `${text}\n` }, sites),
    );
    cdp.on('Program.faults', ({ why, sites }) => {
      const output = `A breakpoint's condition or message failed: ${why}\n`;
      this.say({ category: 'stderr', output }, sites);
    });
    target.onWritten((output, category) => client.tell('output', { category, output }));
  }

  private say(said: Said, sites: readonly Site[], print: Printed | null = null): void {
    this.client.tell('output', {
      ...said,
      ...this.sources.caller(sites),
      ...(print && {
        variablesReference: this.variables.printed(said.output, print.id, print.rows),
      }),
    });
  }
}
