import type { Buf } from './device.ts';
import type { Section } from './section.ts';
import { broadcastStrides, sameShape, sizeOf, stridesOf, type Shape } from './shape.ts';

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

/** A value read as if it filled a section, in the axes of the array the section is of. */
export function inside(value: Buf, { kept, size, shape }: Section): Buf {
  const wide = stridesOf(spread(value, shape));
  const strides = size.map((_, axis) => (kept.includes(axis) ? wide[kept.indexOf(axis)]! : 0));
  return {
    shape: size,
    dtype: value.dtype,
    size: sizeOf(size),
    offset: value.offset,
    strides,
    storage: value.storage,
  };
}
