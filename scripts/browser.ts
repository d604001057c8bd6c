/** Pages without a screen: what tests click in and pictures are taken of. */
import { chromium, type Browser } from 'playwright-core';
import { headless } from './setup/chromium.mjs';

/** As large as the pictures are. */
export const SIZE = { width: 1400, height: 900 };

export function launch(): Promise<Browser> {
  const { path, env } = headless();
  return chromium.launch({
    executablePath: path,
    env: { ...process.env, ...env } as Record<string, string>,
    args: ['--disable-gpu'],
  });
}
