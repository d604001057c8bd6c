import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, type Wire } from '../../views/rpc.ts';

/** Two ends; what goes in at one comes out at the other, as plain data and later. */
function ends(): [Wire, Wire] {
  const takers: ((message: unknown) => void)[] = [() => {}, () => {}];
  const end = (own: number): Wire => ({
    post: (message) => void setImmediate(() => takers[1 - own]!(structuredClone(message))),
    listen: (take) => (takers[own] = take),
  });
  return [end(0), end(1)];
}

interface Host {
  add(a: number, b: number): Promise<number>;
  fail(): Promise<void>;
}
interface Page {
  changed(to: string): void;
}

test('a call crosses, and its answer comes back to the one who asked', async () => {
  const [one, two] = ends();
  const seen: string[] = [];
  const page = connect<Page, Host>(one, {
    add: async (a, b) => a + b,
    fail: async () => Promise.reject(new Error('shapes differ: [2] and [3]')),
  });
  const host = connect<Host, Page>(two, { changed: (to) => void seen.push(to) });
  const sums = await Promise.all([host.add(1, 2), host.add(20, 22)]);
  assert.deepEqual(sums, [3, 42]);
  page.changed('h');
  await host.add(0, 0);
  assert.deepEqual(seen, ['h']);
});

test('an error crosses as its sentence', async () => {
  const [one, two] = ends();
  connect<Page, Host>(one, {
    add: async () => 0,
    fail: () => {
      throw new Error('shapes differ: [2] and [3]');
    },
  });
  const host = connect<Host, Page>(two, { changed: () => {} });
  await assert.rejects(host.fail(), new Error('shapes differ: [2] and [3]'));
});

test('a call that the other side does not answer fails at once', async () => {
  const [one, two] = ends();
  connect(one, {});
  const host = connect<Host, Page>(two, { changed: () => {} });
  await assert.rejects(host.add(1, 2), /answers no call named add/);
});

test('a foreign message on the channel is nobody’s', async () => {
  const [one, two] = ends();
  connect<Page, Host>(one, { add: async (a, b) => a + b, fail: async () => {} });
  const host = connect<Host, Page>(two, { changed: () => {} });
  for (const message of [null, 'theme', { type: 'theme' }, { reply: 99 }]) two.post(message);
  assert.equal(await host.add(1, 1), 2);
});
