/**
 * The debug session the views show: the active one if it is ours, else the
 * last of ours that had the focus. Trees and panels ask it and hear from it
 * here and nowhere else.
 */
import * as vscode from 'vscode';
import {
  TYPE,
  type Answer,
  type Arguments,
  type Events,
  type Name,
} from '../debug-adapter/protocol.ts';

/** Sends one of our own requests; fails with the adapter's sentence. */
export async function ask<N extends Name>(
  session: vscode.DebugSession,
  name: N,
  args: Arguments<N>,
): Promise<Answer<N>> {
  return (await session.customRequest(name, args)) as Answer<N>;
}

/** Where a session stands. `stops` counts its pauses, so that an answer to an earlier one can be told. */
export interface Standing {
  readonly session: vscode.DebugSession;
  readonly state: 'running' | 'paused' | 'ended';
  readonly stops: number;
  readonly profiling: boolean;
}

export interface Followed {
  /** null until a session of ours starts. */
  readonly now: Standing | null;
  /** The session, or where it stands, changed. */
  readonly onStanding: vscode.Event<Standing | null>;
  /** Op records that came unasked, because the recording has ended. */
  readonly onRecords: vscode.Event<{ session: vscode.DebugSession } & Events['tapedeck/records']>;
  /** A program that was compared with a recorded run has ended. */
  readonly onCompared: vscode.Event<Events['tapedeck/compared']>;
  /** Values changed without a step: by an edit here, in Variables or in the console. */
  readonly onEdited: vscode.Event<Events['tapedeck/changed']>;
}

export function follow(disposables: vscode.Disposable[]): Followed {
  const standings = new Map<string, Standing>();
  const standing = new vscode.EventEmitter<Standing | null>();
  const edited = new vscode.EventEmitter<Events['tapedeck/changed']>();
  const records = new vscode.EventEmitter<
    { session: vscode.DebugSession } & Events['tapedeck/records']
  >();
  const compared = new vscode.EventEmitter<Events['tapedeck/compared']>();
  let shown: string | null = null;

  const now = (): Standing | null => (shown === null ? null : (standings.get(shown) ?? null));

  function show(id: string): void {
    if (shown === id) return;
    // One that has ended was kept only to be looked at.
    if (now()?.state === 'ended') standings.delete(shown!);
    shown = id;
    standing.fire(now());
  }

  function change(session: vscode.DebugSession, to: Partial<Standing>): void {
    const before = standings.get(session.id);
    if (!before || before.state === 'ended') return;
    standings.set(session.id, { ...before, ...to });
    if (shown === session.id) standing.fire(now());
  }

  function heard(session: vscode.DebugSession, message: Heard): void {
    const before = standings.get(session.id);
    if (message.type === 'response') {
      if (message.success && RESUMES.has(message.command ?? ''))
        change(session, { state: 'running' });
      return;
    }
    switch (message.event) {
      case 'stopped':
        return change(session, { state: 'paused', stops: (before?.stops ?? 0) + 1 });
      case 'continued':
        return change(session, { state: 'running' });
      case 'terminated':
        return change(session, { state: 'ended' });
      case 'tapedeck/profiling': {
        // It is also told how many records there are; only its beginning and its end are news.
        const { on } = message.body as Events['tapedeck/profiling'];
        return on === before?.profiling ? undefined : change(session, { profiling: on });
      }
      case 'tapedeck/records':
        return records.fire({ session, ...(message.body as Events['tapedeck/records']) });
      case 'tapedeck/compared':
        if (shown === session.id) compared.fire(message.body as Events['tapedeck/compared']);
        return;
      case 'tapedeck/changed':
        if (shown === session.id) edited.fire(message.body as Events['tapedeck/changed']);
    }
  }

  disposables.push(
    standing,
    edited,
    records,
    compared,
    vscode.debug.registerDebugAdapterTrackerFactory(TYPE, {
      createDebugAdapterTracker(session) {
        standings.set(session.id, { session, state: 'running', stops: 0, profiling: false });
        // A short program has ended before the editor says that it started.
        if (!now() || now()!.state === 'ended') show(session.id);
        return { onDidSendMessage: (message: Heard) => heard(session, message) };
      },
    }),
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type === TYPE && now()?.state !== 'paused') show(session.id);
    }),
    vscode.debug.onDidChangeActiveDebugSession((session) => {
      if (session?.type === TYPE) show(session.id);
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      change(session, { state: 'ended' });
      if (shown !== session.id) standings.delete(session.id);
    }),
  );
  const followed = {
    onStanding: standing.event,
    onEdited: edited.event,
    onRecords: records.event,
    onCompared: compared.event,
  };
  return Object.defineProperty(followed, 'now', { get: now }) as Followed;
}

/** What of a message of the debug adapter protocol is looked at. */
interface Heard {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly body?: unknown;
}

/** Requests after which the program runs; an adapter need not say `continued` for them. */
const RESUMES = new Set([
  'continue',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'reverseContinue',
  'goto',
]);
