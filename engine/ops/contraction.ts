import { contracted } from '../einsum/contraction.ts';
import { promote, type DType } from '../dtype.ts';
import { resultOf } from '../elementwise.ts';
import { equationOf } from '../einsum/equation.ts';
import { zips } from '../formulas.ts';
import type { Many, One, Op, T } from '../op.ts';
import { axisOf, broadcast, sizeOf, text, type Shape } from '../shape.ts';

// Products of tensors, summed over some of their axes.

/**
 * The sum of products that an equation says, which names the axes of all
 * operands and of the result: `'ij,jk->ik'` is a matrix product. An axis that
 * an operand has twice is its diagonal (`'ii->i'`), one that the result does
 * not have is summed, `...` are any axes, which broadcast, and without `->`
 * the result has `...` and what is there only once, in alphabetical order.
 * Several operands are multiplied two at a time, in the order with the fewest
 * multiplications. Called as a function it is TensorFlow.js's
 * `tf.einsum(equation, ...tensors)`; as a method of the first operand, the
 * equation comes after the list of the others.
 */
export const einsum: Op<
  { tensors: Many },
  [tensors: readonly T[]],
  [equation: string],
  { equation: string },
  One
> = {
  inputs: { tensors: 'many' },
  attrs: (_, equation) => ({ equation }),
  spec: ({ tensors }, { equation }) => {
    const shapes = tensors.map(({ shape }) => shape);
    const { output, lengths } = equationOf('einsum', equation, shapes);
    return {
      shape: output.map((label) => lengths.get(label)!),
      dtype: tensors.map((x) => x.dtype).reduce((a, b) => product('einsum', a, b), 'bool'),
    };
  },
  compose: ({ tensors }, { equation }) => {
    const shapes = tensors.map(({ shape }) => shape);
    const dtype = tensors.map((x) => x.dtype).reduce((a, b) => product('einsum', a, b), 'bool');
    const floats = tensors.map((x) => x.cast(dtype));
    return contracted(floats, equationOf('einsum', equation, shapes)).identity();
  },
  samples: [
    {
      in: {
        tensors: [
          [2, 3],
          [3, 4],
        ],
      },
      args: ['ij,jk->ik'],
    },
    {
      in: {
        tensors: [
          [2, 3],
          [3, 4],
          [4, 2],
        ],
      },
      args: ['ij,jk,ki'],
    },
    {
      in: {
        tensors: [
          [2, 5, 3],
          [4, 3],
        ],
      },
      args: ['...ij,kj->...ki'],
    },
    { in: { tensors: [[3, 3, 2]] }, args: ['iij->j'] },
    {
      in: {
        tensors: [
          [2, 3],
          [2, 3],
        ],
      },
      args: ['ij,ij->j'],
    },
    { in: { tensors: [[2], [3]] }, args: ['i,j->ji'] },
    {
      in: {
        tensors: [
          [2, 1, 3],
          [4, 3],
        ],
      },
      args: ['bij,ij->bi'],
    },
    {
      in: {
        tensors: [
          [2, 0],
          [0, 3],
        ],
      },
      args: ['ij,jk->ik'],
    },
    { in: { tensors: [[3, 2], { shape: [2], dtype: 'i32' }] }, args: ['ij,j'] },
  ],
  errors: [
    {
      in: {
        tensors: [
          [2, 3],
          [4, 5],
        ],
      },
      args: ['ij,jk->ik'],
      says: "axis j of 'ij,jk->ik' is 3 long and 4 long, in [2,3] and [4,5]",
    },
    { in: { tensors: [[2, 3]] }, args: ['ij,jk'], says: "'ij,jk' is for 2 operands; there are 1" },
    {
      in: { tensors: [[2, 3]] },
      args: ['ijk'],
      says: "'ijk' names 3 axes; operand 0 has the shape",
    },
    {
      in: { tensors: [[2, 3]] },
      args: ['ij->k'],
      says: "axis k of the output of 'ij->k' is in no",
    },
    {
      in: { tensors: [[2, 3]] },
      args: ['ij->ii'],
      says: "axis i is twice in the output of 'ij->ii'",
    },
    { in: { tensors: [[2, 3]] }, args: ['i-j'], says: "'i-j' is no equation" },
  ],
};

/**
 * Products summed over some axes of both: the last `axes` of a against the
 * first of b, or the axes of a and those of b in two lists (TensorFlow's and
 * NumPy's; 2 unless given, as in NumPy).
 */
export const tensordot: Op<
  { a: One; b: One },
  [a: T, b: T],
  [axes?: number | readonly [number | readonly number[], number | readonly number[]]],
  { axes: readonly [readonly number[], readonly number[]] },
  One
> = {
  inputs: { a: 'one', b: 'one' },
  attrs: ({ a, b }, axes = 2) => {
    const lists = typeof axes === 'number' ? counted(a.shape, b.shape, axes) : axes;
    const [left, right] = [a, b].map(({ shape }, i) =>
      [lists[i]!].flat().map((axis) => axisOf('tensordot', axis, shape.length)),
    ) as [number[], number[]];
    const fits =
      left.length === right.length && left.every((axis, i) => a.shape[axis] === b.shape[right[i]!]);
    if (fits && [left, right].every((list) => new Set(list).size === list.length)) {
      return { axes: [left, right] };
    }
    throw new Error(
      `tensordot: the axes ${text(left)} of ${text(a.shape)} and ${text(right)} of ${text(b.shape)} do not fit; as many of both are needed, each once and of equal lengths`,
    );
  },
  spec: ({ a, b }, { axes }) => ({
    shape: [...besides(a.shape, axes[0]), ...besides(b.shape, axes[1])],
    dtype: product('tensordot', a.dtype, b.dtype),
  }),
  compose: ({ a, b }, { axes: [left, right] }) => {
    const [rows, columns] = [besides(a.shape, left), besides(b.shape, right)];
    const inner = sizeOf(left.map((axis) => a.shape[axis]!));
    const order = (shape: Shape) => shape.map((_, axis) => axis);
    const x = a.transpose([...besides(order(a.shape), left), ...left]);
    const y = b.transpose([...right, ...besides(order(b.shape), right)]);
    return x
      .reshape([sizeOf(rows), inner])
      .matMul(y.reshape([inner, sizeOf(columns)]))
      .reshape([...rows, ...columns]);
  },
  samples: [
    { in: { a: [2, 3, 4], b: [3, 4, 2] } },
    { in: { a: [2, 3], b: [3, 2] }, args: [1] },
    { in: { a: [2, 3], b: [4] }, args: [0] },
    {
      in: { a: [2, 3, 4], b: [4, 2, 3] },
      args: [
        [
          [0, -1],
          [1, 0],
        ],
      ],
    },
    { in: { a: [2, 0], b: [0, 2] }, args: [[1, 0]] },
  ],
  errors: [
    {
      in: { a: [2, 3], b: [4, 2] },
      args: [1],
      says: 'tensordot: the axes [1] of [2,3] and [0] of [4,2] do not fit',
    },
    { in: { a: [2, 3], b: [3] }, args: [2], says: 'tensordot: no 2 axes of [2,3] and [3]' },
  ],
};

/** Every product of an element of x and one of y, as blocks: `out[i n + k, j m + l] = x[i, j] y[k, l]`, for any rank (NumPy's `kron`). */
export const kron: Op<{ x: One; y: One }, [x: T, y: T], [], object, One> = {
  inputs: { x: 'one', y: 'one' },
  spec: ({ x, y }) => {
    const [a, b] = equal(x.shape, y.shape);
    return { shape: a.map((n, i) => n * b[i]!), dtype: product('kron', x.dtype, y.dtype) };
  },
  compose: ({ x, y }) => {
    const [a, b] = equal(x.shape, y.shape);
    const left = x.reshape(a.flatMap((n) => [n, 1]));
    return left.mul(y.reshape(b.flatMap((n) => [1, n]))).reshape(a.map((n, i) => n * b[i]!));
  },
  samples: [
    { in: { x: [2, 3], y: [3, 2] } },
    { in: { x: [2], y: [2, 3] } },
    { in: { x: [], y: [2] } },
    { in: { x: [0, 2], y: [2, 1] } },
  ],
};

/** The vector product along an axis of length 3, by default the last; other axes broadcast (NumPy's and TensorFlow's `cross`). */
export const cross: Op<{ x: One; y: One }, [x: T, y: T], [axis?: number], { axis: number }, One> = {
  inputs: { x: 'one', y: 'one' },
  attrs: (_, axis = -1) => ({ axis }),
  spec: ({ x, y }, { axis }) => {
    for (const [name, { shape }] of Object.entries({ x, y })) {
      if (shape[axisOf('cross', axis, shape.length)] === 3) continue;
      throw new Error(`cross: axis ${axis} of ${name} ${text(shape)} must have the length 3`);
    }
    return {
      shape: broadcast('cross', x.shape, y.shape),
      dtype: product('cross', x.dtype, y.dtype),
    };
  },
  compose: ({ x, y }, { axis }) => {
    const [next, last] = [
      [1, 2, 0],
      [2, 0, 1],
    ];
    const plus = x.gather(next, axis).mul(y.gather(last, axis));
    return plus.sub(x.gather(last, axis).mul(y.gather(next, axis)));
  },
  samples: [
    { in: { x: [3], y: [3] } },
    { in: { x: [2, 3], y: [3] } },
    { in: { x: [3, 2], y: [3, 1] }, args: [0] },
  ],
  errors: [{ in: { x: [3], y: [2] }, says: 'cross: axis -1 of y [2] must have the length 3' }],
};

/** The product of every element of one vector with every one of another: `out[i, j] = v1[i] v2[j]`. */
export const outerProduct: Op<{ v1: One; v2: One }, [v1: T, v2: T], [], object, One> = {
  inputs: { v1: 'one', v2: 'one' },
  spec: ({ v1, v2 }) => {
    for (const [name, { shape }] of Object.entries({ v1, v2 })) {
      if (shape.length === 1) continue;
      throw new Error(`outerProduct: ${name} has the shape ${text(shape)}; it must have one axis`);
    }
    const dtype = product('outerProduct', v1.dtype, v2.dtype);
    return { shape: [v1.shape[0]!, v2.shape[0]!], dtype };
  },
  compose: ({ v1, v2 }) => v1.expandDims(1).mul(v2),
  samples: [{ in: { v1: [2], v2: [3] } }, { in: { v1: [0], v2: [3] } }],
  errors: [
    { in: { v1: [2, 2], v2: [3] }, says: 'outerProduct: v1 has the shape [2,2]; it must have one' },
  ],
};

function product(op: string, a: DType, b: DType): DType {
  return resultOf(op, zips.mul, promote(op, a, b));
}

/** The last axes of a and the first of b. */
function counted(a: Shape, b: Shape, n: number): readonly [number[], number[]] {
  if (Number.isInteger(n) && n >= 0 && n <= Math.min(a.length, b.length)) {
    const first = Array.from({ length: n }, (_, i) => i);
    return [first.map((i) => a.length - n + i), first];
  }
  throw new Error(`tensordot: no ${n} axes of ${text(a)} and ${text(b)} to sum over`);
}

function besides(list: readonly number[], axes: readonly number[]): number[] {
  return list.filter((_, axis) => !axes.includes(axis));
}

/** Two shapes of one rank, with ones in front of the shorter. */
function equal(a: Shape, b: Shape): readonly [Shape, Shape] {
  const rank = Math.max(a.length, b.length);
  const full = (shape: Shape) => [...Array<number>(rank - shape.length).fill(1), ...shape];
  return [full(a), full(b)];
}
