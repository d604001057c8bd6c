import type { Complex } from './complex.ts';
import { dtypeOf, isComplex, type DTypeLike } from './dtype.ts';
import { functions } from './functions.ts';
import { dtypeOfValues, made, shapeOf, type TensorLike, type Values } from './literals.ts';
import { checkShape, type Shape } from './shape.ts';
import { sizeGiven } from './given.ts';
import { Tensor } from './tensor.ts';
import { tidy } from './tidy.ts';

/**
 * A tensor of the given values: a number, nested lists, or a typed array. The
 * shape is that of the lists unless another one of as many elements is given;
 * the dtype is f32 for numbers, bool for booleans, i64 for bigints and that of
 * a typed array, unless another is given. Values that do not fit the dtype are
 * cast to it. The typed array is copied. Complex numbers are written as
 * `{ re: 1, im: 2 }` and make a c64; a typed array holds their parts in turn
 * where the dtype is given as complex.
 *
 *     tf.tensor([[1, 2], [3, 4]]); // f32[2,2]
 *     tf.tensor(new Float64Array(6), [2, 3]); // f64[2,3]
 *     tf.tensor([1, 2, 3], [3], 'i32');
 */
export function tensor(values: Values, shape?: Shape, dtype?: DTypeLike): Tensor {
  if (typeof shape === 'string') {
    throw new Error(
      `tensor: a shape is a list of whole numbers, not ${String(shape)}; a dtype comes after it: tensor(values, undefined, '${String(shape)}')`,
    );
  }
  const type =
    dtype === undefined ? dtypeOfValues('tensor', values, null) : dtypeOf('tensor', dtype);
  const own = shapeOf('tensor', values, type === 'string');
  const pairs = isComplex(type) && ArrayBuffer.isView(values);
  const whole = pairs ? [Math.floor(own[0]! / 2)] : own;
  return made('tensor', values, shape === undefined ? whole : checkShape('tensor', shape), type);
}

/**
 * The same as `tensor`, by its name in TensorFlow.
 *
 *     tf.constant([1, 2, 3]);
 */
export const constant = tensor;

/**
 * A tensor without axes: one value.
 *
 *     tf.scalar(2).array(); // 2
 */
export function scalar(value: number | bigint | boolean | Complex, dtype?: DTypeLike): Tensor {
  return tensor(value, [], dtype);
}

/**
 * Ones on the diagonal and zeros elsewhere: `[...batchShape, numRows, numColumns]`, square unless `numColumns` is given.
 *
 *     tf.eye(2).array(); // [[1, 0], [0, 1]]
 */
export function eye(
  numRows: number,
  numColumns: number = numRows,
  batchShape: Shape = [],
  dtype: DTypeLike = 'f32',
): Tensor {
  sizeGiven('eye', 'number of rows', numRows);
  return tidy(() => {
    const matrix = functions.oneHot(functions.range(0, numRows, 1, 'i32'), numColumns, 1, 0, dtype);
    return batchShape.length === 0
      ? matrix
      : matrix.broadcastTo([...batchShape, numRows, numColumns]);
  });
}

/**
 * The coordinates of a grid, of rows of coordinates: one tensor for each, that
 * has the shape of the grid, as `tf.meshgrid(x, y)`. The second one counts
 * rows, as in pictures, unless the last argument is `{ indexing: 'ij' }`. All
 * are views.
 *
 *     const [across, down] = tf.meshgrid([1, 2, 3], [10, 20]); // both [2,3]
 */
export function meshgrid(
  ...given: readonly (TensorLike | { readonly indexing?: 'xy' | 'ij' } | undefined)[]
): Tensor[] {
  const last = given.at(-1);
  const options = isOptions(last) ? last : {};
  const { indexing = 'xy' } = options;
  if (indexing !== 'xy' && indexing !== 'ij') {
    throw new Error(`meshgrid: no indexing is called '${String(indexing)}'; there are xy, ij`);
  }
  const rows = given.filter((value) => value !== undefined && value !== options) as TensorLike[];
  return tidy(() => {
    const list = rows.map((row) => functions.reshape(row, [-1]));
    const turned = indexing === 'xy' && list.length > 1;
    const order = list.map((_, i) => (turned && i < 2 ? 1 - i : i));
    const shape = order.map((i) => list[i]!.size);
    return list.map((row, i) =>
      row.reshape(shape.map((_, axis) => (order[axis] === i ? row.size : 1))).broadcastTo(shape),
    );
  });
}

function isOptions(value: unknown): value is { indexing?: 'xy' | 'ij' } {
  if (value === null || typeof value !== 'object' || value instanceof Tensor) return false;
  return !Array.isArray(value) && !ArrayBuffer.isView(value);
}
