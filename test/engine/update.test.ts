/** What optimizers do to variables: the same numbers in one pass, in place or not, watched or not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as Engine from '../../engine/index.ts';
import { DESK, HOOKS, WORDS, type Asks } from '../../engine/protocol.ts';

// As a debugger lends them, before the engine is loaded.
const control = new SharedArrayBuffer(4 * WORDS);
const hooks = { control, pause: (_: unknown) => {} };
(globalThis as { [key: symbol]: unknown })[Symbol.for(HOOKS)] = hooks;
const tf: typeof Engine = await import('../../engine/index.ts');
const desk = (globalThis as never)[Symbol.for(DESK)] as Asks;

type Update = (w: Engine.Variable, g: Engine.Tensor, count: number) => void;

/** The optimizers, and their formulas op by op on variables of their own. */
const optimizers: readonly (readonly [string, () => Engine.Optimizer, () => Update])[] = [
  ['sgd', () => new tf.SGD(0.1), () => (w, g) => w.assignSub(g.mul(0.1))],
  ...[false, true].map(
    (nesterov) =>
      [
        nesterov ? 'nesterov' : 'momentum',
        () => new tf.SGD(0.1, { momentum: 0.9, nesterov }),
        () => {
          let moving: Engine.Tensor | undefined;
          return (w: Engine.Variable, g: Engine.Tensor) => {
            moving = (moving ?? w.zerosLike()).mul(0.9).add(g);
            w.assignSub((nesterov ? moving.mul(0.9).add(g) : moving).mul(0.1));
          };
        },
      ] as const,
  ),
  [
    'adam',
    () => new tf.Adam(0.01),
    () => {
      let first: Engine.Tensor | undefined;
      let second: Engine.Tensor | undefined;
      return (w, g, count) => {
        first = (first ?? w.zerosLike()).mul(0.9).add(g.mul(1 - 0.9));
        second = (second ?? w.zerosLike()).mul(0.999).add(g.square().mul(1 - 0.999));
        const spread = second.mul(1 / (1 - 0.999 ** count)).sqrt();
        w.assignSub(first.mul(0.01 / (1 - 0.9 ** count)).div(spread.add(1e-8)));
      };
    },
  ],
];

/** Zeros of both signs, subnormal, huge and infinite numbers, and none, among ordinary ones. */
const strange = [0, -0, 1e-40, -1e-30, 3e38, -3e38, Infinity, -Infinity, Number.NaN, 1, -2, 0.3];

function gradientOf(size: number, turn: number): Engine.Tensor {
  return tf.tensor(
    Array.from({ length: size }, (_, i) =>
      i % 7 === 3 ? strange[(i + turn) % strange.length]! : Math.sin(i * (turn + 1)),
    ),
  );
}

function bits(tensor: Engine.Tensor): number[] {
  return [...new Uint32Array((tensor.data() as Float32Array).buffer)];
}

for (const [name, make, formula] of optimizers) {
  test(`${name} in one pass is its formula, bit for bit, with any number of threads`, (t) => {
    t.after(() => tf.setThreads(1));
    for (const size of [1, 3, 4, 5, 63, 64, 65, 1000, 100_003]) {
      const start = tf.tensor(Array.from({ length: size }, (_, i) => Math.cos(i)));
      const [own, spread, slow] = [1, 2, 3].map(() => tf.variable(start));
      const [one, two] = [make(), make()];
      const byHand = formula();
      for (let turn = 1; turn < 4; turn++) {
        const g = gradientOf(size, turn);
        tf.setThreads(1);
        one.apply([g], [own!]);
        tf.setThreads(2);
        two.apply([g], [spread!]);
        byHand(slow!, g, turn);
      }
      assert.deepEqual(bits(own!), bits(slow!), `${size} elements`);
      assert.deepEqual(bits(spread!), bits(slow!), `${size} elements on two threads`);
    }
  });

  test(`${name} writes over bytes that are nobody else's, and over no others`, () => {
    const optimizer = make();
    const w = tf.variable([1, 2, 3]);
    const g = tf.tensor([1, -1, 0.5]);
    optimizer.apply([g], [w]);
    const { bytes } = w.storage;
    optimizer.apply([g], [w]);
    assert.equal(w.storage.bytes, bytes);

    const before = [...w.data()];
    const seen = w.read();
    optimizer.apply([g], [w]);
    assert.deepEqual([...seen.data()], before);
    assert.notDeepEqual([...w.data()], before);

    const v = tf.variable([1, 2, 3]);
    using tape = new tf.GradientTape({ persistent: true });
    const y = v.square().sum();
    optimizer.apply([g], [v]);
    assert.deepEqual(tape.gradient(y, v)!.array(), [2, 4, 6]);
    assert.notDeepEqual(v.array(), [1, 2, 3]);
  });

  test(`${name} is one op to whoever looks, with the same numbers`, (t) => {
    t.after(() => {
      desk.setOpBreakpoints([]);
      hooks.pause = () => {};
    });
    const [seen, alone] = [1, 2].map(() => tf.variable([1, 2, 3], true, 'w'));
    const [watched, other] = [make(), make()];
    const g = tf.tensor([1, -1, 0.5]);
    for (let turn = 0; turn < 2; turn++) other.apply([g], [alone!]);
    desk.setOpBreakpoints([
      { id: 1, name: '*', when: 'before' },
      { id: 2, name: '*', when: 'after' },
    ]);
    const stops: string[] = [];
    hooks.pause = (stop) => {
      const { op, phase } = stop as { op: string; phase: string };
      stops.push(`${phase} ${op}`);
      // An op that waits to begin has changed nothing.
      if (stops.length === 1) assert.deepEqual(seen!.array(), [1, 2, 3]);
    };
    watched.apply([g], [seen!]);
    watched.apply([g], [seen!]);
    const op = name === 'nesterov' ? 'momentumStep' : `${name}Step`;
    assert.deepEqual(stops, [`before ${op}`, `after ${op}`, `before ${op}`, `after ${op}`]);
    assert.deepEqual(bits(seen!), bits(alone!));
  });
}

test('what was kept of a variable while a debugger looks stays as it was', (t) => {
  t.after(() => desk.setOpBreakpoints([]));
  const w = tf.variable([1, 2]);
  const { bytes } = w.storage;
  // As a tape or an op log holds them.
  bytes.pins++;
  new tf.Adam().apply([tf.ones([2])], [w]);
  assert.notEqual(w.storage.bytes, bytes);
  bytes.pins--;
});

test('a step on another dtype, on none of it and on nothing is what the row says', () => {
  const adam = new tf.Adam(0.5);
  const empty = tf.variable(tf.zeros([0, 3]));
  const double = tf.variable([1, 2], true, 'double', 'f64');
  const half = tf.variable([1, 2], true, 'half', 'f16');
  const strided = tf
    .tensor([[1], [2]])
    .transpose()
    .squeeze(0);
  adam.apply(
    [tf.zeros([0, 3]), tf.tensor([1, 1], undefined, 'f64'), tf.tensor([1, -1])],
    [empty, double, half],
  );
  assert.deepEqual(empty.shape, [0, 3]);
  assert.deepEqual([double.dtype, half.dtype], ['f64', 'f16']);
  // The first step of Adam goes by the learning rate, against the sign.
  assert.ok(Math.abs(Number(double.data()[0]) - 0.5) < 1e-7);
  assert.deepEqual(half.array(), [0.5, 2.5]);
  const w = tf.variable([1, 2]);
  new tf.SGD(0.5).apply([strided], [w]);
  assert.deepEqual(w.array(), [0.5, 1]);
});
