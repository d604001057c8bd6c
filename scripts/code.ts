#!/usr/bin/env node
/**
 * Stands in for the executable of desktop VS Code: takes the arguments that
 * @vscode/test-electron gives, runs the suite in the extension host of the
 * server, in a page without a screen, and ends as the suite does.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SIZE, launch } from './browser.ts';
import { Server, remote } from './serve.ts';

const LIMIT = 5 * 60_000;
const TIMED_OUT = 124;
const CRASHED = 125;

const args = process.argv.slice(2);
const folder = args.find((arg) => !arg.startsWith('-')) ?? process.cwd();
const temporary = mkdtempSync(path.join(tmpdir(), 'tapedeck-code-'));
const log = path.join(temporary, 'log');
appendFileSync(log, '');
let shown = 0;

const server = await Server.start(
  { data: path.join(temporary, 'data'), extensions: path.join(temporary, 'extensions') },
  { settings: { 'security.workspace.trust.enabled': false }, grace: 1, driver: true },
);
const browser = await launch();
const context = await browser.newContext({ viewport: SIZE });
const page = await context.newPage();
const printing = setInterval(print, 200);
const code = await new Promise<number>((resolve, reject) => {
  setTimeout(() => {
    console.error(`The suite took longer than ${LIMIT / 60_000} minutes.\n${server.log}`);
    resolve(TIMED_OUT);
  }, LIMIT).unref();
  page.on('crash', () => resolve(CRASHED));
  browser.on('disconnected', () => resolve(CRASHED));
  visit(resolve).catch(reject);
});
clearInterval(printing);
print();
await browser.close();
await server.stop();
rmSync(temporary, { recursive: true, force: true });
process.exit(code);

/** Opens the page that starts the suite; the workbench calls back with its result. */
async function visit(end: (code: number) => void): Promise<void> {
  await page.exposeFunction('codeAutomationExit', end);
  const env = Object.entries(process.env).filter(([name]) => name.startsWith('TAPEDECK_'));
  const payload: [string, string][] = [
    ['extensionDevelopmentPath', remote(given('extensionDevelopmentPath'))],
    ['extensionTestsPath', remote(given('extensionTestsPath'))],
    ['extensionEnvironment', JSON.stringify({ ...Object.fromEntries(env), TAPEDECK_LOG: log })],
    ['skipWelcome', 'true'],
  ];
  await page.goto(server.address({ folder, payload }));
}

function given(name: string): string {
  const start = `--${name}=`;
  const found = args.find((arg) => arg.startsWith(start));
  if (!found) throw new Error(`${start}… is missing.`);
  return found.slice(start.length);
}

/** The extension host has no terminal there: the suite writes to a file, and this shows it. */
function print(): void {
  const text = readFileSync(log, 'utf8');
  process.stdout.write(text.slice(shown));
  shown = text.length;
}
