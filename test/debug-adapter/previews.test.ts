/** Lines for values that would answer back if they were asked. */
import assert from 'node:assert';
import { test } from 'node:test';
import { brief, kindOf, textOf } from '../../debug-adapter/debuggee/previews.ts';

/** A proxy that notes each of its traps. */
function guarded<T extends object>(target: T): { value: T; traps: string[] } {
  const traps: string[] = [];
  const handler = new Proxy<ProxyHandler<T>>(
    {},
    { get: (_, trap) => (traps.push(String(trap)), undefined) },
  );
  return { value: new Proxy(target, handler), traps };
}
const nothing = () => null;

for (const [name, target] of [
  ['an object', { a: 1 }],
  ['a list', [1, 2]],
  ['a function', function f() {}],
  ['a class', class {}],
] as const)
  test(`a proxy of ${name} is shown as one, and none of its traps runs`, () => {
    const { value, traps } = guarded<object>(target);
    assert.equal(textOf(value, nothing), 'Proxy');
    assert.equal(brief(value, nothing), 'Proxy');
    assert.equal(kindOf(value), 'Proxy');
    assert.equal(textOf({ value }, nothing), '{value: Proxy}');
    assert.deepEqual(traps, []);
  });

test('the name of a class behind a proxy is not asked for', () => {
  const { value, traps } = guarded(class Point {});
  assert.equal(textOf({ __proto__: { constructor: value }, x: 1 }, nothing), '{x: 1}');
  assert.deepEqual(traps, []);
});

test('a function shows its parameters without the blanks where their types stood', () => {
  const stripped = new Function('return function inner(i        , t          ) {}')() as object;
  assert.equal(textOf(stripped, nothing), 'ƒ inner(i, t)');
});
