import type { DType } from './dtype.ts';
import { fromBf16, fromF16, toBf16, toF16 } from './half.ts';

/** The next float of a dtype after x on the way to y, by its bits: they count up away from 0. */
export function neighbour(dtype: DType): (x: number, y: number) => number {
  const { bits, value, sign } = ways[dtype] ?? ways.f64!;
  return (x, y) => {
    if (x !== x || y !== y) return NaN;
    if (x === y) return y;
    if (x === 0) return y > 0 ? value(1n) : value(sign + 1n);
    return value(bits(x) + (x < y === x > 0 ? 1n : -1n));
  };
}

interface Way {
  readonly bits: (x: number) => bigint;
  readonly value: (bits: bigint) => number;
  /** The bits of -0. */
  readonly sign: bigint;
}

const double = new Float64Array(1);
const long = new BigUint64Array(double.buffer);
const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

const ways: { readonly [D in DType]?: Way } = {
  f64: {
    bits: (x) => ((double[0] = x), long[0]!),
    value: (bits) => ((long[0] = bits), double[0]!),
    sign: 1n << 63n,
  },
  f32: {
    bits: (x) => ((single[0] = x), BigInt(word[0]!)),
    value: (bits) => ((word[0] = Number(bits)), single[0]!),
    sign: 1n << 31n,
  },
  f16: { bits: (x) => BigInt(toF16(x)), value: (bits) => fromF16(Number(bits)), sign: 1n << 15n },
  bf16: {
    bits: (x) => BigInt(toBf16(x)),
    value: (bits) => fromBf16(Number(bits)),
    sign: 1n << 15n,
  },
};
