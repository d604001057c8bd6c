import { conjugate, type Complex } from '../complex.ts';
import { isComplex, realOf as partsOf } from '../dtype.ts';
import { inTheNameOf } from '../inner-error.ts';
import { overBatch } from '../linalg/batch.ts';
import { expm as exponential } from '../linalg/expm.ts';
import { complexLu, elementAt, sizeAt } from '../linalg/complex-lu.ts';
import { lu } from '../linalg/lu.ts';
import { svd } from '../linalg/svd.ts';
import {
  adjointOf,
  batchOf,
  cubic,
  diagonal,
  fieldOf,
  flipped,
  precisionOf,
  realOf,
  sideOf,
  sidesOf,
  squareOf,
  unit,
} from '../matrices.ts';
import type { One, Op, T } from '../op.ts';
import { reducedOf } from '../elementwise.ts';
import { times } from '../special/complex-functions.ts';
import type { Tensor } from '../tensor.ts';

// Numbers that belong to matrices, and functions of square ones.

/**
 * The determinants of square matrices in the last two axes. Its gradient is
 * `det(x) inv(x)^T`, and for singular matrices the cofactors, which are its
 * limit.
 */
export const det: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => {
    const { shape, dtype } = squareOf('det', x, fieldOf);
    return { shape: shape.slice(0, -2), dtype };
  },
  forward: (k, { x }, _, out) => {
    const n = sideOf('det', x);
    overBatch(k, { out: [out], in: [x], numbers: [out] }, ([given]) => {
      if (isComplex(x.dtype)) {
        const { a, sign } = complexLu(given!, n);
        let product: Complex = { re: sign, im: 0 };
        for (let i = 0; i < n; i++) product = times(product, elementAt(a, i * n + i));
        return [[product.re, product.im]];
      }
      const { a, sign } = lu(given!, n, n);
      let product = sign;
      for (let i = 0; i < n; i++) product *= a[i * n + i]!;
      return [[product]];
    });
  },
  saves: ['x', 'out'],
  grad: {
    x: (g, { x, out }) => {
      const column = (t: Tensor) => t.expandDims(-1).expandDims(-1);
      if (!out.equal(0).any().item()) {
        return adjointOf(x.inv()).mul(column(g.mul(conjugate(out))));
      }
      if (!isComplex(x.dtype)) return cofactors(x).mul(column(g));
      throw new Error(
        'det: there is no gradient yet for complex matrices of which one is singular; for real ones there is',
      );
    },
  },
  cost: ({ x }) => cubic(x, 2 / 3),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 2, 2] } },
    { in: { x: [2, 0, 0] } },
    { in: { x: { shape: [2, 2], dtype: 'i32' } } },
    { in: { x: { shape: [2, 2], values: [1, NaN, 2, 3] } } },
    { in: { x: { shape: [2, 2], values: [1, 2, 2, 4] } } },
  ],
  errors: [{ in: { x: [2, 3] }, says: 'det: x has the shape [2,3]; its matrices must be square' }],
};

/** The products of all singular values but one, in the frame of the singular vectors. */
function cofactors(x: Tensor): Tensor {
  const { s, u, v } = x.svd();
  const one = unit(x);
  const others = s.expandDims(-2).mul(one.neg().add(1)).add(one).prod(-1);
  const sign = u.det().mul(v.det()).sign().stopGradient().expandDims(-1);
  return u.matMul(diagonal(others.mul(sign))).matMul(v, false, true);
}

/**
 * The sign of the determinant and the logarithm of its absolute value, which
 * neither overflow nor underflow: 0 and -Infinity for a singular matrix, which
 * has no gradient.
 */
export const slogdet: Op<{ x: One }, [x: T], [], object, { sign: One; logAbsDeterminant: One }> = {
  inputs: { x: 'one' },
  outputs: { sign: 'one', logAbsDeterminant: 'one' },
  spec: ({ x }) => {
    const { shape, dtype } = squareOf('slogdet', x, fieldOf);
    const each = { shape: shape.slice(0, -2), dtype };
    return { sign: each, logAbsDeterminant: { ...each, dtype: partsOf(dtype) } };
  },
  forward: (k, { x }, _, { sign, logAbsDeterminant }) => {
    const n = sideOf('slogdet', x);
    const out = [sign, logAbsDeterminant];
    overBatch(k, { out, in: [x], numbers: out }, ([given]) => {
      if (isComplex(x.dtype)) {
        const { a, sign: parity } = complexLu(given!, n);
        let [turn, sum]: [Complex, number] = [{ re: parity, im: 0 }, 0];
        for (let i = 0; i < n; i++) {
          const size = sizeAt(a, i * n + i);
          const { re, im } = elementAt(a, i * n + i);
          turn = size === 0 ? { re: 0, im: 0 } : times(turn, { re: re / size, im: im / size });
          sum += Math.log(size);
        }
        return [[turn.re, turn.im], [sum]];
      }
      const factors = lu(given!, n, n);
      let [direction, sum] = [factors.sign, 0];
      for (let i = 0; i < n; i++) {
        direction *= Math.sign(factors.a[i * n + i]!);
        sum += Math.log(Math.abs(factors.a[i * n + i]!));
      }
      return [[direction], [sum]];
    });
  },
  saves: ['x', 'sign'],
  backward: ({ sign: turned, logAbsDeterminant: g }, { x, sign }) => {
    // Of a complex determinant log det is log |det| and i times the angle of its sign, which real ones have none of.
    const angle =
      turned === undefined || !isComplex(x.dtype) ? undefined : turned.mul(sign.conj()).imag();
    const both = [g, angle?.zerosLike().complex(angle)].filter((part) => part !== undefined);
    if (both.length === 0) return { x: null };
    const all = both.reduce((a, b) => a.add(b));
    return { x: adjointOf(x.inv()).mul(all.expandDims(-1).expandDims(-1)) };
  },
  cost: ({ x }) => cubic(x, 2 / 3),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: { shape: [2, 2, 2], definite: true } } },
    { in: { x: [2, 0, 0] } },
    { in: { x: { shape: [2, 2], values: [1, 2, 2, 4] } } },
    { in: { x: { shape: [2, 2], dtype: 'i32' } } },
  ],
  errors: [{ in: { x: [3] }, says: 'slogdet: x has the shape [3]; it must have two axes or more' }],
};

/**
 * How many singular values of each matrix are greater than `tol`, as i32;
 * unless given, that is the greatest of them times the longer side times the
 * precision of the dtype, as in NumPy and TensorFlow.
 */
export const matrixRank: Op<{ x: One }, [x: T], [tol?: number], { tol: number | null }, One> = {
  inputs: { x: 'one' },
  attrs: (_, tol) => ({ tol: tol ?? null }),
  spec: ({ x }) => {
    sidesOf('matrixRank', x);
    realOf('matrixRank', x.dtype);
    return { shape: batchOf(x), dtype: 'i32' };
  },
  forward: (k, { x }, { tol }, out) => {
    const [m, n] = sidesOf('matrixRank', x);
    const precision = precisionOf(realOf('matrixRank', x.dtype));
    overBatch(k, { out: [out], in: [x], numbers: [out] }, ([a]) => {
      const { s } = svd(a!, m, n, 0, 0);
      const least = tol ?? (s[0] ?? 0) * Math.max(m, n) * precision;
      return [[s.filter((value) => value > least).length]];
    });
  },
  saves: [],
  grad: { x: null },
  cost: ({ x }) => cubic(x, 8 / 3),
  samples: [
    { in: { x: [3, 4] } },
    { in: { x: { shape: [2, 2, 2], values: [1, 2, 2, 4, 0, 0, 0, 0] } } },
    { in: { x: [3, 3] }, args: [1] },
    { in: { x: [0, 3] } },
    { in: { x: { shape: [2, 2], dtype: 'i32', values: [1, 2, 2, 4] } } },
  ],
  errors: [{ in: { x: [3] }, says: 'matrixRank: x has the shape [3]; it must have two axes' }],
};

/** The sums of the diagonals of the matrices in the last two axes. */
export const trace: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => {
    sidesOf('trace', x);
    return { shape: batchOf(x), dtype: reducedOf('trace', 'sum', x.dtype) };
  },
  compose: ({ x }) => x.bandPart(0, 0).sum([-2, -1]),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 3, 2] } },
    { in: { x: [0, 2] } },
    { in: { x: { shape: [2, 2], dtype: 'i32' } } },
    { in: { x: { shape: [2, 2], values: [1, NaN, Infinity, 3] } } },
  ],
  errors: [{ in: { x: [3] }, says: 'trace: x has the shape [3]; it must have two axes or more' }],
};

/** Square matrices to the power of a whole number, by repeated squaring; a negative one is that of the inverse. */
export const matrixPower: Op<{ x: One }, [x: T], [n: number], { n: number }, One> = {
  inputs: { x: 'one' },
  attrs: (_, n) => {
    if (Number.isSafeInteger(n)) return { n };
    throw new Error(`matrixPower: a power of ${String(n)}; it must be a whole number`);
  },
  spec: ({ x }) => squareOf('matrixPower', x),
  compose: ({ x }, { n }) => {
    const float = x.cast(realOf('matrixPower', x.dtype));
    let power = n < 0 ? inTheNameOf('matrixPower', () => float.inv()) : float;
    if (n === 0) return unit(float);
    let out: Tensor | undefined;
    for (let left = Math.abs(n); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) out = out === undefined ? power : out.matMul(power);
      if (left > 1) power = power.matMul(power);
    }
    return out!.identity();
  },
  samples: [
    { in: { x: { shape: [2, 2], range: [-1, 1] } }, args: [5] },
    { in: { x: { shape: [2, 2, 2], definite: true } }, args: [-1] },
    { in: { x: { shape: [2, 2], range: [-1, 1] } }, args: [1] },
    { in: { x: [2, 3, 3] }, args: [0] },
    { in: { x: { shape: [2, 2], dtype: 'i32' } }, args: [2] },
  ],
  errors: [
    { in: { x: [2, 3] }, args: [2], says: 'matrixPower: x has the shape [2,3]' },
    { in: { x: [2, 2] }, args: [0.5], says: 'a power of 0.5; it must be a whole number' },
    { in: { x: { shape: [1, 1], values: [0] } }, args: [-1], says: 'the matrix is singular' },
  ],
};

/**
 * The exponential of square matrices, `1 + x + x @ x / 2 + ...`, by Padé's
 * approximant, scaled and squared (Higham, 2005); to each element alone `exp`
 * is applied. Not-a-number or Infinity in a matrix makes all of its result
 * not-a-number. Gradient: Mathias, A chain rule for matrix functions, 1996.
 */
export const expm: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => squareOf('expm', x),
  forward: (k, { x }, _, out) => {
    const n = sideOf('expm', x);
    overBatch(k, { out: [out], in: [x] }, ([a]) => [exponential(a!, n)]);
  },
  saves: ['x'],
  grad: {
    x: (g, { x }) => {
      // exp [[a, g], [0, a]] has the derivative towards g at the place of g; here a is the transpose of x.
      const n = x.shape.at(-1)!;
      const a = flipped(x);
      const all = a.concat(g, -1).concat(x.zerosLike().concat(a, -1), -2).expm();
      return all.slice([...batchOf(x).map(() => 0), 0, n], [...batchOf(x), n, n]);
    },
  },
  cost: ({ x }) => cubic(x, 20),
  samples: [
    { in: { x: [3, 3] } },
    { in: { x: [2, 2, 2] } },
    { in: { x: [0, 0] } },
    { in: { x: { shape: [2, 2], values: [1, NaN, 2, 3] } } },
    { in: { x: { shape: [2, 2], dtype: 'i32', range: [-2, 2] } } },
  ],
  errors: [{ in: { x: [2, 3] }, says: 'expm: x has the shape [2,3]; its matrices must be square' }],
};
