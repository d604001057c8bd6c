import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../kit/dap.ts';
import { debug } from '../kit/debug.ts';

const program = fixture('unconnected.ts');

test('at a pause the tape says why a gradient is null, before and after it was asked for', () =>
  debug(async (client) => {
    await client.launch(program);
    await client.breakpoints(program, 7, 8);
    await client.go();
    await client.stopped();
    for (const context of ['repl', 'hover'] as const) {
      const said = await client.evaluate('tape.explain(loss, w).text', context);
      assert.match(said, /The values of f32\[\] left the tape through \.item\(\) on line 5/);
      if (context === 'repl') await client.step('continue');
    }
  }));
