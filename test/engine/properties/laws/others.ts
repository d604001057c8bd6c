/** What decompositions, losses, cells and random numbers keep, whatever the values. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { eye, tensor } from '../../../../engine/creation.ts';
import { functions as tf } from '../../../../engine/functions.ts';
import type { Tensor } from '../../../../engine/tensor.ts';
import { call, draws } from '../../../kit/samples.ts';
import { holds, near, one, seeds, words, type Law } from './law.ts';

/** Tensors of random numbers, evenly from a range. */
type Draw = (shape: readonly number[], low?: number, high?: number) => Tensor;
type Equation = (draw: Draw) => readonly [Tensor, Tensor];

const definite = (draw: Draw, n = 3) => {
  const a = draw([2, n, n], -1, 1);
  return a.matMul(a, false, true).add(eye(n, n, undefined, 'f64'));
};
const general = (draw: Draw) => draw([2, 3, 3], -1, 1).add(eye(3, 3, undefined, 'f64').mul(3));
const one3 = () => eye(3, 3, undefined, 'f64').expandDims(0).tile([2, 1, 1]);
const chances = (draw: Draw) => draw([4, 3], -2, 2).softmax();
const hot = () => tf.oneHot(tensor([0, 2, 1, 0], [4], 'i32'), 3, 1, 0, 'f64');
const places = () => tensor([0, 2, 1, 0], [4], 'i32');
const zeros = (shape: readonly number[]) => tf.zeros(shape, 'f64');
const images = (draw: Draw) => draw([2, 4, 4, 3], -2, 2);
const boxes = () => tensor([0, 0, 1, 1, 0, 0, 1, 0.9, 2, 2, 3, 3], [3, 4], 'f64');

const equations: { readonly [op: string]: Equation } = {
  istft: (draw) => {
    // In the middle, where the windows overlap, all comes back.
    const x = draw([32]);
    return [x.stft(8, 4).istft(8, 4).slice(8, 16), x.slice(8, 16)];
  },
  hannWindow: () => [
    tf.hannWindow(8, 'f64').add(tf.hannWindow(8, 'f64').roll(4)),
    tf.ones([8], 'f64'),
  ],
  hammingWindow: () => [tf.hammingWindow(8, 'f64'), tf.hannWindow(8, 'f64').mul(0.92).add(0.08)],
  cholesky: (draw) => {
    const x = definite(draw);
    return [x.cholesky().matMul(x.cholesky(), false, true), x];
  },
  lu: (draw) => {
    const x = general(draw);
    const { l, u, p } = x.lu();
    return [l.matMul(u), x.gather(p, 1, 1)];
  },
  qr: (draw) => {
    const x = general(draw);
    const { q, r } = x.qr();
    return [q.matMul(r).concat([q.matMul(q, true)]), x.concat([one3()])];
  },
  eigh: (draw) => {
    const x = definite(draw);
    const { eigenvalues, eigenvectors } = x.eigh();
    return [x.matMul(eigenvectors), eigenvectors.mul(eigenvalues.expandDims(-2))];
  },
  eig: (draw) => {
    const x = general(draw);
    const { eigenvalues, eigenvectors } = x.eig();
    const both = x
      .cast('c128')
      .matMul(eigenvectors)
      .sub(eigenvectors.mul(eigenvalues.expandDims(-2)));
    return [both.abs(), zeros([2, 3, 3])];
  },
  eigvals: (draw) => {
    const x = general(draw);
    return [x.eigvals().sum(-1).real(), x.trace()];
  },
  svd: (draw) => {
    const x = general(draw);
    const { s, u, v } = x.svd();
    return [u.mul(s.expandDims(-2)).matMul(v, false, true), x];
  },
  inv: (draw) => {
    const x = general(draw);
    return [x.inv().matMul(x), one3()];
  },
  pinv: (draw) => {
    const x = draw([2, 3, 2], -1, 1);
    return [x.matMul(x.pinv()).matMul(x), x];
  },
  det: (draw) => {
    const [x, y] = [general(draw), general(draw)];
    return [x.matMul(y).det(), x.det().mul(y.det())];
  },
  slogdet: (draw) => {
    const x = general(draw);
    const { sign, logAbsDeterminant } = x.slogdet();
    return [sign.mul(logAbsDeterminant.exp()), x.det()];
  },
  expm: (draw) => {
    const x = draw([2, 3, 3], -1, 1);
    return [x.expm().matMul(x.neg().expm()), one3()];
  },
  matrixPower: (draw) => {
    const x = general(draw);
    return [x.matrixPower(3).matMul(x.matrixPower(-3)), one3()];
  },
  matrixRank: (draw) => {
    const x = draw([4, 2]).matMul(draw([2, 5]));
    return [x.matrixRank(), tensor(2, [], 'i32')];
  },
  einsum: (draw) => {
    const [x, y] = [draw([2, 3]), draw([3, 4])];
    return [tf.einsum([x, y], 'ij,jk->ki'), x.matMul(y).transpose()];
  },
  broadcastArgs: () => [tf.broadcastArgs([2, 1, 3], [4, 1]), tensor([2, 4, 3], [3], 'i32')],
  oneHot: (draw) => {
    const x = draw([6], 0, 5).floor().cast('i32');
    return [x.oneHot(5).argMax(-1), x];
  },
  ravelIndex: (draw) => {
    const x = draw([5, 2], 0, 3).floor().cast('i32');
    const table = tf.range(0, 9, 1, 'i32').reshape([3, 3]);
    return [x.ravelIndex([3, 3]), table.gatherND(x)];
  },
  lastOccurrence: (draw) => {
    const x = draw([6], 0, 3).floor().cast('i32');
    return [x.lastOccurrence().cast('i32').sum(), x.unique().values.onesLike().sum()];
  },
  maxPool: (draw) => {
    const x = images(draw);
    return [x.maxPool(2, 1).maxPool(2, 1), x.maxPool(3, 1)];
  },
  maxPool1d: (draw) => {
    const x = draw([2, 6, 3]);
    return [x.maxPool1d(2, 1).maxPool1d(2, 1), x.maxPool1d(3, 1)];
  },
  maxPool3d: (draw) => {
    const x = draw([1, 4, 4, 4, 2]);
    return [x.maxPool3d(2, 1).maxPool3d(2, 1), x.maxPool3d(3, 1)];
  },
  maxPoolWithArgmax: (draw) => {
    const x = images(draw);
    const { result, indexes } = x.maxPoolWithArgmax(2, 2, 'valid', true);
    return [x.flatten().gather(indexes.flatten()), result.flatten()];
  },
  globalMaxPool: (draw) => {
    const x = images(draw);
    return [x.globalMaxPool(), x.max([1, 2])];
  },
  nonMaxSuppression: () => [
    boxes().nonMaxSuppression([0.5, 0.9, 0.1], 3),
    tensor([1, 2], [2], 'i32'),
  ],
  nonMaxSuppressionWithScore: (draw) => {
    const scores = draw([3], 0.1, 1).cast('f32');
    const { selectedIndices, selectedScores } = boxes().nonMaxSuppressionWithScore(scores, 3);
    return [scores.gather(selectedIndices), selectedScores];
  },
  localResponseNormalization: (draw) => {
    const x = images(draw);
    return [x.localResponseNormalization(0, 1, 0, 0.5), x];
  },
  sparseSoftmaxCrossEntropy: (draw) => {
    const logits = draw([4, 3]);
    return [tf.sparseSoftmaxCrossEntropy(places(), logits), tf.softmaxCrossEntropy(hot(), logits)];
  },
  softmaxCrossEntropy: (draw) => {
    const logits = draw([4, 3]);
    return [tf.softmaxCrossEntropy(hot(), logits.add(5)), tf.softmaxCrossEntropy(hot(), logits)];
  },
  sigmoidCrossEntropy: (draw) => {
    const [labels, logits] = [draw([4, 3], 0, 1), draw([4, 3])];
    return [tf.sigmoidCrossEntropy(labels, logits), tf.bceLoss(labels, logits.sigmoid())];
  },
  bceLoss: (draw) => {
    const [labels, p] = [draw([4, 3], 0, 1), draw([4, 3], 0.1, 0.9)];
    return [tf.bceLoss(labels, p), tf.bceLoss(labels.neg().add(1), p.neg().add(1))];
  },
  logLoss: (draw) => {
    const [labels, p] = [draw([4, 3], 0, 1), draw([4, 3], 0.1, 0.9)];
    return [tf.logLoss(labels, p, undefined, 0), tf.bceLoss(labels, p)];
  },
  nllLoss: (draw) => {
    const logits = draw([4, 3]);
    return [
      tf.nllLoss(places(), logits.logSoftmax()),
      tf.sparseSoftmaxCrossEntropy(places(), logits),
    ];
  },
  huberLoss: (draw) => {
    const [x, y] = [draw([4, 3]), draw([4, 3])];
    return [tf.huberLoss(x, y, undefined, 1e9), tf.meanSquaredError(x, y).mul(0.5)];
  },
  hingeLoss: (draw) => {
    const x = draw([4, 3], 1, 2);
    return [tf.hingeLoss(tf.ones([4, 3]), x), zeros([])];
  },
  cosineDistance: (draw) => {
    const x = draw([4, 3], 0.1, 1);
    const own = x.div(x.square().sum(-1, true).sqrt());
    return [tf.cosineDistance(own, own, undefined, -1), zeros([])];
  },
  poissonNll: (draw) => {
    const [x, y] = [draw([4], 0.1, 3), draw([4], 0.1, 3)];
    return [tf.poissonNll(x, y.log()), y.sub(x.mul(y.log())).mean()];
  },
  klDivergence: (draw) => {
    const [p, q] = [chances(draw), chances(draw)];
    return [tf.klDivergence(p, q).greaterEqual(0), tensor(true)];
  },
  ctcLoss: (draw) => {
    // Of all labels with one step there is one path: the loss is its negative logarithm.
    const logits = draw([1, 1, 3]);
    const expected = logits.logSoftmax().at(0, 0, 1).neg().expandDims(0);
    return [tf.ctcLoss([[1]], logits, [1], [1]).flatten(), expected];
  },
  tripletLoss: (draw) => {
    const [x, y] = [draw([4, 3]), draw([4, 3])];
    return [tf.tripletLoss(x, x, y, undefined, 0), zeros([])];
  },
  fusedBatchNorm: (draw) => {
    const x = images(draw);
    return [
      tf.fusedBatchNorm(x.mul(3).add(2), undefined, undefined, 1e-12).y,
      tf.fusedBatchNorm(x, undefined, undefined, 1e-12).y,
    ];
  },
  layerNorm: (draw) => {
    const x = draw([4, 6]);
    return [
      tf.layerNorm(x.mul(3).add(2), undefined, undefined, 1e-13),
      tf.layerNorm(x, undefined, undefined, 1e-13),
    ];
  },
  rmsNorm: (draw) => {
    const x = draw([4, 6]);
    return [tf.rmsNorm(x.mul(3), undefined, 1e-14), tf.rmsNorm(x, undefined, 1e-14)];
  },
  scaledDotProductAttention: (draw) => {
    const [q, k] = [draw([2, 4, 3]), draw([2, 5, 3])];
    // Weights add up to one: of equal values it makes this value.
    return [
      tf.scaledDotProductAttention(q, k, tf.ones([2, 5, 3], 'f64')),
      tf.ones([2, 4, 3], 'f64'),
    ];
  },
  gruCell: (draw) => {
    const h = draw([2, 4], -1, 1);
    const none = tf.gruCell(zeros([2, 3]), h, zeros([3, 12]), zeros([4, 12]));
    return [none, h.mul(0.5)];
  },
  lstmCell: (draw) => {
    const c = draw([2, 4], -1, 1);
    const made = tf.lstmCell(zeros([2, 3]), zeros([2, 4]), c, zeros([3, 16]), zeros([4, 16]));
    return [made.c, c.mul(0.5)];
  },
  simpleRnnCell: (draw) => {
    const [x, kernel] = [draw([2, 3]), draw([3, 4])];
    return [tf.simpleRnnCell(x, zeros([2, 4]), kernel, zeros([4, 4])), x.matMul(kernel).tanh()];
  },
  treeLstmCell: (draw) => {
    const [l, r] = [draw([2, 4]), draw([2, 4])];
    const h = zeros([2, 4]);
    const made = tf.treeLstmCell(h, l, h, r, zeros([4, 20]), zeros([4, 20]), zeros([20]));
    return [made.c, l.add(r).mul(0.5)];
  },
  adamStep: (draw) => {
    // The first step goes as far as the learning rate, whatever the gradient.
    const [v, g] = [draw([5]), draw([5], 1, 9)];
    const none = zeros([5]);
    const [made] = call('adamStep', [v, g, none, none], [1, 0.1, 0.9, 0.999, 0]);
    return [made!, v.sub(0.1)];
  },
  fill: () => [tf.fill([2, 3], 7), tf.ones([2, 3]).mul(7)],
  full: () => [tf.full([2, 3], 7), tf.fill([2, 3], 7)],
  fullLike: (draw) => [draw([2, 3]).fullLike(7), tf.fill([2, 3], 7, 'f64')],
  ones: () => [tf.ones([2, 3]), tf.zeros([2, 3]).exp()],
  onesLike: (draw) => [draw([2, 3]).onesLike(), tf.ones([2, 3], 'f64')],
  zeros: () => [tf.zeros([2, 3]), tf.ones([2, 3]).sub(1)],
  zerosLike: (draw) => [draw([2, 3]).zerosLike(), tf.zeros([2, 3], 'f64')],
  range: () => [tf.range(3, 30, 4), tf.range(0, 7).mul(4).add(3)],
  linspace: () => [tf.linspace(2, 8, 7, 'f64'), tf.range(2, 9, 1, 'f64')],
  logspace: () => [tf.logspace(0, 3, 4, 10, 'f64').log10(), tf.range(0, 4, 1, 'f64')],
  permutation: () => [tf.permutation(9).sort(), tf.range(0, 9, 1, 'i32')],
  shuffle: (draw) => {
    const x = draw([9]);
    return [x.shuffle().sort(), x.sort()];
  },
};

/** Nothing is lost where the prediction is right, and something where it is not. */
const losses = words('absoluteDifference meanSquaredError huberLoss');

/** Random ops with what they take; `in` and `args` make the call, the seed follows. */
const random: {
  readonly [op: string]: readonly [inputs: readonly Tensor[], args: readonly unknown[]];
} = {
  randomNormal: [[], [[50], 0, 1, 'f64']],
  randomUniform: [[], [[50], 0, 1, 'f64']],
  exponential: [[], [[50], 1, 'f64']],
  randomBeta: [[], [[50], 2, 3, 'f64']],
  randomCauchy: [[], [[50], 0, 1, 'f64']],
  randomGamma: [[], [[50], 2, 1, 'f64']],
  randomGumbel: [[], [[50], 0, 1, 'f64']],
  randomLaplace: [[], [[50], 0, 1, 'f64']],
  randomLogNormal: [[], [[50], 0, 1, 'f64']],
  randomStudentT: [[], [[50], 4, 'f64']],
  truncatedNormal: [[], [[50], 0, 1, 'f64']],
  randomInt: [[], [[50], 0, 1000]],
  randomUniformInt: [[], [[50], 0, 1000]],
  permutation: [[], [50]],
  bernoulli: [[tf.fill([50], 0.5)], []],
  categorical: [[zeros([1, 9])], [50]],
  multinomial: [[zeros([1, 9])], [50]],
  poisson: [[tf.fill([50], 5)], []],
  randomDirichlet: [[tf.ones([50, 3])], []],
  shuffle: [[tf.range(0, 50)], [0]],
  dropout: [[tf.ones([50])], [0.5, undefined]],
  dropoutMask: [[tf.ones([50])], [0.5, undefined]],
};

export const laws: readonly Law[] = [
  {
    says: 'keeps its equation',
    of: Object.keys(equations),
    check: (op) =>
      holds(
        fc.property(seeds, (seed) => {
          const [actual, expected] = equations[op]!(drawing(seed));
          near(actual, expected, 1e-8, op);
        }),
        10,
      ),
  },
  {
    says: 'is 0 where the prediction is right, positive elsewhere, and the same from either side',
    of: losses,
    check: (op) =>
      holds(
        fc.property(seeds, (seed) => {
          const draw = drawing(seed);
          const [x, y] = [draw([4, 3]), draw([4, 3])];
          near(one(op, [x, x]), zeros([]));
          assert.ok(one(op, [x, y]).item() > 0);
          near(one(op, [x, y]), one(op, [y, x]), 1e-14);
        }),
      ),
  },
  {
    says: 'draws the same by the same seed, other numbers by another',
    of: Object.keys(random),
    check: (op) => {
      const [inputs, args] = random[op]!;
      const drawn = (seed: number) => call(op, inputs, [...args, seed])[0]!.data();
      holds(
        fc.property(seeds, (seed) => {
          assert.deepEqual(drawn(seed), drawn(seed));
          assert.notDeepEqual(drawn(seed), drawn(seed + 1));
        }),
        5,
      );
    },
  },
];

function drawing(seed: number): Draw {
  const draw = draws(seed);
  return (shape, low = -2, high = 2) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Array.from({ length: size }, () => low + draw() * (high - low));
    return tensor(values, shape, 'f64');
  };
}
