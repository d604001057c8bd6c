import { floatOf, numeric, type DType } from '../dtype.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { cubic, linear, pick, positions, type Alignment } from '../resampling.ts';
import { sizes } from '../sliding.ts';
import { text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Images in other sizes. They are `[batch, height, width, channels]`, or one without the batch.

export interface Resized extends Alignment {
  readonly size: readonly [height: number, width: number];
}

type Resize = Op<
  { images: One },
  [images: T],
  [
    size: readonly [height: number, width: number],
    alignCorners?: boolean,
    halfPixelCenters?: boolean,
  ],
  Resized,
  One
>;

/**
 * Images in another size, between the four nearest pixels. Corners lie on
 * corners with `alignCorners`; centres of pixels at halves with
 * `halfPixelCenters`, which is what PyTorch does without `align_corners`, and
 * TensorFlow 2; else at whole numbers, as TensorFlow 1 had it. Integers become
 * f32.
 */
export const resizeBilinear: Resize = {
  ...resize('resizeBilinear', floatOf, linear),
  samples: [
    { in: { images: [2, 3, 4, 2] }, args: [[5, 3]] },
    { in: { images: [3, 3, 1] }, args: [[2, 5], true] },
    { in: { images: [1, 4, 4, 1] }, args: [[2, 7], false, true] },
    { in: { images: [1, 3, 2, 1] }, args: [[1, 1], true] },
    { in: { images: { shape: [1, 2, 2, 1], dtype: 'i32' } }, args: [[3, 3]] },
    { in: { images: [0, 2, 2, 1] }, args: [[3, 3]] },
  ],
};

/** Images in another size, each pixel that of its nearest in the source; see `resizeBilinear`. */
export const resizeNearestNeighbor: Resize = {
  ...resize('resizeNearestNeighbor', kept, (x, axis, at, { alignCorners, halfPixelCenters }) => {
    const round = (place: number) =>
      alignCorners ? Math.round(place) : Math.floor(place + (halfPixelCenters ? 0.5 : 0));
    return pick(x, axis, at.map(round));
  }),
  samples: [
    { in: { images: [2, 3, 4, 2] }, args: [[5, 3]] },
    { in: { images: [3, 3, 1] }, args: [[2, 5], true] },
    { in: { images: [1, 4, 4, 1] }, args: [[2, 7], false, true] },
    { in: { images: { shape: [1, 2, 2, 1], dtype: 'u8' } }, args: [[3, 3]] },
  ],
};

/**
 * Images in another size, by Keys' cubic kernel over the sixteen nearest
 * pixels, with a = -0.75 as in PyTorch and in TensorFlow 1; the border goes on
 * outside. See `resizeBilinear`.
 */
export const resizeBicubic: Resize = {
  ...resize('resizeBicubic', floatOf, cubic),
  samples: [
    { in: { images: [2, 3, 4, 2] }, args: [[5, 3]] },
    { in: { images: [3, 3, 1] }, args: [[2, 5], true] },
    { in: { images: [1, 4, 4, 1] }, args: [[2, 7], false, true] },
  ],
};

type Errors = NonNullable<Resize['errors']>;

/** What the three ways to resize share: one axis after the other. */
function resize(
  op: string,
  dtypeOf: (op: string, dtype: DType) => DType,
  along: (x: Tensor, axis: number, at: readonly number[], how: Alignment) => Tensor,
) {
  return {
    inputs: { images: 'one' } as const,
    attrs: (
      { images }: { images: Spec },
      size: readonly [number, number],
      alignCorners = false,
      halfPixelCenters = false,
    ): Resized => {
      if (alignCorners && halfPixelCenters) {
        throw new Error(`${op}: alignCorners and halfPixelCenters exclude each other; take one`);
      }
      space(op, images.shape);
      if (!Array.isArray(size)) {
        throw new Error(`${op}: a size is [height, width], not ${JSON.stringify(size)}`);
      }
      const [height, width] = sizes(op, 'size', size, 2) as [number, number];
      return { size: [height, width], alignCorners, halfPixelCenters };
    },
    spec: ({ images }: { images: Spec }, { size }: Resized): Spec => ({
      shape: [...images.shape.slice(0, -3), ...size, images.shape.at(-1)!],
      dtype: dtypeOf(op, images.dtype),
    }),
    compose: ({ images }: { images: Tensor }, { size, ...how }: Resized): Tensor => {
      const [height, width] = space(op, images.shape);
      const axis = images.shape.length - 3;
      const x = images.cast(dtypeOf(op, images.dtype));
      const rows = along(x, axis, positions(height, size[0], how), how);
      return along(rows, axis + 1, positions(width, size[1], how), how);
    },
    errors: [
      { in: { images: [4, 4] }, args: [[2, 2]], says: `${op}: images are [4,4]; they must have` },
      {
        in: { images: [4, 0, 1] },
        args: [[2, 2]],
        says: `${op}: images of [4,0,1] have no pixels`,
      },
      { in: { images: [4, 4, 1] }, args: [[0, 2]], says: `${op}: a size of [0,2]` },
      {
        in: { images: [4, 4, 1] },
        args: [[2, 2], true, true],
        says: `${op}: alignCorners and halfPixelCenters exclude each other`,
      },
    ] as Errors,
  };
}

/** Height and width of images. */
function space(op: string, shape: Shape): readonly [number, number] {
  if (shape.length !== 3 && shape.length !== 4) {
    throw new Error(
      `${op}: images are ${text(shape)}; they must have the axes [batch, height, width, channels], or three of them without a batch`,
    );
  }
  const [height, width] = shape.slice(-3) as [number, number];
  if (height > 0 && width > 0) return [height, width];
  throw new Error(`${op}: images of ${text(shape)} have no pixels`);
}

function kept(op: string, dtype: DType): DType {
  numeric(op, dtype);
  return dtype;
}
