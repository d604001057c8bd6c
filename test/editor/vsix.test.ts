import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { vsix } from '../../scripts/package.ts';

test('the VSIX carries what it needs, no more, in less than 4 MB', () => {
  const content = readFileSync(vsix);
  assert.ok(content.length < 4_000_000, `${content.length} bytes`);
  // The names of a zip's members stand in it as they are.
  for (const member of ['package.json', 'LICENSE.txt', 'readme.md', 'changelog.md'])
    assert.ok(content.includes(`extension/${member}`), member);
  for (const member of ['extension.cjs', 'debug-adapter.js', 'debuggee/preload.js'])
    assert.ok(content.includes(`extension/dist/${member}`), member);
  for (const stranger of ['.map', 'extension/test/', 'extension/scripts/', 'package-lock.json'])
    assert.ok(!content.includes(stranger), stranger);
});
