/** The digits of data/, see data/SOURCE.md: who wrote them, and under which licence. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tapedeck/engine';

export interface Digits {
  /** f32[count,64]: 8 × 8 pixels, row by row, from 0 (paper) to 1 (ink). */
  readonly images: tf.Tensor;
  /** i32[count]: the digit that each image shows. */
  readonly labels: tf.Tensor;
}

/** All digits, of which every fifth is held out for testing. */
export function readDigits(): { train: Digits; test: Digits } {
  const file = new URL('data/digits.csv.gz', import.meta.url);
  const rows = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  return {
    train: digits(rows.filter((_, i) => i % 5 !== 0)),
    test: digits(rows.filter((_, i) => i % 5 === 0)),
  };
}

function digits(rows: readonly number[][]): Digits {
  return {
    images: tf.tensor(rows.map((row) => row.slice(0, 64))).div(16),
    labels: tf.tensor(Int32Array.from(rows, (row) => row[64]!)),
  };
}
