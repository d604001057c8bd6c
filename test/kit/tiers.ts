import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { TierInfo } from '../../engine/device.ts';
import { lacking } from '../../engine/host/turbo.ts';

/**
 * Whether there is a tier to test. Where the machine, not we, is the reason why there is none, the test is skipped and
 * says so; a tier that is refused for any other reason, for wrong results above all, is a failure.
 */
export function has(t: TestContext, tier: string, { available, about }: TierInfo): boolean {
  if (available) return true;
  const excused =
    tier === 'wide' ? about === lacking() : /^there is no |^the package koffi is not/.test(about);
  assert.ok(excused, `${tier}: ${about}`);
  t.skip(about);
  return false;
}
