/** Laws of shapes: what broadcasts, what keeps its shape, and that a view counts as its values do. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { promote, type DType } from '../../../../engine/dtype.ts';
import { tensor } from '../../../../engine/creation.ts';
import type { Given } from '../../../../engine/op.ts';
import type { Tensor } from '../../../../engine/tensor.ts';
import {
  call,
  dense,
  difference,
  draws,
  inputsOf,
  table,
  tolerances,
} from '../../../kit/samples.ts';
import { holds, near, one, seeds, type Law } from './law.ts';

const lengths = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
const floats = fc.constantFrom<DType>('f32', 'f64', 'f16');
const integral = (op: string) => /^(bitwise|leftShift|rightShift)/.test(op);
const rows = Object.entries(table);

/** Rows of one formula: of one input, and of two that broadcast. */
const unary = rows.filter(
  ([, row]) => row.formula && Object.keys(row.inputs).length === 1 && !row.attrs,
);
const binary = rows.filter(([, row]) => row.broadcasts === true);
/** Rows that take tensors and draw nothing. */
const given = rows.filter(([, row]) => Object.keys(row.inputs).length > 0 && !row.random);

export const laws: readonly Law[] = [
  {
    says: 'keeps the shape of its argument, and acts on each element by itself',
    of: unary.map(([op]) => op),
    check: (op) =>
      holds(
        fc.property(lengths, floats, (shape, dtype) => {
          const x = counted(shape, integral(op) ? 'i32' : dtype);
          const y = one(op, [x]);
          assert.deepEqual(y.shape, shape);
          near(one(op, [x.flatten()]).reshape(shape), y);
          near(one(op, [x.transpose()]).transpose(), y);
        }),
      ),
  },
  {
    says: 'broadcasts: as if both had been written out in the common shape and dtype',
    of: binary.map(([op]) => op),
    check: (op) =>
      holds(
        fc.property(
          lengths,
          fc.nat(15),
          fc.nat(15),
          fc.nat(4),
          floats,
          floats,
          (shape, a, b, cut, f, g) => {
            const own = integral(op) ? (['i32', 'i8'] as const) : ([f, g] as const);
            const narrow = (mask: number) => shape.map((n, i) => ((mask >> i) & 1 ? 1 : n));
            const [left, right] = [narrow(a), narrow(b).slice(Math.min(cut, shape.length))];
            const x = counted(left, own[0]);
            const y = counted(right, own[1]).add(1);
            const both = shape.map((_, i) => {
              const other = right[i - (shape.length - right.length)] ?? 1;
              return left[i] === 1 ? other : left[i]!;
            });
            const made = one(op, [x, y]);
            assert.deepEqual(made.shape, both);
            const dtype = promote(op, ...own);
            const [wide, side] = [x, y].map((z) => z.cast(dtype).broadcastTo(both).clone());
            const expected = one(op, [wide!, side!]);
            assert.equal(made.dtype, expected.dtype);
            near(made, expected);
          },
        ),
      ),
  },
];

/** Every op on a view is the op on its copy, however the view lies in its storage. */
export const views: Law = {
  says: 'is on a view what it is on a copy',
  of: given.map(([op]) => op),
  check: (op) => {
    const row = table[op]!;
    row.samples.forEach((sample, number) => {
      holds(
        fc.property(seeds, (seed) => {
          const draw = draws(seed);
          const apart = (one: Given, values: readonly number[]) => lying(dense(one, values), draw);
          const expected = call(op, inputsOf(row, sample.in, number), sample.args);
          const found = call(op, inputsOf(row, sample.in, number, apart), sample.args);
          found.forEach((made, i) => {
            const other = expected[i]!;
            assert.deepEqual(made.shape, other.shape);
            const gap = difference(made.data(), other.data(), tolerances[made.dtype] ?? 0);
            assert.equal(gap, null, `${op}, sample ${number}: ${gap}`);
          });
        }),
        2,
      );
    });
  },
};

/** The same values as a view: axes in any order, some backwards, some every second one of a longer storage, some from the middle. */
function lying(x: Tensor, draw: () => number): Tensor {
  const { rank, dtype } = x;
  if (rank === 0) return x;
  const order = [...Array(rank).keys()].map((axis) => ({ axis, key: draw() }));
  const perm = order.sort((a, b) => a.key - b.key).map(({ axis }) => axis);
  let view = x
    .transpose(perm)
    .clone()
    .transpose(perm.map((_, i) => perm.indexOf(i)));
  for (let axis = 0; axis < rank; axis++) {
    const way = Math.floor(draw() * 5);
    if (way === 0) view = copied(view.reverse(axis)).reverse(axis);
    if (way === 1)
      view = copied(view.concat([view, view], axis)).slice(at(rank, axis, x.shape[axis]!), x.shape);
    if (way === 2 && dtype !== 'string') {
      const wide = view
        .expandDims(axis + 1)
        .concat([view.zerosLike().expandDims(axis + 1)], axis + 1);
      view = copied(wide).at(...x.shape.slice(0, axis + 1).map(() => ':'), 0);
    }
  }
  return view;
}

/** A copy that keeps the order in which the axes lie. */
function copied(x: Tensor): Tensor {
  return x.transpose().clone().transpose();
}

function at(rank: number, axis: number, begin: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === axis ? begin : 0));
}

function counted(shape: readonly number[], dtype: DType): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: size }, (_, i) => ((i * 7) % 11) - 4);
  return tensor(values, shape, dtype);
}
