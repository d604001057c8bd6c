import { complexOf, isComplex } from '../dtype.ts';
import { nameOf, overBatch } from '../linalg/batch.ts';
import { eig as decomposed } from '../linalg/eig.ts';
import { eigenvalues, type Eigenvalues } from '../linalg/hqr.ts';
import { adjointOf, cubic, diagonal, sideOf, squareOf, unit } from '../matrices.ts';
import type { One, Op, Spec, T } from '../op.ts';
import type { Tensor } from '../tensor.ts';

// Eigenvalues of matrices that need not be symmetric. They are calculated in f64, whatever the dtype of x.

/**
 * Eigenvalues of any square matrices in the last two axes, as complex numbers
 * (c128 for f64, else c64): by rising real part, and those of one real part by
 * rising imaginary part. Not-a-number in a matrix makes all of its results so.
 * (TensorFlow's and NumPy's `eigvals`, which leave the order open.) Its
 * gradient asks for the eigenvectors, which must be independent: where two
 * eigenvalues are one and have one vector, it is an error or not finite.
 */
export const eigvals: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => valuesOf('eigvals', x),
  forward: (k, { x }, _, out) => {
    const n = sideOf('eigvals', x);
    overBatch(k, { out: [out], in: [x], vectors: [out] }, ([a], at) => {
      const values = eigenvalues(a!, n);
      if (values === null) throw unsteady('eigvals', nameOf(at, x.shape));
      return [Float64Array.from({ length: 2 * n }, (_unused, i) => partOf(values, i))];
    });
  },
  saves: ['x'],
  grad: { x: (g, { x }) => throughBoth(x, x.eig().eigenvectors, (v) => diagonal(g.cast(v.dtype))) },
  cost: ({ x }) => cubic(x, 10),
  samples: [
    { in: { x: [4, 4] } },
    { in: { x: [2, 2, 2] } },
    { in: { x: [0, 0] } },
    { in: { x: { shape: [2, 2], dtype: 'i32' } } },
    { in: { x: { shape: [2, 2, 2], values: [0, 1, -1, 0, NaN, 0, 0, 1] } } },
  ],
  errors: [
    { in: { x: [2, 3] }, says: 'eigvals: x has the shape [2,3]; its matrices must be square' },
    {
      in: { x: { shape: [2, 2], dtype: 'c64' } },
      says: 'eigvals: x is c64; it must be real, for complex matrices there is no eigvals yet',
    },
  ],
};

/**
 * Eigenvalues of any square matrices in the last two axes, in the order of
 * `eigvals`, and their eigenvectors, which are the columns of `eigenvectors`:
 * `x @ eigenvectors = eigenvectors * eigenvalues` (TensorFlow's and NumPy's
 * `eig`). Both are complex (c128 for f64, else c64). Each vector has the length
 * 1, and its greatest element is real and positive. Symmetric matrices have
 * real ones, by `eigh`. The gradient of vectors divides by differences of
 * eigenvalues: where two are equal it is not finite, as in PyTorch. (Boeddeker
 * et al., On the computation of complex-valued gradients, 2017.)
 */
export const eig: Op<{ x: One }, [x: T], [], object, { eigenvalues: One; eigenvectors: One }> = {
  inputs: { x: 'one' },
  outputs: { eigenvalues: 'one', eigenvectors: 'one' },
  spec: ({ x }) => {
    const values = valuesOf('eig', x);
    return { eigenvalues: values, eigenvectors: { shape: x.shape, dtype: values.dtype } };
  },
  forward: (k, { x }, _, { eigenvalues: values, eigenvectors }) => {
    const n = sideOf('eig', x);
    const out = [values, eigenvectors];
    overBatch(k, { out, in: [x], vectors: [values] }, ([a], at) => {
      const made = decomposed(a!, n);
      if (made === null) throw unsteady('eig', nameOf(at, x.shape));
      return [made.values, made.vectors];
    });
  },
  saves: ['eigenvalues', 'eigenvectors'],
  backward: (g, { x, eigenvalues, eigenvectors: v }) => {
    const parts: Tensor[] = [];
    if (g.eigenvalues !== undefined) parts.push(diagonal(g.eigenvalues));
    if (g.eigenvectors !== undefined) {
      const gaps = eigenvalues.expandDims(-2).sub(eigenvalues.expandDims(-1)).conj();
      const turned = adjointOf(v).matMul(free(g.eigenvectors, v));
      parts.push(turned.sub(turned.bandPart(0, 0)).div(gaps.add(unit(gaps))));
    }
    const inner = parts.reduce((a, b) => a.add(b));
    return { x: throughBoth(x, v, () => inner) };
  },
  cost: ({ x }) => cubic(x, 25),
  samples: [
    { in: { x: [4, 4] } },
    { in: { x: [2, 2, 2] } },
    { in: { x: { shape: [1, 1], values: [-2] } } },
    { in: { x: [0, 0] } },
    { in: { x: { shape: [2, 2], dtype: 'i32', values: [1, 2, 0, 3] } } },
    { in: { x: { shape: [2, 2, 2], values: [0, 1, -1, 0, NaN, 0, 0, 1] } } },
  ],
  errors: [
    { in: { x: [2, 3] }, says: 'eig: x has the shape [2,3]; its matrices must be square' },
    {
      in: { x: { shape: [2, 2], dtype: 'c64' } },
      says: 'eig: x is c64; it must be real, for complex matrices there is no eig yet',
    },
  ],
};

function valuesOf(op: string, x: Spec): Spec {
  const { shape, dtype } = squareOf(op, x);
  return { shape: shape.slice(0, -1), dtype: complexOf(op, dtype) };
}

/** What flows back through `v @ inner @ inv(v)` to a real x. */
function throughBoth(x: Tensor, v: Tensor, inner: (v: Tensor) => Tensor): Tensor {
  const whole = v.solve(inner(v).matMul(adjointOf(v)), true);
  return isComplex(x.dtype) ? whole : whole.real().cast(x.dtype);
}

/** What of a gradient may change vectors whose length is 1 and whose greatest element is real. */
function free(g: Tensor, v: Tensor): Tensor {
  const along = v.conj().mul(g).sum(-2, true);
  const sizes = v.abs();
  const at = sizes.argMax(-2).oneHot(v.shape.at(-1)!, 1, 0, sizes.dtype);
  const greatest = at
    .transpose([...at.shape.keys()].slice(0, -2).concat(at.shape.length - 1, at.shape.length - 2))
    .stopGradient();
  // The greatest element of a vector is real: it is its size.
  const turn = greatest.mul(along.imag().neg().div(sizes.max(-2, true)));
  return g.sub(v.mul(along.real())).add(turn.zerosLike().complex(turn));
}

/** Real and imaginary parts in turn. */
function partOf({ real, imag }: Eigenvalues, i: number): number {
  return (i % 2 === 0 ? real : imag)[i >> 1]!;
}

function unsteady(op: string, matrix: string): Error {
  return new Error(
    `${op}: ${matrix} has eigenvalues that its steps do not converge to; a matrix that differs a little may do`,
  );
}
