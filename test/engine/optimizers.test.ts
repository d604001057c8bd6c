import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { STEP } from '../../engine/protocol.ts';

// 20 steps on the mean square of tanh(x @ w) - y in f64; the numbers are PyTorch 1.13's.
const cases: readonly [string, () => tf.Optimizer, readonly number[], number][] = [
  [
    'SGD',
    () => new tf.SGD(0.1),
    [0.65579222673727, -0.6200612688526148, 1.9641253977225333, 0.48206655961987294],
    0.8686229320265313,
  ],
  [
    'SGD with momentum',
    () => tf.train.momentum(0.1, 0.9),
    [0.6522611800763112, 2.229428032235382, 2.040984265343349, 0.4200042427184955],
    0.17127909111903095,
  ],
  [
    "SGD with Nesterov's momentum",
    () => new tf.SGD(0.1, { momentum: 0.9, nesterov: true }),
    [0.6787097400368264, 1.8737960894054395, 2.037085557422997, -0.1382360525792671],
    0.16131943908159332,
  ],
  [
    'Adam',
    () => tf.train.adam(0.05),
    [0.6711517214901653, -0.08592897362802523, 1.9414746749943865, 0.4922999265091888],
    0.7022863708181108,
  ],
];

for (const [name, make, weights, loss] of cases) {
  test(`${name} takes the steps that PyTorch takes`, () => {
    const w = tf.variable(
      [
        [0.5, -1],
        [2, 0.25],
      ],
      true,
      'w',
      'f64',
    );
    const x = tf.tensor(
      [
        [1, 2],
        [3, -1],
        [0.5, 0.5],
      ],
      undefined,
      'f64',
    );
    const y = tf.tensor(
      [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      undefined,
      'f64',
    );
    const optimizer = make();
    let last = NaN;
    for (let i = 0; i < 20; i++) {
      last = optimizer.minimize(() => x.matMul(w).tanh().sub(y).square().mean()).item();
    }
    [...w.data()].forEach((value, i) => {
      assert.ok(Math.abs(Number(value) - weights[i]!) < 1e-12, `${value} is not ${weights[i]}`);
    });
    assert.ok(Math.abs(last - loss) < 1e-12);
  });
}

test('apply takes lists and records, leaves variables without a gradient alone, and says what does not fit', () => {
  const a = tf.variable([1, 2], true, 'a');
  const b = tf.variable([3], true, 'b');
  const sgd = new tf.SGD(0.5);
  sgd.apply([tf.tensor([2, 4]), null], [a, b]);
  sgd.apply({ a: null, b: tf.tensor([2]) }, { a, b });
  assert.deepEqual([a.array(), b.array()], [[0, 0], [2]]);
  assert.throws(() => sgd.apply([tf.tensor([1])], [a, b]), /1 gradients for 2 variables/);
  assert.throws(() => sgd.apply([tf.tensor([1])], [a]), /does not fit the variable 'a'/);
});

test('no tape records an update', () => {
  const w = tf.variable([1, 2]);
  using outer = new tf.GradientTape({ persistent: true });
  new tf.Adam().apply([tf.ones([2])], [w]);
  assert.equal(outer.nodes.length, 0);
});

test('an optimizer says which of its numbers cannot be', () => {
  const says = (make: () => unknown, message: string) => assert.throws(make, { message });
  says(() => new tf.Adam(-1), 'Adam: the learning rate is -1; it must not be negative');
  says(() => new tf.SGD(NaN), 'SGD: the learning rate is NaN; it must be a finite number');
  says(() => new tf.SGD(1, { momentum: -1 }), 'SGD: the momentum is -1; it must not be negative');
  const range = 'it must be from 0 to just under 1';
  says(() => new tf.Adam(1, { beta1: 1 }), `Adam: the decay beta1 is 1; ${range}`);
  says(() => new tf.Adam(1, { beta2: -0.5 }), `Adam: the decay beta2 is -0.5; ${range}`);
  says(() => new tf.Adam(1, { epsilon: -1 }), 'Adam: the epsilon is -1; it must not be negative');
  assert.equal(new tf.Adam(0).learningRate, 0);
});

test('minimize needs a loss, and a variable that it depends on', () => {
  const sgd = new tf.SGD(0.1);
  assert.throws(() => sgd.minimize(() => tf.scalar(1)), /uses no trainable variable/);
  assert.throws(() => sgd.minimize(() => 1 as unknown as tf.Tensor), /must return its loss/);
});

test('minimize changes only the variables it is given', () => {
  const a = tf.variable(1);
  const b = tf.variable(1);
  new tf.SGD(0.5).minimize(() => a.mul(b), [a]);
  assert.deepEqual([a.item(), b.item()], [0.5, 1]);
});

test('variableGrads gives gradients by name', () => {
  const a = tf.variable(2, true, 'a');
  const b = tf.variable(3, true, 'b');
  const { value, grads } = tf.variableGrads(() => a.mul(a).mul(b));
  assert.equal(value.item(), 12);
  assert.deepEqual([grads['a']!.item(), grads['b']!.item()], [12, 4]);
  assert.deepEqual(Object.keys(tf.variableGrads(() => a.mul(b), [b]).grads), ['b']);
});

// Last, as tf.step() takes the counting over.
test('the first optimizer counts the steps, until the program counts by itself', () => {
  const before = control[STEP]!;
  const w = tf.variable(1);
  new tf.SGD(0.1).minimize(() => w.mul(w));
  assert.equal(control[STEP], before, 'not the first optimizer of this program');
  assert.equal(before, 20, 'only the first of the tests above');
  assert.equal(tf.step(), 21);
  assert.equal(control[STEP], 21);
});
