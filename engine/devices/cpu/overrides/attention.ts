import type { Buf, Override } from '../../../device.ts';
import type { Attending } from '../../../ops/attention.ts';
import { sameShape, type Shape } from '../../../shape.ts';
import { buf } from '../conv.ts';
import { address } from '../workshop.ts';
import { densely } from './dense-inputs.ts';
import { factors, fits, turned, type Tools } from './tools.ts';

/**
 * Attention as two products with a softmax between them, whose weights are
 * kept for the gradient. Not with dropout or heads that are shared, nor where
 * leading axes broadcast.
 */
export function attention(tools: Tools): Override {
  const { all, kernels, team, temporaries } = tools;
  const { attend, attendGrad } = all;
  return {
    forward(inputs, attrs, outs) {
      const { isCausal, scale, enableGqa, dropoutP } = attrs as Attending;
      if (enableGqa || dropoutP > 0) return false;
      const sides = inputs.slice(0, 3);
      if (!alike(sides) || !factors(sides) || !fits(outs)) return false;
      const [out, kept] = outs as [Buf, Buf?];
      const [query, key, value, mask] = inputs as Inputs;
      if (mask !== undefined && mask.dtype !== 'bool' && mask.dtype !== 'f32') return false;
      const shape = scoresOf(inputs);
      const [length, n] = shape.slice(-2) as [number, number];
      const size = rows(query) * n;
      const scores = temporaries.take(4 * size);
      const weights = kept ?? buf(temporaries.take(4 * size), shape);
      const all = buf(scores, shape);
      kernels.matMul(all, query, turned(key));
      if (mask !== undefined) masked(tools, all, weights, mask, scale);
      const by = mask === undefined ? scale : 1;
      const args = [address(weights), scores, rows(query), n, by, isCausal ? length : 0, 0];
      team.share(attend!, 9 * size, rows(query), 1, 2, args, [4 * n, 4 * n, 0, 0, 0, 0, 1]);
      // Where all are left out softmax has no answer.
      if (mask?.dtype === 'bool') kernels.select(weights, mask, weights, one(tools, 0));
      kernels.matMul(out, weights, value);
      temporaries.end();
      return true;
    },
    saves: ['query', 'key', 'value', 'mask'],
    hidden: {
      names: ['weights'],
      specs: (inputs) => [{ shape: scoresOf(inputs), dtype: 'f32' }],
    },
    gradients: (arrived, inputs, [, weights], attrs, to) =>
      densely(tools, arrived, ([g]) => {
        const asked = to.filter((one) => one !== null);
        // What a mask of floats is to become is left to the row.
        if (to[3] || !factors(inputs.slice(0, 3)) || !fits([g!, weights!, ...asked])) return false;
        const [query, key, value] = inputs as Inputs;
        const [dQuery, dKey, dValue] = to;
        const { scale } = attrs as Attending;
        const { shape, size } = weights!;
        const n = shape.at(-1)!;
        if (dQuery || dKey) {
          const [above, d] = [0, 1].map(() => buf(temporaries.take(4 * size), shape)) as [Buf, Buf];
          kernels.matMul(above, g!, turned(value));
          const args = [address(d), address(above), address(weights!), rows(query), n, scale];
          const steps = [4 * n, 4 * n, 4 * n, 0, 0, 0];
          team.share(attendGrad!, 3 * size, rows(query), 1, 3, args, steps);
          if (dQuery) kernels.matMul(dQuery, d, key);
          if (dKey) kernels.matMul(dKey, turned(d), query);
        }
        if (dValue) kernels.matMul(dValue, turned(weights!), g!);
        temporaries.end();
        return true;
      }),
  };
}
type Inputs = readonly [query: Buf, key: Buf, value: Buf, mask?: Buf];

/** scores * scale + mask, or minus infinity where a mask of booleans leaves one out, by way of another buffer like it. */
function masked(tools: Tools, scores: Buf, between: Buf, mask: Buf, scale: number): void {
  const { kernels } = tools;
  kernels.zip('mul', between, scores, one(tools, scale));
  if (mask.dtype === 'bool') kernels.select(scores, mask, between, one(tools, -Infinity));
  else kernels.zip('add', scores, between, mask);
}

/** A single element. */
function one({ kernels, temporaries }: Tools, value: number): Buf {
  const single = buf(temporaries.take(4), []);
  kernels.fill(single, value);
  return single;
}

/** Whether the leading axes are the same. */
function alike([query, ...others]: readonly Buf[]): boolean {
  const lead = query!.shape.slice(0, -2);
  return others.every(({ shape }) => sameShape(shape.slice(0, -2), lead));
}

function scoresOf([query, key]: readonly Buf[]): Shape {
  return [...query!.shape.slice(0, -1), key!.shape.at(-2)!];
}

function rows({ size, shape }: Buf): number {
  return size / shape.at(-1)!;
}
