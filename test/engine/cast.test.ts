import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { dtypes, isBig, isComplex, isFloat, range, type DType } from '../../engine/dtype.ts';
import { fromBf16, fromF16, toBf16, toF16 } from '../../engine/half.ts';
import * as tf from '../../engine/index.ts';
import { setDevice } from '../../engine/placement.ts';
import { devices } from '../kit/samples.ts';

const all = (Object.keys(dtypes) as DType[]).filter((dtype) => dtypes[dtype].array !== null);

/** Values that some dtype does not hold: fractions, ends of ranges and what lies behind them. */
const values = [
  ...[0, -0, 1, -1, 0.5, -0.5, 1.5, -1.9, 2.5, 127, 128, -128, -129, 255, 256, 300, -300],
  ...[32767, 32768, 65535, 65536, 65519, 65520, 1e6, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32],
  ...[-(2 ** 31) - 1, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 1e30, -1e300, 1e-10, 1e-42],
  ...[NaN, Infinity, -Infinity],
];

/** The rule as docs/ops.md has it, for a value that `from` holds. */
function rule(value: number | bigint, to: DType): number | bigint {
  if (to === 'bool') return value !== 0 && value !== 0n ? 1 : 0;
  if (isFloat(to)) return rounded(Number(value), to);
  const [low, high] = range(to);
  if (value !== value) return isBig(to) ? 0n : 0;
  const whole =
    typeof value === 'bigint'
      ? value
      : value === Infinity
        ? high
        : value === -Infinity
          ? low
          : BigInt(Math.trunc(value));
  const kept = whole < low ? low : whole > high ? high : whole;
  return isBig(to) ? kept : Number(kept);
}

function rounded(value: number, dtype: DType): number {
  if (dtype === 'f16') return fromF16(toF16(value));
  if (dtype === 'bf16') return fromBf16(toBf16(Math.fround(value)));
  return dtype === 'f32' ? Math.fround(value) : value;
}

for (const { name, skip } of devices) {
  suite(`cast on ${name}`, { skip }, () => {
    for (const from of all.filter((dtype) => !isComplex(dtype))) {
      test(`from ${from}`, () => {
        setDevice(name);
        const x = tf.tensor(values, [values.length], from);
        const held = x.data();
        for (const to of all) {
          // Two roundings, to f32 and on, are where they are said: f64 to bf16.
          if (to === 'bf16' && (from === 'f64' || isBig(from))) continue;
          const found = x.cast(to).data();
          const [each, real] = isComplex(to)
            ? ([2, to === 'c64' ? 'f32' : 'f64'] as const)
            : ([1, to] as const);
          for (let i = 0; i < values.length; i++) {
            const wanted = rule(held[i]!, real);
            const got = found[each * i]!;
            const same = got === wanted || (got !== got && wanted !== wanted);
            assert.ok(same, `${held[i]} of ${from} is ${got} as ${to}, not ${wanted}`);
            if (each === 2) assert.equal(found[2 * i + 1], 0);
          }
        }
      });
    }

    test('from complex numbers', () => {
      setDevice(name);
      for (const from of ['c64', 'c128'] as const) {
        const z = tf.tensor(
          [
            { re: 300.7, im: 1 },
            { re: 0, im: 2 },
            { re: NaN, im: 0 },
            { re: 0, im: 0 },
          ],
          [4],
          from,
        );
        for (const to of all.filter((dtype) => dtype !== 'bool')) {
          const found = z.cast(to).real().data();
          const wanted = z
            .real()
            .cast(isComplex(to) ? (to === 'c64' ? 'f32' : 'f64') : to)
            .data();
          assert.deepEqual(found, wanted, `${from} to ${to}`);
        }
        assert.deepEqual(z.cast('bool').array(), [true, true, true, false]);
        assert.deepEqual(
          z
            .cast(from === 'c64' ? 'c128' : 'c64')
            .imag()
            .array(),
          [1, 2, 0, 0],
        );
      }
    });
  });
}

test('what is made of many elements of 16 bits is made in f32', () => {
  for (const { name, skip } of devices) {
    if (skip) continue;
    setDevice(name);
    for (const dtype of ['f16', 'bf16'] as const) {
      const x = tf.randomUniform([64, 300], 0, 1, 'f32', 3).cast(dtype);
      const wide = x.cast('f32');
      const y = tf.randomUniform([300, 8], -1, 1, 'f32', 4).cast(dtype);
      // Rounding step by step would be wrong in the second digit here.
      const same = (what: string, a: tf.Tensor, b: tf.Tensor, units: number) => {
        const size = b.abs().max().item();
        const gap = a.cast('f32').sub(b).abs().max().item();
        const unit = size * 2 ** (dtype === 'f16' ? -11 : -8);
        assert.equal(a.dtype, dtype, what);
        assert.ok(gap <= units * unit, `${what} of ${dtype} on ${name}: ${gap / unit} units`);
      };
      same('sum', x.sum(1), wide.sum(1), 1);
      same('mean', x.mean(0), wide.mean(0), 1);
      same('matMul', x.matMul(y), wide.matMul(y.cast('f32')), 1);
      same('softmax', x.softmax(), wide.softmax(), 2);
      same(
        'layerNorm',
        x.layerNorm(tf.ones([300], dtype), tf.zeros([300], dtype)),
        wide.layerNorm(tf.ones([300]), tf.zeros([300])),
        3,
      );
    }
  }
});

test('bits stay what they are', () => {
  for (const { name, skip } of devices) {
    if (skip) continue;
    setDevice(name);
    assert.deepEqual(tf.tensor([1, -2]).bitcast('u32').array(), [0x3f800000, 0xc0000000]);
    const bytes = tf.tensor([1], [1], 'f64').bitcast('uint8');
    assert.deepEqual(bytes.array(), [[0, 0, 0, 0, 0, 0, 0xf0, 0x3f]]);
    assert.deepEqual(bytes.bitcast('f64').array(), [1]);
    assert.deepEqual(tf.tensor([1, 2], [2], 'f16').bitcast('i16').array(), [0x3c00, 0x4000]);
    assert.deepEqual(tf.tensor([0x3f80], [1], 'u16').bitcast('bf16').array(), [1]);
    assert.deepEqual(tf.tensor([-1n]).bitcast('u64').array(), [2n ** 64n - 1n]);
    assert.deepEqual(
      tf
        .tensor([{ re: 1, im: 2 }])
        .bitcast('f32')
        .array(),
      [[1, 2]],
    );
    assert.deepEqual(
      tf
        .tensor([
          [1, 2],
          [3, 4],
        ])
        .transpose()
        .bitcast('i32')
        .bitcast('f32')
        .array(),
      [
        [1, 3],
        [2, 4],
      ],
    );
  }
});
