import { overBatch } from '../linalg/batch.ts';
import { eigh as symmetricEigen } from '../linalg/eigh.ts';
import { svd as singular } from '../linalg/svd.ts';
import { transposed } from '../linalg/vectors.ts';
import {
  batchOf,
  cubic,
  diagonal,
  flipped,
  realOf,
  sideOf,
  sidesOf,
  squareOf,
  symmetric,
  unit,
} from '../matrices.ts';
import type { One, Op, T } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Eigenvalues and singular values. They are calculated in f64, whatever the dtype of x.

/**
 * Eigenvalues of symmetric matrices in the last two axes, rising, and their
 * eigenvectors, which are the columns of `eigenvectors` (TensorFlow's
 * self-adjoint `eigh`); other axes are a batch. Of x its symmetric part is
 * read, as in JAX. The greatest element of each eigenvector is positive. The
 * gradient of eigenvectors divides by differences of eigenvalues: where two
 * are equal it is not finite, as in PyTorch; that of the eigenvalues alone
 * always is. Not-a-number in a matrix makes all of its results so.
 */
export const eigh: Op<{ x: One }, [x: T], [], object, { eigenvalues: One; eigenvectors: One }> = {
  inputs: { x: 'one' },
  outputs: { eigenvalues: 'one', eigenvectors: 'one' },
  spec: ({ x }) => {
    const { shape, dtype } = squareOf('eigh', x);
    return { eigenvalues: { shape: shape.slice(0, -1), dtype }, eigenvectors: { shape, dtype } };
  },
  forward: (k, { x }, _, { eigenvalues, eigenvectors }) => {
    const n = sideOf('eigh', x);
    const out = [eigenvalues, eigenvectors];
    overBatch(k, { out, in: [x], vectors: [eigenvalues] }, ([a]) => {
      const { values, vectors } = symmetricEigen(a!, n);
      return [values, transposed(vectors, n, n)];
    });
  },
  saves: ['eigenvalues', 'eigenvectors'],
  backward: (g, { eigenvalues: values, eigenvectors: v }) => {
    const parts: Tensor[] = [];
    if (g.eigenvalues !== undefined) parts.push(diagonal(g.eigenvalues));
    if (g.eigenvectors !== undefined) {
      const gaps = values.expandDims(-2).sub(values.expandDims(-1)).add(unit(v));
      const turned = v.matMul(g.eigenvectors, true);
      parts.push(turned.sub(turned.bandPart(0, 0)).div(gaps));
    }
    const inner = parts.reduce((a, b) => a.add(b));
    return { x: symmetric(v.matMul(inner).matMul(v, false, true)) };
  },
  cost: ({ x }) => cubic(x, 9),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 2, 2] } },
    { in: { x: [1, 1] } },
    { in: { x: [0, 0] } },
    { in: { x: { shape: [2, 2], dtype: 'i32' } } },
    { in: { x: { shape: [2, 2, 2], values: [1, NaN, 0, 1, 2, 0, 0, 2] } } },
  ],
  errors: [{ in: { x: [2, 3] }, says: 'eigh: x has the shape [2,3]; its matrices must be square' }],
};

/**
 * `x = u @ diag(s) @ v^T`: singular values, falling, and the vectors on the
 * left and on the right, which are the columns of u and v (TensorFlow's
 * `svd`; NumPy and PyTorch give v transposed). For m by n matrices and k the
 * lesser of both, u is m by k and v is n by k, or with `fullMatrices` m by m
 * and n by n; without `computeUv` they have no columns, and less is to be
 * done. The greatest element of each column of u is positive. The gradient of
 * the vectors divides by differences of squares of singular values (and by
 * themselves, where m is not n): where two are equal, or one is 0, it is not
 * finite, as in PyTorch; that of the singular values alone always is. The
 * columns beyond k are not determined, and nothing flows back from them.
 * Not-a-number in a matrix makes all of its results so. Gradient: Townsend,
 * Differentiating the singular value decomposition, 2016.
 */
export const svd: Op<
  { x: One },
  [x: T],
  [fullMatrices?: boolean, computeUv?: boolean],
  { fullMatrices: boolean; computeUv: boolean },
  { s: One; u: One; v: One }
> = {
  inputs: { x: 'one' },
  outputs: { s: 'one', u: 'one', v: 'one' },
  attrs: (_, fullMatrices = false, computeUv = true) => ({ fullMatrices, computeUv }),
  spec: ({ x }, { fullMatrices, computeUv }) => {
    const [m, n] = sidesOf('svd', x);
    const [k, dtype] = [Math.min(m, n), realOf('svd', x.dtype)];
    const columns = (all: number) => (computeUv ? (fullMatrices ? all : k) : 0);
    const batch = batchOf(x);
    return {
      s: { shape: [...batch, k], dtype },
      u: { shape: [...batch, m, columns(m)], dtype },
      v: { shape: [...batch, n, columns(n)], dtype },
    };
  },
  forward: (k, { x }, _, { s, u, v }) => {
    const [m, n] = sidesOf('svd', x);
    const [us, vs] = [u.shape.at(-1)!, v.shape.at(-1)!];
    overBatch(k, { out: [s, u, v], in: [x], vectors: [s] }, ([a]) => {
      const made = singular(a!, m, n, us, vs);
      return [made.s, transposed(made.u, us, m), transposed(made.v, vs, n)];
    });
  },
  saves: ['x', 's', 'u', 'v'],
  backward: (g, { x, ...out }, { computeUv }) => {
    const [m, n] = sidesOf('svd', x);
    const k = Math.min(m, n);
    const { s, ...vectors } = computeUv ? out : x.svd();
    const part = (t: Tensor) =>
      t.shape.at(-1) === k
        ? t
        : t.slice(
            t.shape.map(() => 0),
            t.shape.with(-1, k),
          );
    const [u, v] = [part(vectors.u), part(vectors.v)];
    const [gu, gv] = [g.u, g.v].map((t) => (t === undefined || !computeUv ? undefined : part(t)));
    const inner = g.s === undefined ? [] : [diagonal(g.s)];
    const [row, column] = [s.expandDims(-2), s.expandDims(-1)];
    const skew = (t: Tensor) => {
      const gaps = row.sub(column).mul(row.add(column));
      return t.sub(flipped(t)).div(gaps.add(unit(gaps)));
    };
    if (gu !== undefined) inner.push(skew(u.matMul(gu, true)).mul(row));
    if (gv !== undefined) inner.push(skew(v.matMul(gv, true)).mul(column));
    if (inner.length === 0) return { x: x.zerosLike() };
    const core = inner.reduce((a, b) => a.add(b));
    const outside = (w: Tensor, gw: Tensor) => gw.sub(w.matMul(w.matMul(gw, true))).div(row);
    const wide = n > m && gv !== undefined;
    // Beside its own columns each of u and v may turn out of their space.
    let left = u.matMul(core);
    if (m > n && gu !== undefined) left = left.add(outside(u, gu));
    const all = left.matMul(v, false, true);
    return { x: wide ? all.add(u.matMul(outside(v, gv), false, true)) : all };
  },
  cost: ({ x }) => cubic(x, 20),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 4, 2] } },
    { in: { x: [2, 3] } },
    { in: { x: [3, 2] }, args: [false, false] },
    { in: { x: { shape: [3, 2], values: [1, 2, 3, 4, 5, 7] } }, args: [true] },
    { in: { x: { shape: [2, 3], values: [1, 2, 3, 4, 5, 7] } }, args: [true] },
    { in: { x: [0, 3] } },
    { in: { x: { shape: [2, 3], dtype: 'i32' } } },
    { in: { x: { shape: [2, 2], values: [1, Infinity, 0, 1] } } },
  ],
  errors: [{ in: { x: [3] }, says: 'svd: x has the shape [3]; it must have two axes or more' }],
};
