import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents, present, printed, refresh } from '../scripts/docs.ts';
import * as tf from '../engine/index.ts';
import { readFunctions } from '../scripts/docs/functions.ts';
import { readOps } from '../scripts/docs/ops.ts';
import { known, ours, sourceOf } from '../scripts/docs/peers.ts';

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

test('no op lacks a gradient without saying why', () => {
  for (const { name, inputs, gradient, flat, documentation } of readOps()) {
    if (gradient.length === inputs.length || flat !== '') continue;
    assert.match(documentation, /gradient|derivative|flow/, name);
  }
});

test('every op says which library it follows, or is known as our own', () => {
  const own = ours.split(' ');
  for (const { name } of readOps()) {
    assert.equal(sourceOf(name) === '', own.includes(name), `${name}: scripts/docs/peers.ts`);
  }
});

test('every name from elsewhere leads to something that is there, once', () => {
  const all = new Set<string>();
  for (const { library, theirs, ours } of known) {
    const [name = '', member] = ours.split('.');
    const found = (tf as unknown as Record<string, { prototype: object } | undefined>)[name];
    assert.ok(found, `${library} ${theirs}: there is no ${ours}`);
    if (member !== undefined) {
      const there = readFunctions().find((one) => one.name === name)?.members;
      assert.ok(
        there?.some((one) => one.name === member),
        `${theirs}: there is no ${ours}`,
      );
    }
    assert.ok(!all.has(`${library} ${theirs} ${ours}`), `${library} ${theirs} stands there twice`);
    all.add(`${library} ${theirs} ${ours}`);
  }
});
