/**
 * One webview: its html under a strict content security policy, and the typed
 * calls to its page. What a page keeps over hiding and reloading it keeps with
 * the editor (`getState`, `setState`).
 */
import * as vscode from 'vscode';
import { html, type Parts } from './html.ts';
import { PANELS } from './protocol.ts';
import { connect, type FirstOf, type HostOf, type PageOf, type View } from './rpc.ts';

/**
 * Beside the code, where both are seen; a panel in focus is joined by the next as a tab. One in place
 * of `before` takes its group.
 */
export function createPanel(view: View, title: string, before?: vscode.Tab): vscode.WebviewPanel {
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const joined = activeTab?.input instanceof vscode.TabInputWebview;
  const column = joined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  const place = before?.group.viewColumn ?? column;
  const panel = vscode.window.createWebviewPanel(PANELS[view], title, place);
  if (before) void vscode.window.tabGroups.close(before);
  return panel;
}

/** The tabs of a view. Those that came back with the window have no panel before somebody looks at them. */
export function tabsOf(view: View): vscode.Tab[] {
  const all = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  // The editor puts a word of its own in front.
  return all.filter(
    ({ input }) =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith(`-${PANELS[view]}`),
  );
}

/**
 * Gives a panel its page, a new panel or one that the editor brings back after
 * a reload. Answers the page's calls with `host`; the result calls the page.
 * `first` is what the page would ask for first, where that is known already.
 */
export function fillPanel<V extends View>(
  extension: vscode.Uri,
  view: V,
  panel: vscode.WebviewPanel,
  host: HostOf<V>,
  first?: Promise<FirstOf<V> | undefined>,
): PageOf<V> {
  const folder = folderOf(extension);
  panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
  // A page that was closed while it waited for an answer takes none.
  let open = true;
  panel.onDidDispose(() => (open = false));
  const page = connect<PageOf<V>, HostOf<V>>(
    {
      post: (message) => void (open && panel.webview.postMessage(message)),
      listen: (take) => void panel.webview.onDidReceiveMessage(take),
    },
    host,
  );
  void Promise.all([codeOf(extension, view), first]).then(([code, known]) => {
    if (!open) return;
    panel.webview.html = html({
      ...code,
      view,
      nonce: crypto.randomUUID(),
      source: panel.webview.cspSource,
      icons: panel.webview.asWebviewUri(vscode.Uri.joinPath(folder, 'codicon.css')).toString(),
      ...(known !== undefined && { first: known }),
    });
  });
  return page;
}

/** The code of a view's page. It is read once, best before the first panel is opened. */
export function codeOf(extension: vscode.Uri, view: View): Promise<Code> {
  let code = codes.get(view);
  if (!code) {
    const read = async (file: string) =>
      new TextDecoder().decode(
        await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folderOf(extension), file)),
      );
    code = Promise.all([read(`${view}.js`), read(`${view}.css`)]).then(([script, styles]) => ({
      script,
      styles,
    }));
    codes.set(view, code);
  }
  return code;
}

type Code = Pick<Parts, 'script' | 'styles'>;
const codes = new Map<View, Promise<Code>>();
const folderOf = (extension: vscode.Uri) => vscode.Uri.joinPath(extension, 'dist', 'views');
