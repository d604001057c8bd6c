/** The Reference Run tree: the ops of a run beside those of a recorded one, those that differ first. */
import * as vscode from 'vscode';
import type { PlacedComparison } from '../../debug-adapter/protocol.ts';
import { ask, type Followed, type Standing } from '../session.ts';
import {
  comparedDescription,
  comparedSummary,
  groupCompared,
  type ComparedGroup,
  type ComparedRow,
} from './model.ts';

export const COMPARISON = 'tapedeck.comparison';
/** The view is there as long as there is something to show. */
const COMPARED = 'tapedeck.compared';

type Element = ComparedGroup | ComparedRow;

export function comparisonTree(deck: Followed, disposables: vscode.Disposable[]): void {
  let groups: readonly ComparedGroup[] = [];
  let asked = 0;
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<Element>(COMPARISON, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (element) =>
        !element ? [...groups] : isGroup(element) ? [...element.rows] : [],
      getTreeItem: (element) => (isGroup(element) ? groupItem(element) : rowItem(element)),
    },
  });
  disposables.push(
    changed,
    view,
    deck.onStanding((at) => void follow(at)),
    deck.onCompared(({ comparison }) => show(comparison)),
  );

  function show(comparison: PlacedComparison | null): void {
    asked++;
    groups = comparison ? groupCompared(comparison) : [];
    view.message = comparison ? comparedSummary(comparison) : undefined;
    void vscode.commands.executeCommand('setContext', COMPARED, comparison !== null);
    changed.fire(undefined);
  }

  async function follow(at: Standing | null): Promise<void> {
    // What came of a program that has ended stays until the next one begins.
    if (at?.state === 'running' && at.stops === 0 && groups.length > 0) return show(null);
    if (at?.state !== 'paused' || !at.session.configuration['reference']) return;
    const turn = ++asked;
    try {
      const { comparison } = await ask(at.session, 'tapedeck/comparison', {});
      if (turn === asked) show(comparison);
    } catch {
      // The program ran on before it answered; the next pause asks again.
    }
  }
}

const isGroup = (element: Element): element is ComparedGroup => 'rows' in element;

function groupItem({ id, title, description, rows }: ComparedGroup): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const open = id !== 'matching';
  const item = new vscode.TreeItem(title, open && rows.length > 0 ? Expanded : Collapsed);
  item.id = `compared/${id}`;
  item.description = description;
  return item;
}

function rowItem(row: ComparedRow): vscode.TreeItem {
  const item = new vscode.TreeItem(row.path);
  item.description = comparedDescription(row);
  item.tooltip = `${row.path}\n${item.description}`;
  item.iconPath = iconOf(row);
  if (row.place) {
    item.contextValue = 'placed';
    item.command = { command: 'tapedeck.goToLine', title: 'Go to Line', arguments: [row] };
  }
  return item;
}

function iconOf({ differing, missing, extra }: ComparedRow): vscode.ThemeIcon {
  if (differing)
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
  return new vscode.ThemeIcon(missing ? 'diff-removed' : extra ? 'diff-added' : 'pass');
}
