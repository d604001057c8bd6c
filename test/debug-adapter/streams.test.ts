/** Lines of a stream that cuts them anywhere. */
import assert from 'node:assert';
import { test } from 'node:test';
import { lines } from '../../debug-adapter/debuggee/lines.ts';

test('hears each whole line once, however a stream cuts them', () => {
  const text = 'first\n\nthird is longer\nlast\nbegun';
  for (let size = 1; size <= text.length; size++) {
    const heard: string[] = [];
    const read = lines((line) => heard.push(line));
    for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
    assert.deepEqual(heard, ['first', '', 'third is longer', 'last']);
  }
});
