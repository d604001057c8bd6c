/** What conditions, hit counts and log messages become. */
import assert from 'node:assert';
import { test } from 'node:test';
import { messageParts, parseHit, probe } from '../../debug-adapter/probe.ts';

test('reads hit counts as editors write them', () => {
  assert.deepEqual(parseHit('5'), { test: '>=', count: 5 });
  assert.deepEqual(parseHit(' == 3 '), { test: '=', count: 3 });
  assert.deepEqual(parseHit('% 10'), { test: '%', count: 10 });
  assert.throws(() => parseHit('x > 1'), /A hit count is a number/);
});

test('finds the expressions in a message by their grammar', () => {
  assert.deepEqual(messageParts('a {b} c'), [{ text: 'a ' }, { expression: 'b' }, { text: ' c' }]);
  assert.deepEqual(messageParts('{ {x: {y: 1}} }{"}"}'), [
    { expression: ' {x: {y: 1}}' },
    { expression: '"}"' },
  ]);
  assert.deepEqual(messageParts('no {`${1}`} braces'), [
    { text: 'no ' },
    { expression: '`${1}`' },
    { text: ' braces' },
  ]);
  assert.throws(() => messageParts('open {b'), /"b" is not an expression: a } is missing/);
  assert.throws(() => messageParts('empty {}'), /is not an expression/);
});

test('is nothing where the breakpoint always stops', () => {
  assert.equal(probe(1, { line: 1 }), undefined);
  assert.equal(probe(1, { line: 1, condition: ' ' }), undefined);
  assert.throws(() => probe(1, { line: 1, condition: 'a b' }), /"b" does not belong to it/);
  assert.throws(() => probe(1, { line: 1, condition: 'a >' }), /"a >" is not an expression/);
});
