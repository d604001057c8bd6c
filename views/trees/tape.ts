/** The Gradient Tape tree: what was recorded, in order, what it keeps, and the gradients. */
import * as vscode from 'vscode';
import type { Answer, Place, PlacedNode } from '../../debug-adapter/protocol.ts';
import { ask, type Followed } from '../session.ts';
import { alarmUri } from './alarms.ts';
import { keepFresh, type Fresh } from './fresh.ts';
import {
  alarm,
  nodeDescription,
  nodeLabel,
  pagesOf,
  pastDescription,
  partsOf,
  tapeDescription,
  tapeLabel,
  type NodePart,
} from './model.ts';

export const TAPE = 'tapedeck.tape';

type Tape = Answer<'tapedeck/tapes'>['tapes'][number];
interface TapeRow {
  readonly kind: 'tape';
  readonly id: string;
  readonly tape: Tape;
}
interface PageRow {
  readonly kind: 'page';
  readonly id: string;
  readonly parent: TapeRow;
  readonly start: number;
  readonly count: number;
}
interface NodeRow {
  readonly kind: 'node';
  readonly id: string;
  readonly parent: TapeRow | PageRow;
  readonly node: PlacedNode;
}
interface PartRow {
  readonly kind: 'part';
  readonly id: string;
  readonly parent: NodeRow;
  readonly part: NodePart;
}
export type TapeElement = TapeRow | PageRow | NodeRow | PartRow;

export interface TapeTree extends Fresh {
  /** Shows the node that made an input. */
  showMaker(part: PartRow): Promise<void>;
}

export function tapeTree(deck: Followed, disposables: vscode.Disposable[]): TapeTree {
  let session: vscode.DebugSession | null = null;
  let tapes: readonly TapeRow[] = [];
  /** What has been looked at, by the id of its page: asked anew at each pause before the tree is told. */
  let seen = new Map<string, Promise<readonly PlacedNode[]>>();
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<TapeElement>(TAPE, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (element) => (element ? childrenOf(element) : [...tapes]),
      getTreeItem: itemOf,
      getParent: (element) => ('parent' in element ? element.parent : undefined),
      resolveTreeItem: (item, element) => {
        if (element.kind === 'node') item.tooltip = tooltip(element.node);
        return item;
      },
    },
  });
  disposables.push(changed, view);

  async function load(from: vscode.DebugSession) {
    const { tapes: found, past } = await ask(from, 'tapedeck/tapes', {});
    const rows = found.map((tape): TapeRow => ({
      kind: 'tape',
      id: `tape/${tape.id}`,
      tape,
    }));
    const pages = new Map<string, Promise<readonly PlacedNode[]>>();
    for (const page of rows.flatMap(pageRows))
      if (seen.has(page.id)) pages.set(page.id, nodesOf(from, page));
    await Promise.all(pages.values());
    return { from, rows, pages, past };
  }

  const fresh = keepFresh(deck, view, disposables, load, (answer) => {
    session = answer?.from ?? null;
    tapes = answer?.rows ?? [];
    seen = answer?.pages ?? new Map();
    view.description = pastDescription(answer?.past);
    if (answer && tapes.length === 0) view.message = 'No gradient tape has been recorded here.';
    changed.fire(undefined);
  });

  async function childrenOf(element: TapeElement): Promise<TapeElement[]> {
    switch (element.kind) {
      case 'tape': {
        const pages = pageRows(element);
        return pages.length === 1 ? nodeRows(pages[0]!, element) : pages;
      }
      case 'page':
        return nodeRows(element, element);
      case 'node':
        return partsOf(element.node).map((part): PartRow => ({
          kind: 'part',
          id: `${element.id}/${part.id}`,
          parent: element,
          part,
        }));
      case 'part':
        return [];
    }
  }

  async function nodeRows(page: PageRow, parent: TapeRow | PageRow): Promise<NodeRow[]> {
    if (!session) return [];
    const nodes = seen.get(page.id) ?? nodesOf(session, page);
    seen.set(page.id, nodes);
    // The program ran meanwhile, or the tape is gone: nobody's news, and the page may be asked for again.
    const read = await nodes.catch(() => {
      seen.delete(page.id);
      return [];
    });
    return read.map((node): NodeRow => ({
      kind: 'node',
      id: `${page.parent.id}/node/${node.index}`,
      parent,
      node,
    }));
  }

  async function showMaker({ part, parent }: PartRow): Promise<void> {
    const page = pageRows(tapeOf(parent)).find(
      ({ start, count }) => part.from !== null && part.from >= start && part.from < start + count,
    );
    if (!page) return;
    const single = pageRows(page.parent).length === 1;
    const rows = await nodeRows(page, single ? page.parent : page);
    const maker = rows.find(({ node }) => node.index === part.from);
    if (maker) await view.reveal(maker, { select: true, focus: true });
  }

  return { ...fresh, showMaker };
}

const nodesOf = async (
  session: vscode.DebugSession,
  { parent, start, count }: PageRow,
): Promise<readonly PlacedNode[]> =>
  (await ask(session, 'tapedeck/tape', { id: parent.tape.id, start, count })).nodes;

const pageRows = (parent: TapeRow): PageRow[] =>
  pagesOf(parent.tape.nodes).map(({ start, count }) => ({
    kind: 'page',
    id: `${parent.id}/page/${start}`,
    parent,
    start,
    count,
  }));

function tapeOf(row: TapeElement): TapeRow {
  return row.kind === 'tape' ? row : tapeOf(row.parent);
}

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

function itemOf(element: TapeElement): vscode.TreeItem {
  const item = bareItem(element);
  item.id = element.id;
  return item;
}

function bareItem(element: TapeElement): vscode.TreeItem {
  switch (element.kind) {
    case 'tape': {
      const item = new vscode.TreeItem(tapeLabel(element.tape), Expanded);
      item.description = tapeDescription(element.tape);
      item.iconPath = new vscode.ThemeIcon(
        element.tape.state === 'recording' ? 'record' : 'history',
      );
      item.contextValue = 'tape';
      item.command = goTo(element.tape.place);
      return item;
    }
    case 'page': {
      const last = element.start + element.count - 1;
      return new vscode.TreeItem(`Nodes ${element.start} to ${last}`, Collapsed);
    }
    case 'node':
      return nodeItem(element.node);
    case 'part':
      return partItem(element);
  }
}

function nodeItem(node: PlacedNode): vscode.TreeItem {
  const item = new vscode.TreeItem(nodeLabel(node), Collapsed);
  item.description = nodeDescription(node);
  item.iconPath = nodeIcon(node);
  item.contextValue = node.place ? 'node placed' : 'node';
  item.resourceUri = alarmUri(alarm(node.gradient?.stats), `node/${node.index}`);
  item.command = goTo(node.place);
  return item;
}

function nodeIcon(node: PlacedNode): vscode.ThemeIcon {
  const found = alarm(node.gradient?.stats);
  if (found === 'nan')
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
  if (found === 'inf')
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  if (node.edit) return new vscode.ThemeIcon('edit');
  return new vscode.ThemeIcon(node.gradient ? 'pass' : 'symbol-operator');
}

const ICONS = {
  input: 'arrow-right',
  output: 'arrow-left',
  saved: 'pinned',
  gradient: 'triangle-down',
};

function partItem(row: PartRow): vscode.TreeItem {
  const { part } = row;
  const item = new vscode.TreeItem(part.label, None);
  item.description = part.description;
  item.iconPath = new vscode.ThemeIcon(ICONS[part.kind]);
  item.tooltip = {
    input: 'Input',
    output: 'Output',
    saved: 'Saved for the backward pass',
    gradient: 'Gradient of the output',
  }[part.kind];
  item.contextValue = [part.kept ? 'tensor' : 'ghost', part.from === null ? '' : 'made'].join(' ');
  item.resourceUri = alarmUri(part.alarm, row.id);
  if (part.kept) item.command = { command: 'tapedeck.openTensor', title: 'Open', arguments: [row] };
  return item;
}

function tooltip(node: PlacedNode): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${node.index}** `).appendText(node.op);
  if (node.path) text.appendText(` in ${node.path}`);
  text.appendMarkdown('\n\n').appendText(nodeDescription(node));
  return text;
}

const goTo = (place: Place | undefined): vscode.Command | undefined =>
  place && { command: 'tapedeck.goToLine', title: 'Go to Line', arguments: [place] };
