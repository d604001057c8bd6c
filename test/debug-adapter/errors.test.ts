/** The list of what the adapter can fail with. */
import assert from 'node:assert';
import { test } from 'node:test';
import { errors, type AdapterError } from '../../debug-adapter/errors.ts';

const all = Object.values(
  errors as object as Record<string, (...words: string[]) => AdapterError>,
).map((make) => make('a', 'b', 'c'));

test('every error has a number of its own', () => {
  const numbers = all.map(({ number }) => number);
  assert.equal(new Set(numbers).size, numbers.length);
});
