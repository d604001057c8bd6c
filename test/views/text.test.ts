import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesText, countText, numText, shareText, timeText } from '../../views/text.ts';

test('bytes in steps of 1024, three digits', () => {
  const seen = [0, 999, 1023, 1024, 1536, 102_400, 1_048_064, 1_048_576, 4 * 1024 ** 3].map(
    bytesText,
  );
  assert.deepEqual(seen, [
    '0 B',
    '999 B',
    '1023 B',
    '1.00 KB',
    '1.50 KB',
    '100 KB',
    '1.00 MB',
    '1.00 MB',
    '4.00 GB',
  ]);
});

test('times from nanoseconds to seconds', () => {
  const seen = [0, 0.00042, 0.00137, 0.137, 1.37, 137, 1370].map(timeText);
  assert.deepEqual(seen, ['0', '420 ns', '1.37 µs', '137 µs', '1.37 ms', '137 ms', '1.37 s']);
});

test('statistics are short, whatever their size', () => {
  const seen = [0, 3, 0.1310001, -0.000012, 12345678, 'NaN', 'Infinity', '-Infinity'] as const;
  assert.deepEqual(seen.map(numText), ['0', '3', '0.131', '-1.20e-5', '1.23e7', 'NaN', '∞', '-∞']);
  for (const num of [-1.2345678e-300, 999999.5, -0.00123456])
    assert.ok(numText(num).length <= 10, numText(num));
});

test('counts have thin gaps, shares one digit', () => {
  assert.equal(countText(1797), '1\u202f797');
  assert.equal(countText(12), '12');
  assert.deepEqual([0, 0.0001, 0.4821, 1].map(shareText), ['0.0 %', '<0.1 %', '48.2 %', '100.0 %']);
});
