/** The Tensors tree: what is alive, and what holds it. */
import * as vscode from 'vscode';
import type { LiveTensor } from '../../debug-adapter/protocol.ts';
import { ask, type Followed } from '../session.ts';
import { alarmDecorations, alarmUri } from './alarms.ts';
import { keepFresh, type Fresh } from './fresh.ts';
import {
  alarm,
  groupTensors,
  pastDescription,
  tensorDescription,
  tensorFacts,
  tensorLabel,
  type TensorGroup,
} from './model.ts';

export const TENSORS = 'tapedeck.tensors';
/** More rows than this help nobody; the largest are shown. */
const LIMIT = 5000;

export type TensorElement = TensorGroup | LiveTensor;

export function tensorsTree(deck: Followed, disposables: vscode.Disposable[]): Fresh {
  let groups: readonly TensorGroup[] = [];
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<TensorElement>(TENSORS, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (element) =>
        !element ? [...groups] : isGroup(element) ? [...element.groups, ...element.tensors] : [],
      getTreeItem: (element) => (isGroup(element) ? groupItem(element) : tensorItem(element)),
      resolveTreeItem: (item, element) => {
        if (!isGroup(element)) item.tooltip = tooltip(element);
        return item;
      },
    },
  });
  disposables.push(changed, view, alarmDecorations());

  const load = (session: vscode.DebugSession) => ask(session, 'tapedeck/tensors', { limit: LIMIT });
  return keepFresh(deck, view, disposables, load, (answer) => {
    groups = groupTensors(answer?.tensors ?? []);
    view.description = pastDescription(answer?.past);
    if (answer?.total === 0) view.message = 'No tensor is alive here.';
    else if (answer && answer.total > answer.tensors.length)
      view.message = `The ${answer.tensors.length} largest of ${answer.total} tensors.`;
    changed.fire(undefined);
  });
}

const isGroup = (element: TensorElement): element is TensorGroup => 'title' in element;

function groupItem(group: TensorGroup): vscode.TreeItem {
  const open = group.id !== 'group/other';
  const state = open
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(group.title, state);
  item.id = group.id;
  item.description = group.description;
  return item;
}

function tensorItem(tensor: LiveTensor): vscode.TreeItem {
  const item = new vscode.TreeItem(tensorLabel(tensor));
  item.id = `tensor/${tensor.id}`;
  item.description = tensorDescription(tensor);
  item.contextValue = ['tensor', tensor.variable && 'variable', tensor.place && 'placed']
    .filter(Boolean)
    .join(' ');
  item.iconPath = tensorIcon(tensor);
  item.resourceUri = alarmUri(alarm(tensor.stats), item.id);
  item.command = { command: 'tapedeck.openTensor', title: 'Open', arguments: [tensor] };
  return item;
}

function tensorIcon(tensor: LiveTensor): vscode.ThemeIcon {
  switch (alarm(tensor.stats)) {
    case 'nan':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
    case 'inf':
      return new vscode.ThemeIcon(
        'warning',
        new vscode.ThemeColor('problemsWarningIcon.foreground'),
      );
    case null:
      return new vscode.ThemeIcon(tensor.variable ? 'symbol-variable' : 'symbol-array');
  }
}

function tooltip(tensor: LiveTensor): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text
    .appendMarkdown('**')
    .appendText(tensorLabel(tensor))
    .appendMarkdown('**\n\n| | |\n|:--|:--|\n');
  for (const [term, value] of tensorFacts(tensor)) {
    text.appendMarkdown(`| ${term} | `).appendText(value).appendMarkdown(' |\n');
  }
  return text;
}
