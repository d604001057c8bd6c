import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dtypeOf, promote, weakOf, type DType } from '../../engine/dtype.ts';
import { fromBf16, fromF16, toBf16, toF16 } from '../../engine/half.ts';

test('promotes as the array API standard does', () => {
  const table: [DType, DType, DType][] = [
    ['i8', 'i16', 'i16'],
    ['u8', 'i8', 'i16'],
    ['u32', 'i8', 'i64'],
    ['u8', 'i64', 'i64'],
    ['f32', 'f64', 'f64'],
    ['bool', 'u8', 'u8'],
    // Left open by the standard; JAX says:
    ['i64', 'f32', 'f32'],
    ['f16', 'bf16', 'f32'],
    ['i32', 'f16', 'f16'],
    ['c64', 'f32', 'c64'],
    ['c64', 'f64', 'c128'],
    ['c64', 'i64', 'c64'],
    ['c64', 'c128', 'c128'],
    ['bool', 'c64', 'c64'],
  ];
  for (const [a, b, result] of table) {
    assert.equal(promote('add', a, b), result, `${a} and ${b}`);
    assert.equal(promote('add', b, a), result, `${b} and ${a}`);
  }
  assert.throws(() => promote('add', 'u64', 'i8'), /^Error: add: no integer holds .* u64 and i8/);
  assert.throws(() => promote('add', 'string', 'f32'), /string and f32 have no common dtype/);
});

test('bare numbers are weak', () => {
  assert.equal(weakOf('add', 2, 'f64'), 'f64');
  assert.equal(weakOf('add', 2, 'u8'), 'u8');
  assert.equal(weakOf('add', 2.5, 'u8'), 'f32');
  assert.equal(weakOf('add', 2, 'bool'), 'i32');
  assert.equal(weakOf('add', 2, null), 'f32');
  assert.equal(weakOf('add', true, 'f32'), 'f32');
  assert.throws(() => weakOf('add', 300, 'u8'), /add: 300 does not fit u8 \(0 to 255\)/);
});

test('takes the long names, and says which dtypes there are', () => {
  assert.equal(dtypeOf('cast', 'float32'), 'f32');
  assert.throws(
    () => dtypeOf('cast', 'float' as 'f32'),
    /no dtype is called 'float' \('f32' will be meant\); there are bool,/,
  );
  for (const name of ['constructor', 'toString'])
    assert.throws(() => dtypeOf('op', name as 'f32'), new RegExp(`called '${name}'; there are`));
  assert.equal(dtypeOf('cast', 'string'), 'string');
});

test('sixteen-bit floats round to nearest, ties to even', () => {
  // Bits from NumPy's float16 and PyTorch's bfloat16.
  const halves: [number, number][] = [
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [-0, 0x8000],
    [0.1, 0x2e66],
  ];
  for (const [value, bits] of halves) assert.equal(toF16(value), bits, String(value));
  for (let bits = 0; bits < 0x7c00; bits++) assert.equal(toF16(fromF16(bits)), bits);
  assert.ok(Number.isNaN(fromF16(toF16(NaN))));
  assert.equal(toBf16(0.1), 0x3dcd);
  assert.equal(toBf16(1 + 2 ** -8), 0x3f80);
  assert.equal(toBf16(1 + 3 * 2 ** -8), 0x3f82);
  assert.equal(toBf16(3.4e38), 0x7f80);
  assert.equal(fromBf16(0xc040), -3);
  assert.ok(Number.isNaN(fromBf16(toBf16(NaN))));
});
