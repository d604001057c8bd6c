/**
 * Keeps a tree in step with the program: it asks at each pause while the view
 * is visible and shows a whole answer at once. While the program runs the tree
 * keeps what it last showed, so that stepping makes nothing collapse or jump.
 */
import type * as vscode from 'vscode';
import { sentence } from '../rpc.ts';
import type { Followed } from '../session.ts';

/** The stack and the variables of a pause come first; then the trees, in milliseconds. */
const SOON = 60;
/** A program that runs longer is not just stepping: the tree says so. */
const WHILE = 500;

export interface Fresh {
  refresh(): void;
}

export function keepFresh<T>(
  deck: Followed,
  view: vscode.TreeView<unknown>,
  disposables: vscode.Disposable[],
  load: (session: vscode.DebugSession) => Promise<T>,
  show: (value: T | null) => void,
): Fresh {
  let asked = 0;
  let answered = '';
  let timer: NodeJS.Timeout | undefined;

  function refresh(): void {
    const at = deck.now;
    clearTimeout(timer);
    if (!at || at.state === 'ended') return forget();
    if (at.state === 'running') timer = setTimeout(() => tellRunning(), WHILE);
    else if (view.visible) timer = setTimeout(() => void fill(at.session, at.stops), SOON);
  }

  function tellRunning(): void {
    if (answered === '') view.message = 'Shown when the program pauses.';
    else view.description = 'at the last pause';
  }

  async function fill(session: vscode.DebugSession, stops: number): Promise<void> {
    const turn = ++asked;
    try {
      const value = await load(session);
      if (turn !== asked) return;
      answered = `${session.id} ${stops}`;
      view.message = undefined;
      view.description = '';
      show(value);
    } catch (error) {
      // An answer that the program outran is nobody's news.
      if (turn === asked && deck.now?.state === 'paused') view.message = sentence(error);
    }
  }

  function forget(): void {
    asked++;
    answered = '';
    view.message = deck.now ? 'The program has ended.' : undefined;
    view.description = '';
    show(null);
  }

  disposables.push(
    { dispose: () => clearTimeout(timer) },
    deck.onStanding(refresh),
    deck.onEdited(refresh),
    view.onDidChangeVisibility(({ visible }) => {
      const at = deck.now;
      if (visible && at && answered !== `${at.session.id} ${at.stops}`) refresh();
    }),
  );
  refresh();
  return { refresh };
}
