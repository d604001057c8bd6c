import { numeric } from '../dtype.ts';
import { numbersOf } from '../complex.ts';
import type { Elements } from '../device.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { axisOf, sameShape, sizeOf, text, type Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

// Elements chosen by what they are: how many there are depends on the values, which are read for it.

/**
 * Where x is not 0 (or is true): the positions of those elements, row-major,
 * one in each row of the result, as TensorFlow.js's `whereAsync` gives them,
 * but at once. No gradient: positions are whole numbers.
 */
export const nonzero: Op<{ x: One }, [x: T], [], { count: number }, One> = {
  inputs: { x: 'one' },
  attrs: ({ x }) => ({ count: countOf('nonzero', x) }),
  spec: ({ x }, { count }) => ({ shape: [count, x.shape.length], dtype: 'i32' }),
  forward: (k, { x }, _, out) =>
    k.calculate([out], [numbersOf(x).numbers], ([to], [from]) => {
      const rank = x.shape.length;
      const each = from!.length / x.size;
      for (let i = 0, row = 0; i < x.size; i++) {
        if (isZero(from!, each, i)) continue;
        for (let axis = rank - 1, rest = i; axis >= 0; axis--) {
          const n = x.shape[axis]!;
          const up = Math.floor(rest / n);
          to![row + axis] = rest - up * n;
          rest = up;
        }
        row += rank;
      }
    }),
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: { shape: [2, 3], values: [0, 1.5, 0, -2, 0, 3] } } },
    { in: { x: { shape: [4], dtype: 'bool', values: [1, 0, 0, 1] } } },
    { in: { x: { shape: [2, 2], dtype: 'i64', values: [0, 0, 0, 0] } } },
  ],
};

/**
 * The elements or slices of x where `mask` is true, in a row: the axes of the
 * mask, from `axis` on, become one. (TensorFlow.js's `booleanMaskAsync`, but at
 * once.)
 */
export const booleanMask: Op<
  { x: One; mask: One },
  [x: T, mask: T],
  [axis?: number],
  { axis: number; count: number },
  One
> = {
  texts: true,
  inputs: { x: 'one', mask: 'one' },
  literals: { mask: 'bool' },
  attrs: ({ x, mask }, axis = 0) => {
    const at = axisOf('booleanMask', axis, x.shape.length);
    if (mask.dtype !== 'bool') {
      throw new Error(`booleanMask: the mask is ${mask.dtype}; it must be bool`);
    }
    const along = x.shape.slice(at, at + mask.shape.length);
    if (mask.shape.length > 0 && sameShape(along, mask.shape)) {
      return { axis: at, count: countOf('booleanMask', mask) };
    }
    throw new Error(
      `booleanMask: a mask ${text(mask.shape)} for the axes from ${at} on of ${text(x.shape)}; its shape must be theirs`,
    );
  },
  spec: ({ x, mask }, { axis, count }) => ({
    shape: x.shape.toSpliced(axis, mask.shape.length, count),
    dtype: x.dtype,
  }),
  compose: ({ x, mask }, { axis, count }) => {
    const rows = x.reshape(x.shape.toSpliced(axis, mask.shape.length, mask.size));
    return rows.gather(mask.flatten().nonzero().reshape([count]), axis);
  },
  samples: [
    { in: { x: [3, 2], mask: { shape: [3], dtype: 'bool', values: [1, 0, 1] } } },
    { in: { x: [2, 3], mask: { shape: [2, 3], dtype: 'bool', values: [1, 0, 1, 0, 0, 1] } } },
    { in: { x: [2, 3], mask: { shape: [3], dtype: 'bool', values: [0, 0, 0] } }, args: [1] },
  ],
  errors: [
    {
      in: { x: [3, 2], mask: { shape: [2], dtype: 'bool' } },
      says: 'booleanMask: a mask [2] for the axes from 0 on of [3,2]; its shape must be theirs',
    },
    { in: { x: [3], mask: [3] }, says: 'booleanMask: the mask is f32; it must be bool' },
  ],
};

/**
 * The values of x without repetition, in the order in which they come first:
 * single ones of a tensor of one axis, else slices along `axis`. `indices` says
 * for each element of x which of them it is, `counts` how often each one comes.
 * Not-a-number is equal to itself here, and -0 to 0. No gradient flows through the
 * values, as in PyTorch: take them by `gather` where one is wanted.
 */
export const unique: Op<
  { x: One },
  [x: T],
  [axis?: number],
  { axis: number; count: number },
  { values: One; indices: One; counts: One }
> = {
  inputs: { x: 'one' },
  outputs: { values: 'one', indices: 'one', counts: 'one' },
  attrs: ({ x }, axis = 0) => {
    if (x.dtype === 'string') numeric('unique', x.dtype);
    const at = axisOf('unique', axis, x.shape.length);
    const { firsts } = groups(valuesOf('unique', x), x.shape, at);
    return { axis: at, count: firsts.length };
  },
  spec: ({ x }, { axis, count }) => ({
    values: { shape: x.shape.with(axis, count), dtype: x.dtype },
    indices: { shape: [x.shape[axis]!], dtype: 'i32' },
    counts: { shape: [count], dtype: 'i32' },
  }),
  forward: (k, { x }, { axis, count }, { values, indices, counts }) => {
    const { each, numbers } = numbersOf(x);
    const outs = [numbersOf(values).numbers, indices, counts];
    k.calculate(outs, [numbers], ([kept, which, often], [from]) => {
      const { firsts, group } = groups(from!, x.shape, axis);
      which!.set(group as never);
      often!.fill(0 as never);
      for (const one of group) (often![one] as number)++;
      const width = each * sizeOf(x.shape.slice(axis + 1));
      const n = x.shape[axis]!;
      for (let i = 0, block = 0; i < kept!.length; block += n * width) {
        for (let one = 0; one < count; one++, i += width) {
          const start = block + firsts[one]! * width;
          kept!.set(from!.subarray(start, start + width) as never, i);
        }
      }
    });
  },
  saves: [],
  grad: { x: null },
  samples: [
    { in: { x: { shape: [6], dtype: 'i32', values: [3, 1, 3, 3, 2, 1] } } },
    { in: { x: { shape: [3, 2], values: [1, 2, 1, 2, 2, 1] } } },
    { in: { x: { shape: [2, 3], dtype: 'i64', values: [1, 2, 1, 5, 0, 5] } }, args: [1] },
    { in: { x: { shape: [0], dtype: 'i32' } } },
  ],
  errors: [{ in: { x: [] }, says: 'unique: no axis 0 in a tensor of rank 0' }],
};

/** Which of the first slices of their kind each slice along an axis is like, and which those are. */
function groups(
  values: Elements,
  shape: Shape,
  axis: number,
): { firsts: number[]; group: Int32Array } {
  const n = shape[axis]!;
  const group = new Int32Array(n);
  const firsts: number[] = [];
  const known = new Map<unknown, number>();
  const single = values.length === n;
  for (let i = 0; i < n; i++) {
    const key = single ? values[i] : keyOf(values, shape, axis, i);
    let at = known.get(key);
    if (at === undefined) known.set(key, (at = firsts.push(i) - 1));
    group[i] = at;
  }
  return { firsts, group };
}

/** What is equal for slices that are: all their values as text. */
function keyOf(values: Elements, shape: Shape, axis: number, i: number): string {
  const n = shape[axis]!;
  const width = values.length / sizeOf(shape.slice(0, axis + 1));
  const parts: string[] = [];
  for (let start = i * width; start < values.length; start += n * width) {
    parts.push(values.subarray(start, start + width).join());
  }
  return parts.join();
}

function countOf(op: string, x: Spec): number {
  const values = valuesOf(op, x);
  const size = sizeOf(x.shape);
  const each = values.length / size;
  let count = 0;
  for (let i = 0; i < size; i++) if (!isZero(values, each, i)) count++;
  return count;
}

/** Whether an element is 0, in both parts where it has two. */
function isZero(values: Elements, each: number, i: number): boolean {
  const [value, other] = [values[each * i], each === 2 ? values[2 * i + 1] : 0];
  return (value === 0 || value === 0n) && other === 0;
}

/** The values of an input, which ops are not told of before they run. */
function valuesOf(op: string, x: Spec): Elements {
  const { data } = x as Partial<Tensor>;
  if (data !== undefined) return data.call(x as Tensor);
  throw new Error(`${op}: the shape of the result depends on values, which are not known here`);
}
