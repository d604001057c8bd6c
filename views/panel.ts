/**
 * One webview: its html under a strict content security policy, and the typed
 * calls to its page. What a page keeps over hiding and reloading it keeps with
 * the editor (`getState`, `setState`).
 */
import * as vscode from 'vscode';
import { html } from './html.ts';
import { PANELS } from './protocol.ts';
import { connect, type HostOf, type PageOf, type View } from './rpc.ts';

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
 */
export function fillPanel<V extends View>(
  extension: vscode.Uri,
  view: V,
  panel: vscode.WebviewPanel,
  host: HostOf<V>,
): PageOf<V> {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'views');
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
  const address = (file: string) =>
    panel.webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  panel.webview.html = html({
    view,
    nonce: crypto.randomUUID(),
    source: panel.webview.cspSource,
    script: address(`${view}.js`),
    styles: address(`${view}.css`),
    icons: address('codicon.css'),
  });
  return page;
}
