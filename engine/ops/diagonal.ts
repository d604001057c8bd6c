import { numbersOf } from '../complex.ts';
import type { Buf, Elements, Kernels } from '../device.ts';
import type { One, Op, T } from '../op.ts';
import { axisOf, sizeOf, stridesOf, text, type Shape } from '../shape.ts';

// Diagonals, and what lies on one side of them.

/**
 * The diagonal of the matrices along two axes, by default the first two: their
 * axes go, and the diagonal, `offset` above the main one, is the last axis.
 * Nothing is copied. (As `numpy.diagonal` and `torch.diagonal`.)
 */
export const diagonal: Op<
  { x: One },
  [x: T],
  [offset?: number, axis1?: number, axis2?: number],
  { offset: number; axes: readonly [number, number]; shape: Shape },
  One
> = {
  inputs: { x: 'one' },
  attrs: ({ x }, offset = 0, axis1 = 0, axis2 = 1) => {
    const axes = [axis1, axis2].map((axis) => axisOf('diagonal', axis, x.shape.length)) as [
      number,
      number,
    ];
    if (axes[0] === axes[1]) throw new Error(`diagonal: axis ${axes[0]} twice; it takes two axes`);
    if (!Number.isInteger(offset)) {
      throw new Error(`diagonal: an offset of ${offset}; it must be a whole number`);
    }
    const [m, n] = [x.shape[axes[0]]!, x.shape[axes[1]]!];
    const length = Math.max(0, Math.min(offset < 0 ? m + offset : m, offset > 0 ? n - offset : n));
    return { offset, axes, shape: [...besides(x.shape, axes), length] };
  },
  spec: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  view: (x, { offset, axes, shape }) => {
    const strides = stridesOf(x);
    const [down, right] = [strides[axes[0]]!, strides[axes[1]]!];
    const start = offset > 0 ? offset * right : -offset * down;
    return {
      shape,
      strides: [...besides(strides, axes), down + right],
      offset: x.offset + (sizeOf(shape) === 0 ? 0 : start),
    };
  },
  saves: [],
  grad: {
    x: (g, { x }, { offset, axes }) => {
      const [m, n] = [x.shape[axes[0]]!, x.shape[axes[1]]!];
      const rest = besides(x.shape, axes);
      const start = offset > 0 ? offset : -offset * n;
      const flat = g.stridedSliceGrad(
        [...rest, m * n],
        [...rest.map(() => 0), g.shape.at(-1) === 0 ? 0 : start],
        [...rest.map(() => 1), n + 1],
      );
      const order = [...besides([...x.shape.keys()], axes), ...axes];
      return flat.reshape([...rest, m, n]).transpose(order.map((_, i) => order.indexOf(i)));
    },
  },
  samples: [
    { in: { x: [3, 4] } },
    { in: { x: [3, 2, 4] }, args: [-1, 2, 0] },
    { in: { x: [2, 3, 3] }, args: [1, 1, -1] },
    { in: { x: [2, 2] }, args: [5] },
  ],
  errors: [
    { in: { x: [3] }, says: 'diagonal: no axis 1 in a tensor of rank 1' },
    { in: { x: [3, 3] }, args: [0, 1, -1], says: 'diagonal: axis 1 twice' },
  ],
};

/**
 * The tensor as the diagonal of one of twice the rank, with zeros elsewhere:
 * `out[i.., i..] = x[i..]`. (Of a matrix TensorFlow.js makes a tensor of rank
 * 4, and so does this; its diagonal is `diagonal`.)
 */
export const diag: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  spec: ({ x }) => ({ shape: [...x.shape, ...x.shape], dtype: x.dtype }),
  compose: ({ x }) => {
    const n = x.size;
    const flat = x.flatten().stridedSliceGrad([n * n], [0], [n + 1]);
    return flat.reshape([...x.shape, ...x.shape]);
  },
  samples: [{ in: { x: [3] } }, { in: { x: [2, 2] } }, { in: { x: [] } }],
};

/**
 * The diagonal of a tensor whose shape is another one twice over:
 * `out[i..] = x[i.., i..]`. Takes back what `diag` did; nothing is copied.
 * (TensorFlow's name.)
 */
export const diagPart: Op<{ x: One }, [x: T], [], object, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }) => {
    const half = x.shape.length / 2;
    if (x.shape.every((n, i) => n === x.shape[i < half ? i + half : i - half])) return {};
    throw new Error(
      `diagPart: ${text(x.shape)} is no shape twice over, as [3,3] and [2,3,2,3] are`,
    );
  },
  spec: ({ x }) => ({ shape: x.shape.slice(x.shape.length / 2), dtype: x.dtype }),
  view: (x) => {
    const half = x.shape.length / 2;
    const strides = stridesOf(x);
    return {
      shape: x.shape.slice(half),
      strides: strides.slice(half).map((step, i) => step + strides[i]!),
      offset: x.offset,
    };
  },
  saves: [],
  grad: { x: (g) => g.diag() },
  samples: [{ in: { x: [3, 3] } }, { in: { x: [2, 3, 2, 3] } }],
  errors: [
    { in: { x: [2, 3] }, says: 'diagPart: [2,3] is no shape twice over' },
    { in: { x: [2, 2, 2] }, says: 'diagPart: [2,2,2] is no shape twice over' },
  ],
};

type Triangle = Op<{ x: One }, [x: T], [k?: number], { k: number }, One>;

/** The lower triangle of the last two axes, zeros above: what lies on the diagonal `k` above the main one or below it. (As `numpy.tril`.) */
export const tril: Triangle = triangle('tril', (k) => [-Infinity, k]);

/** The upper triangle of the last two axes, zeros below: what lies on the diagonal `k` above the main one or above it. (As `numpy.triu`.) */
export const triu: Triangle = triangle('triu', (k) => [k, Infinity]);

/**
 * A band of the matrices in the last two axes, zeros elsewhere: the main
 * diagonal, `numLower` diagonals below and `numUpper` above it; a negative
 * number means all of them.
 */
export const bandPart: Op<
  { a: One },
  [a: T],
  [numLower: number, numUpper: number],
  { numLower: number; numUpper: number },
  One
> = {
  inputs: { a: 'one' },
  attrs: ({ a }, numLower, numUpper) => {
    matrices('bandPart', a.shape);
    whole('bandPart', numLower);
    whole('bandPart', numUpper);
    return { numLower, numUpper };
  },
  spec: ({ a }) => a,
  forward: (k, { a }, { numLower, numUpper }, out) => {
    band(k, out, a, numLower < 0 ? -Infinity : -numLower, numUpper < 0 ? Infinity : numUpper);
  },
  saves: [],
  grad: { a: (g, _, { numLower, numUpper }) => g.bandPart(numLower, numUpper) },
  samples: [
    { in: { a: [4, 5] }, args: [1, 0] },
    { in: { a: [2, 3, 3] }, args: [-1, 1] },
    { in: { a: [3, 2] }, args: [0, -1] },
  ],
  errors: [
    { in: { a: [3] }, args: [0, 0], says: 'bandPart: [3] has no rows and columns' },
    {
      in: { a: [3, 3] },
      args: [0.5, 0],
      says: 'bandPart: a diagonal 0.5; it must be a whole number',
    },
  ],
};

/** `between` says from which diagonal to which. */
function triangle(op: string, between: (k: number) => readonly [number, number]): Triangle {
  return {
    inputs: { x: 'one' },
    attrs: ({ x }, k = 0) => {
      matrices(op, x.shape);
      whole(op, k);
      return { k };
    },
    spec: ({ x }) => x,
    forward: (kernels, { x }, { k }, out) => band(kernels, out, x, ...between(k)),
    saves: [],
    grad: { x: (g, _, { k }) => (op === 'tril' ? g.tril(k) : g.triu(k)) },
    samples: [
      { in: { x: [3, 4] } },
      { in: { x: [2, 4, 3] }, args: [1] },
      { in: { x: [3, 3] }, args: [-1] },
    ],
    errors: [
      {
        in: { x: [3] },
        says: `${op}: [3] has no rows and columns; there must be two axes or more`,
      },
      { in: { x: [3, 3] }, args: [0.5], says: `${op}: a diagonal 0.5; it must be a whole number` },
    ],
  };
}

/** Row r keeps its elements from column r + low to column r + high. */
function band(k: Kernels, out: Buf, x: Buf, low: number, high: number): void {
  const n = x.shape.at(-1)!;
  const m = x.shape.at(-2)!;
  const { each, numbers } = numbersOf(x);
  k.calculate([numbersOf(out).numbers], [numbers], ([to], [from]) => {
    clear(to!);
    for (let row = 0, at = 0; at < from!.length; row++, at += each * n) {
      const r = row % m;
      const [begin, end] = [Math.max(r + low, 0), Math.min(r + high + 1, n)];
      if (begin >= end) continue;
      const part = from!.subarray(at + each * begin, at + each * end);
      to!.set(part as never, at + each * begin);
    }
  });
}

function clear(elements: Elements): void {
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) elements.fill(0n);
  else elements.fill(0);
}

function matrices(op: string, shape: Shape): void {
  if (shape.length >= 2) return;
  throw new Error(`${op}: ${text(shape)} has no rows and columns; there must be two axes or more`);
}

function whole(op: string, k: number): void {
  if (!Number.isInteger(k)) throw new Error(`${op}: a diagonal ${k}; it must be a whole number`);
}

function besides(list: readonly number[], axes: readonly number[]): number[] {
  return list.filter((_, i) => !axes.includes(i));
}
