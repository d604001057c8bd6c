import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../../engine/creation.ts';
import { functions } from '../../../engine/functions.ts';
import { currentDevice, setDevice } from '../../../engine/placement.ts';
import { GradientTape } from '../../../engine/tape.ts';
import type { Tensor } from '../../../engine/tensor.ts';
import { sizeOf, type Shape } from '../../../engine/shape.ts';
import { difference, draws } from '../../kit/samples.ts';
import { untaped } from '../../kit/untaped.ts';

/** How the overridden ops are called in the tests; the first of what is given is differentiated twice. */
const calls: {
  readonly [op: string]: readonly {
    readonly shapes: readonly Shape[];
    run(given: Tensor[]): Tensor;
  }[];
} = {
  softmax: [1, 2, 4, 5, 17, 100].flatMap((n) => [
    { shapes: [[3, n]], run: ([x]) => functions.softmax(x!) },
    { shapes: [[2, 2, n]], run: ([x]) => functions.softmax(x!, 1) },
    // Strided.
    { shapes: [[n, 3]], run: ([x]) => functions.softmax(functions.transpose(x!)) },
    // Dense once the axis is last.
    { shapes: [[3, n]], run: ([x]) => functions.softmax(functions.transpose(x!), 0) },
    {
      shapes: [[2, 3, n]],
      run: ([x]) => functions.softmax(functions.transpose(x!, [0, 2, 1]), 1),
    },
  ]),
  logSoftmax: [1, 2, 4, 5, 17, 100].flatMap((n) => [
    { shapes: [[3, n]], run: ([x]) => functions.logSoftmax(x!) },
    { shapes: [[2, 2, n]], run: ([x]) => functions.logSoftmax(x!, 1) },
    { shapes: [[n, 3]], run: ([x]) => functions.logSoftmax(functions.transpose(x!)) },
    // Dense once the axis is last.
    { shapes: [[3, n]], run: ([x]) => functions.logSoftmax(functions.transpose(x!), 0) },
    {
      shapes: [[2, 3, n]],
      run: ([x]) => functions.logSoftmax(functions.transpose(x!, [0, 2, 1]), 1),
    },
  ]),
  layerNorm: [2, 4, 5, 17, 100].flatMap((n) => [
    { shapes: [[3, n]], run: ([x]) => functions.layerNorm(x!) },
    { shapes: [[n, 3]], run: ([x]) => functions.layerNorm(functions.transpose(x!)) },
    { shapes: [[2, 3, n], [n], [n]], run: ([x, s, o]) => functions.layerNorm(x!, s, o, 1e-3) },
    { shapes: [[3, n], [n]], run: ([x, s]) => functions.layerNorm(x!, s) },
    { shapes: [[3, n], [n]], run: ([x, o]) => functions.layerNorm(x!, undefined, o) },
    // More than a block of rows, and a part of one.
    { shapes: [[70, n], [n], [n]], run: ([x, s, o]) => functions.layerNorm(x!, s, o) },
    // Wider than there is room to work at.
    ...(n === 2
      ? [{ shapes: [[2, 40_000]], run: ([x]: Tensor[]) => functions.layerNorm(x!) }]
      : []),
  ]),
  rmsNorm: [2, 4, 5, 17, 100].flatMap((n) => [
    { shapes: [[3, n]], run: ([x]: Tensor[]) => functions.rmsNorm(x!) },
    { shapes: [[n, 3]], run: ([x]: Tensor[]) => functions.rmsNorm(x!.transpose()) },
    { shapes: [[35, 2, n], [n]], run: ([x, s]: Tensor[]) => functions.rmsNorm(x!, s, 1e-3) },
  ]),
  fusedBatchNorm: [1, 3, 4, 9].flatMap((n) => [
    { shapes: [[7, n]], run: ([x]: Tensor[]) => functions.fusedBatchNorm(x!).y },
    {
      shapes: [[2, 5, 7, n], [n], [n]],
      run: ([x, s, o]: Tensor[]) => functions.fusedBatchNorm(x!, s, o, 0.1).y,
    },
    {
      shapes: [[n, 5], [n], [n]],
      run: ([x, s, o]: Tensor[]) => functions.fusedBatchNorm(x!.transpose(), s, o).y.transpose(),
    },
    // The moments, too, have gradients.
    {
      shapes: [[7, n], [n], [n]],
      run: ([x, s, o]: Tensor[]) => {
        const { y, mean, variance } = functions.fusedBatchNorm(x!, s, o, 0.1);
        return y.add(mean.mul(2)).add(variance.mul(3));
      },
    },
    {
      shapes: [[2, n, 5, 3], [n], [n]],
      run: ([x, s, o]: Tensor[]) => functions.fusedBatchNorm(x!, s, o, 0.1, 'NCHW').y,
    },
    {
      shapes: [[7, n]],
      run: ([x]: Tensor[]) => functions.fusedBatchNorm(x!, undefined, undefined, 0.1, 'NCHW').y,
    },
  ]),
  groupNorm: (['NHWC', 'NCHW'] as const).flatMap((format) =>
    [
      [3, 4],
      [2, 6, 4],
      [2, 4, 3, 8],
      // More than is added up at once.
      [2, format === 'NCHW' ? 4 : 300, format === 'NCHW' ? 300 : 4],
    ].flatMap((shape) => {
      const channels = [shape.at(format === 'NHWC' ? -1 : 1)!];
      return [
        {
          shapes: [shape],
          run: ([x]: Tensor[]) => functions.groupNorm(x!, undefined, undefined, 2, 0.1, format),
        },
        {
          shapes: [shape, channels, channels],
          run: ([x, s, o]: Tensor[]) => functions.groupNorm(x!, s, o, 2, 0.1, format),
        },
        {
          shapes: [shape, channels],
          run: ([x, o]: Tensor[]) => functions.groupNorm(x!, undefined, o, 1, 0.1, format),
        },
        ...(shape.length < 3
          ? []
          : [
              {
                shapes: [shape, channels, channels],
                run: ([x, s, o]: Tensor[]) => functions.instanceNorm(x!, s, o, 0.1, format),
              },
            ]),
      ];
    }),
  ),
  scaledDotProductAttention: [
    ...[false, true].flatMap((causal) =>
      ([1, 4, 5, 18] as const).map((n) => ({
        shapes: [
          [2, 3, 4],
          [2, n, 4],
          [2, n, 5],
        ],
        run: ([q, k, v]: Tensor[]) =>
          functions.scaledDotProductAttention(q!, k!, v!, undefined, 0, causal, 0.7),
      })),
    ),
    // Strided, and of two axes.
    {
      shapes: [
        [4, 3],
        [4, 5],
        [2, 5],
      ],
      run: ([q, k, v]: Tensor[]) =>
        functions
          .scaledDotProductAttention(q!.transpose(), k!.transpose(), v!.transpose())
          .transpose(),
    },
    // Left to the row: leading axes that broadcast, and the gradient of a mask.
    {
      shapes: [
        [2, 3, 4],
        [5, 4],
        [1, 5, 2],
      ],
      run: ([q, k, v]: Tensor[]) => functions.scaledDotProductAttention(q!, k!, v!),
    },
    ...[[3, 5], [5], [2, 1, 5], [2, 3, 5]].flatMap((mask) =>
      [false, true].flatMap((causal) => [
        {
          shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 2], mask],
          run: ([q, k, v, m]: Tensor[]) =>
            functions.scaledDotProductAttention(q!, k!, v!, m, 0, causal, 0.4),
        },
        {
          shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 2], mask],
          run: ([q, k, v, m]: Tensor[]) =>
            functions.scaledDotProductAttention(q!, k!, v!, m!.stopGradient(), 0, causal),
        },
        // Some rows have nobody left.
        {
          shapes: [[2, 3, 4], [2, 5, 4], [2, 5, 2], mask],
          run: ([q, k, v, m]: Tensor[]) =>
            functions.scaledDotProductAttention(q!, k!, v!, m!.less(-0.3), 0, causal, 0.7),
        },
      ]),
    ),
  ],
  matMul: [false, true].flatMap((a) =>
    [false, true].flatMap((b) => [
      {
        shapes: [a ? [3, 5] : [5, 3], b ? [20, 3] : [3, 20]],
        run: ([x, y]: Tensor[]) => x!.matMul(y!, a, b).square(),
      },
      // Weights that two steps share: the gradient of one is added to that of the other.
      {
        shapes: [a ? [4, 7] : [7, 4], [4, 4], [4, 7]],
        run: ([x, y, z]: Tensor[]) =>
          x!
            .matMul(y!, a, b)
            .add(z!.transpose().matMul(y!, false, b))
            .square(),
      },
      { shapes: [[3, 3]], run: ([x]: Tensor[]) => x!.matMul(x!, a, b).matMul(x!, a, b) },
      {
        shapes: [
          [2, 3, 3],
          [3, 3],
        ],
        run: ([x, y]: Tensor[]) => x!.matMul(y!, a, b).square(),
      },
    ]),
  ),
  tanh: elementwise((x) => x.tanh()),
  sigmoid: elementwise((x) => x.sigmoid()),
  silu: elementwise((x) => x.silu()),
  lstmCell: [1, 3, 4, 9].flatMap((units) =>
    [[[4 * units]], []].flatMap((bias) => [
      {
        shapes: [[3, 2], [3, units], [3, units], [2, 4 * units], [units, 4 * units], ...bias],
        run: ([x, h, c, k, r, b]: Tensor[]) => {
          const next = functions.lstmCell(x!, h!, c!, k!, r!, b);
          return functions.stack([next.h, next.c.mul(2)]);
        },
      },
      // Of one result alone, strided.
      {
        shapes: [[2, 3], [3, units], [3, units], [4 * units, 2], [4 * units, units], ...bias],
        run: ([x, h, c, k, r, b]: Tensor[]) =>
          functions
            .lstmCell(x!.transpose(), h!, c!, k!.transpose(), r!.transpose(), b)
            .h.transpose(),
      },
      {
        shapes: [[3, 2], [3, units], [3, units], [2, 4 * units], [units, 4 * units], ...bias],
        run: ([x, h, c, k, r, b]: Tensor[]) => functions.lstmCell(x!, h!, c!, k!, r!, b).c,
      },
    ]),
  ),
  gruCell: [1, 4, 9].flatMap((units) => [
    ...[[[3 * units], [3 * units]], []].map((biases) => ({
      shapes: [[3, 2], [3, units], [2, 3 * units], [units, 3 * units], ...biases],
      run: ([x, h, k, r, b, c]: Tensor[]) => functions.gruCell(x!, h!, k!, r!, b, c),
    })),
    {
      shapes: [
        [2, 3],
        [3, units],
        [3 * units, 2],
        [3 * units, units],
      ],
      run: ([x, h, k, r]: Tensor[]) =>
        functions.gruCell(x!.transpose(), h!, k!.transpose(), r!.transpose()).transpose(),
    },
    {
      shapes: [[3, 2], [3, units], [2, 3 * units], [units, 3 * units], [3 * units]],
      run: ([x, h, k, r, b]: Tensor[]) => functions.gruCell(x!, h!, k!, r!, undefined, b),
    },
    {
      shapes: [
        [3, 2],
        [3, units],
        [2, 3 * units],
        [units, 3 * units],
      ],
      run: ([x, h, k, r]: Tensor[]) =>
        functions.gruCell(x!, h!, k!, r!, undefined, undefined, false),
    },
  ]),
  sparseSoftmaxCrossEntropy: [1, 2, 5, 17].flatMap((n) => {
    const labels = () => tensor([n - 1, 0, n >> 1], [3], 'i32');
    return [
      ...[undefined, 'sum', 'none'].map((reduction) => ({
        shapes: [[3, n]],
        run: ([x]: Tensor[]) =>
          functions.sparseSoftmaxCrossEntropy(labels(), x!, undefined, reduction as 'sum'),
      })),
      {
        shapes: [[n, 3]],
        run: ([x]: Tensor[]) => functions.sparseSoftmaxCrossEntropy(labels(), x!.transpose()),
      },
      {
        shapes: [[1, 3, n]],
        run: ([x]: Tensor[]) =>
          functions.sparseSoftmaxCrossEntropy(labels().expandDims(0), x!, undefined, 'none'),
      },
      // Weighed.
      {
        shapes: [[3, n], [3]],
        run: ([x, w]: Tensor[]) => functions.sparseSoftmaxCrossEntropy(labels(), x!, w!.square()),
      },
    ];
  }),
  softmaxCrossEntropy: [1, 2, 5, 17].flatMap((n) => [
    ...([[undefined], [0.1, 'sum'], [0.2, 'none']] as const).map(([smoothing, reduction]) => ({
      shapes: [[3, n]],
      run: ([x]: Tensor[]) => {
        const labels = functions.randomUniform([3, n], 0, 1, 'f32', 7);
        return functions.softmaxCrossEntropy(labels, x!, undefined, smoothing, reduction);
      },
    })),
    // The labels are watched, too.
    {
      shapes: [
        [3, n],
        [3, n],
      ],
      run: ([x, l]: Tensor[]) => functions.softmaxCrossEntropy(l!.square(), x!),
    },
  ]),
  gelu: [...elementwise((x) => x.gelu()), ...elementwise((x) => x.gelu(true))],
};

/** What no one differentiates on the way: optimizers. */
const updates = ['adamStep', 'momentumStep', 'sgdStep'];

function elementwise(run: (x: Tensor) => Tensor) {
  return [
    ...[1, 4, 5, 23].map((n) => ({ shapes: [[n]], run: ([x]: Tensor[]) => run(x!) })),
    { shapes: [[3, 5]], run: ([x]: Tensor[]) => run(x!.transpose()) },
  ];
}

/** The result, the gradient of a weighed sum of it for every input, and that of the squares of the first gradient. */
function all(shapes: readonly Shape[], run: (given: Tensor[]) => Tensor): number[][] {
  const draw = draws(1);
  const make = (shape: Shape) =>
    tensor(
      Array.from({ length: sizeOf(shape) }, () => draw() * 4 - 2),
      shape,
    );
  const given = shapes.map(make);
  using outer = new GradientTape({ persistent: true });
  given.forEach((x) => outer.watch(x));
  using inner = new GradientTape();
  given.forEach((x) => inner.watch(x));
  const out = run(given);
  const gradients = inner.gradient(out.mul(make(out.shape)), given) as Tensor[];
  // A backward pass that the outer tape could not see would give none.
  assert.ok(outer.gradient(gradients[0]!.square().sum(), given)[0]);
  const second = outer.gradient(gradients[0]!.square(), given) as (Tensor | null)[];
  return [out, ...gradients, ...second].map((x) => (x === null ? [] : [...x.data()].map(Number)));
}

test('every override of the cpu is tested here', () => {
  setDevice('cpu');
  const tested = [...Object.keys({ ...calls, ...untaped }), ...updates].sort();
  assert.deepEqual(Object.keys(currentDevice().overrides).sort(), tested);
});

for (const [op, runs] of Object.entries(untaped)) {
  test(`${op} without a tape agrees with the row`, () => {
    const draw = draws(1);
    const values = Array.from({ length: 2 * 7 * 6 * 5 }, draw);
    for (const run of runs) {
      const [own, row] = ['cpu', 'plain'].map((device) => {
        setDevice(device as 'cpu');
        const out = run(tensor(values, [2, 7, 6, 5]));
        return [out.shape, [...out.data()].map(Number)];
      });
      assert.deepEqual(own![0], row![0]);
      assert.equal(difference(own![1] as number[], row![1] as number[], 1e-6), null);
    }
  });
}

for (const [op, cases] of Object.entries(calls)) {
  test(`${op}, its gradient and the gradient of that agree with the row`, () => {
    for (const { shapes, run } of cases) {
      const [own, row] = ['cpu', 'plain'].map((device) => {
        setDevice(device as 'cpu');
        return all(shapes, run);
      });
      own!.forEach((list, i) => {
        const scale = Math.max(1, ...row![i]!.map(Math.abs));
        const [a, b] = [list, row![i]!].map((l) => l.map((value) => value / scale));
        assert.equal(
          difference(a!, b!, 2e-5),
          null,
          `${op} of ${shapes.join(' and ')}, number ${i}`,
        );
      });
    }
  });
}
