import * as esbuild from 'esbuild';
import type { Page } from 'playwright-core';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { launch } from '../scripts/browser.ts';
import { optionsOf } from '../scripts/build.ts';
import { bundles } from '../scripts/bundles.ts';
import { step } from '../scripts/setup/chromium.mjs';
import { take } from '../scripts/setup/steps.mjs';
import { Client } from '../test/kit/dap.ts';
import { debug } from '../test/kit/debug.ts';
import { documentOf, ORIGIN } from '../test/kit/document.ts';
import { opening } from '../views/tensor/opening.ts';
import { median } from './outcome.ts';
import { pathOf } from './program.ts';

/** Of the program `large`. */
const LINE = 5;
const NAME = 'large';

/** A program that holds 10⁸ elements and stands still. */
async function held(work: (client: Client) => Promise<void>): Promise<void> {
  await debug(async (client) => {
    await client.launch(pathOf('large'));
    await client.breakpoints(pathOf('large'), LINE);
    await client.go();
    await client.stopped();
    await work(client);
  }, Client.spawn());
}

/**
 * From the question for a tensor to its first elements in a browser, in seconds: all of it but what
 * VS Code itself takes to make an empty page.
 */
export async function openings(count: number): Promise<number> {
  await take([step]);
  const files = await built();
  const browser = await launch();
  const times: number[] = [];
  try {
    await held(async (client) => {
      for (let i = 0; i < count; i++) {
        const page = await browser.newPage({ viewport: { width: 1000, height: 640 } });
        await page.route(`${ORIGIN}/**`, (route) => route.fulfill({ body: '' }));
        await page.addInitScript(EDITOR);
        await page.goto(`${ORIGIN}/`);
        const start = performance.now();
        const { tensor } = await client.ask('tapedeck/tensor', {
          ref: { id: 0, expression: NAME },
        });
        const { id } = tensor!;
        const about = { paused: true, title: NAME, expression: NAME };
        const first = await opening(tensor!, about, (window) =>
          client.ask('tapedeck/window', { id, window }),
        );
        await painted(
          page,
          documentOf('tensor', (file) => files.get(file)!, first),
        );
        times.push(performance.now() - start);
        await page.close();
      }
    });
  } finally {
    await browser.close();
  }
  return median(times) / 1000;
}

/** The editor around the page, as far as the page needs it; this and the next run in the browser. */
const EDITOR = `window.acquireVsCodeApi = () => ({ postMessage() {}, getState() {}, setState() {} })`;

/** Waits until a frame with elements in it has been painted. */
const SEEN = `new Promise((done) => {
  const look = () => {
    if (!document.querySelector('.cell:not(.awaited)')) requestAnimationFrame(look);
    else requestAnimationFrame(() => setTimeout(done));
  };
  look();
})`;

/** Writes the document as the editor does. */
function painted(page: Page, text: string): Promise<void> {
  const write = `document.open(); document.write(${JSON.stringify(text)}); document.close();`;
  return page.evaluate(`${write} ${SEEN}`);
}

/** The pages as they ship, by the names of their files. */
async function built(): Promise<Map<string, string>> {
  const pages = bundles.filter(({ from }) => from.startsWith('views/'));
  const made = await Promise.all(
    pages.map((bundle) => esbuild.build({ ...optionsOf(bundle, { minify: true }), write: false })),
  );
  const files = made.flatMap(({ outputFiles }) => outputFiles as esbuild.OutputFile[]);
  return new Map(files.map(({ path, text }) => [path.split(/[\\/]/).at(-1)!, text]));
}

/** What a row of Variables says of them, with statistics of a sample, in seconds: each time of values it has not met. */
export async function rows(count: number): Promise<number> {
  const times: number[] = [];
  await held(async (client) => {
    const [top] = await client.stack();
    for (let i = 0; i < count; i++) {
      await client.evaluate(`${NAME}[0][${i}] = 0.5`);
      const start = performance.now();
      const { scopes } = await client.request<DebugProtocol.ScopesResponse['body']>('scopes', {
        frameId: top!.id,
      });
      const { variablesReference } = scopes.find(({ name }) => name === 'Module')!;
      const { variables } = await client.request<DebugProtocol.VariablesResponse['body']>(
        'variables',
        { variablesReference },
      );
      times.push(performance.now() - start);
      const row = variables.find(({ name }) => name === NAME)!;
      if (!row.value.includes('~')) throw new Error(`bench: no sample in ${row.value}`);
    }
  });
  return median(times) / 1000;
}
