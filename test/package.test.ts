/** package.json against the tables it is printed from. `UPDATE=1` writes it anew. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { manifest } from '../extension/manifest.ts';
import { root } from '../scripts/setup/cache.mjs';

interface Package {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const file = path.join(root, 'package.json');
const written = JSON.parse(readFileSync(file, 'utf8')) as Package;

test('the manifest says what the tables of commands, settings and launch attributes say', () => {
  // As JSON sees it: without what is undefined.
  const printed = JSON.parse(JSON.stringify(manifest)) as object;
  if (process.env.UPDATE)
    writeFileSync(file, JSON.stringify({ ...written, ...printed }, null, 2) + '\n');
  const now = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const same = Object.fromEntries(Object.keys(printed).map((key) => [key, now[key]]));
  assert.deepEqual(same, printed, 'UPDATE=1 node --test test/package.test.ts writes it');
});

test('every script names a file of scripts/', () => {
  for (const [name, command] of Object.entries(written.scripts)) {
    const found = /^node scripts\/(?:run\.mjs (\w+)|(\w+\.mjs)(?: --stage \w+)?)$/.exec(command);
    assert.ok(found, `${name}: ${command}`);
    const script = found[1] ? `${found[1]}.ts` : found[2]!;
    assert.ok(existsSync(path.join(root, 'scripts', script)), `scripts/${script}`);
  }
});

test('packages have exact versions, and the engine has ours', () => {
  for (const [name, version] of Object.entries(written.devDependencies))
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
  const engine = readFileSync(path.join(root, 'engine', 'package.json'), 'utf8');
  assert.equal((JSON.parse(engine) as Package).version, written.version);
});

for (const lock of [
  'package-lock.json',
  'scripts/setup/vscode/package-lock.json',
  'bench/peers/package-lock.json',
])
  test(`${lock} names no host`, () => {
    const { packages } = JSON.parse(readFileSync(path.join(root, lock), 'utf8')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: true }>;
    };
    for (const [place, { resolved = '', integrity, link }] of Object.entries(packages)) {
      assert.doesNotMatch(resolved, /:/, place);
      // What is not a link to a folder of the checkout is known by its digest.
      if (place.includes('node_modules/') && !link) assert.ok(integrity, place);
    }
  });
