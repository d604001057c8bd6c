/** The flame chart's page in a browser, with a made-up profile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostOf } from '../../../views/rpc.ts';
import type { Recording } from '../../../views/protocol.ts';
import { browsed } from '../../kit/pages.ts';
import { profileOf } from '../../kit/profiles.ts';
import type { ThemeName } from '../../kit/themes.ts';

const size = { width: 1200, height: 600 };

function program(recording: Recording = { on: false, program: 'ended' }) {
  const asked: string[] = [];
  const host: HostOf<'flame'> = {
    open: async () => recording,
    record: async (on) => void asked.push(`record ${on}`),
    reveal: async (site) => void asked.push(`reveal ${site}`),
    async export() {
      asked.push('export');
      return 'tapedeck.trace.json';
    },
  };
  return { host, asked };
}

for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const satisfies ThemeName[])
  test(`a profile in ${theme}: the chart, the table, and the ratio of two rows`, async () => {
    const { host } = program();
    await browsed('flame', host, { theme, size }, async ({ page, told, picture }) => {
      told.added(profileOf(3), 0);
      const row = (op: string) =>
        page.locator('tbody tr', { has: page.getByText(op, { exact: true }) });
      await row('matMul').waitFor();
      assert.deepEqual(await row('matMul').locator('td').allInnerTexts(), [
        'matMul',
        '6',
        '3.36 ms',
        '3.36 ms',
        '24.1 %',
        '560 µs',
      ]);
      await picture(`flame-${theme}`);
      await row('matMul').click();
      await row('biasAdd').click({ modifiers: ['Control'] });
      assert.equal(
        await page.locator('.ratio').innerText(),
        'matMul : biasAdd = 7.0 : 1 in total, 7.0 : 1 a run',
      );
    });
  });

test('a click on a box opens its line; the pointer tells what it is', async () => {
  const { host, asked } = program();
  await browsed('flame', host, { size }, async ({ page, told }) => {
    told.added(profileOf(1), 0);
    await page.locator('tbody tr').first().waitFor();
    const canvas = page.locator('canvas');
    await canvas.hover({ position: { x: 40, y: 92 } });
    const tip = page.locator('.tip');
    await tip.waitFor();
    const said = await tip.innerText();
    for (const part of [
      'matMul',
      '[32,64] x [64,128] -> [32,128]',
      '840 µs',
      '16.0 KB',
      'train.ts:12',
      '%',
    ])
      assert.ok(said.includes(part), said);
    await canvas.click({ position: { x: 40, y: 92 } });
    await page.locator('.spoken:text("matMul")').waitFor();
    assert.deepEqual(asked, ['reveal 12']);
  });
});

test('with the keyboard alone: from box to box, nearer, to the line, and through the table', async () => {
  const { host, asked } = program();
  await browsed('flame', host, { size }, async ({ page, told }) => {
    told.added(profileOf(2), 0);
    await page.locator('tbody tr').first().waitFor();
    await page.locator('canvas').focus();
    const spoken = (text: string) => page.locator(`.spoken:text("${text}")`).waitFor();
    await page.keyboard.press('ArrowDown');
    await spoken('step 0,');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight'])
      await page.keyboard.press(key);
    await spoken('biasAdd,');
    for (const key of ['+', '+', '-', ' ', '0']) await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.locator('tbody tr').first().focus();
    for (const key of ['Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    await page.locator('.ratio:text("∇matMul : matMul = 2.0 : 1")').waitFor();
    await page.getByRole('button', { name: 'Count' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('th.count').getAttribute('aria-sort'), 'descending');
    assert.deepEqual(asked, ['reveal 12']);
  });
});

test('a search counts what it finds and goes from one to the next', async () => {
  const { host } = program();
  await browsed('flame', host, { size }, async ({ page, told }) => {
    told.added(profileOf(3), 0);
    await page.locator('tbody tr').first().waitFor();
    const search = page.locator('.search input');
    await search.fill('dense1/matmul');
    await page.locator('.hits:text("3 ops, 2.52 ms")').waitFor();
    await search.press('Enter');
    await page.locator('.spoken:text("matMul")').waitFor();
    await search.fill('conv2d');
    await page.locator('.hits:text("nothing found")').waitFor();
  });
});

test('a running profile grows, can be stopped, and is exported', async () => {
  const { host, asked } = program({ on: true, program: 'running' });
  await browsed('flame', host, { size }, async ({ page, told }) => {
    await page.locator('.notice:text("Recording")').waitFor();
    const all = profileOf(2);
    told.added({ ...all, records: all.records.slice(0, 10) }, 0);
    await page.locator('.state:text("recording · 10 ops")').waitFor();
    told.added({ ...all, records: all.records.slice(10) }, 10);
    await page.locator(`.state:text("recording · ${all.records.length} ops")`).waitFor();
    await page.locator('.record').click();
    told.recording({ on: false, program: 'running' });
    await page.locator(`.state:text-is("${all.records.length} ops")`).waitFor();
    await page.locator('.export').click();
    await page.locator('.spoken:text("Written to tapedeck.trace.json")').waitFor();
    assert.deepEqual(asked, ['record false', 'export']);
  });
});

test('before anything ran, the page says how to begin', async () => {
  const { host } = program({ on: false, program: 'none' });
  await browsed('flame', host, {}, async ({ page }) => {
    await page.locator('.notice:text("Profile with Tapedeck")').waitFor();
  });
});
