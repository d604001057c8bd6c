/** The views in the workbench, beside a program that trains: by clicking and typing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { editor } from '../kit/editor.ts';
import type { Workbench } from '../kit/workbench.ts';

const file = 'classifier.ts';
const text = readFileSync(new URL(`../fixtures/programs/${file}`, import.meta.url), 'utf8');
const files = { [file]: text };
/** A line of the program, counted from one. */
const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
const lossLine = lineOf('const loss = y.mul');
const assignLine = lineOf('w.assign');

async function debug(workbench: Workbench, ...lines: readonly number[]): Promise<void> {
  await workbench.open(file);
  for (const line of lines) await workbench.toggleBreakpoint(file, line);
  await workbench.titleButton('Debug with Tapedeck').click();
  await workbench.stopped(file, lines[0]!);
  await workbench.collapse('Watch', 'Call Stack', 'Breakpoints');
}

editor(
  'Tensors and the tape follow the program and lead to its lines',
  { files },
  async (workbench) => {
    await debug(workbench, lossLine, assignLine);
    const tensors = await workbench.pane('Tensors');
    const tape = await workbench.pane('Gradient Tape');
    await workbench.row(tensors, 'w').waitFor();
    assert.match(await workbench.row(tensors, 'w').innerText(), /f32\[3,4\] · 48 B · mean 1 sd 0/);
    await workbench.row(tape, 'matMul').waitFor();
    assert.deepEqual((await workbench.labels(tape)).slice(0, 4), [
      'Tape 1',
      'matMul',
      'biasAdd',
      'exp',
    ]);
    assert.doesNotMatch(await workbench.row(tape, 'matMul').innerText(), /∇/);
    await workbench.click(workbench.row(tape, 'biasAdd'));
    await workbench
      .status('status.editor.selection')
      .getByText(/^Ln 12,/)
      .waitFor();
    await workbench.expand(workbench.row(tape, 'biasAdd'));
    await workbench.row(tape, 'bias').waitFor();
    await workbench.picture('trees');
    await workbench.debug('Continue');
    await workbench.stopped(file, assignLine);
    await workbench.row(tape, 'matMul').filter({ hasText: '∇ mean' }).waitFor();
    await workbench.picture('trees-gradient');
  },
);

editor(
  'A tensor is opened from its row, edited, and Variables follow',
  { files },
  async (workbench) => {
    await debug(workbench, lossLine);
    const tensors = await workbench.pane('Tensors');
    await workbench.click(workbench.row(tensors, 'w'));
    const page = await workbench.webview('.scroller');
    await page.locator('#cell-1-2:text-is("1.0000")').waitFor();
    await page.locator('#cell-1-2').dblclick();
    await page.locator('.cell-input').fill('-3');
    await page.locator('.cell-input').press('Enter');
    await page.locator('#cell-1-2:text-is("-3.0000")').waitFor();
    await workbench.row(tensors, 'w').filter({ hasText: 'mean 0.6667' }).waitFor();
    await workbench.expand(workbench.scope('Module'));
    await workbench.value('w').filter({ hasText: 'mean 0.667' }).waitFor();
    await workbench.picture('tensor-editor');
    await page.locator('#cell-0-0').dblclick();
    await page.locator('.cell-input').fill('three');
    await page.locator('.cell-input').press('Enter');
    await page.locator('.cell-error:has-text("three")').waitFor();
    await workbench.picture('tensor-editor-error');
    await page.locator('.cell-input').press('Escape');
    await workbench.debug('Continue');
    await workbench.stopped(file, lossLine);
    await page.locator('#cell-1-2:not(:text-is("-3.0000"))').waitFor();
  },
);

const live = `import * as tf from '@tapedeck/engine';
const x = tf.ones([4, 4]);
const h = tf.scope('block', () => x.mul(2).exp());
setInterval(() => h.matMul(x).relu(), 20);
`;

editor(
  'A program is profiled while it runs; its panels come back after a reload',
  { files: { 'live.ts': live } },
  async (workbench) => {
    await workbench.open('live.ts');
    await workbench.toggleBreakpoint('live.ts', 4);
    await workbench.titleButton('Debug with Tapedeck').click();
    await workbench.stopped('live.ts', 4);
    await workbench.inline('live.ts', /^h\s=\sf32\[4,4\]/).waitFor();
    await workbench.expand(workbench.scope('Module'));
    await workbench.menu(workbench.variable('h'), 'Open Tensor');
    const cell = '#cell-0-0:text-is("7.3891")';
    await (await workbench.webview('.cells')).locator(cell).waitFor();
    await workbench.menu(workbench.variable('x'), 'Open Tensor');
    await workbench.tab('x').waitFor();

    await workbench.debug('Continue');
    // There is no next op of a program that runs: the button is grey.
    await workbench.toolbar().locator('.disabled[aria-label^="Next Op"]').waitFor();
    await workbench.debug('Start Profiling');
    await workbench.debug('Stop Profiling');
    const flame = await workbench.webview('.totals');
    await flame.locator('tbody tr').filter({ hasText: 'matMul' }).waitFor();
    await workbench.picture('profiled-live');
    await workbench.debug('Stop');
    await workbench.toolbar().waitFor({ state: 'hidden' });

    // In a browser the editor writes down every five seconds which panels are open.
    await workbench.page.waitForTimeout(9000);
    await workbench.page.reload();
    // The page of a panel is ours: without it the panel would be empty.
    const again = await workbench.webview('.totals', 60_000);
    await again.locator('.notice:has-text("Nothing is recorded yet")').waitFor();
    await workbench.picture('reloaded');

    // The editor of the tensor is there again as well, and is found when it is opened once more.
    const tabs = workbench.page.getByRole('tab', { name: /^h\b/ });
    // In the middle of a short tab is the cross that closes it.
    await tabs.click({ position: { x: 8, y: 12 } });
    await workbench.webview('.scroller', 60_000);
    await workbench.open('live.ts');
    await workbench.titleButton('Debug with Tapedeck').click();
    await workbench.stopped('live.ts', 4);
    await workbench.expand(workbench.scope('Module'));
    await workbench.menu(workbench.variable('h'), 'Open Tensor');
    await (await workbench.webview('.cells')).locator(cell).waitFor();
    await workbench.picture('reopened');
    assert.equal(await tabs.count(), 1);

    // One that nobody has looked at since is only a tab so far, and is found all the same.
    await workbench.menu(workbench.variable('x'), 'Open Tensor');
    await (await workbench.webview('#cell-0-0:text-is("1.0000")')).locator('.cells').waitFor();
    await workbench.picture('reopened-asleep');
    assert.equal(await workbench.tab('x').count(), 1);
  },
);

editor(
  'A profiled run opens its flame chart; a box leads to its line',
  { files },
  async (workbench) => {
    await workbench.open(file);
    await workbench.command('Profile with Tapedeck');
    const page = await workbench.webview('.totals');
    const row = (op: string) =>
      page.locator('tbody tr').filter({ has: page.getByText(op, { exact: true }) });
    await row('matMul')
      .filter({ hasText: /^matMul\s*50/ })
      .waitFor({ timeout: 30_000 });
    await row('matMul').click();
    await row('biasAdd').click({ modifiers: ['Control'] });
    await page.locator('.ratio:has-text("matMul : biasAdd = ")').waitFor();
    await workbench.picture('flame-chart');
    await page.locator('.search input').fill('dense/matMul');
    await page.locator('.search input').press('Enter');
    await page.locator('.spoken:has-text("[2,3]")').waitFor();
    await page.locator('canvas').focus();
    await page.locator('canvas').press('Enter');
    await workbench
      .status('status.editor.selection')
      .getByText(/^Ln 12,/)
      .waitFor();
  },
);
