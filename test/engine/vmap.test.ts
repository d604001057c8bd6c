import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { DESK, OP_COUNT, type Asks } from '../../engine/protocol.ts';
import { ready } from '../../engine/ready.ts';
import { run } from '../../engine/run.ts';
import { state } from '../../engine/state.ts';

type T = tf.Tensor;
const xs = tf.tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

/** How many ops a call runs. */
function opsOf(f: () => unknown): number {
  const before = control[OP_COUNT]!;
  f();
  return control[OP_COUNT]! - before;
}

test('one example as a user writes it, for a batch', () => {
  assert.deepEqual(
    tf
      .vmap((x: T) => x.square().sum())(xs)
      .array(),
    [14, 77],
  );
  assert.deepEqual(tf.vmap((x: T) => x.shape[0] === 3 && x.max().add(x)) instanceof Function, true);
  const [low, high] = tf.vmap((x: T) => [x.min(), x.max()] as const)(xs);
  assert.deepEqual(
    [low.array(), high.array()],
    [
      [1, 4],
      [3, 6],
    ],
  );
});

test('axes in and out, lists, records, and what is the same for all', () => {
  const columns = tf.vmap((x: T) => x.sum(), 1)(xs);
  assert.deepEqual(columns.array(), [5, 7, 9]);
  assert.deepEqual(
    tf
      .vmap(
        (x: T) => x.mul(2),
        0,
        1,
      )(xs)
      .array(),
    [
      [2, 8],
      [4, 10],
      [6, 12],
    ],
  );
  const joined = tf.vmap(({ a, b }: { a: T; b: T }) => ({ sum: a.add(b), fixed: tf.ones([2]) }));
  const { sum, fixed } = joined({ a: xs, b: xs });
  assert.deepEqual(sum.array(), xs.mul(2).array());
  assert.deepEqual(fixed.array(), [
    [1, 1],
    [1, 1],
  ]);
  const outer = tf.vmap(
    tf.vmap((a: T, b: T) => a.mul(b), [null, 0]),
    [0, null],
  );
  assert.deepEqual(outer(tf.tensor([1, 2, 3]), tf.tensor([10, 20])).array(), [
    [10, 20],
    [20, 40],
    [30, 60],
  ]);
  const bothOut = tf.vmap((x: T) => [x, x.sum()] as const, 0, [1, 0])(xs);
  assert.deepEqual(
    bothOut.map(({ shape }) => shape),
    [[3, 2], [2]],
  );
});

test('a model runs each op once for any batch, with its gradient', () => {
  const w = tf.variable(tf.randomNormal([3, 4], 0, 1, 'f32', 1));
  const b = tf.variable([0.1, 0.2, 0.3, 0.4]);
  const loss = (x: T) =>
    x.reshape([1, 3]).matMul(w).add(b).layerNorm().relu().softmax().square().sum();
  const batch = (size: number) => tf.randomNormal([size, 3], 0, 1, 'f32', 2);
  for (const f of [tf.vmap(loss), tf.vmap(tf.grad(loss))]) {
    const [few, many] = [2, 64].map((size) => opsOf(() => f(batch(size))));
    assert.equal(many, few);
  }
});

test('the gradient of each example with respect to what they share', () => {
  const w = tf.tensor([1, 10, 100]);
  // Also by a way that no example is part of.
  const f = (w: T, x: T) => w.mul(x).sum().add(w.square().sum());
  const expected = [
    [3, 22, 203],
    [6, 25, 206],
  ];
  assert.deepEqual(
    tf
      .vmap((x: T) => tf.grad((w) => f(w, x))(w))(xs)
      .array(),
    expected,
  );
  assert.deepEqual(
    tf
      .vmap((w: T, x: T) => tf.grads(f as never)([w, x])[0]!, [null, 0])(w, xs)
      .array(),
    expected,
  );
  const v = tf.variable([1, 10, 100]);
  const each = tf.vmap((x: T) => {
    using tape = new tf.GradientTape();
    return tape.gradient(f(v, x), v)!;
  });
  assert.deepEqual(each(xs).array(), expected);
  const named = tf.vmap((x: T) => tf.variableGrads(() => f(v, x), [v]).grads);
  assert.deepEqual(Object.values(named(xs))[0]!.array(), expected);
});

test('a filter for each example, and the gradients of one that they share', () => {
  const images = tf.randomNormal([3, 2, 5, 5, 2], 0, 1, 'f64', 1);
  const filter = tf.randomNormal([3, 3, 2, 4], 0, 1, 'f64', 2);
  const loss = (f: T, x: T) => x.conv2d(f, 1, 'same').square().sum();
  const all = tf.vmap((x: T) => tf.grad((f) => loss(f, x))(filter))(images);
  for (let i = 0; i < 3; i++) {
    const one = tf.grad((f) => loss(f, images.slice([i], [1]).squeeze(0)))(filter);
    near(all.slice([i], [1]).squeeze(0), one);
  }
  const count = (size: number) =>
    opsOf(() => tf.vmap((x: T) => tf.grad((f) => loss(f, x))(filter))(images.slice([0], [size])));
  assert.equal(count(1), count(3));
});

test('grad of vmap, vmap of grad of grad, and both ways nested', () => {
  const total = (xs: T) =>
    tf
      .vmap((x: T) => x.mul(x).mul(x).sum())(xs)
      .mul(tf.tensor([1, 2]))
      .sum();
  assert.deepEqual(tf.grad(total)(xs).array(), [
    [3, 12, 27],
    [96, 150, 216],
  ]);
  const cube = (x: T) => x.mul(x).mul(x);
  const points = tf.tensor([1, 2, 3]);
  assert.deepEqual(
    tf
      .vmap(tf.grad(tf.grad(cube)))(points)
      .array(),
    [6, 12, 18],
  );
  const w = tf.tensor([1, 2]);
  const mixed = tf.vmap(tf.vmap((x: T) => tf.grad((w: T) => w.mul(x).sin().sum())(w)))(
    tf.tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  const x = tf
    .tensor([
      [1, 2],
      [3, 4],
    ])
    .reshape([2, 2, 1]);
  near(mixed, x.mul(x.mul(w).cos()));
});

test('an outer tape sees what a vmap does, also with variables from around it', () => {
  const w = tf.variable([1, 2, 3]);
  using tape = new tf.GradientTape();
  const y = tf
    .vmap((x: T) => x.mul(w).sum())(xs)
    .sum();
  assert.deepEqual(tape.gradient(y, w)!.array(), [5, 7, 9]);
});

test('values cannot be read inside, and the error says what to do', () => {
  const read = (f: (x: T) => unknown) => () => tf.vmap((x: T) => (f(x), x))(xs);
  for (const f of [
    (x: T) => x.sum().item(),
    (x: T) => x.data(),
    (x: T) => x.array(),
    (x: T) => Number(x.sum()),
  ]) {
    assert.throws(read(f), /differs from example to example under vmap.*where\(condition, x, y\)/);
  }
  assert.throws(
    read((x) => JSON.stringify(x)),
    /toJSON: .*under vmap/,
  );
  const v = tf.variable([0, 0, 0]);
  assert.throws(
    read((x) => v.assign(x)),
    /variable '.*' has one value for all/,
  );
  assert.throws(
    read((x) => v.assignAdd(x)),
    /has one value for all/,
  );
  assert.throws(
    read((x) => v.assignAt('1:', x.sum())),
    /assignAt: f32\[\] differs .* variable '.*' has one value for all/,
  );
  assert.throws(
    read((x) => tf.variable(x)),
    /variable: f32\[3\] differs .* make it outside of vmap/,
  );
  assert.deepEqual(v.array(), [0, 0, 0]);
  assert.equal(state.batch, null);
});

test('what does not fit is named', () => {
  assert.throws(
    () => tf.vmap((a: T, b: T) => a.add(b))(xs, tf.ones([3])),
    /axis 0 of argument 2, f32\[3\], has 3 examples, .*argument 1.* has 2/,
  );
  assert.throws(
    () => tf.vmap((x: T) => x, null)(xs),
    /inAxes \[null\] for 1 arguments name no batch/,
  );
  assert.throws(() => tf.vmap((x: T) => x, 2)(xs), /vmap: no axis 2/);
  assert.throws(() => tf.vmap((_: T) => 3)(xs), /must return tensors, not 3/);
  assert.throws(
    () => tf.vmap((x: number) => tf.scalar(x))(3),
    /argument 1 is 3; it must be a tensor/,
  );
  assert.throws(() => tf.vmap(async (x: T) => x)(xs), /returned a promise/);
  assert.throws(() => tf.vmap((x: T) => x.matMul(x))(xs), /matMul: x has the shape \[3\]/);
  let leaked: T;
  tf.vmap((x: T) => (leaked = x.mul(2)))(xs);
  assert.throws(() => leaked.add(1), /after its vmap had ended/);
});

test('random numbers: each example its own, or all the same', () => {
  const draw = (randomness: 'same' | 'different') =>
    tf
      .vmap((x: T) => x.add(tf.randomNormal([3], 0, 1, 'f32', 5)), 0, 0, { randomness })(
        tf.zeros([2, 3]),
      )
      .array() as number[][];
  const [same, different] = [draw('same'), draw('different')];
  assert.deepEqual(same[0], same[1]);
  assert.notDeepEqual(different[0], different[1]);
  const drop = (randomness: 'same' | 'different') =>
    tf
      .vmap((x: T) => x.dropout(0.5, undefined, 3), 0, 0, { randomness })(tf.ones([2, 50]))
      .array() as number[][];
  assert.deepEqual(drop('same')[0], drop('same')[1]);
  assert.notDeepEqual(drop('different')[0], drop('different')[1]);
});

test('orders are drawn for the whole batch at once, those of shuffle and of permutation alike', () => {
  const rows = tf.range(0, 12).reshape([4, 3]);
  const shuffled = tf.vmap((x: T) => x.shuffle(0, 5))(tf.stack([rows, rows, rows]));
  const orders = tf.vmap((_: T) => tf.permutation(4, 5))(tf.zeros([3]));
  assert.deepEqual(shuffled.array(), rows.gather(orders).array());
  assert.notDeepEqual(shuffled.at(0).array(), shuffled.at(1).array());
  const columns = tf.vmap((x: T) => x.shuffle(1, 5))(tf.stack([rows, rows.add(12)]));
  assert.deepEqual(columns.sort(2).flatten().array(), tf.range(0, 24).array());
  for (const draw of [(x: T) => x.shuffle(), (_: T) => tf.permutation(9)]) {
    const [few, many] = [2, 7].map((size) => opsOf(() => tf.vmap(draw)(tf.zeros([size, 9]))));
    assert.equal(few, many);
  }
});

test('so also where what they are drawn by is the same for all, and of ops that draw by values', () => {
  const [half, even] = [tf.fill([40], 0.5), tf.zeros([3])];
  const drawers: { readonly [name: string]: (half: T, even: T) => T } = {
    dropout: (x) => x.dropout(0.5),
    bernoulli: (x) => x.bernoulli(),
    poisson: (x) => x.poisson(),
    randomDirichlet: (x) => x.randomDirichlet(),
    multinomial: (_, x) => x.multinomial(40),
    categorical: (_, x) => x.categorical(40),
    shuffle: () => tf.range(0, 40).shuffle(),
    permutation: () => tf.permutation(40),
  };
  const isSame = (made: T) => {
    const [first, second] = made.array() as number[][];
    return isDeepStrictEqual(first, second);
  };
  for (const [name, draw] of Object.entries(drawers))
    for (const randomness of ['same', 'different'] as const) {
      const own = tf.vmap(draw, [0, 0], 0, { randomness });
      const shared = tf.vmap((_: T) => draw(half, even), 0, 0, { randomness });
      const batches = [half, even].map((x) => tf.stack([x, x])) as [T, T];
      assert.equal(isSame(own(...batches)), randomness === 'same', name);
      assert.equal(isSame(shared(tf.zeros([2]))), randomness === 'same', name);
      // The outer one draws differently, whatever the inner one does.
      const inner = tf.vmap((_: T) => draw(half, even), 0, 0, { randomness });
      const nested = tf.vmap((_: T) => inner(tf.zeros([2])))(tf.zeros([2]));
      assert.equal(isSame(nested), false, name);
      assert.equal(isSame(nested.at(0)), randomness === 'same', name);
    }
});

test('an op without a rule runs example by example, and says where their shapes differ', () => {
  const row = {
    inputs: { x: 'one' as const },
    spec: ({ x }: { x: T }) => x,
    forward: () => {},
    saves: [],
    grad: { x: null },
  };
  const odd = ready('odd', row);
  assert.deepEqual(tf.vmap((x: T) => run(odd, [x], {}) as T)(xs).shape, [2, 3]);
  const calls = opsOf(() => tf.vmap((x: T) => run(odd, [x], {}) as T)(tf.zeros([5, 2])));
  assert.ok(calls > 5);
  assert.deepEqual(tf.vmap((x: T) => run(odd, [x], {}) as T)(tf.zeros([0, 2])).shape, [0, 2]);
  let length = 0;
  const growing = ready('growing', { ...row, spec: () => ({ shape: [++length], dtype: 'f32' }) });
  assert.throws(
    () => tf.vmap((x: T) => run(growing, [x], {}) as T)(xs),
    /growing: its result has the shape \[2\] for one example of vmap and \[3\] for another/,
  );
});

test('a row with a rule of its own runs by it', () => {
  const own = ready('own', {
    inputs: { x: 'one' as const, y: 'one' as const },
    spec: ({ x }: { x: T }) => x,
    batch: ({ x, y }: { x: T; y: T }, batched: { x: boolean; y: boolean }) => {
      assert.deepEqual(batched, { x: true, y: false });
      return x.add(y);
    },
  });
  const y = tf.tensor([1, 1, 1]);
  assert.deepEqual(
    tf
      .vmap((x: T) => run(own, [x, y], {}) as T)(xs)
      .array(),
    xs.add(1).array(),
  );
});

test('an empty batch gives empty results', () => {
  assert.deepEqual(
    tf.vmap((x: T) => x.softmax().matMul(tf.ones([3, 2])))(tf.zeros([0, 1, 3])).shape,
    [0, 1, 2],
  );
});

test('inside, a tensor prints as its whole batch, and the debugger shows that', () => {
  const desk = (globalThis as never)[Symbol.for(DESK)] as Asks;
  let text = '';
  tf.vmap((x: T) => {
    text = `${x}`;
    assert.deepEqual(desk.row(x)!.shape, [2, 3]);
    return x;
  })(xs);
  assert.match(text, /^f32\[3\] in each of 2 examples of vmap:\n[^]*4[^]*6/);
});

test('tidy frees all of it but the result', () => {
  const before = tf.memory().tensors;
  const y = tf.tidy(() =>
    tf.vmap((x: T) => tf.grad((x) => x.exp().sum().add(x.mul(2).sum()))(x))(xs),
  );
  assert.equal(y.shape.length, 2);
  assert.equal(tf.memory().tensors, before + 1);
});

function near(actual: T, expected: T): void {
  const gap = actual.sub(expected).abs().max().item();
  assert.deepEqual(actual.shape, expected.shape);
  assert.ok(gap < 1e-5, `differs by ${gap}`);
}
