/** Small questions about what is on a page. */
import type { Locator } from 'playwright-core';

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
