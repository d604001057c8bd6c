import type { Buf, Override } from '../../../device.ts';
import type { Attending } from '../../../ops/attention.ts';
import { sameShape, type Shape } from '../../../shape.ts';
import { buf } from '../conv.ts';
import { address } from '../workshop.ts';
import { densely } from './dense-inputs.ts';
import { factors, fits, turned, type Tools } from './tools.ts';

/**
 * Attention as two products with a softmax between them, whose weights are
 * kept for the gradient. Not with a mask, dropout or heads that are shared, nor
 * where leading axes broadcast.
 */
export function attention(tools: Tools): Override {
  const { all, kernels, team, temporaries } = tools;
  const { attend, attendGrad } = all;
  return {
    forward(inputs, attrs, outs) {
      const { isCausal, scale, enableGqa, dropoutP } = attrs as Attending;
      if (inputs.length > 3 || enableGqa || dropoutP > 0) return false;
      if (!alike(inputs) || !factors(inputs) || !fits(outs)) return false;
      const [out, kept] = outs as [Buf, Buf?];
      const [query, key, value] = inputs as Inputs;
      const shape = scoresOf(inputs);
      const [length, n] = shape.slice(-2) as [number, number];
      const size = rows(query) * n;
      const scores = temporaries.take(4 * size);
      const weights = kept ?? buf(temporaries.take(4 * size), shape);
      kernels.matMul(buf(scores, shape), query, turned(key));
      const args = [address(weights), scores, rows(query), n, scale, isCausal ? length : 0, 0];
      team.share(attend!, 9 * size, rows(query), 1, 2, args, [4 * n, 4 * n, 0, 0, 0, 0, 1]);
      kernels.matMul(out, weights, value);
      temporaries.end();
      return true;
    },
    saves: ['query', 'key', 'value'],
    hidden: {
      names: ['weights'],
      specs: (inputs) => [{ shape: scoresOf(inputs), dtype: 'f32' }],
    },
    gradients: (arrived, inputs, [, weights], attrs, to) =>
      densely(tools, arrived, ([g]) => {
        const asked = to.filter((one) => one !== null);
        if (!factors(inputs) || !fits([g!, weights!, ...asked])) return false;
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
type Inputs = readonly [query: Buf, key: Buf, value: Buf];

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
