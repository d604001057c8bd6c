import type { Given } from './cells.ts';
import type { Buf } from '../device.ts';
import { reader, type Element } from '../element.ts';
import { denseStrides } from '../shape.ts';

/** A tensor as the rules ask it for elements. Use it at once: the memory may move. */
export function givenOf(buf: Buf): Given {
  const { shape, dtype, offset, strides } = buf;
  let read: ((position: number) => Element) | null = null;
  const dense = denseStrides(shape);
  return {
    shape,
    dtype,
    value(position) {
      read ??= reader(buf);
      if (strides === null) return read(offset + position);
      return read(
        strides.reduce(
          (at, stride, axis) => at + (Math.floor(position / dense[axis]!) % shape[axis]!) * stride,
          offset,
        ),
      );
    },
  };
}
