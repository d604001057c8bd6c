import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Device } from '../../../engine/device.ts';
import { Arena, LARGEST, type ArenaBytes } from '../../../engine/devices/cpu/arena.ts';
import { Extents } from '../../../engine/devices/cpu/extents.ts';
import type { Page } from '../../../engine/devices/cpu/page.ts';
import type { Oracle } from '../../../engine/liveness.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

function arena(pages: number, oracle: Oracle | null = null): Arena {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: pages, shared: true });
  return new Arena({} as Device, memory, 0, oracle);
}

/** An oracle that is told who lives. */
function told(): Oracle & { alive: Set<Page> } {
  const alive = new Set<Page>();
  return { name: 'told', alive, watch() {}, forget() {}, survivors: () => [...alive] };
}

/** Whole numbers below one that is given, the same in every run. */
function randomly(): (n: number) => number {
  let random = 1;
  return (n) => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return Math.floor((random / 2 ** 32) * n);
  };
}

const release = (from: Arena, list: readonly ArenaBytes[]): void => {
  for (const bytes of list) from.release(bytes);
};

test('sizes: powers of two to 64 KiB, eight to a doubling up to 1 MiB, then 4 KiB', () => {
  const from = arena(2000);
  const rounded = (length: number): number => {
    const before = from.usage.bytes;
    const bytes = from.allocate(length);
    const size = from.usage.bytes - before;
    from.release(bytes);
    return size;
  };
  assert.deepEqual([1, 64, 65, 128, 129, 5000, 32 * KIB, 32 * KIB + 1, 64 * KIB].map(rounded), [
    64,
    64,
    128,
    128,
    256,
    8192,
    32 * KIB,
    64 * KIB,
    64 * KIB,
  ]);
  assert.deepEqual([64 * KIB + 1, 72 * KIB + 1, 129 * KIB, 1000 * KIB, MIB].map(rounded), [
    72 * KIB,
    80 * KIB,
    144 * KIB,
    MIB,
    MIB,
  ]);
  assert.deepEqual([MIB + 1, 3 * MIB + 4097].map(rounded), [MIB + 4 * KIB, 3 * MIB + 8 * KIB]);
  assert.equal(from.usage.storages, 0);
  assert.equal(from.usage.bytes, 0);
});

test('no two storages overlap, also after thousands of frees in any order', () => {
  const from = arena(4000);
  const held = new Map<number, ArenaBytes>();
  const next = randomly();
  const lengths = [4, 64, 100, 1000, 5000, 40_000, 70_000, 300_000, 2_000_000];
  for (let i = 0; i < 20_000; i++) {
    if (held.size > 60 || (held.size > 0 && next(2) === 0)) {
      const [at, bytes] = [...held][next(held.size)]!;
      held.delete(at);
      from.release(bytes);
    } else {
      const bytes = from.allocate(lengths[next(lengths.length)]!);
      assert.ok(!held.has(bytes.at));
      held.set(bytes.at, bytes);
    }
  }
  const list = [...held.values()].sort((a, b) => a.at - b.at);
  list.forEach((bytes, i) => {
    const after = list[i + 1];
    assert.ok(after === undefined || bytes.at + bytes.length <= after.at);
  });
  release(from, list);
  assert.equal(from.usage.bytes, 0);
});

test('large neighbours that were freed make room for one larger', () => {
  const from = arena(600);
  const three = [1, 2, 3].map(() => from.allocate(10 * MIB));
  assert.ok(three.every(({ at }) => at >= 0));
  release(from, [three[0]!, three[2]!, three[1]!]);
  const one = from.allocate(30 * MIB);
  assert.equal(one.at, Math.min(...three.map(({ at }) => at)));
});

test('a freed small block is used again before new memory is', () => {
  const from = arena(100);
  const first = from.allocate(100);
  from.release(first);
  const { reserved } = from.usage;
  const addresses = new Set<number>();
  for (let i = 0; i < 1000; i++) {
    const bytes = from.allocate(100);
    addresses.add(bytes.at);
    from.release(bytes);
  }
  assert.equal(addresses.size, 1);
  assert.equal(from.usage.reserved, reserved);
});

test('what does not fit, and what is over 256 MiB, gets a buffer of its own', () => {
  const from = arena(32);
  const inside = from.allocate(MIB);
  const outside = from.allocate(2 * MIB);
  assert.ok(inside.at >= 0 && inside.buffer === null);
  assert.equal(outside.at, -1);
  assert.equal(outside.buffer!.byteLength, 2 * MIB);
  assert.equal(from.usage.outside, 2 * MIB);
  const small = Array.from({ length: 40_000 }, () => from.allocate(64));
  assert.ok(
    small.some(({ at }) => at < 0),
    'small ones spill too',
  );
  release(from, [...small, outside, inside]);
  assert.deepEqual([from.usage.outside, from.usage.bytes], [0, 0]);
  const roomy = arena(65_536);
  assert.equal(roomy.allocate(LARGEST + 1).at, -1);
});

test('100,000 steps of changing shapes take at most half as much again as the most that was alive', () => {
  const from = arena(65_536);
  const next = randomly();
  const kept: ArenaBytes[] = [];
  let most = 0;
  let early = 0;
  for (let step = 0; step < 100_000; step++) {
    // Batches of another length every step, and of another width every thousand.
    const length = 4 * (1 + next(500)) * [1, 4, 16, 64, 3, 11][Math.floor(step / 1000) % 6]!;
    const list = [1, 16, 64, 128, 10, 300, 2, 7, 33, 512].map((n) => from.allocate(length * n));
    kept.push(...list.splice(next(10), 1));
    if (kept.length > 20) from.release(kept.splice(next(kept.length), 1)[0]!);
    most = Math.max(most, from.usage.bytes);
    release(from, list);
    if (step === 50_000) early = from.usage.reserved;
  }
  assert.ok(from.usage.reserved <= 1.5 * most, `${from.usage.reserved} for ${most}`);
  assert.ok(from.usage.reserved <= 1.1 * early, `${from.usage.reserved} after ${early}`);
});

test('room that one size of storages needed serves another when they are gone', () => {
  const from = arena(65_536);
  let most = 0;
  for (let size = 8 * KIB; size < 4 * MIB; size = Math.ceil(size * 1.09)) {
    const list = Array.from({ length: Math.floor((64 * MIB) / size) }, () => from.allocate(size));
    most = Math.max(most, from.usage.bytes);
    release(from, list);
  }
  assert.ok(from.usage.reserved <= 1.2 * most, `${from.usage.reserved} for ${most}`);
});

test('a full arena gives pages without storages to other sizes before anything has to live outside', () => {
  const from = arena(64);
  const list = Array.from({ length: 40 }, () => from.allocate(72 * KIB));
  const small = Array.from({ length: 500 }, () => from.allocate(KIB));
  const kept = small.splice(300, 1);
  release(from, [...list, ...small]);
  const large = from.allocate(2 * MIB);
  assert.ok(large.at >= 0);
  assert.equal(from.usage.outside, 0);
  const again = Array.from({ length: 500 }, () => from.allocate(KIB));
  assert.equal(new Set([...again, ...kept].map(({ at }) => at)).size, 501);
  for (const { at } of [...again, ...kept]) {
    assert.ok(at + KIB <= large.at || at >= large.at + large.length);
  }
});

test('the error of a full memory says what holds it', () => {
  const from = arena(32);
  from.allocate(MIB);
  from.allocate(MIB / 2);
  assert.throws(
    () => from.allocate(2 ** 53),
    /cpu: no room for .*; 2 storages hold 1\.6 MB, most of it 1 of 1\.0 MB, 1 of 524 kB/,
  );
});

test('a sweep takes back what no page of a survivor holds, and reuses the rest of their room', () => {
  const oracle = told();
  const from = arena(1000, oracle);
  const kept = from.allocate(100);
  const given = from.allocate(100);
  const large = from.allocate(5 * MIB);
  const dropped = [from.allocate(1000), from.allocate(100 * KIB), from.allocate(4 * MIB)];
  from.release(given);
  oracle.alive.add(kept.page).add(large.page);
  from.sweep(oracle);
  assert.equal(from.usage.storages, 2);
  assert.equal(from.usage.bytes, 128 + 5 * MIB);
  assert.equal(from.allocate(100).at, given.at);
  const { reserved } = from.usage;
  assert.ok(from.allocate(4 * MIB).at <= dropped[2]!.at);
  assert.equal(from.usage.reserved, reserved);
});

test('a page that was given back and is only remembered does not come back to life', () => {
  const oracle = told();
  const from = arena(1000, oracle);
  const first = from.allocate(4 * MIB);
  from.release(first);
  const second = from.allocate(4 * MIB);
  assert.equal(second.at, first.at);
  first.page.survive();
  oracle.alive.add(second.page);
  from.sweep(oracle);
  assert.equal(from.usage.storages, 1);
});

test('working memory of kernels lies apart from the storages', () => {
  const from = arena(1000);
  const bytes = from.allocate(2 * MIB);
  const at = from.take(5000);
  assert.ok(at >= bytes.at + bytes.length || at + 5000 <= bytes.at);
  from.give(at, 5000);
  assert.equal(from.take(5000), at);
});

test('extents merge with both neighbours', () => {
  const extents = new Extents();
  extents.give(0, 10);
  extents.give(20, 10);
  assert.equal(extents.count, 2);
  extents.give(10, 10);
  assert.equal(extents.count, 1);
  assert.equal(extents.take(30), 0);
  assert.equal(extents.take(1), -1);
  extents.give(50, 5);
  extents.give(40, 8);
  assert.equal(extents.take(5), 50, 'the tightest that fits');
  assert.equal(extents.total, 8);
});
