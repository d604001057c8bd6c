import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Threads } from '../../../engine/devices/cpu/threads.ts';
import { kit } from '../../kit/cpu.ts';

test('workers that sleep are woken for much work, or for one op right after another', (t) => {
  let words: Int32Array | undefined;
  const host: Threads = {
    cores: 2,
    start(_, data) {
      words = new Int32Array((data as { control: SharedArrayBuffer }).control, 0, 16);
      return { stop() {} };
    },
  };
  const k = kit(64, undefined, { threads: 2, least: 100, grain: 1, alone: 0, host });
  assert.equal(k.team.wants(400), true);
  assert.equal(k.team.wants(100), true);
  assert.equal(k.team.wants(99), false);
  // The place where the crew counts those that sleep.
  Atomics.store(words!, 4, 1);
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  assert.equal(k.team.wants(100), false);
  now += 1;
  assert.equal(k.team.wants(399), false);
  now += 1;
  assert.equal(k.team.wants(400), true);
  now += 1;
  assert.equal(k.team.wants(100), false);
  // Its next will find them awake.
  now += 0.1;
  assert.equal(k.team.wants(100), true);
});
