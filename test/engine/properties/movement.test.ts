/** Laws of what moves, picks and writes elements, over shapes and indices that nobody thought of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as tf from '../../../engine/index.ts';
import { denseStrides } from '../../../engine/shape.ts';

const shapes = (least = 0) =>
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: least, maxLength: 5 });
/** 0, 1, 2, ... in a shape, now and then strided. */
const counted = (least = 0) =>
  fc.tuple(shapes(least), fc.constantFrom('dense', 'turned', 'backwards')).map(([shape, how]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const x = tf.range(0, size).reshape(shape);
    if (how === 'turned') return x.transpose().clone().transpose();
    return how === 'backwards' ? x.reverse().clone().reverse() : x;
  });
const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void =>
  fc.assert(property, { numRuns: 150, seed: 2018 });
const same = (a: tf.Tensor, b: tf.Tensor): void => {
  assert.deepEqual(a.shape, b.shape);
  assert.deepEqual(a.data(), b.data());
};
const bound = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined });
const step = fc.constantFrom(1, 2, -1, -3, undefined);

/** What Python's slice picks of an axis, element by element. */
function sliced(length: number, from?: number, to?: number, by = 1): number[] {
  const clamp = (n: number, low: number, high: number) =>
    Math.min(Math.max(n < 0 ? n + length : n, low), high);
  const [low, high] = by > 0 ? [0, length] : [-1, length - 1];
  const picked: number[] = [];
  const end = to === undefined ? (by > 0 ? high : low) : clamp(to, low, high);
  for (
    let i = from === undefined ? (by > 0 ? low : high) : clamp(from, low, high);
    by > 0 ? i < end : i > end;
    i += by
  ) {
    picked.push(i);
  }
  return picked;
}

test('at picks what a walk over all elements picks', () => {
  check(
    fc.property(
      counted(),
      fc.array(fc.tuple(bound, bound, step), { maxLength: 5 }),
      (x, bounds) => {
        const own = bounds.slice(0, x.rank);
        const index = own.map((one) => one.map((n) => n ?? '').join(':')).join(', ');
        const lists = x.shape.map((n, axis) =>
          own[axis] === undefined ? sliced(n) : sliced(n, ...own[axis]),
        );
        const strides = denseStrides(x.shape);
        const places = lists.reduce<number[]>(
          (all, list, axis) => all.flatMap((at) => list.map((i) => at + i * strides[axis]!)),
          [0],
        );
        const part = x.at(index);
        assert.deepEqual(part.shape, lists.map((list) => list.length)); // prettier-ignore
        assert.deepEqual([...part.data()], places);
        assert.equal(part.storage, x.storage);
      },
    ),
  );
});

test('lists in at pick what a walk picks', () => {
  const positions = fc.array(fc.integer({ min: -2, max: 1 }), { minLength: 1, maxLength: 3 });
  check(
    fc.property(fc.integer({ min: 0, max: 2 }), positions, positions, (between, a, b) => {
      const x = tf.range(0, 2 ** 5).reshape([2, 2, 2, 2, 2]);
      const n = Math.max(a.length, b.length);
      const [left, right] = [a, b].map((list) =>
        Array.from({ length: n }, (_, i) => list[i % list.length]!),
      );
      const middle = Array.from({ length: between }, () => ':');
      const part = x.at(':', left!, ...middle, right!);
      // Side by side their axis stays where it was, apart it goes to the front.
      const first = between === 0 ? 1 : 0;
      assert.equal(part.rank, 4);
      for (let i = 0; i < n; i++) {
        const whole = x.at(':', left![i]!, ...middle, right![i]!);
        same(part.at(...Array.from({ length: first }, () => ':'), i), whole);
      }
    }),
  );
});

test('writing what is there changes nothing, and what was written is there', () => {
  const index = fc.tuple(fc.constantFrom('::2', '-1', '[1, 0]', '[[0], [1]]', '::-1'), fc.constantFrom('1:', '[0, 1]', ':, 0', 'newaxis')); // prettier-ignore
  check(
    fc.property(index, ([a, b]) => {
      const x = tf.range(0, 24).reshape([2, 3, 4]);
      same(x.with(a, b, x.at(a, b)), x);
      const other = tf.randomUniform(x.at(a, b).shape, 0, 1, 'f32', 3);
      same(x.with(a, b, other).at(a, b), other);
      const v = tf.variable(x);
      same(v.assignAt(a, b, other).read(), x.with(a, b, other));
    }),
  );
});

test('what goes there and comes back is the same', () => {
  const axis = fc.integer({ min: 0, max: 4 });
  check(
    fc.property(counted(1), axis, fc.integer({ min: -9, max: 9 }), (x, k, n) => {
      const at = k % x.rank;
      const order = [...x.shape.keys()].sort((a, b) => ((a * 7 + n) % 5) - ((b * 7 + n) % 5));
      same(x.permute(order).permute(order.map((_, i) => order.indexOf(i))), x);
      same(x.roll(n, at).roll(-n, at), x);
      same(x.roll(n).roll(-n), x);
      same(x.reverse(at).reverse(at), x);
      const cut = Math.floor(x.shape[at]! / 2);
      const [head, ...rest] = x.split([cut, -1], at);
      same(head!.concat(rest, at), x);
      if (x.shape[at]! > 0) {
        const [first, ...others] = x.unstack(at);
        same(first!.stack(others, at), x);
        same(x.repeat(3, at).at(...x.shape.map((_, i) => (i === at ? '::3' : ':'))), x);
      }
      const edges = x.shape.map(() => [1, 2] as const);
      const inner = x.shape.map((length) => `1:${length + 1}`).join(', ');
      same(x.pad(edges).at(inner), x);
      if (x.size > 0) same(x.mirrorPad(edges, 'edge').at(inner), x);
    }),
  );
});

test('space goes into the batch and into the depth, and comes back', () => {
  const few = fc.integer({ min: 1, max: 3 });
  check(
    fc.property(few, few, few, few, few, (n, h, w, c, block) => {
      const x = tf.range(0, n * h * w * c * block ** 2).reshape([n, h * block, w * block, c]);
      for (const format of ['NHWC', 'NCHW'] as const) {
        const y = format === 'NHWC' ? x : x.transpose([0, 3, 1, 2]);
        same(y.spaceToDepth(block, format).depthToSpace(block, format), y);
      }
      const none = [0, 0] as const;
      const batches = x.spaceToBatchND([block, block], [none, none]);
      same(batches.batchToSpaceND([block, block], [none, none]), x);
    }),
  );
});

test('picking and adding are the transposes of one another', () => {
  const rows = fc.array(fc.tuple(fc.nat(2), fc.nat(3)), { minLength: 1, maxLength: 6 });
  check(
    fc.property(rows, (indices) => {
      const [x, u] = [
        tf.randomNormal([3, 4], 0, 1, 'f64', 1),
        tf.randomNormal([indices.length], 0, 1, 'f64', 2),
      ];
      const picked = x.gatherND(indices).mul(u).sum().item();
      const added = tf.scatterND(indices, u, [3, 4]).mul(x).sum().item();
      assert.ok(Math.abs(picked - added) < 1e-12);
    }),
  );
});

test('unique, sorted and searched values agree', () => {
  check(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 20 }), (list) => {
      const x = tf.tensor(list, [list.length], 'i32');
      const { values, indices, counts } = x.unique();
      same(values.gather(indices), x);
      assert.deepEqual([...values.data()], [...new Set(list)]);
      assert.equal(counts.sum().item(), list.length);
      const sorted = x.sort();
      const places = sorted.upperBound(values).sub(sorted.lowerBound(values));
      same(places, counts);
    }),
  );
});
