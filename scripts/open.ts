/**
 * What `npm start` does once everything is there: VS Code on samples/, with
 * the extension as users get it. `--once` ends after a picture was taken.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launch, SIZE } from './browser.ts';
import { compose, pack, stage, vsix } from './package.ts';
import { install, Server } from './serve.ts';
import { local, root } from './setup/cache.mjs';
import { windowed, type Browser } from './setup/chromium.mjs';
import { handOver, whenOrphaned } from './setup/command.mjs';
import { desktop, screen } from './setup/desktop.mjs';
import { main } from './setup/steps.mjs';

const once = process.argv.includes('--once');
const folder = path.join(root, 'samples');
const file = path.join(folder, 'digits', 'train.ts');
const profile = path.join(local, 'profile');
const picture = path.join(local, 'picture.png');

await main(async () => {
  const code = desktop();
  return code && !once ? inDesktop(code) : inServer();
});

/** Opens the VS Code of the person; it lives on when this ends. */
async function inDesktop(code: string): Promise<number> {
  await compose();
  console.log(`Opening ${code} on samples/, with Tapedeck from this checkout.`);
  return handOver(code, ['--new-window', `--extensionDevelopmentPath=${stage}`, folder, file]);
}

/** Runs VS Code's server until Ctrl+C, or until its window is closed. */
async function inServer(): Promise<void> {
  const home = { data: path.join(profile, 'data'), extensions: path.join(profile, 'extensions') };
  const stamp = path.join(profile, 'installed');
  const started = Date.now();
  console.log('Building Tapedeck …');
  const digest = await pack();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    console.log('Installing it into VS Code …');
    await install(vsix, home);
    writeFileSync(stamp, digest);
  }
  console.log('Starting VS Code …');
  const server = await Server.start(home);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
    whenOrphaned(resolve);
  });
  try {
    const address = server.address({ folder, file });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`VS Code with Tapedeck and its samples, after ${seconds} s:\n\n  ${address}\n`);
    const browser = screen && !once ? windowed() : null;
    if (!browser) {
      if (!screen) console.log('There is no screen here: open the address in a browser.');
      console.log(`Drawing ${path.relative(root, picture)} …`);
      await draw(address);
      console.log(`This is how it looks: ${picture}`);
      if (once) return;
    }
    console.log('Ctrl+C stops it.');
    await Promise.race([stopped, ...(browser ? [shown(browser, address)] : [])]);
  } finally {
    await server.stop();
  }
}

/** Opens a window; ends when the person closes it. */
function shown(browser: Browser, address: string): Promise<void> {
  const child = spawn(
    browser.path,
    [
      `--app=${address}`,
      `--user-data-dir=${path.join(profile, 'browser')}`,
      '--no-first-run',
      '--no-default-browser-check',
      `--window-size=${SIZE.width},${SIZE.height}`,
    ],
    { stdio: 'ignore', env: { ...process.env, ...browser.env } },
  );
  process.on('exit', () => child.kill());
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Takes a picture of what a person would see who trusts the folder. */
async function draw(address: string): Promise<void> {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(address);
    const ready = page.locator('.monaco-editor .view-line span');
    await ready.first().waitFor({ timeout: 60_000 });
    await page
      .locator('.monaco-dialog-box .monaco-button', { hasText: 'Yes, I trust' })
      .click({ timeout: 60_000 });
    // Colours and the last buttons come a moment after the text.
    await page.waitForTimeout(3000);
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}
