import { dtypeOf, type DTypeLike } from './dtype.ts';
import { functions } from './functions.ts';
import { dtypeOfValues, made, shapeOf, type Values } from './literals.ts';
import { checkShape, type Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';
import { tidy } from './tidy.ts';

/**
 * A tensor of the given values: a number, nested lists, or a typed array. The
 * shape is that of the lists unless another one of as many elements is given;
 * the dtype is f32 for numbers, bool for booleans, i64 for bigints and that of
 * a typed array, unless another is given. Values that do not fit the dtype are
 * cast to it. The typed array is copied.
 */
export function tensor(values: Values, shape?: Shape, dtype?: DTypeLike): Tensor {
  const own = shapeOf('tensor', values);
  if (typeof shape === 'string') {
    throw new Error(
      `tensor: a shape is a list of whole numbers, not ${String(shape)}; a dtype comes after it: tensor(values, undefined, '${String(shape)}')`,
    );
  }
  return made(
    'tensor',
    values,
    shape === undefined ? own : checkShape('tensor', shape),
    dtype === undefined ? dtypeOfValues('tensor', values, null) : dtypeOf('tensor', dtype),
  );
}

/** A tensor without axes: one value. */
export function scalar(value: number | bigint | boolean, dtype?: DTypeLike): Tensor {
  return tensor(value, [], dtype);
}

/** Ones on the diagonal and zeros elsewhere: `[...batchShape, numRows, numColumns]`, square unless `numColumns` is given. */
export function eye(
  numRows: number,
  numColumns: number = numRows,
  batchShape: Shape = [],
  dtype: DTypeLike = 'f32',
): Tensor {
  return tidy(() => {
    const matrix = functions.oneHot(functions.range(0, numRows, 1, 'i32'), numColumns, 1, 0, dtype);
    return batchShape.length === 0
      ? matrix
      : matrix.broadcastTo([...batchShape, numRows, numColumns]);
  });
}
