import type { Buf } from '../../../device.ts';
import { buf } from '../conv.ts';
import { BENCH_AT } from '../room.ts';
import { address } from '../workshop.ts';
import type { Tools } from './tools.ts';

/** What fusedBatchNorm does plane by plane where channels come second, each with `space` places behind it. */
export interface Planes {
  /** Mean and variance of every channel. */
  moments(x: Buf, mean: Buf, variance: Buf, space: number): void;
  /** out = (x - mean) by + offset. */
  normalize(out: Buf, x: Buf, mean: Buf, by: number, offset: Buf | undefined, space: number): void;
  /** For each image the sums of g (x - mean) over each channel, and behind them those of g. */
  sums(to: number, g: Buf, x: Buf, mean: Buf, space: number): void;
  /** dx = (g - q - (x - mean) p) by. */
  gradient(dx: Buf, g: Buf, x: Buf, mean: Buf, terms: readonly number[], space: number): void;
}

export function planes({ all, wasm, kernels, team, temporaries }: Tools): Planes {
  const { planeSquares, planeNorm, planeSums, planeGrad } = all;
  const { columns } = wasm.folds.f32.get('sum')!;
  return {
    moments(x, mean, variance, space) {
      const n = mean.size;
      const count = x.size / space;
      kernels.reduce('mean', mean, buf(address(x), [count / n, n, space]), [0, 2]);
      const sums = temporaries.take(4 * count);
      const args = [sums, address(x), address(mean), 0, count, n, space, BENCH_AT];
      const steps = [4, 4 * space, 0, 1, 0, 0, 0, 0];
      const work = 2 * x.size;
      if (!team.wants(work) || !team.spread(planeSquares!, work, count, 1, 4, args, steps, 7))
        planeSquares!(...args);
      columns(address(variance), sums, count / n, n, 4 * n, x.size / n, BENCH_AT);
    },
    normalize(out, x, mean, by, offset, space) {
      const count = x.size / space;
      const args = [address(out), address(x), address(mean), by, offset ? address(offset) : 0];
      args.push(0, count, mean.size, space);
      const steps = [4 * space, 4 * space, 0, 0, 0, 1, 0, 0, 0];
      team.share(planeNorm!, 2 * x.size, count, 1, 6, args, steps);
    },
    sums(to, g, x, mean, space) {
      const count = x.size / space;
      const args = [to, address(g), address(x), address(mean), 0, count, mean.size, space];
      const steps = [0, 4 * space, 4 * space, 0, 1, 0, 0, 0];
      team.share(planeSums!, 3 * x.size, count, 1, 5, args, steps);
    },
    gradient(dx, g, x, mean, terms, space) {
      const count = x.size / space;
      const args = [...[dx, g, x, mean].map(address), ...terms, 0, count, mean.size, space];
      const move = 4 * space;
      const steps = [move, move, move, 0, 0, 0, 0, 1, 0, 0, 0];
      team.share(planeGrad!, 3 * x.size, count, 1, 8, args, steps);
    },
  };
}
