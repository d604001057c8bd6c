import type { Buf, Override, Overrides } from '../../../device.ts';
import { BENCH_AT } from '../room.ts';
import { address } from '../workshop.ts';
import { fits, type Tools } from './tools.ts';

/** As many rows give the gradients of scale and offset one sum: by that the sums are the same for any number of threads. */
const BLOCK = 32;

export function norms(tools: Tools): Overrides {
  return { layerNorm: layerNorm(tools) };
}

function layerNorm({ all, wasm, team, temporaries }: Tools): Override {
  const { layerNorm, layerNormGrad } = all;
  const { columns } = wasm.folds.f32.get('sum')!;
  const widest = Math.floor(wasm.exports.benchBytes() / 12);
  return {
    // Of one left-out input the list does not say which it was.
    forward(inputs, attrs, [out]) {
      if (inputs.length === 2 || !fits([...inputs, out!])) return false;
      const [x, scale, offset] = inputs as [Buf, Buf?, Buf?];
      const n = x.shape.at(-1)!;
      const { epsilon } = attrs as { readonly epsilon: number };
      const [by, plus] = scale && offset ? [address(scale), address(offset)] : [0, 0];
      const work = 3 * x.size;
      const args = [address(out!), address(x), by, plus, x.size / n, n, epsilon];
      const steps = [n * 4, n * 4, 0, 0, 0, 0, 0];
      team.share(layerNorm!, work, x.size / n, 1, 4, args, steps);
      return true;
    },
    saves: ['x', 'scale', 'offset'],
    gradients([g], inputs, _, attrs, to) {
      const [x, scale] = inputs as [Buf, Buf?];
      const [dx, dScale, dOffset] = to as [Buf | null, Buf?, Buf?];
      const n = x.shape.at(-1)!;
      if (n > widest || !fits([g!, x, ...inputs, ...to.filter((one) => one !== null)]))
        return false;
      const { epsilon } = attrs as { readonly epsilon: number };
      const m = x.size / n;
      const blocks = Math.floor(m / BLOCK);
      const summed = dScale || dOffset;
      const sums = summed ? temporaries.take(8 * n * (blocks + 1)) : 0;
      const part = (from: number, rows: number, count: number): void => {
        const at = 4 * n * from;
        const args = [dx ? address(dx) + at : 0, address(g!) + at, address(x) + at];
        args.push(scale ? address(scale) : 0, summed ? sums + 8 * n * (from / BLOCK) : 0);
        args.push(count, rows, n, epsilon, BENCH_AT);
        const row = 4 * n * rows;
        const steps = [dx ? row : 0, row, row, 0, summed ? 8 * n : 0, 0, 0, 0, 0, 0];
        const work = 6 * n * rows * count;
        if (!team.wants(work) || !team.spread(layerNormGrad, work, count, 1, 5, args, steps, 9))
          layerNormGrad!(...args);
      };
      if (blocks > 0) part(0, BLOCK, blocks);
      if (m > blocks * BLOCK) part(blocks * BLOCK, m - blocks * BLOCK, 1);
      const all = Math.ceil(m / BLOCK);
      if (dScale) columns(address(dScale), sums, all, n, 8 * n, 1, BENCH_AT);
      if (dOffset) columns(address(dOffset), sums + 4 * n, all, n, 8 * n, 1, BENCH_AT);
      temporaries.end();
      return true;
    },
  };
}
