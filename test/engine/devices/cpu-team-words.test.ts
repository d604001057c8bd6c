/** What the main thread does with the words that all threads share: the workers here are none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Processors } from '../../../engine/devices/cpu/neighbours.ts';
import type { TeamOptions } from '../../../engine/devices/cpu/team.ts';
import type { Threads } from '../../../engine/devices/cpu/threads.ts';
import { kit, type Kit } from '../../kit/cpu.ts';

// Where the crew has what.
const CLAIM = 0;
const ACTIVE = 1;
const SLEEPING = 4;
/** How many parts of a job nobody has begun. */
const LEFT = 0xfff;

interface Crew {
  readonly k: Kit;
  readonly words: Int32Array;
  /** How many threads were ended. */
  readonly stopped: () => number;
}

/** A team of two whose worker never does anything. */
function crew(options: TeamOptions, processors?: () => Processors): Crew {
  let words: Int32Array | undefined;
  let stopped = 0;
  const host: Threads = {
    cores: 2,
    ...(processors && { processors }),
    start(_, data) {
      words = new Int32Array((data as { control: SharedArrayBuffer }).control, 0, 16);
      return { stop: () => void stopped++ };
    },
  };
  const k = kit(64, undefined, { threads: 2, grain: 1, ...options, host });
  assert.equal(k.team.wants(2 ** 20), true);
  return { k, words: words!, stopped: () => stopped };
}

test('workers that sleep are woken for much work, or for one op right after another', (t) => {
  const { k, words } = crew({ least: 100, alone: 0 });
  assert.equal(k.team.wants(100), true);
  assert.equal(k.team.wants(99), false);
  Atomics.store(words, SLEEPING, 1);
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

test('where a neighbour has the processors, the main thread is alone until that is over', () => {
  const seen = { time: 0, taken: 0 };
  const { k } = crew({ least: 1 }, () => ({ ...seen }));
  const spell = (taken: number): boolean => {
    seen.time += 30_000;
    seen.taken += taken;
    return k.team.wants(2 ** 28);
  };
  assert.equal(spell(0), true);
  assert.equal(spell(90), false);
  assert.equal(k.team.wants(1000), false);
  assert.equal(spell(0), true);
});

test('a job that was cut off is called off, and a part that was begun is waited for', () => {
  const { k, words, stopped } = crew({ least: 1, alone: 0, naps: 2 });
  const { zero } = k.wasm.exports;
  // Behind the end of the memory: the main thread gets no further than its first part.
  const cut = () => k.team.spread(zero, 1000, 1000, 1, 1, [2 ** 31, 1000], [4, 0]);
  assert.throws(cut, WebAssembly.RuntimeError);
  assert.ok((Atomics.load(words, CLAIM) & LEFT) > 0);
  k.team.settle();
  assert.equal(Atomics.load(words, CLAIM) & LEFT, 0);
  assert.equal(stopped(), 0);
  assert.throws(cut, WebAssembly.RuntimeError);
  // Someone is at a part of it, and does not come to its end.
  Atomics.store(words, ACTIVE, 1);
  k.team.settle();
  assert.equal(stopped(), 1);
});
