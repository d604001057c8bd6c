import { isFloat } from '../dtype.ts';
import type { One, Op, T } from '../op.ts';
import { text } from '../shape.ts';

/**
 * Takes mean and standard deviation out of the last axis, then applies `scale`
 * and `offset` where they are given:
 * `(x - mean) / sqrt(variance + epsilon) * scale + offset` (Ba, Kiros, Hinton:
 * Layer Normalization, 2016). `epsilon` is 1e-5, as in PyTorch.
 */
export const layerNorm: Op<
  { x: One; scale?: One; offset?: One },
  [x: T, scale?: T, offset?: T],
  [epsilon?: number],
  { epsilon: number },
  One
> = {
  inputs: { x: 'one', scale: 'maybe', offset: 'maybe' },
  attrs: (_, epsilon = 1e-5) => ({ epsilon }),
  spec: ({ x, scale, offset }) => {
    if (!isFloat(x.dtype)) throw new Error(`layerNorm: x is ${x.dtype}; it must be a float`);
    for (const [name, given] of Object.entries({ scale, offset })) {
      if (given === undefined) continue;
      if (given.shape.length === 1 && given.shape[0] === x.shape.at(-1)) continue;
      throw new Error(
        `layerNorm: the ${name} ${text(given.shape)} does not fit ${text(x.shape)}; it must be a vector of ${x.shape.at(-1)}`,
      );
    }
    return x;
  },
  compose: ({ x, scale, offset }, { epsilon }) => {
    const centred = x.sub(x.mean(-1, true));
    const variance = centred.square().mean(-1, true);
    let out = centred.mul(variance.add(epsilon).rsqrt());
    if (scale !== undefined) out = out.mul(scale);
    return offset === undefined ? out : out.add(offset);
  },
  samples: [
    { in: { x: [2, 3] } },
    { in: { x: [2, 2, 4], scale: [4], offset: [4] } },
    { in: { x: [2, 3], scale: [3] }, args: [0.1] },
  ],
  errors: [
    {
      in: { x: [2, 3], scale: [2] },
      says: 'layerNorm: the scale [2] does not fit [2,3]; it must be a vector of 3',
    },
  ],
};
