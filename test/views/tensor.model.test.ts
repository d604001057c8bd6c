import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  absence,
  cellOf,
  firstSlice,
  indexOf,
  keepSlice,
  sizeOf,
  transposed,
  withAxis,
  withIndex,
} from '../../views/tensor/model.ts';
import { Tiles, valuesOf } from '../../views/tensor/tiles.ts';

test('the last two axes lie in the grid, the others at their first index', () => {
  assert.deepEqual(firstSlice([]), { rowAxis: null, columnAxis: null, at: [] });
  assert.deepEqual(firstSlice([5]), { rowAxis: 0, columnAxis: null, at: [0] });
  assert.deepEqual(firstSlice([2, 3, 4]), { rowAxis: 1, columnAxis: 2, at: [0, 0, 0] });
});

test('a scalar is one cell, a vector one column, an empty tensor nothing', () => {
  const size = (shape: number[]) => sizeOf(firstSlice(shape), shape);
  assert.deepEqual(size([]), { rows: 1, columns: 1 });
  assert.deepEqual(size([5]), { rows: 5, columns: 1 });
  assert.deepEqual(size([3, 4]), { rows: 3, columns: 4 });
  assert.deepEqual(size([0, 3, 4]), { rows: 0, columns: 0 });
  assert.deepEqual(size([3, 0]), { rows: 3, columns: 0 });
});

test('an axis chosen for the rows changes places with the one it was taken from', () => {
  const slice = firstSlice([2, 3, 4]);
  assert.deepEqual(withAxis(slice, 'rowAxis', 0), { rowAxis: 0, columnAxis: 2, at: [0, 0, 0] });
  const swapped = { rowAxis: 2, columnAxis: 1, at: [0, 0, 0] };
  assert.deepEqual(withAxis(slice, 'rowAxis', 2), swapped);
  assert.deepEqual(transposed(slice), swapped);
});

test('a slice stays where it is when sizes change, and starts anew when the number of axes does', () => {
  const slice = withIndex(firstSlice([9, 3, 4]), 0, 8);
  assert.deepEqual(keepSlice(slice, [9, 5, 4]).at, [8, 0, 0]);
  assert.deepEqual(keepSlice(slice, [4, 3, 4]).at, [3, 0, 0]);
  assert.deepEqual(keepSlice(slice, [3, 4]), firstSlice([3, 4]));
});

test('an element is found by its index, and told by it', () => {
  const shape = [2, 3, 4];
  const { slice, cell } = cellOf(firstSlice(shape), shape, '[1, -1, 2]');
  assert.deepEqual(cell, { row: 2, column: 2 });
  assert.deepEqual(indexOf(slice, cell), [1, 2, 2]);
  assert.throws(() => cellOf(slice, shape, '1, 2'), /3 indices are needed/);
  assert.throws(() => cellOf(slice, shape, '1, 3, 0'), /Axis 1 has 3 elements; 3 is not one/);
  assert.throws(() => cellOf(slice, shape, '1, x, 0'), /x is not one of them/);
});

test('what is missing is said in words', () => {
  assert.match(absence(null, true)!, /gone/);
  assert.match(absence(null, false)!, /No program is paused/);
});

test('only the tiles of the window are asked for, once', () => {
  const tiles = new Tiles();
  const size = { rows: 10_000, columns: 10_000 };
  const first = tiles.missing([0, 40], [0, 12], size);
  assert.deepEqual(
    first.map(({ rows, columns }) => [rows, columns]),
    [
      [
        [0, 64],
        [0, 32],
      ],
    ],
  );
  assert.deepEqual(tiles.missing([10, 50], [5, 17], size), []);
  assert.equal(tiles.missing([9990, 10_000], [9990, 10_000], size).length, 1);
  assert.equal(tiles.value(0, 0), null);
  first[0]!.values = Float64Array.from({ length: 64 * 32 }, (_, at) => at);
  assert.equal(tiles.value(2, 5), 2 * 32 + 5);
  tiles.forget(first[0]!);
  assert.equal(tiles.missing([0, 1], [0, 1], size).length, 1);
});

test('however far one scrolls, the tiles kept stay bounded, and those in view are kept', () => {
  const tiles = new Tiles();
  const size = { rows: 1e6, columns: 32 };
  let read = 0;
  for (let top = 0; top < 1e5; top += 64) {
    for (const tile of tiles.missing([top, top + 64], [0, 32], size)) {
      tile.values = new Float64Array(64 * 32).fill(top);
      read++;
    }
    assert.equal(tiles.value(top, 0), top);
  }
  assert.equal(read, Math.ceil(1e5 / 64));
  assert.equal(tiles.value(0, 0), null);
});

test('numbers come as 64-bit floats, what they do not hold as text', () => {
  const numbers = Float64Array.of(1.5, NaN, -Infinity, -0);
  const base64 = Buffer.from(numbers.buffer).toString('base64');
  assert.deepEqual([...(valuesOf({ base64 }) as Float64Array)], [...numbers]);
  assert.deepEqual(valuesOf({ text: ['9007199254740993'] }), ['9007199254740993']);
});

test('any cell of any slice has one index, and going there comes back to it', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(shape, fc.infiniteStream(fc.nat()), (sizes, numbers) => {
      const next = (below: number) => (numbers.next().value as number) % below;
      const index = sizes.map((size) => next(size));
      const { slice, cell } = cellOf(firstSlice(sizes), sizes, index.join(','));
      assert.deepEqual(indexOf(slice, cell), index);
    }),
  );
});
