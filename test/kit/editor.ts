/**
 * Tests in VS Code's own workbench, on the packaged extension as users install
 * it. The server and the browser are started once for all tests of a run;
 * each test gets a folder and a window of its own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { SIZE, launch } from '../../scripts/browser.ts';
import { pack, vsix } from '../../scripts/package.ts';
import { Server, install } from '../../scripts/serve.ts';
import * as chromium from '../../scripts/setup/chromium.mjs';
import * as vscode from '../../scripts/setup/server.mjs';
import { take } from '../../scripts/setup/steps.mjs';
import { WAIT, Workbench } from './workbench.ts';

export interface Stage {
  /** Files of the folder that is opened, by their path. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Opens this folder of the checkout instead. */
  readonly folder?: string;
  /** Whether the window asks if the folder is trusted, as it asks users. */
  readonly asks?: boolean;
}

/** A test in a window. One that fails is tried once more, and says so; a picture of each failure is kept. */
export function editor(
  name: string,
  stage: Stage,
  body: (workbench: Workbench, folder: string) => Promise<void>,
): void {
  void test(name, { timeout: 480_000 }, async (t) => {
    await running(stage);
    try {
      await attempt(t, stage, body);
    } catch (error) {
      t.diagnostic(`tried again, for it failed: ${(error as Error).message.split('\n')[0]}`);
      console.log(`${name}: tried again after ${(error as Error).stack}`);
      await attempt(t, stage, body);
    }
  });
}

async function attempt(
  t: TestContext,
  stage: Stage,
  body: (workbench: Workbench, folder: string) => Promise<void>,
): Promise<void> {
  const { files = {}, folder } = stage;
  const { server, browser } = await running(stage);
  const temporary = mkdtempSync(path.join(tmpdir(), 'tapedeck-editor-'));
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(temporary, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const opened = folder ?? temporary;
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  const workbench = new Workbench(page);
  try {
    await page.goto(server.address({ folder: opened }));
    await workbench.ready();
    await body(workbench, opened);
  } catch (error) {
    t.diagnostic(`picture: ${await workbench.picture(`failed-${t.name}`)}`);
    throw error;
  } finally {
    await context.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

interface Running {
  readonly server: Server;
  readonly browser: Browser;
}

const home = mkdtempSync(path.join(tmpdir(), 'tapedeck-home-'));
const extensions = path.join(home, 'extensions');
let browser: Promise<Browser> | undefined;
/** By whether their windows ask for trust: a server has one setting for all of them. */
const servers = new Map<boolean, Promise<Server>>();

async function running({ asks = false }: Stage): Promise<Running> {
  if (!servers.has(asks)) {
    browser ??= installed().then(() => launch());
    servers.set(
      asks,
      browser.then(() => serve(asks)),
    );
  }
  return { server: await servers.get(asks)!, browser: await browser! };
}

async function installed(): Promise<void> {
  // The runner has done this already; a test file that is run alone has not.
  await take([vscode.step, chromium.step]);
  if (!process.env.TAPEDECK_PACKAGED) await pack();
  await install(vsix, { data: path.join(home, 'data'), extensions });
}

function serve(asks: boolean): Promise<Server> {
  const settings = {
    'security.workspace.trust.enabled': asks,
    // It asks when something is to run, not before.
    'security.workspace.trust.startupPrompt': 'never',
    // A webview that is still loading may take the focus from the palette.
    'workbench.quickOpen.closeOnFocusLost': false,
    'window.commandCenter': false,
  };
  // Windows are not opened again: what served one ends a second after it.
  const data = path.join(home, asks ? 'data-that-asks' : 'data');
  return Server.start({ data, extensions }, { settings, grace: 1 });
}

after(async () => {
  await (await browser?.catch(() => undefined))?.close();
  for (const server of servers.values()) await (await server.catch(() => undefined))?.stop();
  rmSync(home, { recursive: true, force: true });
});
