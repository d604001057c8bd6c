/**
 * Keeps a tree in step with the program: it asks at each pause while the view
 * is visible and shows a whole answer at once. While the program runs the tree
 * keeps what it last showed, so that stepping makes nothing collapse or jump.
 */
import type * as vscode from 'vscode';
import { sentence } from '../rpc.ts';
import type { Followed } from '../session.ts';

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

  function refresh(): void {
    const at = deck.now;
    view.description = at?.state === 'running' && answered !== '' ? 'running' : '';
    if (!at || at.state === 'ended') return forget();
    if (at.state === 'paused' && view.visible) void fill(at.session, at.stops);
    else if (answered === '') view.message = 'Shown when the program pauses.';
  }

  async function fill(session: vscode.DebugSession, stops: number): Promise<void> {
    const turn = ++asked;
    try {
      const value = await load(session);
      if (turn !== asked) return;
      answered = `${session.id} ${stops}`;
      view.message = undefined;
      show(value);
    } catch (error) {
      // An answer that the program outran is nobody's news.
      if (turn === asked && deck.now?.state === 'paused') view.message = sentence(error);
    }
  }

  function forget(): void {
    asked++;
    answered = '';
    view.message = undefined;
    show(null);
  }

  disposables.push(
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
