import type { Buf, Override, Overrides } from '../../../device.ts';
import { dtypes } from '../../../dtype.ts';
import { buf } from '../conv.ts';
import { address, away } from '../workshop.ts';
import type { Kernel, Tools } from './tools.ts';

/** Where values belong in sorted rows of the same dtype. */
export function searches(tools: Tools): Overrides {
  return {
    searchSorted: search(tools, (attrs) => (attrs as { side: string }).side === 'right'),
    lowerBound: search(tools, () => false),
    upperBound: search(tools, () => true),
  };
}

function search(
  { all, team, kernels, temporaries }: Tools,
  isRight: (attrs: unknown) => boolean,
): Override {
  /** Words in the order of x's elements. */
  const keysOf = (x: Buf, kernel: Kernel): number => {
    const { bytes } = dtypes[x.dtype];
    const to = temporaries.take(x.size * bytes);
    const from = x.strides === null ? address(x) : temporaries.take(x.size * bytes);
    if (x.strides !== null) kernels.map('identity', buf(from, x.shape, null, x.dtype), x);
    team.share(kernel, 4 * x.size, x.size, 64, 2, [to, from, x.size], [bytes, bytes, 0]);
    return to;
  };
  return {
    forward([sorted, values], attrs, [out]) {
      const keys = all[`keys_${sorted!.dtype}`];
      if (keys === undefined || sorted!.dtype !== values!.dtype) return false;
      if (away(sorted!) || away(values!) || away(out!) || out!.size === 0) return false;
      const { bytes } = dtypes[sorted!.dtype];
      const n = sorted!.shape.at(-1)!;
      const rows = sorted!.shape.length === 1 ? 1 : sorted!.size / Math.max(n, 1);
      if (rows === 0) return false;
      const m = out!.size / rows;
      const at = [address(out!), keysOf(sorted!, keys), keysOf(values!, keys)];
      const args = [...at, rows, m, n, isRight(attrs) ? 1 : 0];
      const work = STEP * out!.size * Math.log2(n + 2);
      const steps = rows > 1 ? [4 * m, bytes * n, bytes * m] : [4, 0, bytes];
      const [total, count] = rows > 1 ? [rows, 3] : [m, 4];
      team.share(all[`search_${bytes}`]!, work, total, 1, count, args, [...steps, 0, 0, 0, 0]);
      temporaries.end();
      return true;
    },
  };
}

/** How many additions of f32 one step of a search takes the time of. */
const STEP = 8;
