/** What the parts of the adapter may say to the editor on their own. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Events } from './protocol.ts';

/** The events of DAP that we send, with their bodies, and our own. */
export interface Told extends Events {
  initialized: undefined;
  stopped: DebugProtocol.StoppedEvent['body'];
  continued: DebugProtocol.ContinuedEvent['body'];
  exited: DebugProtocol.ExitedEvent['body'];
  terminated: DebugProtocol.TerminatedEvent['body'];
  output: DebugProtocol.OutputEvent['body'];
  breakpoint: DebugProtocol.BreakpointEvent['body'];
  process: DebugProtocol.ProcessEvent['body'];
  invalidated: DebugProtocol.InvalidatedEvent['body'];
}

export interface Client {
  /** What the editor said it can do. */
  readonly can: DebugProtocol.InitializeRequestArguments;
  tell<E extends keyof Told>(event: E, body: Told[E]): void;
  /** Asks the editor to run a command in one of its terminals. */
  runInTerminal(
    args: DebugProtocol.RunInTerminalRequestArguments,
  ): Promise<DebugProtocol.RunInTerminalResponse['body']>;
}

/** A program has one thread that matters; DAP wants a number for it. */
export const THREAD = 1;
