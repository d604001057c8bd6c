/** Overrides are bit-equal for any number of threads, forward and back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { pairs } from '../../../engine/complex.ts';
import type { Buf } from '../../../engine/device.ts';
import type { Shape } from '../../../engine/shape.ts';
import { kit, losing, type Kit } from '../../kit/cpu.ts';
import { ordinary } from '../../kit/values.ts';

/** Cuts everything into parts as small as they can be, whoever comes to help. */
const tiny = { least: 1, grain: 1, alone: 0 };
/** Teams of one, two and three. */
const teams = [1, 2, 3].map((count) => kit(64, undefined, { threads: count, ...tiny }));

interface Call {
  readonly inputs: readonly Shape[];
  /** What the first input holds, where it is no matter of floats. */
  readonly labels?: (i: number) => number;
  /** Of which results a gradient arrives; of all, if left out. */
  readonly arrives?: readonly boolean[];
  /** Which inputs ask for a gradient; all, if left out. */
  readonly need?: readonly boolean[];
  readonly outs: readonly Shape[];
  /** The results are complex numbers. */
  readonly complex?: true;
  /** What a tape gets to see beside the results. */
  readonly hidden?: readonly Shape[];
  readonly attrs?: object;
}

const rows: readonly Shape[] = [
  [1, 1],
  [3, 5],
  [33, 17],
  [70, 64],
];
const alike = (attrs: object, shapes: readonly Shape[] = [...rows, [1003]]): Call[] =>
  shapes.map((shape) => ({ inputs: [shape], outs: [shape], attrs }));
const several = (count: number, results: number, attrs: object): Call[] =>
  [[1], [7], [64, 3], [1003]].map((shape) => ({
    inputs: Array<Shape>(count).fill(shape),
    outs: Array<Shape>(results).fill(shape),
    attrs,
  }));

const calls: { readonly [op: string]: readonly Call[] } = {
  softmax: alike({ axis: 1 }, rows),
  logSoftmax: alike({ axis: 1 }, rows),
  layerNorm: rows.flatMap((shape) => [
    { inputs: [shape], outs: [shape], attrs: { epsilon: 1e-5 } },
    { inputs: [shape, [shape[1]!], [shape[1]!]], outs: [shape], attrs: { epsilon: 1e-5 } },
  ]),
  rmsNorm: rows.flatMap((shape) => [
    { inputs: [shape], outs: [shape], attrs: { epsilon: 1e-5 } },
    { inputs: [shape, [shape[1]!]], outs: [shape], attrs: { epsilon: 1e-5 } },
  ]),
  batchNorm: rows.map((shape) => ({
    inputs: [shape, ...Array<Shape>(4).fill([shape[1]!])],
    outs: [shape],
    attrs: { varianceEpsilon: 0.1 },
  })),
  fusedBatchNorm: rows.flatMap((shape) => {
    const channels = [shape[1]!];
    const outs = [shape, channels, channels];
    return [[], [channels, channels]].flatMap((beside) =>
      (['NHWC', 'NCHW'] as const).map((dataFormat) => {
        const x = dataFormat === 'NHWC' ? shape : [...shape, 6];
        return {
          inputs: [x, ...beside],
          outs: [x, ...outs.slice(1)],
          arrives: [true, false, false],
          attrs: { epsilon: 0.1, dataFormat },
        };
      }),
    );
  }),
  groupNorm: (['NHWC', 'NCHW'] as const).flatMap((dataFormat) =>
    [
      [3, 6],
      [2, 6, 6],
      [3, 6, 300, 6],
    ].flatMap((shape) =>
      [[], [[6], [6]]].map((beside) => ({
        inputs: [shape, ...beside],
        outs: [shape],
        attrs: { groups: 3, epsilon: 0.1, dataFormat },
      })),
    ),
  ),
  scaledDotProductAttention: [false, true].flatMap((isCausal) =>
    [
      [1, 3, 4, 5],
      [3, 33, 17, 8],
    ].map(([batch, length, positions, features]) => ({
      inputs: [
        [batch!, length!, features!],
        [batch!, positions!, features!],
        [batch!, positions!, 7],
      ],
      outs: [[batch!, length!, 7]],
      hidden: [[batch!, length!, positions!]],
      attrs: { isCausal, scale: 0.3, enableGqa: false, dropoutP: 0, key: null },
    })),
  ),
  matMul: [
    [5, 7, 9],
    [33, 17, 65],
    [130, 20, 64],
    // Gradients of more steps than are added up at once.
    [300, 4, 300],
  ].flatMap(([m, k, n]) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) => ({
        inputs: [transposeA ? [k!, m!] : [m!, k!], transposeB ? [n!, k!] : [k!, n!]],
        outs: [[m!, n!]],
        attrs: { transposeA, transposeB },
      })),
    ),
  ),
  // Lengths of all radices, with a large prime, odd and even ones, and longer than there is room to work at.
  ...Object.fromEntries(
    ['fft', 'ifft', 'fft2d', 'ifft2d', 'fft3d', 'ifft3d'].map((op) => [
      op,
      [
        [5, 1, 7, 1],
        [3, 4, 6, 10],
        [2, 3, 19, 23],
        ...(op.endsWith('fft') ? [[2, 1, 1, 70_000]] : [[1, 1, 5000, 11]]),
      ].map((shape) => ({ inputs: [shape], outs: [shape], complex: true as const })),
    ]),
  ),
  rfft: [
    [3, 8, 8],
    [5, 7, 7],
    [2, 5, 12],
    [4, 9, 6],
    [9, 46, 46],
    [2, 3, 7],
  ].map(([m, n, length]) => ({
    inputs: [[m!, n!]],
    outs: [[m!, Math.floor(length! / 2) + 1]],
    complex: true,
    attrs: { length },
  })),
  irfft: [
    [3, 5, 8],
    [4, 9, 6],
    [9, 24, 46],
    [2, 3, 12],
  ].map(([m, n, length]) => ({ inputs: [[m!, n!]], outs: [[m!, length!]], attrs: { length } })),
  ...Object.fromEntries(
    ['searchSorted', 'lowerBound', 'upperBound'].map((op) => [
      op,
      [
        { inputs: [[40], [33, 17]], outs: [[33, 17]], attrs: { side: 'right' } },
        {
          inputs: [
            [33, 5],
            [33, 9],
          ],
          outs: [[33, 9]],
          attrs: { side: 'left' },
        },
      ],
    ]),
  ),
  tanh: alike({}),
  sigmoid: alike({}),
  silu: alike({}),
  gelu: [...alike({ approximate: false }), ...alike({ approximate: true })],
  lstmCell: [
    [2, 1],
    [33, 5],
    [9, 64],
  ].flatMap(([m, units]) =>
    [[], [[4 * units!]]].map((bias) => ({
      inputs: [[m!, 3], [m!, units!], [m!, units!], [3, 4 * units!], [units!, 4 * units!], ...bias],
      outs: [
        [m!, units!],
        [m!, units!],
      ],
      hidden: [[m!, 5 * units!]],
    })),
  ),
  gruCell: [
    [2, 1],
    [33, 5],
    [9, 64],
  ].flatMap(([m, units]) =>
    [[], [[3 * units!], [3 * units!]]].map((biases) => ({
      inputs: [[m!, 3], [m!, units!], [3, 3 * units!], [units!, 3 * units!], ...biases],
      outs: [[m!, units!]],
      hidden: [[m!, 4 * units!]],
      attrs: { resetAfter: true },
    })),
  ),
  sparseSoftmaxCrossEntropy: rows.flatMap(([m, n]) =>
    (['mean', 'none'] as const).map((reduction) => ({
      inputs: [[m!], [m!, n!]],
      labels: (i: number) => i % n!,
      need: [false, true],
      outs: [reduction === 'none' ? [m!] : []],
      hidden: [[m!, 2]],
      attrs: { labelSmoothing: 0, reduction },
    })),
  ),
  softmaxCrossEntropy: rows.flatMap(([m, n]) =>
    (['mean', 'none'] as const).map((reduction) => ({
      inputs: [
        [m!, n!],
        [m!, n!],
      ],
      need: [false, true],
      outs: [reduction === 'none' ? [m!] : []],
      hidden: [[m!, 2]],
      attrs: { labelSmoothing: 0.1, reduction },
    })),
  ),
  sgdStep: several(2, 1, { learningRate: 0.1 }),
  momentumStep: [false, true].flatMap((nesterov) =>
    several(3, 2, { learningRate: 0.1, momentum: 0.9, nesterov }),
  ),
  adamStep: several(4, 3, {
    count: 2,
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
  }),
};

test('every override is tested here', () => {
  assert.deepEqual(Object.keys(teams[0]!.overrides).sort(), Object.keys(calls).sort());
});

test('workers come to help', async () => {
  for (const k of teams.slice(1)) {
    const x = k.make([64, 1024], ordinary('f32', 1));
    const out = k.make([64, 1024]);
    for (let turn = 0; turn < 1000 && k.team.helped === 0; turn++) {
      k.overrides['softmax']!.forward!([x], { axis: 1 }, [out]);
      await setTimeout(1);
    }
    assert.ok(k.team.helped > 0);
  }
});

for (const [op, all] of Object.entries(calls)) {
  test(`${op} is bit-equal for any number of threads`, () => {
    for (const call of all) {
      const [one, ...more] = teams.map((k) => bitsOf(k, op, call));
      more.forEach((bits, i) =>
        assert.deepEqual(bits, one, `${op} of ${call.inputs.join(' and ')} on ${i + 2} threads`),
      );
    }
  });
}

test('a job that is lost in its last part is done again as if it were the first time', () => {
  const whole = kit(64, undefined, { threads: 1 });
  const lossy = losing(64);
  for (const [op, all] of Object.entries(calls)) {
    for (const call of all) {
      const what = `${op} of ${call.inputs.join(' and ')}`;
      assert.deepEqual(bitsOf(lossy, op, call), bitsOf(whole, op, call), what);
    }
  }
});

test('what came before is added with the bits of the gradient and a sum', () => {
  for (const [op, all] of Object.entries(calls)) {
    for (const call of all) {
      for (const k of [teams[0]!, teams[1]!]) {
        const { adds = [] } = k.overrides[op]!;
        if (adds.length === 0) continue;
        const what = `${op} of ${call.inputs.join(' and ')}`;
        assert.deepEqual(bitsOf(k, op, call), bitsOf(k, op, call, true), what);
      }
    }
  }
});

test('where there is no room for what a tape keeps, the row serves', () => {
  const k = teams[0]!;
  for (const [op, all] of Object.entries(calls)) {
    const call = all.find(({ hidden }) => hidden !== undefined);
    if (call === undefined) continue;
    k.reset();
    const { inputs, labels, outs, hidden, attrs = {} } = call;
    const from = inputs.map((shape, i) =>
      i === 0 && labels ? k.make(shape, labels, 'i32') : k.make(shape, ordinary('f32', i)),
    );
    const outside = hidden!.map((shape): Buf => {
      const buf = k.make(shape);
      return { ...buf, storage: { bytes: { ...buf.storage.bytes, at: -1 } } };
    });
    const made = [...outs.map((shape) => k.make(shape)), ...outside];
    assert.equal(k.overrides[op]!.forward!(from, attrs, made), false, op);
  }
});

test('where there is no room to work in, the row serves, and nothing is held', () => {
  const k = teams[0]!;
  let declined = 0;
  for (const [op, all] of Object.entries(calls))
    for (const call of all) {
      const want = bitsOf(k, op, call);
      const { forward, gradients } = k.overrides[op]!;
      k.reset();
      const { inputs, labels, outs, arrives, hidden = [], attrs = {} } = call;
      const from = inputs.map((shape, i) =>
        i === 0 && labels ? k.make(shape, labels, 'i32') : k.make(shape, ordinary('f32', i)),
      );
      const made = [...outs, ...hidden].map((shape) => resultOf(k, shape, 5, call));
      const arrived = outs.map((shape, i) => (arrives?.[i] === false ? undefined : k.make(shape)));
      k.room = 'none';
      if (forward?.(from, attrs, made) === false) declined++;
      if (
        gradients?.(
          arrived,
          from,
          made,
          attrs,
          from.map((x) => ({ ...x })),
          from.map(() => null),
        ) === false
      )
        declined++;
      k.room = 'arena';
      assert.deepEqual(bitsOf(k, op, call), want, op);
    }
  assert.ok(declined > 5, `${declined} declined`);
});

function resultOf(k: Kit, shape: Shape, seed: number, { complex }: Call): Buf {
  if (!complex) return k.make(shape, ordinary('f32', seed));
  const numbers = k.make([...shape, 2], ordinary('f32', seed));
  return { ...numbers, shape, dtype: 'c64', size: numbers.size / 2 };
}

/** The bits of the results, and of the gradients where the override has them, with what came before added there or `apart`. */
function bitsOf(k: Kit, op: string, call: Call, apart = false): Uint8Array[] {
  const { inputs, labels, need, outs, arrives, hidden = [], attrs = {} } = call;
  k.reset();
  const { forward, gradients, adds = [] } = k.overrides[op]!;
  let seed = 0;
  const drawn = (shape: Shape): Buf => k.make(shape, ordinary('f32', ++seed));
  const from = inputs.map((shape, i) =>
    i === 0 && labels ? k.make(shape, labels, 'i32') : drawn(shape),
  );
  const made = [...outs, ...hidden].map((shape) => resultOf(k, shape, ++seed, call));
  if (forward) assert.ok(forward(from, attrs, made), op);
  const bits = made.map((out) => k.bits(call.complex ? pairs(out) : out));
  if (gradients === undefined) return bits;
  const to = from.map(({ shape }, i) => (need?.[i] === false ? null : k.make(shape)));
  const arrived = outs.map((shape, i) => (arrives?.[i] === false ? undefined : drawn(shape)));
  // What came before is drawn from other numbers than the rest.
  const before = to.map((one, i) => (one && adds.includes(i) ? drawn(one.shape) : null));
  const nothing = before.map(() => null);
  assert.ok(gradients(arrived, from, made, attrs, to, apart ? nothing : before), `∇${op}`);
  if (apart) before.forEach((one, i) => one && k.cpu.zip('add', to[i]!, one, to[i]!));
  return [...bits, ...to.flatMap((gradient) => (gradient === null ? [] : [k.bits(gradient)]))];
}
