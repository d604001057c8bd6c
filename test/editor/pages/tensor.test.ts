/** The tensor editor's page in a browser, with a fake program behind it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { boxOf } from '../../kit/locating.ts';
import { browsed } from '../../kit/pages.ts';
import { fakeTensor, type Fake } from '../../kit/tensors.ts';
import type { ThemeName } from '../../kit/themes.ts';
import type { HostOf } from '../../../views/rpc.ts';
import { opening } from '../../../views/tensor/opening.ts';

const wave = ([row = 0, column = 0]: readonly number[]) => Math.fround(Math.sin(row) + column / 8);
const sampled = {
  count: 1e8,
  mean: 0.5,
  sd: 0.1,
  min: 0,
  max: 1,
  nan: 0,
  inf: 0,
  zeros: 0,
  sampled: true,
} as const;
const cell = (page: Page, row: number, column: number): Locator =>
  page.locator(`#cell-${row}-${column}`);

async function filled(page: Page): Promise<void> {
  await page.locator('.cell:not(.awaited)').first().waitFor();
}

for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const satisfies ThemeName[])
  test(`a matrix in ${theme}: headings, numbers, colours, statistics and alarms`, async () => {
    const fake = fakeTensor({ shape: [32, 784] }, (index) =>
      String(index) === '3,2' ? NaN : String(index) === '5,4' ? Infinity : wave(index),
    );
    await browsed('tensor', fake.host, { theme }, async ({ page, picture }) => {
      await filled(page);
      assert.equal(await page.locator('.shape').innerText(), 'f32[32,784]');
      assert.equal(await cell(page, 1, 8).innerText(), '1.841');
      assert.equal(await cell(page, 1, 8).getAttribute('title'), '[1, 8] = 1.841471');
      assert.match((await cell(page, 3, 2).getAttribute('class'))!, /nan/);
      assert.match((await cell(page, 5, 4).getAttribute('class'))!, /inf/);
      assert.match(await page.locator('.stats').innerText(), /NaN\s*1\s*Inf\s*1/);
      const color = (at: Locator) => at.evaluate((seen) => getComputedStyle(seen).backgroundColor);
      assert.notEqual(await color(cell(page, 1, 8)), await color(cell(page, 4, 0)));
      await picture(`tensor-${theme}`);
      await page.locator('.heat').click();
      // It is drawn anew with the next picture.
      await page.waitForFunction((id) => {
        const seen = document.getElementById(id);
        return seen && getComputedStyle(seen).backgroundColor === 'rgba(0, 0, 0, 0)';
      }, 'cell-1-8');
    });
  });

test('of 10⁸ elements only what is seen is read, at either end', async () => {
  const fake = fakeTensor({ shape: [20_000, 5000] }, wave);
  await browsed('tensor', fake.host, {}, async ({ page }) => {
    await filled(page);
    await page.locator('.grid').focus();
    await page.keyboard.press('Control+End');
    await cell(page, 19_999, 4999).waitFor();
    assert.equal(await page.locator('.where').innerText(), '[19999, 4999]');
    await page.locator('.cell.active:not(.awaited)').waitFor();
    assert.ok(fake.read() < 20_000, `${fake.read()} elements read`);
    await page.mouse.move(300, 300);
    await page.mouse.wheel(0, -44);
    await cell(page, 19_990, 4999).waitFor();
    assert.equal(await cell(page, 19_999, 4999).count(), 0);
  });
});

test('what was known before the page is seen without a question; shown again the page asks', async () => {
  const fake = fakeTensor({ shape: [20_000, 5000], stats: sampled }, wave);
  let opens = 0;
  const host = { ...fake.host, open: () => (opens++, fake.host.open()) };
  const about = { paused: true, title: '</script> x' };
  const first = await opening(fake.tensor, about, (window) => fake.host.window(7, window));
  const read = fake.read();
  let state: unknown;
  await browsed('tensor', host, { first }, async ({ page }) => {
    await page.locator('#cell-1-8:text-is("1.8415")').waitFor();
    assert.equal(await page.locator('.shape').innerText(), 'f32[20000,5000]');
    assert.match(await page.locator('.stats').innerText(), /mean\s*~0\.5/);
    assert.match((await page.getByRole('grid').getAttribute('aria-label'))!, /^<\/script> x, /);
    // The icons come after all that.
    await page.locator('#vscode-codicon-stylesheet[rel]').waitFor({ state: 'attached' });
    state = await page.evaluate('keptState()');
  });
  assert.deepEqual([opens, fake.read()], [0, read]);
  await browsed('tensor', host, { first, state }, async ({ page }) => filled(page));
  assert.equal(opens, 1);
});

test('a scalar, a vector, an empty tensor, booleans and 64-bit integers', async () => {
  const shown = async (fake: Fake): Promise<string[]> => {
    let texts: string[] = [];
    await browsed('tensor', fake.host, {}, async ({ page }) => {
      await page.locator('.shape:not(:empty)').waitFor();
      if (!fake.tensor.shape.includes(0)) await filled(page);
      texts = await page.locator('.cell').allInnerTexts();
      if (texts.length === 0) texts = [await page.locator('.notice').innerText()];
    });
    return texts;
  };
  assert.deepEqual(await shown(fakeTensor({ shape: [] }, () => 0.693147182)), ['0.69315']);
  const vector = fakeTensor({ shape: [3] }, ([at]) => at! * 100);
  assert.deepEqual(await shown(vector), ['0', '100.00', '200.00']);
  assert.deepEqual(await shown(fakeTensor({ shape: [0, 5] }, () => 0)), [
    'This tensor has no elements.',
  ]);
  const bits = fakeTensor({ shape: [1, 2], dtype: 'bool' }, ([, column]) => column!);
  assert.deepEqual(await shown(bits), ['false', 'true']);
  const large = fakeTensor({ shape: [1, 1], dtype: 'i64' }, () => '9007199254740993');
  assert.deepEqual(await shown(large), ['9007199254740993']);
});

test('axes are chosen and indices typed; the page comes back as it was left', async () => {
  const fake = fakeTensor(
    { shape: [4, 3, 6, 5] },
    ([a, b, c, d]) => a! * 1000 + b! * 100 + c! * 10 + d!,
  );
  let kept: unknown;
  await browsed('tensor', fake.host, {}, async ({ page }) => {
    await filled(page);
    assert.equal(await cell(page, 2, 3).innerText(), '23.0');
    await page.locator('.axes vscode-textfield input').first().fill('2');
    await page.locator('#cell-2-3:text-is("2023.0")').waitFor();
    await page.locator('vscode-single-select').first().click();
    await page.locator('.dropdown .option:visible', { hasText: 'axis 1 (3)' }).click();
    await page.locator('#cell-2-3:text-is("2203.0")').waitFor();
    await page.locator('.transpose').click();
    await page.locator('#cell-3-2:text-is("2203.0")').waitFor();
    await page.locator('.goto input').fill('3, 1, 5, -1');
    await page.locator('.goto input').press('Enter');
    await page.locator('.cell.active:text-is("3154.0")').waitFor();
    await page.locator('.goto input').fill('9, 0, 0, 0');
    await page.locator('.goto input').press('Enter');
    assert.match(await page.locator('.said').innerText(), /Axis 0 has 4 elements; 9 is not one/);
    kept = await page.evaluate('keptState()');
  });
  await browsed('tensor', fake.host, { state: kept }, async ({ page }) => {
    await page.locator('.cell.active:text-is("3154.0")').waitFor();
  });
});

test('an element is edited with the keyboard; what does not fit is said at the cell and lost nowhere', async () => {
  const fake = fakeTensor({ shape: [4, 6] }, wave);
  await browsed('tensor', fake.host, {}, async ({ page, picture }) => {
    await filled(page);
    await page.locator('.grid').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'F2']) await page.keyboard.press(key);
    const input = page.locator('.cell-input');
    assert.equal(await input.inputValue(), '0.96647096');
    await input.fill('one');
    await input.press('Enter');
    await page.locator('.cell-error:text("one is not a number")').waitFor();
    assert.equal(await input.inputValue(), 'one');
    assert.equal(fake.at([1, 1]), wave([1, 1]));
    await picture('tensor-error');
    // In a narrow panel too the whole sentence is seen.
    await page.setViewportSize({ width: 200, height: 300 });
    await input.press('Enter');
    const { x, width } = await boxOf(page.locator('.cell-error'));
    assert.ok(x >= 0 && x + width <= 200, `from ${x} to ${x + width}`);
    await input.fill('-7.5');
    await input.press('Enter');
    await page.locator('#cell-1-1:text-is("-7.5000")').waitFor();
    assert.equal(fake.at([1, 1]), -7.5);
    assert.match(await page.locator('.stats').innerText(), /min\s*-7\.5/);
    await page.keyboard.type('3');
    await input.press('Escape');
    assert.equal(fake.at([1, 1]), -7.5);
    await cell(page, 2, 2).dblclick();
    await input.fill('NaN');
    await input.press('Enter');
    await page.locator('#cell-2-2.nan').waitFor();
  });
});

test('texts are edited as they are typed; complex numbers fit their cells, and those not finite are marked', async () => {
  const words = fakeTensor(
    { shape: [2, 2], dtype: 'string' },
    ([row, column]) => `"${row}${column}"`,
  );
  const written: string[] = [];
  const host: HostOf<'tensor'> = {
    ...words.host,
    write: async (_, index, text) => (written.push(`${index}: ${text}`), words.tensor),
  };
  await browsed('tensor', host, {}, async ({ page }) => {
    await page.locator('#cell-1-0:text-is(\'"10"\')').waitFor();
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('x y ');
    await page.keyboard.press('Enter');
    await page.locator('.cell-editor').waitFor({ state: 'hidden' });
    assert.deepEqual(written, ['0,1: x y ']);
  });
  const waves = ['-0.12345678-0.9876543j', 'NaN+1j', '0.5-Infinityj', '1.98e-7+0.25j'];
  const complex = fakeTensor(
    { shape: [1, 4], dtype: 'c64', stats: { ...sampled, max: 1.98 } },
    ([, column]) => waves[column!]!,
  );
  for (const theme of ['light', 'dark', 'hc-light', 'hc-dark'] as const)
    await browsed('tensor', complex.host, { theme }, async ({ page, picture }) => {
      await filled(page);
      assert.equal(await cell(page, 0, 0).innerText(), '-0.1235-0.9877j');
      assert.match((await cell(page, 0, 1).getAttribute('class'))!, /nan/);
      assert.match((await cell(page, 0, 2).getAttribute('class'))!, /inf/);
      const cut = await page
        .locator('.cell')
        .evaluateAll((all) => all.filter((c) => c.scrollWidth > c.clientWidth).length);
      assert.equal(cut, 0);
      await picture(`tensor-complex-${theme}`);
    });
});

test('a selection is copied as tab-separated lines', async () => {
  const fake = fakeTensor({ shape: [4, 6] }, ([row, column]) => row! + column! / 2);
  await browsed('tensor', fake.host, {}, async ({ page }) => {
    await filled(page);
    await cell(page, 1, 1).click();
    await cell(page, 2, 3).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Control+c');
    await page.locator('.said:text("Copied 6 elements.")').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, '1.5\t2\t2.5\n2.5\t3\t3.5');
  });
});

test('a step leaves the selection and the place alone; running and gone are said', async () => {
  const fake = fakeTensor({ shape: [900, 6] }, wave);
  await browsed('tensor', fake.host, {}, async ({ page, told }) => {
    await filled(page);
    await page.locator('.goto input').fill('700, 3');
    await page.locator('.goto input').press('Enter');
    await cell(page, 700, 3).waitFor();
    told.changed(fake.tensor, false);
    await page.locator('.notice:text("The program is running")').waitFor();
    told.changed({ ...fake.tensor, version: 2 }, true);
    await page.locator('.notice').waitFor({ state: 'hidden' });
    assert.match((await cell(page, 700, 3).getAttribute('class'))!, /active/);
    told.changed(null, true);
    await page.locator('.notice:text("This tensor is gone")').waitFor();
    assert.equal(await cell(page, 700, 3).count(), 1);
  });
});

test('those who cannot see the grid are told its size, its headings and the active cell', async () => {
  const fake = fakeTensor({ shape: [900, 6] }, wave);
  await browsed('tensor', fake.host, {}, async ({ page }) => {
    await filled(page);
    const grid = page.getByRole('grid');
    assert.equal(await grid.getAttribute('aria-rowcount'), '901');
    assert.equal(await grid.getAttribute('aria-colcount'), '7');
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('[aria-activedescendant="cell-1-0"]').waitFor();
    assert.equal(await cell(page, 1, 0).getAttribute('aria-selected'), 'true');
    assert.equal(await page.getByRole('columnheader').count(), 6);
  });
});
