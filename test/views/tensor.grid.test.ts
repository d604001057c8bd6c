import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { clamped, holds, moved, rectangle } from '../../views/tensor/grid/selection.ts';
import {
  firstAt,
  firstToSee,
  lastFirst,
  offsetAt,
  scrollLength,
} from '../../views/tensor/grid/track.ts';

const track = fc.record({
  count: fc.integer({ min: 0, max: 2e9 }),
  unit: fc.integer({ min: 10, max: 200 }),
  space: fc.integer({ min: 1, max: 3000 }),
});

test('the ends of the scroll bar are the first and the last item, at any length', () => {
  fc.assert(
    fc.property(track, (any) => {
      assert.equal(firstAt(any, 0), 0);
      assert.equal(firstAt(any, scrollLength(any)), lastFirst(any));
      assert.ok(scrollLength(any) <= 8_000_000);
    }),
  );
});

test('on a track that is not squeezed an offset leads to its item', () => {
  const short = { count: 1000, unit: 22, space: 440 };
  for (const first of [0, 1, 17, 980]) assert.equal(firstAt(short, offsetAt(short, first)), first);
  assert.equal(scrollLength(short), 980 * 22);
});

test('an item is brought into view by the least move', () => {
  const short = { count: 1000, unit: 22, space: 440 };
  assert.equal(firstToSee(short, 10, 5), 5);
  assert.equal(firstToSee(short, 10, 12), 10);
  assert.equal(firstToSee(short, 10, 30), 11);
  assert.equal(firstToSee(short, 10, 999), 980);
});

const size = { rows: 100, columns: 10 };

test('keys move the active cell and stop at the edges', () => {
  const from = { row: 50, column: 5 };
  const to = (key: string, far = false) => moved(from, key, far, size, 20);
  assert.deepEqual(to('ArrowUp'), { row: 49, column: 5 });
  assert.deepEqual(to('ArrowDown', true), { row: 99, column: 5 });
  assert.deepEqual(to('PageDown'), { row: 70, column: 5 });
  assert.deepEqual(to('End'), { row: 50, column: 9 });
  assert.deepEqual(to('Home', true), { row: 0, column: 0 });
  assert.deepEqual(moved({ row: 0, column: 0 }, 'ArrowLeft', false, size, 20), {
    row: 0,
    column: 0,
  });
  assert.equal(to('x'), null);
});

test('a selection is the rectangle between its corners, whichever came first', () => {
  const selection = { anchor: { row: 5, column: 2 }, active: { row: 3, column: 4 } };
  assert.deepEqual(rectangle(selection), { rows: [3, 6], columns: [2, 5] });
  assert.ok(holds(selection, { row: 4, column: 3 }));
  assert.ok(!holds(selection, { row: 6, column: 3 }));
  assert.deepEqual(clamped(selection, { rows: 4, columns: 3 }), {
    anchor: { row: 3, column: 2 },
    active: { row: 3, column: 2 },
  });
});
