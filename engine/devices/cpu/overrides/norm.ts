import type { Buf, Override, Overrides } from '../../../device.ts';
import { BENCH_AT } from '../room.ts';
import { address } from '../workshop.ts';
import { BLOCK, blocked, fits, type Tools } from './tools.ts';

/** Norms of rows by themselves. */
export function norms(tools: Tools): Overrides {
  const { layerNorm, layerNormGrad, rmsNorm, rmsNormGrad } = tools.all;
  return {
    layerNorm: rowNorm(tools, layerNorm!, layerNormGrad!, ['x', 'scale', 'offset']),
    rmsNorm: rowNorm(tools, rmsNorm!, rmsNormGrad!, ['x', 'scale']),
  };
}

function rowNorm(
  { wasm, team, temporaries }: Tools,
  forward: Tools['all'][string],
  gradient: Tools['all'][string],
  names: readonly string[],
): Override {
  const { columns } = wasm.folds.f32.get('sum')!;
  const widest = Math.floor(wasm.exports.benchBytes() / 12);
  return {
    forward(inputs, attrs, [out]) {
      // Of one left-out input the list does not say which it was.
      const some = inputs.length > 1 && inputs.length < names.length;
      if (some || !fits([...inputs, out!])) return false;
      const [x, scale, offset] = inputs as [Buf, Buf?, Buf?];
      const n = x.shape.at(-1)!;
      const { epsilon } = attrs as { readonly epsilon: number };
      const beside = [scale, offset].map((one) => (one ? address(one) : 0));
      const args = [address(out!), address(x), ...beside, x.size / n, n, epsilon];
      team.share(forward, 3 * x.size, x.size / n, 1, 4, args, [n * 4, n * 4, 0, 0, 0, 0, 0]);
      return true;
    },
    saves: names,
    gradients([g], inputs, _, attrs, to) {
      const [x, scale] = inputs as [Buf, Buf?];
      const [dx, dScale, dOffset] = to as [Buf | null, Buf?, Buf?];
      const n = x.shape.at(-1)!;
      if (n > widest || !fits([g!, ...inputs, ...to.filter((one) => one !== null)])) return false;
      const { epsilon } = attrs as { readonly epsilon: number };
      const m = x.size / n;
      const summed = dScale || dOffset;
      const sums = summed ? temporaries.take(8 * n * Math.ceil(m / BLOCK)) : 0;
      blocked(m, (from, rows, count) => {
        const at = 4 * n * from;
        const args = [dx ? address(dx) + at : 0, address(g!) + at, address(x) + at];
        args.push(scale ? address(scale) : 0, summed ? sums + 8 * n * (from / BLOCK) : 0);
        args.push(count, rows, n, epsilon, BENCH_AT);
        const row = 4 * n * rows;
        const steps = [dx ? row : 0, row, row, 0, summed ? 8 * n : 0, 0, 0, 0, 0, 0];
        const work = 6 * n * rows * count;
        if (!team.wants(work) || !team.spread(gradient, work, count, 1, 5, args, steps, 9))
          gradient(...args);
      });
      const all = Math.ceil(m / BLOCK);
      if (dScale) columns(address(dScale), sums, all, n, 8 * n, 1, BENCH_AT);
      if (dOffset) columns(address(dOffset), sums + 4 * n, all, n, 8 * n, 1, BENCH_AT);
      temporaries.end();
      return true;
    },
  };
}
