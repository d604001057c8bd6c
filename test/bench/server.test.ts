import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare } from '../../bench/peers/server.ts';

test('what is timed sees the names of its set-up, whatever they are', async () => {
  const setup = 'const i = 7, runs = 5;';
  for (const run of ['seen.push(i, runs);', 'await null; seen.push(i, runs);']) {
    const seen: number[] = [];
    const timed = await prepare({ setup, run }, { seen });
    await timed(3);
    assert.deepEqual(seen, [7, 5, 7, 5, 7, 5]);
  }
});

test('only what is written to wait is waited for', async () => {
  const timed = await prepare({ setup: '', run: 'seen.push(1);' }, { seen: [] });
  assert.equal(timed(2), undefined);
  const waiting = await prepare({ setup: '', run: 'await null;' }, {});
  assert.ok(waiting(2) instanceof Promise);
});
