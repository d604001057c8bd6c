import type { Kernels } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Fast } from './wasm.ts';
import { address, comparedIn, widened, type Workshop } from './workshop.ts';

/** Sums, products and extremes on the way along an axis. */
export function scan(shop: Workshop): Kernels['scan'] {
  const { wasm, team, temporaries } = shop;
  return (f, out, places, x, axis, exclusive, reverse) => {
    if (x.size === 0) return;
    team.settle();
    const dtype = (f === 'max' || f === 'min' ? comparedIn : widened)(out.dtype) as Fast;
    const { bytes } = dtypes[dtype];
    const from = x.dtype === dtype ? shop.rows(x) : shop.cast(x, dtype, x.shape);
    const to = out.dtype === dtype ? address(out) : temporaries.take(x.size * bytes);
    const at = places === null ? 0 : address(places);
    const n = x.shape[axis]!;
    const outer = sizeOf(x.shape.slice(0, axis));
    const inner = sizeOf(x.shape.slice(axis + 1));
    const kernel = wasm.scans[dtype].get(f)!;
    const ways = [exclusive ? 1 : 0, reverse ? 1 : 0] as const;
    const args = [to, at, from, outer, n, inner, inner, ...ways] as const;
    const work = WORK * x.size;
    // Blocks apart; of a single one the columns, as many as a line of the cache holds.
    const [total, grain, count, by] = outer > 1 ? [outer, 1, 3, n * inner] : [inner, 16, 6, 1];
    const steps = [bytes * by, at === 0 ? 0 : 4 * by, bytes * by, 0, 0, 0, 0, 0, 0];
    team.share(kernel, work, total, grain, count, args, steps);
    if (out.dtype !== dtype) shop.castRow(to, dtype, out.dtype, x.size, address(out));
    temporaries.end();
  };
}

/** How many additions an element takes the time of: each waits for the one before. */
const WORK = 4;
