import type { Buf } from '../device.ts';
import { conjugate } from '../complex.ts';
import { isComplex, promote, type DType } from '../dtype.ts';
import { inTheNameOf } from '../inner-error.ts';
import { nameOf, overBatch } from '../linalg/batch.ts';
import {
  adjoint as adjointed,
  complexIdentity,
  complexLu,
  complexSolved,
  complexZeroPivot,
  widened,
} from '../linalg/complex-lu.ts';
import { lu, solved, zeroPivot } from '../linalg/lu.ts';
import { pinv as pseudo } from '../linalg/pinv.ts';
import { substitute } from '../linalg/triangular.ts';
import { identity, transposed } from '../linalg/vectors.ts';
import {
  batchOf,
  commonBatch,
  cubic,
  fieldOf,
  flipped,
  precisionOf,
  realOf,
  sideOf,
  sidesOf,
  spreadTo,
  squareOf,
} from '../matrices.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Systems of linear equations. They are calculated in f64, whatever the dtypes.

/**
 * X with `matrix @ X = rhs`, where only one triangle of the matrix is read,
 * the lower one unless `lower` is false; with `adjoint` its transpose stands
 * in its place. `rhs` is `[..., m, k]`; batches broadcast (TensorFlow's
 * `triangular_solve`). A zero on the diagonal is an error.
 */
export const triangularSolve: Op<
  { matrix: One; rhs: One },
  [matrix: T, rhs: T],
  [lower?: boolean, adjoint?: boolean],
  { lower: boolean; adjoint: boolean },
  One
> = {
  inputs: { matrix: 'one', rhs: 'one' },
  attrs: (_, lower = true, adjoint = false) => ({ lower, adjoint }),
  spec: ({ matrix, rhs }) => rightSide('triangularSolve', matrix, rhs),
  forward: (k, { matrix, rhs }, { lower, adjoint }, out) => {
    const [m, columns] = sidesOf('triangularSolve', rhs, 'rhs');
    const both = [matrix, rhs].map((x) => spreadTo(x, batchOf(out)));
    overBatch(k, { out: [out], in: both }, ([t, b], at) => {
      const zero = zeroPivot(t!, m);
      if (zero >= 0) {
        throw new Error(
          `triangularSolve: ${nameOf(at, out.shape)} is singular: its diagonal is 0 at position ${zero}`,
        );
      }
      substitute(t!, b!, m, columns, lower, adjoint);
      return [b!];
    });
  },
  saves: ['matrix', 'out'],
  readBy: { out: 'matrix' },
  grad: {
    matrix: (g, { matrix, out }, { lower, adjoint }) => {
      const b = matrix.triangularSolve(g, lower, !adjoint);
      const all = adjoint ? out.matMul(b, false, true) : b.matMul(out, false, true);
      return all
        .neg()
        .bandPart(lower ? -1 : 0, lower ? 0 : -1)
        .sumTo(matrix.shape);
    },
    rhs: (g, { matrix, rhs }, { lower, adjoint }) =>
      matrix.triangularSolve(g, lower, !adjoint).sumTo(rhs.shape),
  },
  cost: ({ matrix, rhs }) => cubic(matrix, rhs.shape.at(-1)! / Math.max(matrix.shape.at(-1)!, 1)),
  samples: [
    { in: { matrix: { shape: [3, 3], range: [0.5, 2] }, rhs: [3, 2] } },
    { in: { matrix: { shape: [3, 3], range: [0.5, 2] }, rhs: [3, 2] }, args: [true, true] },
    { in: { matrix: { shape: [2, 2, 2], range: [0.5, 2] }, rhs: [2, 1] }, args: [false] },
    { in: { matrix: { shape: [2, 2], range: [0.5, 2] }, rhs: [3, 2, 1] }, args: [false, true] },
    { in: { matrix: [0, 0], rhs: [0, 2] } },
    { in: { matrix: { shape: [2, 2], dtype: 'i32', range: [1, 3] }, rhs: [2, 2] } },
  ],
  errors: [
    {
      in: { matrix: { shape: [2, 2, 2], values: [1, 0, 0, 1, 1, 0, 1, 0] }, rhs: [2, 1] },
      says: 'matrix 1 of the batch is singular: its diagonal is 0 at position 1',
    },
    {
      in: { matrix: [3, 3], rhs: [2, 3] },
      says: 'rhs has the shape [2,3]; beside a matrix [3,3] it must have 3 rows',
    },
    { in: { matrix: [3, 3], rhs: [3] }, says: 'rhs has the shape [3]; it must have two axes' },
    { in: { matrix: [2, 3, 3], rhs: [3, 3, 1] }, says: '[2] and [3] do not broadcast' },
  ],
};

/**
 * X with `matrix @ X = rhs` for square matrices; with `adjoint` the transpose
 * (of complex ones its conjugate) stands in the matrix's place. `rhs` is
 * `[..., m, k]`, or one vector `[m]`; batches broadcast. A singular matrix is
 * an error; `lstsq` takes those.
 */
export const solve: Op<
  { matrix: One; rhs: One },
  [matrix: T, rhs: T],
  [adjoint?: boolean],
  { adjoint: boolean },
  One
> = {
  inputs: { matrix: 'one', rhs: 'one' },
  attrs: (_, adjoint = false) => ({ adjoint }),
  spec: ({ matrix, rhs }) => {
    const right = rhs.shape.length === 1 ? { ...rhs, shape: [...rhs.shape, 1] } : rhs;
    const out = rightSide('solve', matrix, right, 'matrix', fieldOf);
    if (rhs.shape.length !== 1) return out;
    return { ...out, shape: out.shape.slice(0, -1) };
  },
  forward: (k, { matrix, rhs }, { adjoint }, out) => {
    const m = matrix.shape.at(-1)!;
    const vector = rhs.shape.length === 1;
    const columns = vector ? 1 : rhs.shape.at(-1)!;
    const batch = vector ? out.shape.slice(0, -1) : batchOf(out);
    const both = [matrix, vector ? column(rhs) : rhs].map((x) => spreadTo(x, batch));
    overBatch(k, { out: [out], in: both }, ([a, b], at) => {
      if (isComplex(out.dtype)) {
        const given = isComplex(matrix.dtype) ? a! : widened(a!);
        const factors = complexLu(adjoint ? adjointed(given, m) : given, m);
        invertible('solve', complexZeroPivot(factors.a, m), at, both[0]!.shape);
        return [complexSolved(factors, isComplex(rhs.dtype) ? b! : widened(b!), m, columns)];
      }
      const factors = lu(adjoint ? transposed(a!, m, m) : a!, m, m);
      invertible('solve', zeroPivot(factors.a, m), at, both[0]!.shape);
      return [solved(factors, b!, m, columns)];
    });
  },
  saves: ['matrix', 'out'],
  readBy: { out: 'matrix' },
  grad: {
    matrix: (g, { matrix, rhs, out }, { adjoint }) => {
      const [b, x] = [matrix.solve(full(g, rhs), !adjoint), full(out, rhs)];
      const all = adjoint
        ? x.matMul(conjugate(b), false, true)
        : b.matMul(conjugate(x), false, true);
      return all.neg().sumTo(matrix.shape);
    },
    rhs: (g, { matrix, rhs }, { adjoint }) => {
      const b = matrix.solve(full(g, rhs), !adjoint);
      return (rhs.shape.length === 1 ? b.squeeze(-1) : b).sumTo(rhs.shape);
    },
  },
  cost: ({ matrix, rhs }) =>
    cubic(matrix, 2 / 3 + (2 * (rhs.shape[1] ?? 1)) / Math.max(matrix.shape.at(-1)!, 1)),
  samples: [
    { in: { matrix: { shape: [3, 3], definite: true }, rhs: [3, 2] } },
    { in: { matrix: { shape: [3, 3], definite: true }, rhs: [3] }, args: [true] },
    { in: { matrix: { shape: [2, 2, 2], definite: true }, rhs: [2] } },
    { in: { matrix: { shape: [2, 1, 2, 2], definite: true }, rhs: [3, 2, 1] }, args: [true] },
    { in: { matrix: [0, 0], rhs: [0, 2] } },
    { in: { matrix: { shape: [2, 2], values: [0, 1, 1, 0] }, rhs: [2, 0] } },
    { in: { matrix: { shape: [2, 2], dtype: 'i32', values: [2, 1, 1, 3] }, rhs: [2] } },
  ],
  errors: [
    {
      in: { matrix: { shape: [2, 2, 2], values: [1, 0, 0, 1, 1, 2, 2, 4] }, rhs: [2] },
      says: 'solve: matrix 1 of the batch is singular: pivot 1 of its elimination is 0; lstsq takes such',
    },
    {
      in: { matrix: [3, 3], rhs: [2] },
      says: 'rhs has the shape [2,1]; beside a matrix [3,3] it must have 3 rows',
    },
    { in: { matrix: [3, 2], rhs: [3] }, says: 'solve: matrix has the shape [3,2]; its matrices' },
  ],
};

/** The inverses of square matrices in the last two axes. A singular matrix is an error; `pinv` takes those. */
export const inv: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => squareOf('inv', x, fieldOf),
  forward: (k, { x }, _, out) => {
    const n = sideOf('inv', x);
    overBatch(k, { out: [out], in: [x] }, ([a], at) => {
      if (isComplex(x.dtype)) {
        const factors = complexLu(a!, n);
        invertible('inv', complexZeroPivot(factors.a, n), at, x.shape);
        return [complexSolved(factors, complexIdentity(n), n, n)];
      }
      const factors = lu(a!, n, n);
      invertible('inv', zeroPivot(factors.a, n), at, x.shape);
      return [solved(factors, identity(n), n, n)];
    });
  },
  saves: ['out'],
  grad: {
    x: (g, { out }) => {
      const conj = conjugate(out);
      return conj.matMul(g, true).matMul(conj, false, true).neg();
    },
  },
  cost: ({ x }) => cubic(x, 2),
  samples: [
    { in: { x: { shape: [3, 3], definite: true } } },
    { in: { x: { shape: [2, 2, 2], definite: true } } },
    { in: { x: [0, 0] } },
    { in: { x: { shape: [2, 2], dtype: 'i32', values: [2, 1, 1, 3] } } },
    { in: { x: { shape: [1, 1], values: [NaN] } } },
  ],
  errors: [
    {
      in: { x: { shape: [3, 3], values: [1, 2, 3, 2, 4, 6, 1, 1, 1] } },
      says: 'inv: the matrix is singular: pivot 2 of its elimination is 0; pinv takes such',
    },
    { in: { x: [2, 3] }, says: 'inv: x has the shape [2,3]; its matrices must be square' },
  ],
};

/**
 * The pseudoinverse of Moore and Penrose, `[..., n, m]` of `[..., m, n]`, of
 * matrices of any rank. Singular values up to `rcond` times the greatest count
 * as 0; it is `10 max(m, n)` times the precision of the dtype unless given, as
 * in TensorFlow. Gradient: Golub, Pereyra, 1973, for a rank that stays.
 */
export const pinv: Op<{ x: One }, [x: T], [rcond?: number], { rcond: number }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }, rcond) => {
    const [m, n] = sidesOf('pinv', x);
    return { rcond: rcond ?? 10 * Math.max(m, n) * precisionOf(realOf('pinv', x.dtype)) };
  },
  spec: ({ x }) => {
    const [m, n] = sidesOf('pinv', x);
    return { shape: [...batchOf(x), n, m], dtype: realOf('pinv', x.dtype) };
  },
  forward: (k, { x }, { rcond }, out) => {
    const [m, n] = sidesOf('pinv', x);
    overBatch(k, { out: [out], in: [x] }, ([a]) => [pseudo(a!, m, n, rcond)]);
  },
  saves: ['x', 'out'],
  grad: {
    x: (g, { x, out: p }) => {
      // -(p g^T p)^T, and what leaves the spaces of columns and of rows.
      const k = flipped(g).matMul(p);
      const beside = k.matMul(p, false, true);
      const across = p.matMul(flipped(g).sub(k.matMul(x)));
      return beside
        .sub(flipped(p.matMul(k)))
        .sub(x.matMul(p.matMul(beside)))
        .add(p.matMul(across, true));
    },
  },
  cost: ({ x }) => cubic(x, 22),
  samples: [
    { in: { x: [3, 2] } },
    { in: { x: [2, 2, 3] } },
    { in: { x: { shape: [2, 2], definite: true } } },
    { in: { x: { shape: [2, 2], values: [1, 2, 2, 4] } } },
    { in: { x: [0, 2] } },
    { in: { x: { shape: [3, 2], dtype: 'i32' } } },
  ],
  errors: [{ in: { x: [3] }, says: 'pinv: x has the shape [3]; it must have two axes or more' }],
};

/**
 * X with the least `|matrix @ X - rhs|`, and of several the one with the least
 * norm, for matrices of any shape and rank: `pinv(matrix, rcond) @ rhs`.
 * `rhs` is `[..., m, k]`, or one vector `[m]`.
 */
export const lstsq: Op<
  { matrix: One; rhs: One },
  [matrix: T, rhs: T],
  [rcond?: number],
  { rcond: number | undefined },
  One
> = {
  inputs: { matrix: 'one', rhs: 'one' },
  attrs: (_, rcond) => ({ rcond }),
  spec: ({ matrix, rhs }) => {
    const [m, n] = sidesOf('lstsq', matrix, 'matrix');
    const vector = rhs.shape.length === 1;
    const right = vector ? { ...rhs, shape: [...rhs.shape, 1] } : rhs;
    const [rows, columns] = sidesOf('lstsq', right, 'rhs');
    if (rows !== m) throw unequal('lstsq', matrix, right, m);
    const shape = [...commonBatch('lstsq', matrix, right), n, columns];
    return { shape: vector ? shape.slice(0, -1) : shape, dtype: meet('lstsq', matrix, rhs) };
  },
  compose: ({ matrix, rhs }, { rcond }) => {
    const dtype = meet('lstsq', matrix, rhs);
    const right = rhs.shape.length === 1 ? rhs.expandDims(-1) : rhs;
    const x = matrix.cast(dtype).pinv(rcond).matMul(right.cast(dtype));
    return rhs.shape.length === 1 ? x.squeeze(-1) : x;
  },
  samples: [
    { in: { matrix: [4, 2], rhs: [4, 2] } },
    { in: { matrix: [2, 3], rhs: [2] } },
    { in: { matrix: [2, 3, 2], rhs: [3, 1] } },
    { in: { matrix: { shape: [2, 2], values: [1, 2, 2, 4] }, rhs: [2] } },
  ],
  errors: [
    {
      in: { matrix: [3, 2], rhs: [2] },
      says: 'lstsq: rhs has the shape [2,1]; beside a matrix [3,2] it must have 3 rows',
    },
  ],
};

/** X with `A @ X = rhs`, where `chol` is the lower factor that `cholesky` gives of A (TensorFlow's `cholesky_solve`). */
export const choleskySolve: Op<{ chol: One; rhs: One }, [chol: T, rhs: T], [], object, One> = {
  inputs: { chol: 'one', rhs: 'one' },
  spec: ({ chol, rhs }) => rightSide('choleskySolve', chol, rhs, 'chol'),
  compose: ({ chol, rhs }) =>
    inTheNameOf('choleskySolve', () => chol.triangularSolve(chol.triangularSolve(rhs), true, true)),
  samples: [
    { in: { chol: { shape: [3, 3], range: [1, 3] }, rhs: [3, 2] } },
    { in: { chol: { shape: [2, 2, 2], range: [1, 3] }, rhs: [2, 1] } },
  ],
  errors: [{ in: { chol: [3, 2], rhs: [3, 1] }, says: 'choleskySolve: chol has the shape [3,2]' }],
};

/** The shape of a solution. */
function rightSide(
  op: string,
  matrix: Spec,
  rhs: Spec,
  name = 'matrix',
  field: typeof realOf = realOf,
): Spec {
  const m = sideOf(op, matrix, name);
  const [rows, columns] = sidesOf(op, rhs, 'rhs');
  if (rows !== m) throw unequal(op, matrix, rhs, m);
  const dtype = field(op, promote(op, matrix.dtype, rhs.dtype));
  return { shape: [...commonBatch(op, matrix, rhs), m, columns], dtype };
}

function meet(op: string, matrix: Spec, rhs: Spec): DType {
  return realOf(op, promote(op, matrix.dtype, rhs.dtype));
}

function unequal(op: string, matrix: Spec, rhs: Spec, rows: number): Error {
  return new Error(
    `${op}: rhs has the shape ${text(rhs.shape)}; beside a matrix ${text(matrix.shape)} it must have ${rows} rows`,
  );
}

function invertible(op: string, zero: number, at: number, shape: Shape): void {
  if (zero < 0) return;
  throw new Error(
    `${op}: ${nameOf(at, shape)} is singular: pivot ${zero} of its elimination is 0; ${op === 'inv' ? 'pinv' : 'lstsq'} takes such`,
  );
}

/** A vector as a matrix of one column. */
function column(x: Buf): Buf {
  const { dtype, size, offset, storage } = x;
  return {
    shape: [...x.shape, 1],
    strides: x.strides && [...x.strides, 1],
    dtype,
    size,
    offset,
    storage,
  };
}

/** What belongs to a vector as a matrix of one column. */
function full(x: Tensor, rhs: Tensor): Tensor {
  return rhs.shape.length === 1 ? x.expandDims(-1) : x;
}
