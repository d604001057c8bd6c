/**
 * The tensor editor's half in the extension: finds the tensor at each pause,
 * reads windows of it and writes elements. An editor that was opened on an
 * expression shows what the expression means now; one that was opened on a
 * tensor stays with that tensor.
 */
import * as vscode from 'vscode';
import type { LiveTensor, TensorRef, Window } from '../../debug-adapter/protocol.ts';
import { codeOf, createPanel, fillPanel, tabsOf } from '../panel.ts';
import { PANELS, type OpenedTensor } from '../protocol.ts';
import type { HostOf, PageOf } from '../rpc.ts';
import { ask, type Followed, type Standing } from '../session.ts';
import { titleOf } from './model.ts';
import { opening } from './opening.ts';

export interface TensorEditors {
  open(ref: TensorRef, tensor: LiveTensor): void;
}

export function tensorEditors(
  extension: vscode.Uri,
  deck: Followed,
  disposables: vscode.Disposable[],
): TensorEditors {
  const open = new Map<string, vscode.WebviewPanel>();
  const keep = (key: string, panel: vscode.WebviewPanel): void => {
    open.set(key, panel);
    panel.onDidDispose(() => {
      if (open.get(key) === panel) open.delete(key);
    });
  };

  /** A tab that came back with the window and that nobody has looked at since: all it has is its title. */
  const asleep = (title: string): vscode.Tab | undefined => {
    const awake = [...open.values()].some((panel) => panel.title === title);
    return awake ? undefined : tabsOf('tensor').find(({ label }) => label === title);
  };

  disposables.push(
    // By the time that somebody looks at a tensor it is there.
    deck.onStanding(() => void codeOf(extension, 'tensor').catch(() => {})),
    vscode.window.registerWebviewPanelSerializer(PANELS.tensor, {
      async deserializeWebviewPanel(panel, state: Kept | undefined) {
        const ref = { id: NO_TENSOR, expression: state?.expression };
        // Opening the expression again is to find this one. What has none is a tensor that is gone.
        if (ref.expression !== undefined) keep(ref.expression, panel);
        fill(panel, deck, extension, ref, null, state?.title ?? panel.title);
      },
    }),
  );

  return {
    open(ref, tensor) {
      const session = deck.now?.session.id ?? '';
      const key = ref.expression ?? `${session} ${ref.id}`;
      const known = open.get(key);
      if (known) return known.reveal();
      const title = ref.expression ?? titleOf(tensor);
      // The question is on its way before the editor is busy with the panel.
      const first = begun(deck.now, ref, tensor, title);
      const panel = createPanel(
        'tensor',
        title,
        ref.expression === undefined ? undefined : asleep(title),
      );
      keep(key, panel);
      fill(panel, deck, extension, ref, { tensor, answer: first }, title);
    },
  };
}

/** What a page keeps of itself over a reload. */
interface Kept {
  readonly title?: string;
  readonly expression?: string;
}

/** A tensor that has just been found, and what is asked about it already. */
interface First {
  readonly tensor: LiveTensor;
  readonly answer: Promise<OpenedTensor | undefined>;
}

/** An id no tensor has: they count from one. */
const NO_TENSOR = 0;
const NO_SESSION = 'No debug session of Tapedeck is open.';

const about = (at: Standing | null, { expression }: TensorRef, title: string) => ({
  paused: at?.state === 'paused',
  title,
  ...(expression !== undefined && { expression }),
});

/** What the page would ask for a tensor that has just been found; undefined where it has to ask. */
function begun(
  at: Standing | null,
  ref: TensorRef,
  tensor: LiveTensor,
  title: string,
): Promise<OpenedTensor | undefined> {
  if (!at) return Promise.resolve(undefined);
  const { session } = at;
  const read = (window: Window) => ask(session, 'tapedeck/window', { id: tensor.id, window });
  return opening(tensor, about(at, ref, title), read).catch(() => undefined);
}

function fill(
  panel: vscode.WebviewPanel,
  deck: Followed,
  extension: vscode.Uri,
  ref: TensorRef,
  first: First | null,
  title: string,
): void {
  let tensor = first?.tensor ?? null;
  let home = deck.now?.session;
  let turns = 0;
  let held: { readonly session: vscode.DebugSession; readonly id: number } | null = null;

  const host: HostOf<'tensor'> = {
    open: async () => ({ tensor: await find(), ...about(deck.now, ref, title) }),
    window: (id, window) => ask(session(), 'tapedeck/window', { id, window }),
    stats: (id, exact) => ask(session(), 'tapedeck/stats', { id, exact }),
    async write(id, index, value) {
      tensor = (await ask(session(), 'tapedeck/setElement', { id, index, value })).tensor;
      return tensor;
    },
  };
  const page: PageOf<'tensor'> = fillPanel(extension, 'tensor', panel, host, first?.answer);
  if (home && tensor) hold(home, tensor).catch(() => {});

  function session(): vscode.DebugSession {
    if (!deck.now || deck.now.state === 'ended') throw new Error(NO_SESSION);
    return deck.now.session;
  }

  /** Also keeps hold of what it found, and of nothing else. */
  async function find(): Promise<LiveTensor | null> {
    const at = deck.now;
    if (!at || at.state === 'ended') return (tensor = null);
    if (at.state === 'running') return tensor;
    tensor = await sought(at.session);
    await hold(at.session, tensor);
    return tensor;
  }

  async function sought(from: vscode.DebugSession): Promise<LiveTensor | null> {
    if (ref.expression !== undefined) {
      const now = { id: NO_TENSOR, expression: ref.expression };
      const answer = await ask(from, 'tapedeck/tensor', { ref: now });
      if (answer.tensor) home = from;
      if (answer.tensor) return answer.tensor;
    }
    // Ids are a session's own: in another one the same number is another tensor.
    if (from.id !== home?.id) return null;
    const id = tensor?.id ?? ref.id;
    return id === NO_TENSOR ? null : (await ask(from, 'tapedeck/tensor', { ref: { id } })).tensor;
  }

  async function hold(from: vscode.DebugSession, found: LiveTensor | null): Promise<void> {
    if (held?.session === from && held.id === found?.id) return;
    await letGo();
    if (!found) return;
    held = { session: from, id: found.id };
    await ask(from, 'tapedeck/hold', { id: found.id, on: true });
  }

  async function letGo(): Promise<void> {
    const before = held;
    held = null;
    if (!before || before.session !== deck.now?.session || deck.now.state === 'ended') return;
    await ask(before.session, 'tapedeck/hold', { id: before.id, on: false });
  }

  async function follow(): Promise<void> {
    const turn = ++turns;
    const isPaused = deck.now?.state === 'paused';
    try {
      const found = await find();
      if (turn === turns) page.changed(found, isPaused);
    } catch {
      // The program ran on before it answered; the next pause asks again.
      if (turn === turns) page.changed(tensor, false);
    }
  }

  const listeners = [
    deck.onStanding(() => void follow()),
    deck.onEdited(({ ids }) => {
      if (ids === 'all' || !tensor || ids.includes(tensor.id)) void follow();
    }),
  ];
  panel.onDidDispose(() => {
    for (const listener of listeners) listener.dispose();
    letGo().catch(() => {});
  });
}
