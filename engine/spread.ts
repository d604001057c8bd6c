import type { Buf } from './device.ts';
import { broadcastStrides, sameShape, sizeOf, type Shape } from './shape.ts';

/** A buffer read as if it had a larger shape, for kernels that do not broadcast by themselves. */
export function spread(x: Buf, shape: Shape): Buf {
  if (sameShape(x.shape, shape)) return x;
  const { dtype, offset, storage } = x;
  return {
    shape,
    strides: broadcastStrides(x, shape),
    size: sizeOf(shape),
    dtype,
    offset,
    storage,
  };
}
