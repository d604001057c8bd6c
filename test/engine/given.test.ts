/** Mistakes that are easily made: each is answered by a sentence that names the op and what would fit. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as tf from '../../engine/index.ts';

// What follows is wrong on purpose; the types would say so.
const any = tf as any;
const x = tf.tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const square = (t: tf.Tensor) => t.square();

suite('a wrong argument is named', () => {
  const says = (sentence: string, f: () => unknown): void =>
    void test(sentence, () => assert.throws(f, { name: 'Error', message: sentence }));

  says('sum: no axis a in a tensor of rank 2 (there are -2 to 1)', () => any.sum(x, 'a'));
  says(
    'reshape: a shape is a list of whole numbers, one of them -1 if need be, not undefined',
    () => any.reshape(x),
  );
  says('reshape: a shape is a list of whole numbers, one of them -1 if need be, not 3', () =>
    any.reshape(x, 3, 2),
  );
  says('reshape: a shape is a list of whole numbers, one of them -1 if need be, not [-2,-3]', () =>
    x.reshape([-2, -3]),
  );
  says('oneHot: a shape is a list of whole numbers, not [undefined]', () => any.oneHot([1]));
  says('transpose: 1 does not name every axis of [2,3] once, in a list', () =>
    any.transpose(x, 1, 0),
  );
  says('pad: [1,1] for a tensor [2,3]; there must be a pair [before, after] for each axis', () =>
    any.pad(x, [1, 1]),
  );
  says('split: undefined is neither a number of parts nor a list of their lengths', () =>
    any.split(x),
  );
  says('full: the value must be a number, not undefined', () => any.full([2]));
  says('gather: 0.5 among the indices; they must be whole numbers', () => tf.gather(x, [0.5]));
  says('randomUniform: NaN is no seed; take a finite number, a key or a Generator', () =>
    tf.randomUniform([2], 0, 1, 'f32', NaN),
  );
  says('add: y is a DataView; it must be a tensor, a number or a nested list of numbers', () =>
    any.add(x, new DataView(new ArrayBuffer(8))),
  );
  says('grad: an argument is 3; it must be a tensor', () => any.grad(square)(3));
  says('grads: the arguments are the tensor f32[2,3]; they must be a list of tensors', () =>
    any.grads(square)(x),
  );
  const w = tf.variable([1, 2]);
  const sgd = tf.train.sgd(0.1);
  says('minimize: takes a function, not the tensor f32[]', () =>
    any.train.sgd(1).minimize(x.sum()),
  );
  says('minimize: the loss is f32[2]; it must be one number: take its mean() or sum()', () =>
    sgd.minimize(() => w.mul(2)),
  );
  says('variableGrads: the loss is f32[2]; it must be one number: take its mean() or sum()', () =>
    tf.variableGrads(() => w.mul(2)),
  );
  says('minimize: the function must return its loss, not 3', () =>
    sgd.minimize(() => any.not ?? 3),
  );
  says(
    'minimize: the variables are an object; they must be a list of variables, or left out for all that the loss uses',
    () => any.train.sgd(1).minimize(() => w.sum(), { w }),
  );
  says(
    "variable: trainable is the string 'w'; it must be true or false, and the name comes after it: variable(values, true, 'w')",
    () => any.variable([1], 'w'),
  );
  says(
    'new Variable: the first argument is a list of 2; it must be a tensor',
    () => new any.Variable([1, 2]),
  );
  says('Tensor: tensors are made by tf.tensor(values)', () => new any.Tensor([1, 2]));
  says('zeros: a shape is a list of whole numbers: [3], not 3', () => any.zeros(3));
  says('sum: the axis is {"axis":0}; it must be a whole number', () =>
    x.sum(any.none ?? { axis: 0 }),
  );
  says('clipByValue: the ends are 1 and undefined; both must be numbers', () =>
    any.clipByValue(x, 1),
  );
  says('eye: the number of rows is a list of 2; it must be a finite number', () => any.eye([3, 3]));
  says('dataSync: f32[2,3] has no such method; data() gives the values at once', () =>
    (x as any).dataSync(),
  );
  test('a dtype by a name from elsewhere is guessed', () => {
    assert.throws(
      () => tf.zeros([2], any.no ?? 'float'),
      /^Error: zeros: no dtype is called 'float' \('f32' will be meant\); there are bool, /,
    );
  });
  test("TensorFlow.js's order of minimize is taken", () => {
    const [a, b] = [tf.variable(1), tf.variable(1)];
    const loss = tf.train.sgd(0.5).minimize(() => a.mul(b), true, [a]);
    assert.deepEqual([loss.item(), a.item(), b.item()], [1, 0.5, 1]);
  });
  test('what picks as many as its values say is refused under vmap by its own name', () => {
    const how =
      'how many elements bool[3] picks differs from example to example under vmap, and a batch needs one shape for all; where(condition, x, y) keeps the shape';
    const mask = (x: tf.Tensor) => x.greater(2);
    assert.throws(() => tf.vmap((x: tf.Tensor) => x.at(mask(x)))(x), { message: `at: ${how}` });
    assert.throws(() => tf.vmap((x: tf.Tensor) => x.booleanMask(mask(x)))(x), {
      message: `booleanMask: ${how}`,
    });
    assert.throws(() => tf.vmap((x: tf.Tensor) => mask(x).nonzero())(x), {
      message: `nonzero: ${how}`,
    });
  });
  says('grad: takes a function, not 3', () => any.grad(3));
  says('valueAndGrad: takes a function, not 3', () => any.valueAndGrad(3));
  says('valueAndGrads: takes a function, not undefined', () => any.valueAndGrads());
  says(
    "grad: an argument is i32[2], which has no gradient; only floats and complex numbers do: cast it, for one to 'f32'",
    () => tf.grad(square)(tf.tensor([1, 2], undefined, 'i32')),
  );
  says(
    "tensor: a shape is a list of whole numbers, not i32; a dtype comes after it: tensor(values, undefined, 'i32')",
    () => any.tensor([1, 2], 'i32'),
  );
  says("tidy: takes a function, not the string 'name'", () => any.tidy('name', () => 1));
  says('scope: takes a function, not undefined', () => any.scope('dense'));
  says('SGD: the learning rate is undefined; it must be a finite number', () => new any.SGD());
  says('apply: takes a list or a record, not undefined', () => any.train.sgd(1).apply());
  says('customGrad: an input is 3; it must be a tensor', () => any.customGrad(square)(3));
  says('customGrad: `gradFunc` must be a function', () =>
    any.customGrad((t: tf.Tensor) => ({ value: t }))(x),
  );
  says('item: f32[2,3] has 6 elements, not one; data() and array() give them all', () => x.item());
  says(
    "f32[2,3] is not one number, which JavaScript's own * and > need; ops are methods: x.mul(y), x.greater(y)",
    () => (x as any) * 2,
  );
});

test('gradient() says what is wrong, and the tape can still be asked', () => {
  using tape = new tf.GradientTape();
  tape.watch(x);
  const y = x.square();
  const ask = (...args: unknown[]) => (tape as any).gradient(...args);
  const wrong = (f: () => unknown, sentence: string) => assert.throws(f, { message: sentence });
  wrong(() => ask(), 'gradient: the target is undefined; it must be a tensor');
  wrong(
    () => ask(y),
    'gradient: the sources are undefined; they must be a tensor, a list or a record of tensors',
  );
  wrong(() => ask(y, [x, 3]), 'gradient: a source is 3; it must be a tensor');
  wrong(
    () => ask(y, x, { outputGradients: tf.ones([2]) }),
    'gradient: the output gradient is f32[2]; it must have the shape of f32[2,3]',
  );
  wrong(() => tape.watch(3 as never), 'watch: what is to be watched is 3; it must be a tensor');
  assert.deepEqual(tape.gradient(y, x)!.array(), [
    [2, 4, 6],
    [8, 10, 12],
  ]);
});

test('a tensor of another copy of the engine is recognised', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapedeck-copy-'));
  try {
    cpSync(fileURLToPath(new URL('../../engine', import.meta.url)), folder, { recursive: true });
    const other = (await import(join(folder, 'index.ts'))) as typeof tf;
    const theirs = other.ones([2]);
    assert.deepEqual(theirs.add(1).array(), [2, 2]);
    const sentence = /is a tensor of another copy of the engine \(load '@tapedeck\/engine' once\)/;
    assert.throws(() => tf.add(tf.ones([2]), theirs), sentence);
    assert.throws(() => new tf.GradientTape().watch(theirs), sentence);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
