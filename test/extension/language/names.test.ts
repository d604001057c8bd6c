import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesIn } from '../../../extension/language/names.ts';

const names = (line: string) => namesIn(line).map(({ name }) => name);

test('names are found once, where they first stand', () => {
  assert.deepEqual(namesIn('  x = x + weight;'), [
    { name: 'x', at: 2 },
    { name: 'weight', at: 10 },
  ]);
});

test('properties, calls, strings and comments are no names', () => {
  assert.deepEqual(names("loss = model.call(images, 'high'); // more images than labels"), [
    'loss',
    'model',
    'images',
  ]);
  assert.deepEqual(names('function sum(upTo: number): Sum {'), ['function', 'upTo', 'number']);
  assert.deepEqual(names('const model: Classifier = new Classifier(size);'), [
    'const',
    'model',
    'size',
  ]);
  assert.deepEqual(names('return x.matMul(this.weight)'), ['return', 'x']);
  assert.deepEqual(names(' * a line of a comment'), []);
  assert.deepEqual(names('a /* b */ + c'), ['a', 'c']);
});

test('what says its own value is no name', () => {
  assert.deepEqual(names('w = ok ? make(true, null) : NaN;'), ['w', 'ok']);
});

test('names in a template are found', () => {
  assert.deepEqual(names('`${total}`'), ['total']);
});

test('what everybody knows has no value beside it', () => {
  assert.deepEqual(names('console.log(Math.max(a, Number.MAX_VALUE), process.argv, b)'), [
    'a',
    'b',
  ]);
});
