import { pairs } from '../complex.ts';
import type { Buf, Elements } from '../device.ts';
import { dtypeOf, dtypes, isComplex, numeric, type DType, type DTypeLike } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { text } from '../shape.ts';

/**
 * The same bits read as another dtype. One of as many bytes leaves the shape; elements are cut into smaller ones along a
 * new last axis, and smaller ones that fill the last axis become one: f64 `[3]` is u8 `[3,8]`, and back. The first byte
 * is the lowest. No gradient: bits have none. (As `tf.bitcast` of TensorFlow; f16 and bf16 go with their own bits.)
 */
export const bitcast: Op<{ x: One }, [x: T], [dtype: DTypeLike], { dtype: DType }, One> = {
  inputs: { x: 'one' },
  attrs: (_, dtype) => ({ dtype: dtypeOf('bitcast', dtype) }),
  idle: (x, dtype) => x.dtype === dtype || dtypes[x.dtype].long === dtype,
  spec: ({ x }, { dtype }) => {
    if (dtype === 'bool') {
      throw new Error('bitcast: bits are no booleans; compare with 0, or cast');
    }
    if (!isComplex(x.dtype)) numeric('bitcast', x.dtype);
    const [from, to] = [dtypes[x.dtype].bytes, dtypes[dtype].bytes];
    if (from === to) return { shape: x.shape, dtype };
    if (from > to) return { shape: [...x.shape, from / to], dtype };
    if (x.shape.at(-1) === to / from) return { shape: x.shape.slice(0, -1), dtype };
    throw new Error(
      `bitcast: ${to / from} elements of ${x.dtype} make one of ${dtype}, and the last axis of ${text(x.shape)} has not that length`,
    );
  },
  forward: (k, { x }, _, out) =>
    k.calculate([bits(out)], [bits(x)], ([to], [from]) => bytes(to!).set(bytes(from!))),
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: [2, 3] }, args: ['i32'] },
    { in: { x: [2] }, args: ['u8'] },
    { in: { x: { shape: [2, 4], dtype: 'u16', range: [0, 9] } }, args: ['i64'] },
    { in: { x: { shape: [2], dtype: 'f16' } }, args: ['u16'] },
    { in: { x: { shape: [2], dtype: 'c64' } }, args: ['f32'] },
  ],
  errors: [
    { in: { x: [2] }, args: ['bool'], says: 'bits are no booleans' },
    {
      in: { x: [2, 3] },
      args: ['f64'],
      says: '2 elements of f32 make one of f64, and the last axis of [2,3] has not that length',
    },
  ],
};

/** A buffer whose elements are its bits: floats of 16 bits are no numbers of another kind here. */
function bits(x: Buf): Buf {
  if (isComplex(x.dtype)) return pairs(x);
  const { shape, size, offset, strides, storage } = x;
  const dtype = x.dtype === 'f16' || x.dtype === 'bf16' ? 'u16' : x.dtype;
  return { shape, dtype, size, offset, strides, storage };
}

function bytes(elements: Elements): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}
