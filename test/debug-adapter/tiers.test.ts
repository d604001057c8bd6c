import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import * as tf from '@tapedeck/engine';
import { fixture } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';
import { has } from '../kit/tiers.ts';

const program = fixture('tiers.ts');

for (const tier of ['simd', 'wide', 'blas']) {
  test(`a program that multiplies by ${tier} has the same numbers under the debugger`, async (t) => {
    if (!has(t, tier, tf.backendInfo().tiers[tier]!)) return;
    const env = { TAPEDECK_TIER: tier };
    const plain = execFileSync(process.execPath, [program], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    assert.match(plain, new RegExp(` ${tier}\n$`));
    await debug(async (client) => {
      await client.launch(program, { env });
      await client.go();
      await client.exited();
      assert.equal(client.printed('stdout'), plain);
    });
  });
}
