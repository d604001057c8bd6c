import assert from 'node:assert/strict';
import { test } from 'node:test';
import { control } from '../../engine/gate.ts';
import * as tf from '../../engine/index.ts';
import { OP_COUNT } from '../../engine/protocol.ts';

type T = tf.Tensor;
const f64 = (values: number[]) => tf.tensor(values, undefined, 'f64');
const x = f64([1, 2, 3]);

test('the jacobian of x * sum(x) is sum(x) I + x 1', () => {
  const expected = [
    [7, 1, 1],
    [2, 8, 2],
    [3, 3, 9],
  ];
  assert.deepEqual(
    tf
      .jacobian((x) => x.mul(x.sum()))(x)
      .array(),
    expected,
  );
  using tape = new tf.GradientTape({ persistent: true });
  const other = f64([1]);
  tape.watch([x, other]);
  const y = x.mul(x.sum());
  assert.deepEqual(tape.jacobian(y, x)!.array(), expected);
  assert.equal(tape.jacobian(y, other), null);
  assert.deepEqual(tape.jacobian(y, { other }, { unconnectedGradients: 'zero' }).other.array(), [
    [0],
    [0],
    [0],
  ]);
});

test('its walk over the tape runs each op once for any size', () => {
  const nodes = (size: number) => {
    const before = count();
    tf.jacobian((x) => x.sin().mul(x))(tf.ones([size]));
    return count() - before;
  };
  assert.equal(nodes(3), nodes(40));
});

test('the hessian of the sum of cubes, of a quadratic form, and inside of vmap', () => {
  const cubes = (x: T) => x.mul(x).mul(x).sum();
  assert.deepEqual(tf.hessian(cubes)(x).array(), [
    [6, 0, 0],
    [0, 12, 0],
    [0, 0, 18],
  ]);
  const a = tf.tensor(
    [
      [2, 1],
      [0, 3],
    ],
    undefined,
    'f64',
  );
  const form = (x: T) => x.dot(a.dot(x));
  assert.deepEqual(
    tf
      .hessian(form)(f64([5, 7]))
      .array(),
    [
      [4, 1],
      [1, 6],
    ],
  );
  const all = tf.vmap(tf.hessian(cubes))(
    tf.tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  assert.deepEqual(all.array(), [
    [
      [6, 0],
      [0, 12],
    ],
    [
      [18, 0],
      [0, 24],
    ],
  ]);
  assert.throws(
    () => tf.hessian((x) => x.mul(x))(x),
    /hessian: the function gives the shape \[3\]/,
  );
});

test('products with them, for one tensor and for records', () => {
  const cubes = (x: T) => x.mul(x).mul(x).sum();
  assert.deepEqual(tf.hvp(cubes, x, f64([1, 10, 100])).array(), [6, 120, 1800]);
  const { value, jvp } = tf.jvp((x: T) => x.sin(), x, tf.ones([3], 'f64'));
  assert.deepEqual(value.array(), x.sin().array());
  assert.deepEqual(jvp.array(), x.cos().array());
  const pulled = tf.vjp(({ a, b }: { a: T; b: T }) => a.mul(b), { a: x, b: x.mul(2) });
  assert.deepEqual(pulled.vjp(x).a.array(), [2, 8, 18]);
  assert.deepEqual(pulled.vjp(tf.ones([3], 'f64')).b.array(), [1, 2, 3]);
  pulled.dispose();
  assert.throws(() => pulled.vjp(x), /closed/);
  const pushed = tf.jvp(([a, b]: T[]) => a!.mul(b!), [x, x], [x, x.zerosLike()]);
  assert.deepEqual(pushed.jvp.array(), [1, 4, 9]);
});

test('what does not depend on the argument has zeros', () => {
  const fixed = f64([4]);
  assert.deepEqual(
    tf
      .jacobian(() => fixed)(x)
      .array(),
    [[0, 0, 0]],
  );
  assert.deepEqual(
    tf
      .vjp(() => fixed, x)
      .vjp(fixed)
      .array(),
    [0, 0, 0],
  );
  assert.deepEqual(tf.jvp(() => fixed, x, x).jvp.array(), [0]);
  assert.deepEqual(tf.hvp((x) => x.sum(), x, x).array(), [0, 0, 0]);
});

test('forward over reverse, and reverse over forward', () => {
  const f = (x: T) => x.sin().mul(x).sum();
  const v = f64([1, 0, 2]);
  const forward = tf.jvp(tf.grad(f), x, v).jvp.array();
  const reverse = tf
    .grad((x) => tf.jvp(f, x, v).jvp)(x)
    .array();
  const exact = tf.hvp(f, x, v).array() as number[];
  for (const found of [forward, reverse] as number[][]) {
    found.forEach((value, i) => assert.ok(Math.abs(value - exact[i]!) < 1e-14));
  }
});

test('each example of a batch by itself', () => {
  const xs = tf.tensor([
    [1, 2],
    [3, 4],
  ]);
  using tape = new tf.GradientTape({ persistent: true });
  tape.watch(xs);
  const y = xs
    .square()
    .sum(1, true)
    .mul(tf.ones([2, 3]));
  assert.deepEqual(tape.batchJacobian(y, xs)!.array(), [
    [
      [2, 4],
      [2, 4],
      [2, 4],
    ],
    [
      [6, 8],
      [6, 8],
      [6, 8],
    ],
  ]);
  assert.equal(tape.batchJacobian(y, tf.ones([2])), null);
  assert.throws(
    () => tape.batchJacobian(y, tf.ones([3])),
    /both must have the batch along their first axis/,
  );
});

test('what does not fit is named', () => {
  assert.throws(
    () => tf.jvp((x: T) => x, x, f64([1])),
    /jvp: the tangent is f64\[1\]; it must have the shape of f64\[3\]/,
  );
  assert.throws(
    () => tf.vjp(((): number => 3) as never, x),
    /vjp: the function must return a tensor, not 3/,
  );
  assert.throws(
    () => tf.hvp((x: T) => x, [x] as never, [] as never),
    /hvp: 0 tangents for 1 arguments/,
  );
});

function count(): number {
  return control[OP_COUNT]!;
}
