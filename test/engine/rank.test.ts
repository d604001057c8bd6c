/** Tensors of many axes: sixteen are promised, and more are right or an error, never wrong. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functions } from '../../engine/functions.ts';
import { setDevice } from '../../engine/placement.ts';
import { grad } from '../../engine/transforms.ts';
import type { Tensor } from '../../engine/tensor.ts';
import { devices } from '../kit/samples.ts';

type Case = (x: Tensor, turned: Tensor) => Tensor;

const each = (x: Tensor, f: (n: number, axis: number) => number): number[] => x.shape.map(f);
const cases: { readonly [name: string]: Case } = {
  transpose: (_, t) => t,
  broadcast: (x, t) => x.add(t.sum([0, 3], true).transpose(each(x, (_, i) => x.rank - 1 - i))),
  sum: (x, t) => t.sum([0, 5, x.rank - 1]),
  argMax: (_, t) => t.argMax(3),
  gather: (_, t) => t.gather([0, 0], 3),
  takeAlongAxis: (x) => x.takeAlongAxis(x.cast('i32').mul(0), 0),
  tile: (x) => x.tile(each(x, (_, i) => (i < 3 ? 2 : 1))),
  repeat: (_, t) => t.repeat(2, 1),
  roll: (_, t) => t.roll(1, 0),
  where: (_, t) => functions.where(t.greater(3), t, 0),
  stridedSlice: (x) => x.stridedSlice(each(x, () => 0), each(x, () => 2), each(x, () => 2)), // prettier-ignore
  pad: (x) => x.pad(x.shape.map((_, i) => (i < 4 ? [1, 0] : [0, 0]))),
  concat: (_, t) => t.concat(t, 4),
  stack: (x) => x.stack(x, x.rank - 1),
  softmax: (_, t) => t.softmax(0),
  at: (x) => x.at(...x.shape.map((_, i) => (i % 2 === 0 ? ':' : '::-1'))).clone(),
  gradient: (x) => grad((t: Tensor) => t.max([0, 3]).sum())(x),
};

for (const { name: device, skip } of devices) {
  suite(`axes on ${device}`, { skip }, () => {
    for (const [name, f] of Object.entries(cases)) {
      test(name, () => {
        for (const rank of [16, 33, 40]) {
          const [found, expected] = [device, 'plain' as const].map((where) => {
            setDevice(where);
            const shape = Array.from({ length: rank }, (_, i) => (i % 3 < 2 && i < 16 ? 2 : 1));
            const x = functions.range(0, 2 ** shape.filter((n) => n === 2).length).reshape(shape);
            const order = shape.map((_, i) => (i * 7 + 3) % rank);
            return f(x, x.transpose(order));
          }) as [Tensor, Tensor];
          assert.deepEqual(found.shape, expected.shape);
          assert.deepEqual(found.data(), expected.data(), `rank ${rank}`);
        }
      });
    }
  });
}

test('sixteen axes are those of NumPy', () => {
  setDevice('plain');
  const shape = Array.from({ length: 16 }, (_, i) => (i === 2 || i === 9 ? 3 : 1));
  const x = functions.range(0, 9).reshape(shape);
  const turned = x.transpose();
  assert.deepEqual([...turned.data()], [0, 3, 6, 1, 4, 7, 2, 5, 8]);
  assert.deepEqual([...turned.sum(6).data()], [3, 12, 21]);
});

test('more axes than kernels walk over are an error', { skip: devices[1]!.skip }, () => {
  setDevice('cpu');
  const x = functions.ones([2, 1]).transpose();
  const many = [...Array.from({ length: 200 }, () => 1), 2, 1];
  assert.throws(
    () =>
      x
        .reshape([1, 2, 1])
        .broadcastTo([...many, 2, 1])
        .add(1),
    /is more than the kernels walk over/,
  );
});
