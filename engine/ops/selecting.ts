import { numeric } from '../dtype.ts';
import { numbersOf } from '../complex.ts';
import type { Buf, Elements, Kernels } from '../device.ts';
import { during } from '../devices/complex.ts';
import { groups, type Groups } from '../groups.ts';
import { tensorOf, valuesOf } from '../known-inputs.ts';
import type { One, Op, Spec, T } from '../op.ts';
import { textsIn, textsOf } from '../texts.ts';
import { axisOf, sameShape, sizeOf, text, type Shape } from '../shape.ts';

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
    truth(k, x, (test) =>
      k.calculate([out], [test], ([to], [from]) =>
        positions(to as Int32Array, from as Uint8Array, x.shape),
      ),
    ),
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
  texts: true,
  inputs: { x: 'one' },
  outputs: { values: 'one', indices: 'one', counts: 'one' },
  attrs: ({ x }, axis = 0) => {
    const at = axisOf('unique', axis, x.shape.length);
    const found = groups(valuesOf('unique', x), x.shape, at);
    const attrs = { axis: at, count: found.firsts.length };
    foundFor.set(attrs, found);
    return attrs;
  },
  spec: ({ x }, { axis, count }) => ({
    values: { shape: x.shape.with(axis, count), dtype: x.dtype },
    indices: { shape: [x.shape[axis]!], dtype: 'i32' },
    counts: { shape: [count], dtype: 'i32' },
  }),
  forward: (k, { x }, attrs, { values, indices, counts }) => {
    const { axis, count } = attrs;
    // Of other values when the op is replayed.
    const known = foundFor.get(attrs);
    foundFor.delete(attrs);
    if (x.dtype === 'string') {
      const texts = textsIn(x);
      const found = known ?? groups(texts, x.shape, axis);
      k.calculate([indices, counts], [], ([which, often]) => {
        (which as Int32Array).set(found.group);
        count32(often as Int32Array, found.group);
      });
      const width = sizeOf(x.shape.slice(axis + 1));
      const kept = textsOf(values);
      let at = values.offset;
      for (let block = 0; block < texts.length; block += x.shape[axis]! * width)
        for (const first of found.firsts)
          for (let i = 0; i < width; i++) kept[at++] = texts[block + first * width + i]!;
      return;
    }
    const { each, numbers } = numbersOf(x);
    const outs = [numbersOf(values).numbers, indices, counts];
    k.calculate(outs, [numbers], ([kept, which, often], [from]) => {
      const { firsts, group } = known ?? groups(from!, x.shape, axis);
      (which as Int32Array).set(group);
      count32(often as Int32Array, group);
      if (numbers.size === x.shape[axis]) return pick(kept!, from!, firsts);
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

/** What `unique` found where it counted, until its forward takes it. */
const foundFor = new WeakMap<object, Groups>();

/** How often each number below its length comes. */
function count32(often: Int32Array, group: Int32Array): void {
  often.fill(0);
  for (let i = 0; i < group.length; i++) often[group[i]!]!++;
}

function pick(to: Elements, from: Elements, places: Int32Array): void {
  for (let i = 0; i < places.length; i++) to[i] = from[places[i]!]!;
}

/** Where elements are not 0, row-major, all indices of one after the other. */
function positions(to: Int32Array, test: Uint8Array, shape: Shape): void {
  if (shape.length === 1) {
    // Written again until it holds: what is not foreseen costs more than a store.
    for (let i = 0, at = 0; at < to.length; i++) {
      to[at] = i;
      at += test[i]!;
    }
    return;
  }
  const [n, rank] = [shape.at(-1) ?? 1, shape.length];
  const index = new Int32Array(Math.max(rank, 1));
  let at = 0;
  for (let start = 0; start < test.length; start += n) {
    for (let i = 0; i < n; i++) {
      if (test[start + i] === 0) continue;
      for (let axis = 0; axis < rank - 1; axis++) to[at++] = index[axis]!;
      if (rank > 0) to[at++] = i;
    }
    for (let axis = rank - 2; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

/** How many elements are true, by the kernels of their device: no op is run for it. */
function countOf(op: string, x: Spec): number {
  const t = tensorOf(op, x);
  if (t.dtype === 'string') numeric(op, t.dtype);
  // Says why there is nothing to read, after its end.
  if (t.isDisposed) t.data();
  if (t.size === 0) return 0;
  const { device } = t.storage.bytes;
  let count = 0;
  truth(device.kernels, t, (test) =>
    during(t, [], 'i32', (sum) => {
      const axes = t.shape.map((_, axis) => axis);
      device.kernels.reduce('sum', sum, test, axes);
      count = Number(device.array(sum)[sum.offset]);
    }),
  );
  return count;
}

/** Whether elements are true, or not 0: itself where it says so. */
function truth(k: Kernels, x: Buf, work: (test: Buf) => void): void {
  if (x.dtype === 'bool') return work(x);
  during(x, x.shape, 'bool', (test) => {
    k.map('identity', test, x);
    work(test);
  });
}
