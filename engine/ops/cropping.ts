import { checkIndices, floatOf, promote, type DType } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { keysOf, pixels } from '../resampling.ts';
import { text, type Shape } from '../shape.ts';
import { checkFormat, sizes, type DataFormat } from '../sliding.ts';
import type { Tensor } from '../tensor.ts';

// Images sampled where tensors say.

/**
 * Boxes cut out of images and resized: for each of `boxes` `[boxes, 4]`, whose
 * rows are `y1, x1, y2, x2` from 0 to 1 (which is the last pixel), and the
 * image that `boxInd` says. A box that is turned round flips what it cuts; what
 * lies outside of its image is `extrapolationValue`. There is a gradient for
 * the boxes, too, with `method` 'bilinear'.
 */
export const cropAndResize: Op<
  { image: One; boxes: One; boxInd: One },
  [image: T, boxes: T, boxInd: T],
  [
    cropSize: readonly [height: number, width: number],
    method?: 'bilinear' | 'nearest',
    extrapolationValue?: number,
  ],
  {
    cropSize: readonly [number, number];
    method: 'bilinear' | 'nearest';
    extrapolationValue: number;
  },
  One
> = {
  inputs: { image: 'one', boxes: 'one', boxInd: 'one' },
  literals: { boxInd: 'i32' },
  attrs: (_, size, method = 'bilinear', extrapolationValue = 0) => {
    const cropSize = sizes('cropAndResize', 'cropSize', size, 2) as [number, number];
    if (method === 'bilinear' || method === 'nearest') {
      return { cropSize, method, extrapolationValue };
    }
    throw new Error(
      `cropAndResize: no method is called ${String(method)}; take bilinear or nearest`,
    );
  },
  spec: ({ image, boxes, boxInd }, { cropSize }) => {
    const op = 'cropAndResize';
    checkIndices(op, boxInd.dtype);
    const [count] = boxes.shape;
    if (image.shape.length !== 4 || image.shape[1] === 0 || image.shape[2] === 0) {
      throw new Error(
        `${op}: image is ${text(image.shape)}; it must be [batch, height, width, channels], with pixels`,
      );
    }
    if (boxes.shape.length !== 2 || boxes.shape[1] !== 4 || text(boxInd.shape) !== `[${count}]`) {
      throw new Error(
        `${op}: boxes are ${text(boxes.shape)} and boxInd ${text(boxInd.shape)}; they must be [boxes,4] and [boxes]`,
      );
    }
    const shape = [count!, ...cropSize, image.shape[3]!];
    return { shape, dtype: floatOf(op, promote(op, image.dtype, boxes.dtype)) };
  },
  compose: ({ image, boxes, boxInd }, { cropSize, method, extrapolationValue }) => {
    const [, height, width] = image.shape as [number, number, number];
    const dtype = floatOf('cropAndResize', promote('cropAndResize', image.dtype, boxes.dtype));
    const images = image.cast(dtype);
    const corners = boxes.cast(dtype).split(4, 1);
    const axis = (from: Tensor, to: Tensor, pixels: number, n: number) => {
      // One pixel lies in the middle, several from end to end.
      const steps = Array.from({ length: n }, (_, i) => (n > 1 ? i / (n - 1) : 0.5));
      return from.add(to.sub(from).mul(steps)).mul(pixels - 1);
    };
    const y = axis(corners[0]!, corners[2]!, height, cropSize[0]).expandDims(2);
    const x = axis(corners[1]!, corners[3]!, width, cropSize[1]).expandDims(1);
    const of = boxInd.cast('i32').reshape([-1, 1, 1]);
    const value =
      method === 'nearest'
        ? pixels(images, of, y.round(), x.round())
        : between(images, of, y, x, () => null);
    const inside = within(y, height).logicalAnd(within(x, width)).expandDims(-1);
    return inside.where(value, value.zerosLike().add(extrapolationValue));
  },
  samples: [
    {
      in: {
        image: [2, 4, 5, 2],
        boxes: { shape: [3, 4], range: [0.05, 0.9] },
        boxInd: { shape: [3], dtype: 'i32', values: [1, 0, 1] },
      },
      args: [[3, 2]],
    },
    {
      in: {
        image: [1, 4, 4, 1],
        boxes: { shape: [2, 4], range: [-0.4, 1.4] },
        boxInd: { shape: [2], dtype: 'i32', values: [0, 0] },
      },
      args: [[2, 3], 'nearest', 7],
    },
    {
      in: {
        image: [1, 3, 3, 1],
        boxes: { shape: [1, 4], range: [0.1, 0.9] },
        boxInd: { shape: [1], dtype: 'i32', values: [0] },
      },
      args: [[1, 1]],
    },
  ],
  errors: [
    {
      in: { image: [2, 4, 4, 1], boxes: [3, 4], boxInd: { shape: [2], dtype: 'i32' } },
      args: [[2, 2]],
      says: 'cropAndResize: boxes are [3,4] and boxInd [2]; they must be [boxes,4] and [boxes]',
    },
    {
      in: { image: [4, 4, 1], boxes: [1, 4], boxInd: { shape: [1], dtype: 'i32' } },
      args: [[2, 2]],
      says: 'cropAndResize: image is [4,4,1]; it must be [batch, height, width, channels]',
    },
  ],
};

type Mode = 'bilinear' | 'nearest' | 'bicubic';
type Outside = 'zeros' | 'border' | 'reflection';

/**
 * Images sampled at the positions of a grid `[batch, rows, columns, 2]`, whose
 * entries are x and y from -1 to 1, between the edges of the image, or with
 * `alignCorners` between the centres of its outermost pixels (PyTorch's
 * `grid_sample`). What lies outside is zero (`'zeros'`), what is at the border
 * (`'border'`), or the image reflected there (`'reflection'`). Images are
 * `[batch, height, width, channels]`, or with `dataFormat: 'NCHW'` as in
 * PyTorch.
 */
export const gridSample: Op<
  { x: One; grid: One },
  [x: T, grid: T],
  [mode?: Mode, paddingMode?: Outside, alignCorners?: boolean, dataFormat?: DataFormat],
  { mode: Mode; paddingMode: Outside; alignCorners: boolean; dataFormat: DataFormat },
  One
> = {
  inputs: { x: 'one', grid: 'one' },
  attrs: (_, mode = 'bilinear', paddingMode = 'zeros', alignCorners = false, format = 'NHWC') => {
    const dataFormat = checkFormat('gridSample', format);
    for (const [name, list] of [
      [mode, ['bilinear', 'nearest', 'bicubic']],
      [paddingMode, ['zeros', 'border', 'reflection']],
    ] as const) {
      if ((list as readonly string[]).includes(name)) continue;
      throw new Error(`gridSample: no mode is called ${String(name)}; take ${list.join(', ')}`);
    }
    return { mode, paddingMode, alignCorners, dataFormat };
  },
  spec: ({ x, grid }, { dataFormat }) => {
    const [n, ...space] = grid.shape;
    if (x.shape.length !== 4 || grid.shape.length !== 4 || n !== x.shape[0] || space[2] !== 2) {
      throw new Error(
        `gridSample: x is ${text(x.shape)} and the grid ${text(grid.shape)}; they must be images of four axes and [batch, rows, columns, 2], of one batch`,
      );
    }
    const channel = dataFormat === 'NHWC' ? 3 : 1;
    const empty = x.shape.findIndex((length, axis) => length === 0 && axis !== channel && axis > 0);
    if (empty > 0) throw new Error(`gridSample: images of ${text(x.shape)} have no pixels`);
    const [rows, columns] = space as [number, number];
    const made: Shape = [n!, rows, columns];
    const shape = made.toSpliced(channel, 0, x.shape[channel]!);
    return { shape, dtype: floatOf('gridSample', promote('gridSample', x.dtype, grid.dtype)) };
  },
  compose: ({ x, grid }, { mode, paddingMode, alignCorners, dataFormat }) => {
    const dtype: DType = floatOf('gridSample', promote('gridSample', x.dtype, grid.dtype));
    const images = (dataFormat === 'NHWC' ? x : x.transpose([0, 2, 3, 1])).cast(dtype);
    const [batch, height, width] = images.shape as [number, number, number];
    const [gx, gy] = grid.cast(dtype).unstack(3);
    const place = (c: Tensor, n: number) =>
      alignCorners ? c.add(1).mul((n - 1) / 2) : c.add(1).mul(n).sub(1).mul(0.5);
    const outside = (c: Tensor, n: number) => padded(c, n, paddingMode, alignCorners);
    const of = grid
      .slice([0, 0, 0, 0], [1, 1, 1, 1])
      .zerosLike()
      .cast('i32')
      .reshape([])
      .add(Array.from({ length: batch }, (_, i) => [[i]]));
    // With zeros outside, what is not in the image counts as nothing.
    const zero = (y: Tensor, at: Tensor) =>
      paddingMode === 'zeros'
        ? within(y, height).logicalAnd(within(at, width)).expandDims(-1)
        : null;
    const [y, at] = [place(gy!, height), place(gx!, width)];
    let out: Tensor;
    if (mode === 'bicubic') {
      out = cubicBetween(
        images,
        of,
        y,
        at,
        (row, column) => [outside(row, height), outside(column, width)],
        zero,
      );
    } else {
      const [row, column] = [outside(y, height), outside(at, width)];
      if (mode === 'bilinear') out = between(images, of, row, column, zero);
      else {
        const [i, j] = [row.round(), column.round()];
        const value = pixels(images, of, i, j);
        out = zero(i, j)?.where(value, 0) ?? value;
      }
    }
    return dataFormat === 'NHWC' ? out : out.transpose([0, 3, 1, 2]);
  },
  samples: [
    { in: { x: [2, 3, 4, 2], grid: { shape: [2, 2, 3, 2], range: [-0.9, 0.9] } } },
    {
      in: { x: [1, 3, 4, 1], grid: { shape: [1, 2, 2, 2], range: [-2, 2] } },
      args: ['bilinear', 'border', true],
    },
    {
      in: { x: [1, 3, 4, 1], grid: { shape: [1, 2, 2, 2], range: [-2, 2] } },
      args: ['bilinear', 'reflection'],
    },
    {
      in: { x: [1, 2, 4, 3], grid: { shape: [1, 2, 2, 2], range: [-1, 1] } },
      args: ['bicubic', 'zeros', false, 'NCHW'],
    },
    {
      in: { x: [1, 4, 4, 1], grid: { shape: [1, 2, 2, 2], range: [-1.2, 1.2] } },
      args: ['nearest', 'zeros'],
    },
  ],
  errors: [
    {
      in: { x: [2, 3, 4, 2], grid: [1, 2, 3, 2] },
      says: 'gridSample: x is [2,3,4,2] and the grid [1,2,3,2]; they must be images of four axes',
    },
    {
      in: { x: [1, 3, 4, 2], grid: [1, 2, 3, 2] },
      args: ['linear' as 'bilinear'],
      says: 'gridSample: no mode is called linear; take bilinear, nearest, bicubic',
    },
  ],
};

/** Which of two positions counts: null where all do. */
type Counts = (y: Tensor, x: Tensor) => Tensor | null;

/** Between the four pixels around a position. */
function between(images: Tensor, of: Tensor, y: Tensor, x: Tensor, counts: Counts): Tensor {
  const [top, left] = [y.floor(), x.floor()];
  const at = (i: Tensor, j: Tensor) => {
    const value = pixels(images, of, i, j);
    return counts(i, j)?.where(value, 0) ?? value;
  };
  const [down, right] = [y.sub(top).expandDims(-1), x.sub(left).expandDims(-1)];
  const row = (i: Tensor) => {
    const first = at(i, left);
    return first.add(at(i, left.add(1)).sub(first).mul(right));
  };
  const upper = row(top);
  return upper.add(row(top.add(1)).sub(upper).mul(down));
}

/** Among the sixteen pixels around a position, each of which may lie outside. */
function cubicBetween(
  images: Tensor,
  of: Tensor,
  y: Tensor,
  x: Tensor,
  outside: (row: Tensor, column: Tensor) => readonly [Tensor, Tensor],
  counts: Counts,
): Tensor {
  const [top, left] = [y.floor(), x.floor()];
  const weights = (c: Tensor) => [
    keysOf(c.add(1), false),
    keysOf(c, true),
    keysOf(c.neg().add(1), true),
    keysOf(c.neg().add(2), false),
  ];
  const [rows, columns] = [weights(y.sub(top)), weights(x.sub(left))];
  const taps = rows.flatMap((row, i) =>
    columns.map((column, j) => {
      const [at, along] = outside(top.add(i - 1), left.add(j - 1));
      const value = pixels(images, of, at, along);
      return (counts(at, along)?.where(value, 0) ?? value).mul(row.mul(column).expandDims(-1));
    }),
  );
  return taps.reduce((a, b) => a.add(b));
}

/** Which positions lie among n pixels. */
function within(c: Tensor, n: number): Tensor {
  return c.greaterEqual(0).logicalAnd(c.lessEqual(n - 1));
}

/** A position outside of n pixels, where the image goes on there. Nothing flows back through the border, as in PyTorch. */
function padded(c: Tensor, n: number, mode: Outside, alignCorners: boolean): Tensor {
  if (mode === 'zeros') return c;
  let at = c;
  if (mode === 'reflection') {
    // Between pixels, or between the edges of the outermost.
    const [low, span] = alignCorners ? [0, n - 1] : [-0.5, n];
    if (span === 0) return c.zerosLike();
    const far = c.sub(low).abs();
    const rest = far.mod(span);
    const odd = far.div(span).floor().mod(2).equal(1);
    at = odd.where(rest.neg().add(span), rest).add(low);
  }
  const inside = at.greater(0).logicalAnd(at.less(n - 1));
  return inside.where(at, at.clipByValue(0, n - 1).stopGradient());
}
