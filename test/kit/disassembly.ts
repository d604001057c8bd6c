/** VS Code's Disassembly View as a person sees it; the selectors into it stand here, beside those of workbench.ts. */
import type { Locator } from 'playwright-core';
import { boxOf } from './locating.ts';
import type { Workbench } from './workbench.ts';

/** Rows, each with the line of the source above it where that is another than before. */
export function instruction({ page }: Workbench, text: string | RegExp): Locator {
  return page.locator('.disassembly-view .monaco-list-row', { hasText: text });
}

/** Clicks in front of a row, where breakpoints are. */
export async function breakOn({ page }: Workbench, row: Locator): Promise<void> {
  const { x, y, height } = await boxOf(row);
  await page.mouse.click(x + 10, y + height - 10);
  await row.locator('.codicon-debug-breakpoint').waitFor();
}
