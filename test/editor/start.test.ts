import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { local, root } from '../../scripts/setup/cache.mjs';

test('npm start without a screen: an address behind a token, a picture, and an end', async () => {
  const picture = path.join(local, 'picture.png');
  rmSync(picture, { force: true });
  const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
  const start = path.join(root, 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [start], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (line.startsWith('Ctrl+C')) break;
    }
    const address = said.find((line) => line.includes('http://'))!.trim();
    assert.ok(said.some((line) => line.startsWith('There is no screen here')));
    assert.ok(statSync(picture).size > 50_000);

    const { origin, hostname, searchParams } = new URL(address);
    assert.equal(hostname, '127.0.0.1');
    assert.match(searchParams.get('tkn')!, /^[0-9a-f]{48}$/);
    assert.equal((await fetch(origin)).status, 403);
    // With the token the page is opened: it is put into a cookie and taken out of the address.
    assert.equal((await fetch(address, { redirect: 'manual' })).status, 302);

    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    await assert.rejects(fetch(origin));
  } finally {
    child.kill('SIGTERM');
  }
});
