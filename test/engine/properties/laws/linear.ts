/** What is linear in some of its inputs, or but for a constant, on the samples of its row. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isFloat } from '../../../../engine/dtype.ts';
import type { Given } from '../../../../engine/op.ts';
import { Tensor } from '../../../../engine/tensor.ts';
import {
  asked,
  call,
  inputsOf,
  recast,
  table,
  type Made,
  type TableSample,
} from '../../../kit/samples.ts';
import { holds, near, seeds, words, type Law } from './law.ts';

/** By the first of their inputs, unless a colon says by which; a plus joins those that only go together. */
const linear = words(`
  mul mul:y sub:x+y add:x+y neg lerp:x+y where:x+y reluGrad matMul matMul:y dot dot:y cross cross:y kron kron:y
  outerProduct outerProduct:v2 tensordot tensordot:b conv1d conv1d:filter conv2d conv2d:filter conv3d conv3d:filter
  conv2dTranspose conv2dTranspose:filter conv3dTranspose conv3dTranspose:filter conv2dBackpropFilter
  conv2dBackpropFilter:g conv3dBackpropFilter conv3dBackpropFilter:g depthwiseConv2d depthwiseConv2d:filter separableConv2d
  separableConv2d:depthwiseFilter separableConv2d:pointwiseFilter biasAdd:x+bias avgPool avgPool1d avgPool3d
  adaptiveAvgPool globalAvgPool resizeBilinear resizeNearestNeighbor resizeBicubic cropAndResize gridSample fft ifft fft2d
  ifft2d fft3d ifft3d rfft irfft stft frame overlapAndAdd cumsum linearScan:b unsortedSegmentSum unsortedSegmentMean segmentSum segmentMean
  bincount:weights sum mean sumTo trace broadcastTo clone expandDims flatten identity permute reshape reverse slice squeeze
  transpose stridedSlice stridedSliceGrad stridedSliceUpdate:x+value bandPart diag diagPart diagonal tril triu mirrorPad
  repeat roll batchToSpaceND depthToSpace spaceToBatchND spaceToDepth concat pad split stack tile unstack embedding gather
  scatterAdd gatherND putAlongAxis:x+values takeAlongAxis indexAdd:x+source scatterND:updates scatterUpdate:x+updates
  tensorScatterUpdate:tensor+updates booleanMask solve:rhs choleskySolve:rhs triangularSolve:rhs lstsq:rhs real imag
  complex:real+imag sgdStep:variable+gradient momentumStep:variable+gradient+moving scaledDotProductAttention:value
  batchNorm:x+mean+offset layerNorm:scale+offset rmsNorm:scale groupNorm:scale+offset instanceNorm:scale+offset stopGradient`);

export const laws: readonly Law[] = [
  {
    says: 'is linear, or but for a constant',
    of: [...new Set(linear.map((word) => word.split(':')[0]!))],
    check: (op) => {
      const row = table[op]!;
      const ways = linear.filter((word) => word.split(':')[0] === op);
      let tried = 0;
      for (const way of ways) {
        const moving = way.split(':')[1]?.split('+') ?? [Object.keys(row.inputs)[0]!];
        for (const sample of row.samples) {
          if (!suits(sample, moving)) continue;
          tried++;
          holds(
            fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, part) =>
              mixes(op, sample, moving, seed, part),
            ),
            4,
          );
        }
      }
      assert.ok(tried > 0, `${op} has no sample of floats`);
    },
  },
];

/** What moves is floats that nobody wrote out. */
function suits(sample: TableSample, moving: readonly string[]): boolean {
  return moving.every((name) => {
    const given = sample.in[name];
    if (given === undefined) return false;
    return parts(given).every(
      (one) => isFloat(asked(one).dtype) && asked(one).values === undefined,
    );
  });
}

/** `f` of a mean is the mean of both, also where one counts more. */
function mixes(
  op: string,
  sample: TableSample,
  moving: readonly string[],
  seed: number,
  part: number,
) {
  const row = table[op]!;
  const names = Object.keys(row.inputs);
  const givens = Object.fromEntries(
    Object.entries(sample.in).map(([name, given]) => [
      name,
      Array.isArray(given) && row.inputs[name] === 'many'
        ? parts(given).map((one) => recast(one, 'f64'))
        : recast(given as Given, 'f64'),
    ]),
  );
  const first = inputsOf(row, givens, seed);
  const second = inputsOf(row, givens, seed + 1).map((made, i) =>
    moving.includes(names[i]!) ? made : first[i],
  );
  const mix = (a: Made, b: Made): Made => {
    if (a === undefined || b === undefined || a === b) return a;
    if (a instanceof Tensor) return a.mul(part).add((b as Tensor).mul(1 - part));
    return a.map((one, k) => mix(one, (b as readonly Tensor[])[k]) as Tensor);
  };
  const [x, y] = [call(op, first, sample.args), call(op, second, sample.args)];
  const both = call(op, first.map((made, i) => mix(made, second[i])), sample.args); // prettier-ignore
  both.forEach((made, i) => {
    const expected = x[i]!.mul(part).add(y[i]!.mul(1 - part));
    near(made, expected, 1e-9, op);
  });
}

function parts(given: Given | readonly Given[]): readonly Given[] {
  const list = Array.isArray(given) && given.some((part: unknown) => typeof part === 'object');
  return list ? (given as readonly Given[]) : [given as Given];
}
