/**
 * The flame chart's half in the extension: gathers the op records of a session
 * while it runs and once more when it ends, and shows them in one panel.
 */
import * as vscode from 'vscode';
import type { Place, PlacedProfile } from '../../debug-adapter/protocol.ts';
import { createPanel, fillPanel } from '../panel.ts';
import { PANELS, type Recording } from '../protocol.ts';
import type { HostOf, PageOf } from '../rpc.ts';
import { ask, type Followed } from '../session.ts';
import { gather, type Gathered } from './gather.ts';
import { chromeTrace } from './trace.ts';

/** How often a running profile is asked for more, in milliseconds. */
const EVERY = 500;
/** The context key by which menus tell whether ops are recorded. */
const PROFILING = 'tapedeck.profiling';
/** How many records one message to the page carries. */
const PIECE = 20_000;

export interface FlameChart {
  open(): void;
  /** Starts recording, or stops it and shows the chart. */
  profile(on: boolean): Promise<void>;
}

export function flameChart(
  extension: vscode.Uri,
  deck: Followed,
  reveal: (place: Place) => Promise<void>,
  disposables: vscode.Disposable[],
): FlameChart {
  let panel: vscode.WebviewPanel | null = null;
  let page: PageOf<'flame'> | null = null;
  let source: vscode.DebugSession | null = null;
  let gathered: Gathered | null = null;
  let was: Recording = { on: false, program: 'none' };

  const host: HostOf<'flame'> = {
    async open() {
      for (const [piece, from] of pieces(gathered?.profile)) page?.added(piece, from);
      return recording();
    },
    record,
    async reveal(site) {
      const place = gathered?.profile.places[site];
      if (!place) throw new Error('The line of this op is not known.');
      await reveal(place);
    },
    export: save,
  };

  function show(view: vscode.WebviewPanel): void {
    panel = view;
    page = fillPanel(extension, 'flame', view, host);
    view.onDidDispose(() => (panel = page = null));
  }

  function open(): void {
    if (panel) panel.reveal();
    else show(createPanel('flame', 'Flame Chart'));
  }

  function recording(): Recording {
    const at = deck.now;
    return {
      on: at !== null && at.state !== 'ended' && at.profiling,
      program: at?.state ?? 'none',
    };
  }

  async function record(on: boolean): Promise<void> {
    const at = deck.now;
    if (!at || at.state === 'ended')
      throw new Error('Start the program first: nothing is running.');
    if (!on) await more();
    await ask(at.session, 'tapedeck/profile', { on });
    if (on) begin(at.session);
  }

  function begin(session: vscode.DebugSession): void {
    source = session;
    const own = gather(
      (from) => ask(session, 'tapedeck/profiled', { from }),
      (part, from) => {
        if (gathered !== own) return;
        if (from === 0 && session.configuration['profile'] && !panel) open();
        page?.added(part, from);
      },
    );
    gathered = own;
    page?.added(EMPTY, 0);
  }

  /** Failures are not told: the next time asks for the same records again. */
  const more = (): Promise<void> => gathered?.more().catch(() => {}) ?? Promise.resolve();

  function follow(): void {
    const now = recording();
    const session = deck.now?.session;
    if (now.on && session && source !== session) begin(session);
    if (was.on && (!now.on || now.program === 'paused')) void more();
    if (was.on !== now.on) void vscode.commands.executeCommand('setContext', PROFILING, now.on);
    was = now;
    page?.recording(now);
  }

  async function save(): Promise<string | null> {
    if (!gathered) throw new Error('Nothing has been recorded yet.');
    const folder = source?.workspaceFolder?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    const to = await vscode.window.showSaveDialog({
      title: 'Export as Chrome Trace',
      filters: { 'Chrome trace': ['json'] },
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, 'tapedeck.trace.json') }),
    });
    if (!to) return null;
    const text = JSON.stringify(chromeTrace(gathered.profile));
    await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(text));
    return vscode.workspace.asRelativePath(to);
  }

  const timer = setInterval(() => {
    if (was.on && was.program === 'running') void more();
  }, EVERY);
  disposables.push(
    { dispose: () => clearInterval(timer) },
    deck.onStanding(follow),
    deck.onRecords(({ session, from, ...part }) => {
      if (session === source) gathered?.add(part, from);
    }),
    vscode.window.registerWebviewPanelSerializer(PANELS.flame, {
      async deserializeWebviewPanel(view) {
        show(view);
      },
    }),
  );
  return {
    open,
    async profile(on) {
      await record(on);
      if (!on) open();
    },
  };
}

const EMPTY: PlacedProfile = { start: 0, duration: 0, lost: 0, records: [], sites: [], places: [] };

function pieces(profile: PlacedProfile = EMPTY): [PlacedProfile, number][] {
  const parts: [PlacedProfile, number][] = [];
  for (let from = 0; from === 0 || from < profile.records.length; from += PIECE)
    parts.push([{ ...profile, records: profile.records.slice(from, from + PIECE) }, from]);
  return parts;
}
