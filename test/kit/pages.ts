/**
 * A page of a webview in a plain browser: the built script and styles under
 * the policy they have in the editor, the editor's own api and theme around
 * them, and a host that the test writes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { connect, type HostOf, type PageOf, type View } from '../../views/rpc.ts';
import { html } from '../../views/html.ts';
import { themes, type ThemeName } from './themes.ts';

export interface Opened<V extends View> {
  readonly page: Page;
  /** Calls the page as its host does. */
  readonly told: PageOf<V>;
  /** What the page complained of: script errors and what its policy forbade. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface Wishes {
  readonly theme?: ThemeName;
  readonly size?: { readonly width: number; readonly height: number };
  /** What `getState` gives: the page comes back after a reload. */
  readonly state?: unknown;
}

const ORIGIN = 'https://webview.test';
const built = path.join(import.meta.dirname, '..', '..', 'dist', 'views');

export async function openPage<V extends View>(
  browser: Browser,
  view: V,
  host: HostOf<V>,
  { theme = 'dark', size = { width: 1000, height: 640 }, state }: Wishes = {},
): Promise<Opened<V>> {
  const context = await browser.newContext({ viewport: size });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const document = html({
    view,
    nonce: 'a-nonce-of-the-test',
    source: ORIGIN,
    script: `${ORIGIN}/${view}.js`,
    styles: `${ORIGIN}/${view}.css`,
    icons: `${ORIGIN}/codicon.css`,
  });
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ body: document, contentType: 'text/html' });
    const contentType = pathname.endsWith('.css') ? 'text/css' : 'text/javascript';
    return route.fulfill({ body: readFileSync(path.join(built, pathname)), contentType });
  });

  let take: (message: unknown) => void = () => {};
  await page.exposeFunction('postToHost', (message: unknown) => take(message));
  const told = connect<PageOf<V>, HostOf<V>>(
    {
      listen: (listener) => (take = listener),
      post: (message) => void page.evaluate((data) => window.postMessage(data), message),
    },
    host,
  );
  await page.addInitScript(editor, { ...themes[theme], state });
  await page.goto(`${ORIGIN}/`);
  return { page, told, complaints, close: () => context.close() };
}

/** What the editor puts around a page; runs in the browser before the page does. */
function editor({
  kind,
  colors,
  state,
}: {
  kind: string;
  colors: { readonly [name: string]: string };
  state: unknown;
}): void {
  let kept = state;
  const api = {
    postMessage: (message: unknown) =>
      (window as unknown as { postToHost(message: unknown): void }).postToHost(message),
    getState: () => kept,
    setState: (next: unknown) => (kept = next),
  };
  Object.assign(window, { acquireVsCodeApi: () => api, keptState: () => kept });
  document.addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of Object.entries(colors))
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    document.body.dataset['vscodeThemeKind'] = kind;
    document.body.classList.add(kind);
  });
}
