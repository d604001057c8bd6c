import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fourier } from '../../engine/special/fourier.ts';
import * as tf from '../../engine/index.ts';

const wave = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * i));

/** The greatest difference. */
function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

test('transforms of every small length are sums', () => {
  for (let n = 1; n <= 64; n++) {
    const x = wave(2 * n);
    for (const sign of [-1, 1] as const) {
      const found = x.slice();
      Fourier.of(n).run(found, sign);
      const sums = new Float64Array(2 * n);
      for (let k = 0; k < n; k++) {
        for (let t = 0; t < n; t++) {
          const angle = (sign * 2 * Math.PI * ((k * t) % n)) / n;
          const [c, s] = [Math.cos(angle), Math.sin(angle)];
          sums[2 * k]! += x[2 * t]! * c - x[2 * t + 1]! * s;
          sums[2 * k + 1]! += x[2 * t]! * s + x[2 * t + 1]! * c;
        }
      }
      assert.ok(gap(found, sums) < 1e-13 * n, `length ${n}`);
    }
  }
});

test('long transforms are exact to the last digits, primes too', () => {
  for (const n of [2 ** 14, 10007, 100_003, 3 ** 5 * 5 ** 2 * 7, 2 * 13 * 17]) {
    // A turning number has one frequency.
    const frequency = Math.floor(n / 3);
    const x = new Float64Array(2 * n);
    for (let t = 0; t < n; t++) {
      const angle = (2 * Math.PI * ((frequency * t) % n)) / n;
      x[2 * t] = Math.cos(angle);
      x[2 * t + 1] = Math.sin(angle);
    }
    const found = x.slice();
    Fourier.of(n).run(found, -1);
    const peak = new Float64Array(2 * n);
    peak[2 * frequency] = n;
    assert.ok(gap(found, peak) < 2e-14 * n, `peak of ${n}: ${gap(found, peak)}`);
    Fourier.of(n).run(found, 1);
    assert.ok(
      gap(
        found.map((value) => value / n),
        x,
      ) < 4e-15,
      `back from ${n}`,
    );
  }
});

test('f32 comes out as exact as it can be said', () => {
  const n = 1009;
  const x = tf.tensor(wave(n)).cast('f32');
  const wide = x.cast('f64').rfft();
  assert.deepEqual(x.rfft().data(), wide.cast('c64').data());
  const back = x.rfft().irfft(n);
  assert.equal(back.dtype, 'f32');
  assert.ok(gap(back.data() as Float32Array, x.data() as Float32Array) < 2e-7);
});

test('a transform of strided rows, of a half and of integers', () => {
  const x = tf.tensor(wave(24), [4, 6]);
  assert.deepEqual(x.transpose().fft().data(), x.transpose().clone().fft().data());
  assert.equal(x.cast('f16').fft().dtype, 'c64');
  assert.deepEqual(tf.tensor([1, 2, 3, 4], [4], 'i64').fft().array(), [
    { re: 10, im: 0 },
    { re: -2, im: 2 },
    { re: -2, im: 0 },
    { re: -2, im: -2 },
  ]);
});

test('a signal comes back from its short-time transform', () => {
  const x = tf.tensor(wave(64), [2, 32]);
  const back = x.stft(8, 2).istft(8, 2);
  // The Hann window is 0 at the first sample.
  assert.ok(
    gap(back.slice([0, 1]).data() as Float64Array, x.slice([0, 1]).data() as Float64Array) < 1e-14,
  );
  const hamming = (n: number) => tf.hammingWindow(n, 'f64');
  const other = x.stft(8, 3, 16, hamming).istft(8, 3, 16, hamming);
  assert.equal(other.shape[1], 32);
  assert.ok(gap(other.data() as Float64Array, x.data() as Float64Array) < 1e-14);
});
