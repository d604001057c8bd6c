/** Overrides where something is odd: labels that are none, numbers that are none, dtypes that are not theirs; and what they keep. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameAt } from '../../../engine/node-names.ts';
import { tensor } from '../../../engine/creation.ts';
import { functions } from '../../../engine/functions.ts';
import { currentDevice, setDevice } from '../../../engine/placement.ts';
import { GradientTape } from '../../../engine/tape.ts';
import type { Tensor } from '../../../engine/tensor.ts';
import { sizeOf } from '../../../engine/shape.ts';
import { difference, type Made } from '../../kit/samples.ts';

test('a label that is no class is an error, in the words of the row', () => {
  for (const label of [3, -1]) {
    const says = ['cpu', 'plain'].map((device) => {
      setDevice(device as 'cpu');
      const logits = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
      try {
        functions.sparseSoftmaxCrossEntropy(tensor([0, label], [2], 'i32'), logits);
        return 'nothing';
      } catch (error) {
        return (error as Error).message;
      }
    });
    assert.equal(says[0], says[1]);
    assert.match(says[0]!, new RegExp(String(label)));
  }
});

test('what an override keeps for its gradient has a name on the tape, and goes with it', () => {
  setDevice('cpu');
  const shapes = [
    [3, 2],
    [3, 4],
    [3, 4],
    [2, 16],
    [4, 16],
  ];
  const given = shapes.map((shape) => tensor(Array<number>(sizeOf(shape)).fill(0.5), shape));
  const step = () => functions.lstmCell(given[0]!, given[1]!, given[2]!, given[3]!, given[4]!);
  const before = currentDevice().usage().bytes;
  {
    using tape = new GradientTape();
    tape.watch(given);
    const { h, c } = step();
    const node = tape.nodes.at(-1)!;
    assert.deepEqual(
      node.tensors.map((_, i) => `${nameAt(node, i)}${node.pinned![i] === null ? '' : ' kept'}`),
      // Results of the name of an input are kept with it: here they are the inputs of the next step.
      ['x', 'h', 'c', 'kernel', 'recurrentKernel', 'h', 'c', 'gates'].map((name) => `${name} kept`),
    );
    for (const gradient of tape.gradient(h, given) as Tensor[]) gradient.dispose();
    h.dispose();
    c.dispose();
  }
  assert.equal(currentDevice().usage().bytes, before);
  const { h, c } = step();
  h.dispose();
  c.dispose();
  assert.equal(currentDevice().usage().bytes, before);
});

test('overrides leave what they were not written for to the row', () => {
  setDevice('cpu');
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  for (const run of [
    (t: Tensor) => t.softmax(),
    (t: Tensor) => t.logSoftmax(),
    (t: Tensor) => functions.layerNorm(t),
  ]) {
    const want = [...run(x).data()];
    const others: Made[] = [run(x.cast('f64')), run(x.transpose().clone().transpose())];
    for (const other of others)
      assert.equal(
        difference([...(other as Tensor).data()] as number[], want as number[], 1e-5),
        null,
      );
    assert.deepEqual(run(tensor([], [0, 3])).shape, [0, 3]);
  }
});

test('a tensor that is several inputs of a composite has the sum of their gradients, recorded or not', () => {
  setDevice('cpu');
  const weights = tensor(
    Array.from({ length: 27 }, (_, i) => i / 27),
    [3, 9],
  );
  const ops: readonly (readonly [string, Tensor, (x: Tensor, y: Tensor) => Tensor])[] = [
    ['softmaxCrossEntropy', tensor([1, 2, 3, 4], [1, 4]), functions.softmaxCrossEntropy],
    ['rmsNorm', tensor([1, 2, 3, 4]), functions.rmsNorm],
    ['gruCell', tensor([1, 2, 3], [1, 3]), (x, y) => functions.gruCell(x, y, weights, weights)],
  ];
  for (const [name, x, run] of ops) {
    const y = x.clone();
    const tape = new GradientTape({ persistent: true });
    tape.watch([x, y]);
    const [apart, together] = [run(x, y).square(), run(x, x).square()];
    const [left, right] = tape.gradient(apart, [x, y]) as Tensor[];
    const want = [...left!.add(right!).data()] as number[];
    const got = [tape.gradient(together, x)!];
    using outer = new GradientTape();
    outer.watch(x);
    got.push(tape.gradient(together, x)!);
    tape.dispose();
    for (const one of got)
      assert.equal(difference([...one.data()] as number[], want, 1e-5), null, name);
  }
});

/** Zeros of both signs, subnormal, huge and infinite numbers, and none. */
const strange = [
  0,
  -0,
  1e-40,
  -1e-40,
  1,
  -1,
  88,
  -88,
  -104,
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  Number.NaN,
];

test('strange gradients of strange numbers come out as the row has them', () => {
  const pairs = strange.flatMap((x) => strange.map((g) => [x, g] as const));
  const ops: readonly (readonly [string, (x: Tensor) => Tensor])[] = [
    ['tanh', (x) => x.tanh()],
    ['sigmoid', (x) => x.sigmoid()],
    ['silu', (x) => x.silu()],
    ['gelu', (x) => x.gelu()],
    ['gelu of tanh', (x) => x.gelu(true)],
    ['softmax', (x) => x.expandDims(-1).softmax()],
    ['softmax with others', (x) => functions.stack([x, x.zerosLike(), x.onesLike()], -1).softmax()],
    ['logSoftmax', (x) => functions.stack([x, x.zerosLike(), x.onesLike()], -1).logSoftmax()],
    [
      'sparseSoftmaxCrossEntropy',
      (x) =>
        functions.sparseSoftmaxCrossEntropy(
          x.zerosLike().cast('i32'),
          functions.stack([x, x.zerosLike(), x.onesLike()], -1),
          undefined,
          'none',
        ),
    ],
    [
      'layerNorm',
      (x) => functions.layerNorm(functions.stack([x, x.zerosLike(), x.onesLike()], -1)),
    ],
  ];
  for (const [name, run] of ops) {
    const [own, row] = ['cpu', 'plain'].map((device) => {
      setDevice(device as 'cpu');
      const x = tensor(pairs.map(([x]) => x));
      using tape = new GradientTape();
      tape.watch(x);
      const out = run(x);
      const g = tensor(pairs.map(([, g]) => g)).reshape(out.shape.map((n, i) => (i === 0 ? n : 1)));
      const weights = g.broadcastTo(out.shape).clone();
      return [...tape.gradient(out, x, { outputGradients: weights })!.data()] as number[];
    });
    const found = own!.flatMap((value, i) => {
      // Where a sum of squares or products overflows, the way there decides between infinite and none.
      const huge = (value: number) => Math.abs(value) > 1e18 && Number.isFinite(value);
      if (name === 'layerNorm' && pairs[i]!.some(huge)) return [];
      const scale = Math.min(Math.max(1, Math.abs(pairs[i]![1]) || 1), 3e38);
      const [a, b] = [value / scale, row![i]! / scale];
      return difference([a], [b], 2e-5) === null
        ? []
        : [`∇${name} at ${pairs[i]}: ${value}, not ${row![i]}`];
    });
    assert.deepEqual(found, []);
  }
});

test('rows that are infinite or not numbers come out as the row has them', () => {
  const inputs = [
    [1, Number.NaN, 2, 3, 4, 5],
    [1, Infinity, 2, 3, 4, 5],
    [1, -Infinity, 2, 3, 4, 5],
    [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity, -Infinity],
    [1000, -1000, 0, 88, -88, 1e30],
  ];
  for (const run of [(t: Tensor) => t.softmax(), (t: Tensor) => t.logSoftmax()]) {
    const [own, row] = ['cpu', 'plain'].map((device) => {
      setDevice(device as 'cpu');
      return [...run(tensor(inputs.flat(), [5, 6])).data()] as number[];
    });
    assert.equal(difference(own!, row!, 1e-6), null);
  }
});
