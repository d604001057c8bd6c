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
import { Workbench } from './workbench.ts';

export interface Stage {
  /** Files of the folder that is opened, by their path. */
  readonly files?: Record<string, string>;
  /** Opens this folder of the checkout instead. */
  readonly folder?: string;
}

/** A test in a window. One that fails is tried once more, and says so; a picture of each failure is kept. */
export function editor(
  name: string,
  stage: Stage,
  body: (workbench: Workbench, folder: string) => Promise<void>,
): void {
  void test(name, { timeout: 240_000 }, async (t) => {
    await running();
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
  { files = {}, folder }: Stage,
  body: (workbench: Workbench, folder: string) => Promise<void>,
): Promise<void> {
  const { server, browser } = await running();
  const temporary = mkdtempSync(path.join(tmpdir(), 'tapedeck-editor-'));
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(temporary, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const opened = folder ?? temporary;
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
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

let started: Promise<Running> | undefined;
const home = mkdtempSync(path.join(tmpdir(), 'tapedeck-home-'));

function running(): Promise<Running> {
  return (started ??= start());
}

async function start(): Promise<Running> {
  // The runner has done this already; a test file that is run alone has not.
  await take([vscode.step, chromium.step]);
  if (!process.env.TAPEDECK_PACKAGED) await pack();
  const place = { data: path.join(home, 'data'), extensions: path.join(home, 'extensions') };
  await install(vsix, place);
  const settings = {
    'security.workspace.trust.enabled': false,
    // A webview that is still loading may take the focus from the palette.
    'workbench.quickOpen.closeOnFocusLost': false,
    'window.commandCenter': false,
  };
  // Windows are not opened again: what served one ends a second after it.
  const server = await Server.start(place, { settings, grace: 1 });
  return { server, browser: await launch() };
}

after(async () => {
  const all = await started?.catch(() => undefined);
  await all?.browser.close();
  await all?.server.stop();
  rmSync(home, { recursive: true, force: true });
});
