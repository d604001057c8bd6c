import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as shape from '../../engine/shape.ts';

test('broadcasts from the last axis', () => {
  assert.deepEqual(shape.broadcast('add', [2, 1, 4], [3, 1]), [2, 3, 4]);
  assert.deepEqual(shape.broadcast('add', [], [0, 2]), [0, 2]);
  assert.throws(() => shape.broadcast('add', [2, 3], [4]), {
    message: /^add: \[2,3\] and \[4\] do not broadcast \(3 against 4;/,
  });
});

test('normalises axes', () => {
  assert.equal(shape.axisOf('sum', -1, 3), 2);
  assert.deepEqual(shape.axesOf('sum', [2, -3], 3), [0, 2]);
  assert.deepEqual(shape.axesOf('sum', null, 2), [0, 1]);
  assert.throws(() => shape.axisOf('sum', 3, 3), {
    message: 'sum: no axis 3 in a tensor of rank 3 (there are -3 to 2)',
  });
  assert.throws(() => shape.axesOf('sum', [1, -1], 2), { message: 'sum: an axis twice in [1,1]' });
});

test('fills in the open length of a shape', () => {
  assert.deepEqual(shape.filled('reshape', [2, -1], [3, 4]), [2, 6]);
  assert.throws(() => shape.filled('reshape', [5, -1], [3, 4]), {
    message: 'reshape: [3,4] has 12 elements, [5,-1] needs a multiple of 5 of them',
  });
  assert.throws(() => shape.filled('reshape', [5], [3, 4]), /needs 5 of them/);
  assert.throws(() => shape.filled('reshape', [-1, -1], [3, 4]), /more than one -1/);
});

test('reads a strided tensor in a new shape where strides can say it', () => {
  const reshaped = (x: readonly number[], strides: readonly number[], to: readonly number[]) =>
    shape.reshapedStrides({ shape: x, strides, offset: 0 }, to);
  assert.deepEqual(reshaped([3, 4], [1, 3], [3, 2, 2]), [1, 6, 3]);
  assert.equal(reshaped([3, 4], [1, 3], [12]), null);
  assert.deepEqual(reshaped([2, 3, 4], [24, 4, 1], [2, 12]), [24, 1]);
  assert.equal(reshaped([5], [-1], [1, 5, 1])?.[1], -1);
  assert.deepEqual(reshaped([4, 1], [0, 7], [2, 2]), [0, 0]);
});

test('finds the axes a broadcast has stretched', () => {
  assert.deepEqual(shape.broadcastAxes('sumTo', [5, 2, 3], [2, 1]), [0, 2]);
  assert.throws(
    () => shape.broadcastAxes('sumTo', [2, 3], [2]),
    /\[2\] does not broadcast to \[2,3\]/,
  );
});
