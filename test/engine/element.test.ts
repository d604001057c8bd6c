import assert from 'node:assert';
import { test } from 'node:test';
import { fit, parse, show } from '../../engine/element.ts';

test('an f32 is shown with as many digits as it has, like NumPy', () => {
  const shown = [0.1, 1 / 3, 16777216, 1e-7, 3.4028235e38, -0].map((value) =>
    show(Math.fround(value), 'f32'),
  );
  assert.deepEqual(shown, ['0.1', '0.33333334', '16777216', '1e-7', '3.4028235e+38', '-0']);
  assert.equal(show(0.1, 'f64'), '0.1');
  assert.equal(show(5n, 'i64'), '5');
  assert.equal(show(1, 'bool'), 'true');
});

test('what a user types is taken as it is meant', () => {
  assert.equal(parse(' 1_000.5e-1 ', 'f32'), 100.05);
  assert.equal(parse('.5', 'f32'), 0.5);
  assert.equal(parse('-inf', 'f32'), -Infinity);
  assert.ok(Number.isNaN(parse('nan', 'f32')));
  assert.equal(parse('9007199254740993', 'i64'), 9007199254740993n);
  assert.equal(parse('true', 'bool'), 1);
  assert.equal(parse('-3', 'i8'), -3);
});

test('what does not fit is refused with what would', () => {
  const says = (text: string, dtype: Parameters<typeof parse>[1]) => {
    try {
      return parse(text, dtype);
    } catch (failure) {
      return (failure as Error).message;
    }
  };
  assert.equal(says('300', 'u8'), '300 does not fit u8: whole numbers from 0 to 255 do');
  assert.equal(says('-1', 'u8'), '-1 does not fit u8: whole numbers from 0 to 255 do');
  assert.equal(says('2', 'bool'), '2 does not fit bool: true, false, 1 or 0 would');
  assert.equal(says('one', 'i32'), "'one' is not a value of i32: 3 would be");
  assert.equal(says('', 'f32'), "'' is not a value of f32: 1.5, NaN or -Infinity would be");
  assert.match(String(says('NaN', 'i32')), /^NaN does not fit i32/);
  assert.throws(() => fit([1], 'f32'), /a list of 1 is not a value of f32/);
});
