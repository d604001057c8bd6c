import { nameOf, overBatch } from '../linalg/batch.ts';
import { cholesky as factor } from '../linalg/cholesky.ts';
import { lu as eliminated } from '../linalg/lu.ts';
import { qr as reflected } from '../linalg/qr.ts';
import {
  batchOf,
  cubic,
  flipped,
  halfLower,
  realOf,
  sideOf,
  sidesOf,
  squareOf,
  symmetric,
} from '../matrices.ts';
import type { One, Op, T } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Matrices as products of triangular and orthogonal ones. They are calculated in f64, whatever the dtype of x.

/**
 * The lower triangular matrix L with `x = L @ L^T`, of symmetric positive
 * definite matrices in the last two axes; other axes are a batch. Of x its
 * symmetric part `(x + x^T) / 2` is read, as in JAX, so the gradient is
 * symmetric, as in PyTorch. An error says which pivot is not positive.
 * Gradient: Murray, Differentiation of the Cholesky decomposition, 2016.
 */
export const cholesky: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => squareOf('cholesky', x),
  forward: (k, { x }, _, out) => {
    const n = sideOf('cholesky', x);
    overBatch(k, { out: [out], in: [x] }, ([a], at) => {
      const bad = factor(a!, n);
      if (bad === null) return [a!];
      throw new Error(
        `cholesky: ${nameOf(at, x.shape)} is not positive definite: pivot ${bad.at} is ${bad.pivot}; it must be greater than 0 (adding a small number to the diagonal helps where it all but is)`,
      );
    });
  },
  saves: ['out'],
  grad: {
    x: (g, { out }) => {
      const left = out.triangularSolve(halfLower(out.matMul(g, true)), true, true);
      return symmetric(out.triangularSolve(flipped(left), true, true));
    },
  },
  cost: ({ x }) => cubic(x, 1 / 3),
  samples: [
    { in: { x: { shape: [3, 3], definite: true } } },
    { in: { x: { shape: [2, 2, 2], definite: true } } },
    { in: { x: { shape: [1, 1], range: [1, 2] } } },
    { in: { x: [2, 0, 0] } },
    { in: { x: { shape: [2, 2], dtype: 'i32', values: [4, 2, 2, 5] } } },
  ],
  errors: [
    {
      in: { x: { shape: [2, 2, 2], values: [1, 0, 0, 1, 1, 2, 2, 1] } },
      says: 'matrix 1 of the batch is not positive definite: pivot 1 is -3',
    },
    {
      in: { x: { shape: [1, 1], values: [NaN] } },
      says: 'the matrix is not positive definite: pivot 0 is NaN',
    },
    { in: { x: [2, 3] }, says: 'cholesky: x has the shape [2,3]; its matrices must be square' },
    { in: { x: [3] }, says: 'cholesky: x has the shape [3]; it must have two axes or more' },
  ],
};

/**
 * `x = q @ r` with orthogonal columns in q and an upper triangle r, of the
 * matrices in the last two axes; other axes are a batch. For m by n matrices
 * and k the lesser of both, q is m by k and r is k by n, or with
 * `fullMatrices` m by m and m by n. Signs are those of Householder's
 * reflections, as in LAPACK. The first k columns must be independent for there
 * to be a gradient, and there is none with `fullMatrices` where m > n, for then
 * q is not determined. Gradient: Walter, Lehmann, 2010.
 */
export const qr: Op<
  { x: One },
  [x: T],
  [fullMatrices?: boolean],
  { fullMatrices: boolean },
  { q: One; r: One }
> = {
  inputs: { x: 'one' },
  outputs: { q: 'one', r: 'one' },
  attrs: (_, fullMatrices = false) => ({ fullMatrices }),
  spec: ({ x }, { fullMatrices }) => {
    const [m, n] = sidesOf('qr', x);
    const [k, dtype] = [fullMatrices ? m : Math.min(m, n), realOf('qr', x.dtype)];
    const batch = batchOf(x);
    return { q: { shape: [...batch, m, k], dtype }, r: { shape: [...batch, k, n], dtype } };
  },
  forward: (k, { x }, _, { q, r }) => {
    const [m, n] = sidesOf('qr', x);
    overBatch(k, { out: [q, r], in: [x] }, ([a]) => {
      const made = reflected(a!, m, n, q.shape.at(-1)!);
      return [made.q, made.r];
    });
  },
  saves: ['q', 'r'],
  backward: (g, { x, q, r }, { fullMatrices }) => {
    const [m, n] = sidesOf('qr', x);
    if (fullMatrices && m > n) {
      throw new Error(
        `qr: with fullMatrices there is no gradient for more rows than columns (${m} by ${n}), where q is not determined; without it there is`,
      );
    }
    if (m >= n) return { x: squareGradient(q, r, g.q, g.r) };
    // The first columns are decomposed; r has the others as q^T x.
    const part = (t: Tensor, from: number, size: number) =>
      t.slice([...batchOf(t).map(() => 0), 0, from], [...batchOf(t), m, size]);
    const [first, rest] = [part(r, 0, m), part(r, m, n - m)];
    if (g.r === undefined) {
      const left = squareGradient(q, first, g.q, undefined);
      return { x: left.concat(rest.zerosLike(), -1) };
    }
    const [gFirst, gRest] = [part(g.r, 0, m), part(g.r, m, n - m)];
    const through = q.matMul(rest).matMul(gRest, false, true);
    const left = squareGradient(q, first, g.q === undefined ? through : g.q.add(through), gFirst);
    return { x: left.concat(q.matMul(gRest), -1) };
  },
  cost: ({ x }) => cubic(x, 4),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 4, 2] } },
    { in: { x: [2, 4] } },
    { in: { x: [2, 3] }, args: [true] },
    { in: { x: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } }, args: [true] },
    { in: { x: [0, 2] } },
    { in: { x: { shape: [3, 2], dtype: 'i32' } } },
  ],
  errors: [{ in: { x: [3] }, says: 'qr: x has the shape [3]; it must have two axes or more' }],
};

/** For m rows and no more columns: what reaches x of `q r`. */
function squareGradient(q: Tensor, r: Tensor, gq?: Tensor, gr?: Tensor): Tensor {
  const parts = [
    ...(gr === undefined ? [] : [gr.matMul(r, false, true)]),
    ...(gq === undefined ? [] : [q.matMul(gq, true).neg()]),
  ];
  const upper = parts.reduce((a, b) => a.add(b)).bandPart(0, -1);
  // Both triangles from the upper one.
  const inner = q.matMul(upper.add(flipped(upper)).sub(upper.bandPart(0, 0)));
  const all = gq === undefined ? inner : gq.add(inner);
  return flipped(r.triangularSolve(flipped(all), false));
}

/**
 * Gaussian elimination with partial pivoting: a lower triangle `l` with ones
 * on its diagonal and an upper one `u`, whose product is x with its rows in
 * the order `p` (i32, as TensorFlow's): `x.gather(p) = l @ u`, or for a batch
 * `x.gather(p, rank - 2, rank - 2)`. For m by n matrices and k the lesser of
 * both, l is m by k and u is k by n. Singular matrices have a zero on the
 * diagonal of u, and then no gradient.
 */
export const lu: Op<{ x: One }, [x: T], [], object, { l: One; u: One; p: One }> = {
  inputs: { x: 'one' },
  outputs: { l: 'one', u: 'one', p: 'one' },
  spec: ({ x }) => {
    const [m, n] = sidesOf('lu', x);
    const [k, dtype] = [Math.min(m, n), realOf('lu', x.dtype)];
    const batch = batchOf(x);
    return {
      l: { shape: [...batch, m, k], dtype },
      u: { shape: [...batch, k, n], dtype },
      p: { shape: [...batch, m], dtype: 'i32' },
    };
  },
  forward: (k, { x }, _, { l, u, p }) => {
    const [m, n] = sidesOf('lu', x);
    const least = Math.min(m, n);
    overBatch(k, { out: [l, u, p], in: [x], vectors: [p] }, ([given]) => {
      const { a, order } = eliminated(given!, m, n);
      const lower = Float64Array.from({ length: m * least }, (_, at) => {
        const [i, j] = [Math.floor(at / least), at % least];
        return i === j ? 1 : i > j ? a[i * n + j]! : 0;
      });
      const upper = a.slice(0, least * n);
      for (let i = 0; i < least; i++) upper.fill(0, i * n, i * n + i);
      return [lower, upper, order];
    });
  },
  saves: ['l', 'u', 'p'],
  backward: (g, { x, l, u, p }) => {
    const [m, n] = sidesOf('lu', x);
    const least = Math.min(m, n);
    const lead = batchOf(x).map(() => 0);
    const part = (t: Tensor | undefined, from: readonly number[], size: readonly number[]) =>
      t?.slice([...lead, ...from], [...batchOf(x), ...size]);
    const [top, side] = [part(l, [0, 0], [least, least])!, part(u, [0, 0], [least, least])!];
    let lower = part(g.l, [0, 0], [least, least])?.bandPart(-1, 0);
    let upper = part(g.u, [0, 0], [least, least])?.matMul(side, false, true);
    lower = lower && top.matMul(lower, true);
    const below = part(g.l, [least, 0], [m - least, least]);
    const beside = part(g.u, [0, least], [least, n - least]);
    let rest: Tensor | undefined;
    if (m > n && below !== undefined) {
      const through = part(l, [n, 0], [m - n, n])!
        .matMul(below, true)
        .neg();
      upper = upper === undefined ? through : upper.add(through);
      rest = flipped(side.triangularSolve(flipped(below), false));
    } else if (n > m && beside !== undefined) {
      const through = beside.matMul(part(u, [0, m], [m, n - m])!, false, true).neg();
      lower = lower === undefined ? through : lower.add(through);
      rest = top.triangularSolve(beside, true, true);
    }
    const strict = lower && lower.bandPart(-1, 0).sub(lower.bandPart(0, 0));
    const whole = [strict, upper?.bandPart(0, -1)].filter((t) => t !== undefined);
    const inner = top.triangularSolve(
      whole.reduce((a, b) => a.add(b)),
      true,
      true,
    );
    let all = flipped(side.triangularSolve(flipped(inner), false));
    if (m !== n) {
      const size = m > n ? [m - n, n] : [m, n - m];
      const zeros = () =>
        x.zerosLike().slice(
          x.shape.map(() => 0),
          [...batchOf(x), ...size],
        );
      all = all.concat(rest ?? zeros().cast(all.dtype), m > n ? -2 : -1);
    }
    const axis = x.shape.length - 2;
    return { x: all.scatterAdd(p, x.shape, axis, axis) };
  },
  cost: ({ x }) => cubic(x, 2 / 3),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 4, 2] } },
    { in: { x: [2, 4] } },
    { in: { x: [2, 0] } },
    { in: { x: { shape: [2, 2], values: [0, 1, 0, 2] } } },
    { in: { x: { shape: [3, 3], dtype: 'i32' } } },
  ],
  errors: [{ in: { x: [] }, says: 'lu: x has the shape []; it must have two axes or more' }],
};
