import type { Buf, Override, Overrides } from '../../../device.ts';
import type { DataFormat } from '../../../sliding.ts';
import { buf } from '../conv.ts';
import { BENCH_AT } from '../room.ts';
import { address } from '../workshop.ts';
import { planes } from './planes.ts';
import { BLOCK, blocked, fits, type Tools } from './tools.ts';

/** Norms of each channel over all images: by rows where channels lie last, by planes where they come second. */
export function batchNorms(tools: Tools): Overrides {
  const { all, team, temporaries } = tools;
  const { slopes, normalize } = all;
  /** out = (x - mean) / sqrt(variance + epsilon) * scale + offset. */
  const apply = ([x, mean, variance, offset, scale]: Given, epsilon: number, out: Buf): void => {
    const n = mean.size;
    const by = temporaries.take(4 * n);
    slopes!(by, address(variance), scale ? address(scale) : 0, n, epsilon);
    const args = [address(out), address(x), address(mean), by, offset ? address(offset) : 0];
    args.push(x.size / n, n);
    team.share(normalize!, 2 * x.size, x.size / n, 1, 5, args, [4 * n, 4 * n, 0, 0, 0, 0, 0]);
  };
  const batchNorm: Override = {
    forward(inputs, attrs, [out]) {
      const [x, ...rest] = inputs as [Buf, Buf, Buf, Buf?, Buf?];
      const n = x.shape.at(-1);
      // Of one left-out input the list does not say which it was.
      if (inputs.length === 4 || !fits([...inputs, out!])) return false;
      if (!rest.every((one) => one?.shape.length === 1 && one.shape[0] === n)) return false;
      const { varianceEpsilon } = attrs as { readonly varianceEpsilon: number };
      apply([x, ...rest], varianceEpsilon, out!);
      temporaries.end();
      return true;
    },
  };
  return { batchNorm, fusedBatchNorm: fusedBatchNorm(tools, apply) };
}
type Given = readonly [x: Buf, mean: Buf, variance: Buf, offset?: Buf, scale?: Buf];

interface Attrs {
  readonly epsilon: number;
  readonly dataFormat: DataFormat;
}

function fusedBatchNorm(
  tools: Tools,
  apply: (given: Given, epsilon: number, out: Buf) => void,
): Override {
  const { all, wasm, kernels, team, temporaries } = tools;
  const { squaresAbout, slopes, batchNormSums, batchNormTerms, batchNormGrad } = all;
  const byPlanes = planes(tools);
  const { columns } = wasm.folds.f32.get('sum')!;
  return {
    forward(inputs, attrs, outs) {
      const { epsilon } = attrs as Attrs;
      if (inputs.length === 2 || !fits([...inputs, ...outs])) return false;
      const [x, scale, offset] = inputs as [Buf, Buf?, Buf?];
      const [y, mean, variance] = outs as [Buf, Buf, Buf];
      const n = mean.size;
      const m = x.size / n;
      const space = behind(x, attrs as Attrs);
      if (space > 1) {
        byPlanes.moments(x, mean, variance, space);
        const by = temporaries.take(4 * n);
        slopes!(by, address(variance), scale ? address(scale) : 0, n, epsilon);
        byPlanes.normalize(y, x, mean, by, offset, space);
        temporaries.end();
        return true;
      }
      kernels.reduce('mean', mean, buf(address(x), [m, n]), [0]);
      const sums = temporaries.take(4 * n * Math.ceil(m / BLOCK));
      blocked(m, (from, rows, count) => {
        const args = [sums + 4 * n * (from / BLOCK), address(x) + 4 * n * from, address(mean)];
        args.push(count, rows, n);
        const work = 2 * n * rows * count;
        team.share(squaresAbout!, work, count, 1, 3, args, [4 * n, 4 * n * rows, 0, 0, 0, 0]);
      });
      columns(address(variance), sums, Math.ceil(m / BLOCK), n, 4 * n, m, BENCH_AT);
      apply([x, mean, variance, offset, scale], epsilon, y);
      temporaries.end();
      return true;
    },
    saves: ['x', 'scale', 'offset', 'mean', 'variance'],
    gradients([g, gMean, gVariance], inputs, [, mean, variance], attrs, to) {
      if (g === undefined || gMean !== undefined || gVariance !== undefined) return false;
      const asked = to.filter((one) => one !== null);
      if (!fits([g, ...inputs, mean!, variance!, ...asked])) return false;
      const { epsilon } = attrs as Attrs;
      const [x, scale] = inputs as [Buf, Buf?];
      const [dx, dScale, dOffset] = to as [Buf | null, Buf?, Buf?];
      const n = mean!.size;
      const m = x.size / n;
      const space = behind(x, attrs as Attrs);
      const blocks = space > 1 ? m / space : Math.ceil(m / BLOCK);
      const sums = temporaries.take(8 * n * blocks);
      const [p, q, by] = [0, 1, 2].map(() => temporaries.take(4 * n)) as [number, number, number];
      const [from, center] = [address(x), address(mean!)];
      if (space > 1) {
        byPlanes.sums(sums, g, x, mean!, space);
      } else {
        blocked(m, (row, rows, count) => {
          const at = 4 * n * row;
          const args = [sums + 8 * n * (row / BLOCK), address(g) + at, from + at, center];
          args.push(count, rows, n);
          const step = 4 * n * rows;
          const steps = [8 * n, step, step, 0, 0, 0, 0];
          team.share(batchNormSums!, 3 * n * rows * count, count, 1, 4, args, steps);
        });
      }
      columns(p, sums, blocks, n, 8 * n, 1, BENCH_AT);
      columns(q, sums + 4 * n, blocks, n, 8 * n, 1, BENCH_AT);
      if (dOffset) kernels.map('identity', dOffset, buf(q, [n]));
      batchNormTerms!(p, q, dScale ? address(dScale) : 0, address(variance!), n, m, epsilon);
      if (dx) {
        slopes!(by, address(variance!), scale ? address(scale) : 0, n, epsilon);
        if (space > 1) {
          byPlanes.gradient(dx, g, x, mean!, [by, p, q], space);
        } else {
          const args = [address(dx), address(g), from, center, by, p, q, m, n];
          const steps = [4 * n, 4 * n, 4 * n, 0, 0, 0, 0, 0, 0];
          team.share(batchNormGrad!, 3 * x.size, m, 1, 7, args, steps);
        }
      }
      temporaries.end();
      return true;
    },
  };
}

/** How many places of an image lie behind a channel: more than one only where channels come second. */
function behind({ shape, size }: Buf, { dataFormat }: Attrs): number {
  return dataFormat === 'NHWC' ? 1 : size / shape[0]! / shape[1]!;
}
