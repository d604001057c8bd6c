import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../../engine/devices/plain.ts';
import { ceiling, normal, threefry, uniform } from '../../../engine/devices/plain/random.ts';
import { dtypes, type DType } from '../../../engine/dtype.ts';
import type { Buf } from '../../../engine/device.ts';
import { sizeOf, type Shape } from '../../../engine/shape.ts';

const { kernels } = plain;

test('draws the words the authors of Threefry published', () => {
  // The known answers of Random123 for threefry2x32, 20 rounds.
  assert.deepEqual(threefry([0, 0], 0), [0x6b200159, 0x99ba4efe]);
});

test('the normal quantile agrees with SciPy', () => {
  const at = (word: number) => normal([word, 0], false, 0, 1);
  // scipy.special.ndtri((word + 0.5) / 2**32)
  const known: [number, number][] = [
    [0, -6.3379577545537895],
    [1, -6.166429517819751],
    [1000, -5.039851125968712],
    [100000000, -1.9902252413891441],
    [322122547, -1.4395314704450153],
    [2147483648, 2.918099372916623e-10],
    [3000000000, 0.5200680618488762],
    [4294967295, 6.3379577545537895],
    [4294000000, 3.5086234912185352],
  ];
  for (const [word, value] of known) {
    assert.ok(Math.abs(at(word) - value) <= 1e-14 * Math.abs(value), `${word}: ${at(word)}`);
  }
});

test('uniform numbers stay below the upper end', () => {
  assert.equal(uniform([0xffffffff, 0xffffffff], false, 0, 1, true), 1 - 2 ** -24);
  assert.equal(uniform([0xffffffff, 0], false, 0, 6, false), 5);
  // numpy.nextafter of each dtype; bf16 by its bits.
  assert.equal(ceiling('f64', 0, 1), 1 - 2 ** -53);
  assert.equal(ceiling('f32', 0, 1), 1 - 2 ** -24);
  assert.equal(ceiling('f32', 1, 1.0001), 1.0000998973846436);
  assert.equal(ceiling('f16', 0, 1), 0.99951171875);
  assert.equal(ceiling('bf16', -3, 0), -(2 ** -133));
  assert.equal(ceiling('f32', 1, 1), Infinity);
});

test('64-bit integers are exact and wrap around', () => {
  const [x, y, out] = [made([2], 'i64'), made([], 'i64'), made([2], 'i64')];
  (plain.array(x) as BigInt64Array).set([2n ** 62n, -(2n ** 53n) - 1n]);
  kernels.fill(y, 2n);
  kernels.zip('mul', out, x, y);
  assert.deepEqual(plain.array(out), BigInt64Array.of(-(2n ** 63n), -(2n ** 54n) - 2n));
});

test('32-bit products keep their low bits', () => {
  const [x, out] = [made([1], 'i32', [123456789]), made([1], 'i32')];
  kernels.zip('mul', out, x, x);
  assert.equal(plain.array(out)[0], Math.imul(123456789, 123456789));
});

test('casts to integers cut toward zero and stay in range', () => {
  const x = made([6], 'f32', [-1.9, 300, 1e20, NaN, 1.5, -1e20]);
  const cast = (dtype: DType) => {
    const out = made([6], dtype);
    kernels.map('identity', out, x);
    return [...plain.array(out)];
  };
  assert.deepEqual(cast('u8'), [0, 255, 255, 0, 1, 0]);
  assert.deepEqual(cast('i32'), [-1, 300, 2147483647, 0, 1, -2147483648]);
  assert.deepEqual(cast('i64').slice(0, 2), [-1n, 300n]);
  assert.deepEqual(cast('bool'), [1, 1, 1, 1, 1, 1]);
});

test('sums pairwise', () => {
  const n = 1 << 16;
  const [x, out] = [made([n], 'f64', Array<number>(n).fill(0.1)), made([], 'f64')];
  kernels.reduce('sum', out, x, [0]);
  assert.ok(Math.abs(Number(plain.array(out)[0]) - 6553.6) < 2e-12);
});

test('reads strides of any sign, and zero', () => {
  const base = made([6], 'f32', [0, 1, 2, 3, 4, 5]);
  const x: Buf = { ...base, shape: [2, 2, 2], size: 8, offset: 5, strides: [-3, 0, -2] };
  const out = made([2, 2, 2], 'f32');
  kernels.map('identity', out, x);
  assert.deepEqual([...plain.array(out)], [5, 3, 5, 3, 2, 0, 2, 0]);
});

test('not-a-number counts as extreme', () => {
  const x = made([4], 'f32', [3, NaN, 5, NaN]);
  const [max, at, order] = [made([], 'f32'), made([], 'i32'), made([4], 'i32')];
  kernels.reduce('max', max, x, [0]);
  kernels.argReduce('argMin', at, x, 0);
  assert.ok(Number.isNaN(plain.array(max)[0]));
  assert.equal(plain.array(at)[0], 1);
  kernels.sort(null, order, x, 0, false);
  assert.deepEqual([...plain.array(order)], [0, 2, 1, 3]);
  kernels.sort(null, order, x, 0, true);
  assert.deepEqual([...plain.array(order)], [1, 3, 2, 0]);
});

test('gather checks its indices, scatterAdd is its transpose', () => {
  const x = made(
    [2, 3, 2],
    'f32',
    Array.from({ length: 12 }, (_, i) => i),
  );
  const indices = made([2, 2], 'i32', [2, 0, 0, 2]);
  const out = made([2, 2, 2, 2], 'f32');
  kernels.gather(out, x, indices, 1, 0);
  assert.deepEqual([...plain.array(out)], [4, 5, 0, 1, 0, 1, 4, 5, 10, 11, 6, 7, 6, 7, 10, 11]);
  const back = made([2, 3, 2], 'f32');
  kernels.fill(back, 0);
  kernels.scatterAdd(back, out, indices, 1, 0);
  assert.deepEqual([...plain.array(back)], [0, 2, 0, 0, 8, 10, 12, 14, 0, 0, 20, 22]);
  assert.throws(() => kernels.gather(out, x, made([2, 2], 'i32', [0, 0, 0, 3]), 1, 0), {
    message: 'gather: index 3 at [1,1] lies outside axis 1 of [2,3,2] (0 to 2)',
  });
});

function made(shape: Shape, dtype: DType, values: readonly number[] = []): Buf {
  const size = sizeOf(shape);
  const bytes = plain.allocate(size * dtypes[dtype].bytes);
  const buf: Buf = { shape, dtype, size, offset: 0, strides: null, storage: { bytes } };
  if (values.length > 0) (plain.array(buf) as Float32Array).set(values);
  return buf;
}

test('a calculation sees elements row-major, and floats of 16 bits as f32', () => {
  const turned = { ...made([2, 3], 'f16', [0, 1, 2, 3, 4, 5]), shape: [3, 2], strides: [1, 3] };
  kernels.map('identity', turned, made([3, 2], 'f32', [0, 0.5, 1, 1.5, 2, 2.5]));
  const behind = { ...made([4], 'i64'), shape: [2], size: 2, offset: 2 };
  (plain.array(behind) as BigInt64Array).set([9n, 9n, 7n, 8n]);
  const [half, big] = [made([6], 'bf16'), made([2], 'i64')];
  kernels.calculate([half, big], [turned, behind], (outs, ins) => {
    assert.ok(ins[0] instanceof Float32Array && ins[0].length === 6);
    outs[0]!.set(ins[0] as never);
    (outs[1] as BigInt64Array).set(ins[1] as BigInt64Array);
  });
  const read = made([6], 'f64');
  kernels.map('identity', read, half);
  assert.deepEqual([...plain.array(read)], [0, 1.5, 0.5, 2, 1, 2.5]);
  assert.deepEqual([...plain.array(big)], [7n, 8n]);
});
