/** Of several processes that want the same thing one makes it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const cache = new URL('../../scripts/setup/cache.mjs', import.meta.url).href;

test('one at a time has a lock, also where its last owner is gone', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tapedeck-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const name = path.join(folder, 'thing');
  const inside = path.join(folder, 'inside');
  // Above what Linux gives: nobody has it.
  writeFileSync(`${name}.lock`, '4194305');
  const program = `
    import fs from 'node:fs';
    import { locked } from ${JSON.stringify(cache)};
    await locked(${JSON.stringify(name)}, async () => {
      fs.writeFileSync(${JSON.stringify(inside)}, '', { flag: 'wx' });
      await new Promise((done) => setTimeout(done, 30));
      fs.rmSync(${JSON.stringify(inside)});
    });
  `;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const ends = await Promise.all(children.map((child) => once(child, 'exit')));
  assert.deepEqual(
    ends.map(([code]) => code as number),
    [0, 0, 0, 0],
  );
  assert.ok(!existsSync(`${name}.lock`));
});

test('a lock that another has taken meanwhile is given back', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tapedeck-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const lock = path.join(folder, 'thing.lock');
  // It reads that the owner is gone; then the lock is this process's.
  writeFileSync(lock, '4194305');
  const program = `
    import fs from 'node:fs';
    import { locked } from ${JSON.stringify(cache)};
    const { kill } = process;
    process.kill = (pid, signal) => {
      if (pid === 4194305) fs.writeFileSync(${JSON.stringify(lock)}, '${process.pid}');
      return kill(pid, signal);
    };
    console.log = () => process.exit(7);
    await locked(${JSON.stringify(path.join(folder, 'thing'))}, async () => {});
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  assert.deepEqual((await once(child, 'exit'))[0], 7);
  assert.equal(readFileSync(lock, 'utf8'), String(process.pid));
});
