/**
 * A page of a webview in a plain browser: the built script and styles under
 * the policy they have in the editor, the editor's own api and theme around
 * them, and a host that the test writes.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../../scripts/browser.ts';
import { build } from '../../scripts/build.ts';
import { step } from '../../scripts/setup/chromium.mjs';
import { take } from '../../scripts/setup/steps.mjs';
import { connect, type FirstOf, type HostOf, type PageOf, type View } from '../../views/rpc.ts';
import { documentOf, ORIGIN } from './document.ts';
import { pictures } from './workbench.ts';
import { themes, type ThemeName } from './themes.ts';

export interface Opened<V extends View> {
  readonly page: Page;
  /** Calls the page as its host does. */
  readonly told: PageOf<V>;
  /** Keeps a picture beside those of the workbench. */
  picture(name: string): Promise<void>;
}

export interface Wishes<V extends View = View> {
  readonly theme?: ThemeName;
  readonly size?: { readonly width: number; readonly height: number };
  /** What `getState` gives: the page comes back after a reload. */
  readonly state?: unknown;
  /** What the host knew before the page was there. */
  readonly first?: FirstOf<V>;
}

const built = path.join(import.meta.dirname, '..', '..', 'dist', 'views');
const read = (file: string) => readFileSync(path.join(built, file), 'utf8');

/** Opens a page for a test. A script error fails it, and so does anything that the policy forbade. */
export async function browsed<V extends View>(
  view: V,
  host: HostOf<V>,
  wishes: Wishes<V>,
  body: (opened: Opened<V>) => Promise<void>,
): Promise<void> {
  const { theme = 'dark', size = { width: 1000, height: 640 }, state, first } = wishes;
  const context = await (await browser()).newContext({ viewport: size });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const document = documentOf(view, read, first);
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ body: document, contentType: 'text/html' });
    return route.fulfill({ body: read(pathname), contentType: 'text/css' });
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
  const picture = async (name: string) => {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  };
  try {
    await body({ page, told, picture });
    assert.deepEqual(complaints, []);
  } catch (error) {
    await picture(`failed-${view}`);
    throw error;
  } finally {
    await context.close();
  }
}

let launched: Promise<Browser> | undefined;

function browser(): Promise<Browser> {
  return (launched ??= start());
}

async function start(): Promise<Browser> {
  // The runner has done this already; a test file that is run alone has not.
  await take([step]);
  if (!process.env.TAPEDECK_PACKAGED) await build();
  return launch();
}

after(async () => (await launched)?.close());

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
