/**
 * As much of VS Code's API as the views use, for tests of what they do with a
 * session. Import this before what imports `vscode`.
 */
import { registerHooks } from 'node:module';
import type * as vscode from 'vscode';

registerHooks({
  resolve: (name, context, next) =>
    name === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(name, context),
});

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  id?: string;
  description?: string;
  contextValue?: string;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const ViewColumn = { Active: -1, Beside: -2 };
export class ThemeColor {}
export class ThemeIcon {}
export class TabInputWebview {}
export class TabInputText {}
export const Uri = {
  from: (parts: object) => ({ ...parts, toString: () => JSON.stringify(parts) }),
  file: (path: string) => ({ path, toString: () => path }),
  joinPath: ({ path }: { path: string }, ...more: string[]) => Uri.file([path, ...more].join('/')),
};

/** What the views have made, for tests to look at and to act on. */
export const made = {
  trees: new Map<string, Tree>(),
  panels: [] as Panel[],
  errors: [] as string[],
  /** What menus are told apart by. */
  contexts: new Map<string, unknown>(),
};
const trackers: vscode.DebugAdapterTrackerFactory[] = [];
const started = new EventEmitter<Session>();
const active = new EventEmitter<Session | undefined>();
const terminated = new EventEmitter<Session>();

export const debug = {
  registerDebugAdapterTrackerFactory(_: string, factory: vscode.DebugAdapterTrackerFactory) {
    trackers.push(factory);
    return { dispose() {} };
  },
  onDidStartDebugSession: started.event,
  onDidChangeActiveDebugSession: active.event,
  onDidTerminateDebugSession: terminated.event,
};

export const commands = {
  async executeCommand(_: 'setContext', key: string, value: unknown) {
    made.contexts.set(key, value);
  },
};

export const workspace = {
  /** Every file says where it lies. */
  fs: { readFile: async ({ path }: { path: string }) => Buffer.from(`/* ${path} */`) },
};

export const window = {
  createTreeView(id: string, { treeDataProvider }: { treeDataProvider: Tree['provider'] }) {
    const tree = new Tree(treeDataProvider);
    made.trees.set(id, tree);
    return tree;
  },
  createWebviewPanel(_: string, title: string) {
    const panel = new Panel(title);
    made.panels.push(panel);
    return panel;
  },
  registerFileDecorationProvider: () => ({ dispose() {} }),
  registerWebviewPanelSerializer: () => ({ dispose() {} }),
  showErrorMessage: async (text: string) => void made.errors.push(text),
  tabGroups: { activeTabGroup: { activeTab: undefined }, all: [] },
};

/** A debug session whose adapter the test plays. */
export class Session {
  readonly type = 'tapedeck';
  readonly id: string;
  readonly configuration: { readonly [name: string]: unknown };
  /** What has been asked, in order. */
  readonly asked: string[] = [];
  readonly #answers: { readonly [name: string]: (args: never) => unknown };
  readonly #trackers: vscode.DebugAdapterTracker[] = [];

  constructor(
    id: string,
    answers: { readonly [name: string]: (args: never) => unknown },
    configuration: { readonly [name: string]: unknown } = {},
  ) {
    this.id = id;
    this.configuration = configuration;
    this.#answers = answers;
  }

  async customRequest(name: string, args: unknown): Promise<unknown> {
    this.asked.push(name);
    const answer = this.#answers[name];
    if (!answer) throw new Error(`no answer to ${name}`);
    return structuredClone(await answer(args as never));
  }

  start(): void {
    this.attach();
    started.fire(this);
    active.fire(this);
  }

  /** Its adapter speaks before the editor tells that it started. */
  attach(): void {
    for (const factory of trackers)
      this.#trackers.push(
        factory.createDebugAdapterTracker(this as never) as vscode.DebugAdapterTracker,
      );
  }

  /** The adapter says this. */
  says(message: object): void {
    for (const tracker of this.#trackers) tracker.onDidSendMessage?.(message);
  }

  event(event: string, body: object = {}): void {
    this.says({ type: 'event', event, body });
  }

  /** A request that lets the program run was answered. */
  resumes(command = 'continue'): void {
    this.says({ type: 'response', success: true, command });
  }

  end(): void {
    this.event('terminated');
    terminated.fire(this);
    active.fire(undefined);
  }
}

class Tree {
  visible = true;
  message: string | undefined;
  description: string | undefined;
  /** How often the editor was told to ask again. */
  changes = 0;
  readonly provider: vscode.TreeDataProvider<unknown>;
  readonly #visibility = new EventEmitter<{ visible: boolean }>();
  readonly onDidChangeVisibility = this.#visibility.event;

  constructor(provider: vscode.TreeDataProvider<unknown>) {
    this.provider = provider;
    provider.onDidChangeTreeData?.(() => this.changes++);
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.#visibility.fire({ visible });
  }

  /** The rows as text, the first `depth` levels. */
  async outline(depth = 9, element?: unknown, indent = ''): Promise<string> {
    const rows = (await this.provider.getChildren(element)) ?? [];
    const texts = rows.map(async (row) => {
      const { label, description } = (await this.provider.getTreeItem(row)) as TreeItem;
      const below = depth > 1 ? await this.outline(depth - 1, row, `${indent}  `) : '';
      return `${indent}${[label, description].filter(Boolean).join('  ')}\n${below}`;
    });
    return (await Promise.all(texts)).join('');
  }

  /** The ids of the rows below one, which the editor keeps its state by. */
  async ids(element?: unknown): Promise<(string | undefined)[]> {
    const rows = (await this.provider.getChildren(element)) ?? [];
    return Promise.all(
      rows.map(async (row) => ((await this.provider.getTreeItem(row)) as TreeItem).id),
    );
  }

  reveal(): Promise<void> {
    return Promise.resolve();
  }
  dispose(): void {}
}

class Panel {
  readonly title: string;
  readonly #received = new EventEmitter<unknown>();
  readonly #disposed = new EventEmitter<undefined>();
  readonly #posted = new EventEmitter<unknown>();
  revealed = 0;
  #closed = false;
  readonly #webview = {
    options: {},
    html: '',
    cspSource: 'https://webview.test',
    asWebviewUri: (uri: object) => uri,
    onDidReceiveMessage: this.#received.event,
    postMessage: async (message: unknown) => this.#posted.fire(structuredClone(message)),
  };
  readonly onDidDispose = this.#disposed.event;
  /** The page's end of the channel. */
  readonly wire = {
    post: (message: unknown) => this.#received.fire(structuredClone(message)),
    listen: (take: (message: unknown) => void) => void this.#posted.event(take),
  };

  constructor(title: string) {
    this.title = title;
  }
  /** The editor's own refuses as well, once it is closed. */
  get webview() {
    if (this.#closed) throw new Error('Webview is disposed');
    return this.#webview;
  }
  reveal(): void {
    this.revealed++;
  }
  dispose(): void {
    this.#closed = true;
    this.#disposed.fire(undefined);
  }
}
