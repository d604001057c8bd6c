/** Small questions about what is on a page. */
import type { Locator, Page } from 'playwright-core';

/** Whether it is to be seen within so many milliseconds. */
export function comes(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

/** A text as a part of a regular expression. */
export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Where something is. It may be drawn anew between being there and being measured. */
export async function boxOf(locator: Locator) {
  for (let i = 0; i < 20; i++) {
    await locator.waitFor();
    const box = await locator.boundingBox();
    if (box) return box;
  }
  throw new Error('It is not to be seen.');
}

/** The nth, from the left, of those that are as high on the page as this. They may come later. */
export async function besides(row: Locator, all: Locator, nth: number): Promise<Locator> {
  for (let i = 0; i < 100; i++) {
    const { y } = await boxOf(row);
    const found = await all.all();
    const boxes = await Promise.all(found.map((one) => one.boundingBox()));
    const [one] = boxes
      .map((box, index) => ({ box, one: found[index]! }))
      .filter(({ box }) => box && Math.abs(box.y - y) < box.height / 2)
      .sort((a, b) => a.box!.x - b.box!.x)
      .slice(nth);
    if (one) return one.one;
    await all.page().waitForTimeout(100);
  }
  throw new Error(`There is no number ${nth} beside it.`);
}

/** Chooses from the menu that is open. It takes no click in the first moments after it opened. */
export async function chooseItem(page: Page, label: string): Promise<void> {
  const item = page.getByRole('menuitem', { name: label }).first();
  await item.waitFor();
  for (let i = 0; i < 10 && (await item.isVisible()); i++) {
    await page.waitForTimeout(300);
    await item.click({ timeout: 1000 }).catch(() => {});
  }
}

/** A row of variables or watches, which print their name with a sign behind it. */
export function rowNamed(page: Page, within: Locator, name: string): Locator {
  const text = new RegExp(`^${escaped(name)}\\s*[:=]?\\s*$`);
  return within
    .locator('.monaco-list-row')
    .filter({ has: page.locator('.name', { hasText: text }) })
    .first();
}
