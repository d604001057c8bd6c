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
