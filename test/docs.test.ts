import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, present, printed, refresh } from '../scripts/docs.ts';
import { readOps } from '../scripts/docs/ops.ts';

if (process.env.UPDATE === '1') await refresh();

for (const document of documents) {
  test(`${document.path} says what the code says`, async () => {
    const expected = await printed(document);
    assert.ok(present(document) === expected, `${document.path} is stale: run \`npm run docs\``);
  });
}

test('every op has a comment of whole sentences', () => {
  for (const { name, documentation } of readOps()) {
    assert.match(documentation, /\.(\)|`)?$/, `${name} lacks one`);
  }
});
