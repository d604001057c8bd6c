/** A debug session as the editor has it: started by its API, followed by what the adapter says. */
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';

/** The fixture of that name; tests run from dist/test. */
export const program = (name: string) =>
  path.resolve(import.meta.dirname, '../../test/fixtures/programs', name);

export class Debugging {
  readonly output: string[] = [];
  readonly #events: DebugProtocol.Event[] = [];
  #heard = () => {};
  #session: vscode.DebugSession | null = null;
  readonly #listening = vscode.debug.registerDebugAdapterTrackerFactory('tapedeck', {
    createDebugAdapterTracker: (session) => {
      this.#session = session;
      return { onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => this.#hear(message) };
    },
  });

  /** What one of our requests, or one of the protocol, is answered. */
  async ask(request: string, args: object = {}): Promise<any> {
    return this.#session!.customRequest(request, args);
  }

  /** The next event of that name that was not yet asked for. */
  async event(name: string): Promise<any> {
    for (;;) {
      const at = this.#events.findIndex(({ event }) => event === name);
      if (at >= 0) return this.#events.splice(0, at + 1).at(-1)!.body;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }

  /** The frames of the pause, innermost first, as `name file:line`. */
  async frames(threadId: number): Promise<string[]> {
    const { stackFrames } = await this.ask('stackTrace', { threadId });
    return stackFrames.map(
      ({ name, source, line }: DebugProtocol.StackFrame) =>
        `${name} ${source?.path ? path.basename(source.path) : '-'}:${line}`,
    );
  }

  async end(): Promise<void> {
    // One that is just ending by itself cannot be stopped any more, and says so.
    if (this.#session) await vscode.debug.stopDebugging(this.#session).then(undefined, () => {});
    this.#listening.dispose();
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  }

  #hear(message: DebugProtocol.ProtocolMessage): void {
    if (message.type !== 'event') return;
    const event = message as DebugProtocol.Event;
    if (event.event === 'output') this.output.push(event.body.output);
    else this.#events.push(event);
    this.#heard();
  }
}

/** A breakpoint of the editor, before the line that counts from 1. */
export function breakAt(file: string, line: number): void {
  const place = new vscode.Location(vscode.Uri.file(file), new vscode.Position(line - 1, 0));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
}
