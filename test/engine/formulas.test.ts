/** Corners of formulas, against NumPy and PyTorch. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DType } from '../../engine/dtype.ts';
import { functions } from '../../engine/functions.ts';
import { tensor } from '../../engine/creation.ts';
import { setDevice } from '../../engine/placement.ts';
import { grad } from '../../engine/transforms.ts';
import { devices } from '../kit/samples.ts';

for (const { name, skip } of devices) {
  suite(`formulas on ${name}`, { skip }, () => {
    const list = (values: readonly (number | bigint)[], dtype: DType) => {
      setDevice(name);
      return tensor(values, [values.length], dtype);
    };

    test('powers of integers wrap around and lose no bits', () => {
      const power = (dtype: DType, x: (number | bigint)[], y: (number | bigint)[]) =>
        list(x, dtype).pow(list(y, dtype)).array();
      assert.deepEqual(power('i32', [3, -7, 2, 5], [40, 21, 33, 0]), [689956897, -192061479, 0, 1]);
      assert.deepEqual(power('i16', [3, -7, 300], [40, 21, 3]), [-6111, 24537, -832]);
      assert.deepEqual(power('u32', [3, 7], [40, 21]), [689956897, 192061479]);
      assert.deepEqual(power('i64', [3n, -7n, 2n], [39n, 30n, 64n]), [
        4052555153018976267n,
        1576789505350337489n,
        0n,
      ]);
      assert.deepEqual(power('u64', [3n, 7n], [40n, 30n]), [
        12157665459056928801n,
        1576789505350337489n,
      ]);
      // NumPy refuses negative powers; 1 and -1 have some.
      assert.deepEqual(power('i32', [2, 1, -1, -1], [-1, -5, -3, -2]), [0, 1, -1, 1]);
      assert.deepEqual(power('i64', [2n, 1n, -1n, -1n], [-1n, -5n, -3n, -2n]), [0n, 1n, -1n, 1n]);
    });

    test('what a division leaves has the sign of the divisor, also of an infinite one', () => {
      const rest = (x: number[], y: number[]) => list(x, 'f64').mod(list(y, 'f64')).array();
      const [inf, many] = [Infinity, -Infinity];
      assert.deepEqual(rest([5, -5, 5, -5, 1e20, 0.3], [inf, inf, many, many, 3, 0.1]), [
        5,
        inf,
        many,
        -5,
        1,
        0.09999999999999998,
      ]);
      const big = list([5n, -5n, 5n, -5n], 'i64').mod(list([0n, 3n, -3n, 0n], 'i64'));
      assert.deepEqual(big.array(), [0n, 1n, -1n, 0n]);
    });

    test('a cast to a narrower integer stays in range, from integers of 64 bits too', () => {
      const long = list([300n, -1n, -(2n ** 63n)], 'i64');
      assert.deepEqual(long.cast('u8').array(), [255, 0, 0]);
      assert.deepEqual(long.cast('i16').array(), [300, -1, -32768]);
      assert.deepEqual(long.cast('u64').array(), [300n, 0n, 0n]);
      assert.deepEqual(
        list([2n ** 64n - 1n], 'u64')
          .cast('i64')
          .array(),
        [2n ** 63n - 1n],
      );
      assert.deepEqual(list([300, -1], 'i32').cast('u8').array(), [255, 0]);
    });

    test('softmax and its like over nothing', () => {
      setDevice(name);
      assert.deepEqual(functions.softmax(functions.zeros([0, 4]), 0).shape, [0, 4]);
      assert.deepEqual(functions.logSoftmax(functions.zeros([0, 4]), 0).shape, [0, 4]);
      const sums = functions.logSumExp(functions.zeros([2, 0]), 1);
      assert.deepEqual(sums.array(), [-Infinity, -Infinity]);
    });

    test('the gradient of layerNorm in f16 is zero where all elements are equal', () => {
      const slope = grad((x) => x.layerNorm().sum());
      assert.deepEqual(slope(list([0.5], 'f16')).array(), [0]);
    });
  });
}
