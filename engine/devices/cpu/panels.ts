import { eachBlock } from './packs.ts';
import { BENCH_AT } from './room.ts';
import type { Multiplier } from './wasm.ts';
import type { Workshop } from './workshop.ts';
import type { Sides } from './product.ts';

/** Rows of the result that one thread computes together, at least: whole blocks of any micro-kernel. */
const ROWS = 12;
/** Parts for every thread where each has all rows of x. */
const PARTS = 4;

/** One product, and what is known beside its operands: addresses, 0 where there is nothing. */
export interface Panels extends Sides {
  readonly out: number;
  /** Where y lies packed already. */
  readonly kept: number;
  /** What the product is added to, laid out as out is. */
  readonly before: number;
}

/**
 * out = before + x @ y, block by block, by the whole team where it is `shared`; false where that has
 * to be begun anew by one thread. The order of additions is that of the kernel
 * `matMul`: y is packed by all, then its panels are multiplied by all.
 */
export function byPanels(
  { team, tiers }: Workshop,
  kernels: Multiplier,
  { m, n, k, x, y, out, kept, before }: Panels,
  shared: boolean,
): boolean {
  const { packY, panel } = kernels.exports;
  const { width, few, packed } = kernels.blocks;
  const workOf = (multiplications: number) => multiplications / tiers.current.speed;
  const bench = BENCH_AT + packed;
  const inPlace = kept === 0 && m <= few && y.column === 4;
  const byRows = m >= ROWS * 2 * team.threads;
  return eachBlock(kernels, k, n, (column, depth, nc, kc, behind) => {
    const whole = inPlace ? nc - (nc % width) : 0;
    const from = y.at + depth * y.row + column * y.column;
    /** Columns from `first` on, which lie at `at`, `step` bytes for each, in rows `row` apart. */
    const columnsOf = (first: number, wide: number, at: number, row: number, step: number) => {
      const to = (column + first) * 4;
      const begin = x.at + depth * x.column;
      const sum = depth > 0 ? out : before;
      const args = [
        ...[m, wide, kc, begin, x.row, x.column, at, row, step],
        ...[out + to, n * 4, sum > 0 ? sum + to : 0, BENCH_AT],
      ];
      if (shared) {
        const along = byRows ? n * 4 : 4;
        const steps = [
          ...(byRows ? [0, 0, 0, x.row, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, step, 0, 0]),
          ...[along, 0, sum > 0 ? along : 0, 0],
        ];
        // Each part packs x anew where it has all of it.
        const few = Math.ceil(wide / (PARTS * team.threads * width)) * width;
        const [total, grain] = byRows ? [m, ROWS] : [wide, few];
        const work = workOf(m * wide * kc);
        if (team.spread(panel, work, total, grain, byRows ? 0 : 1, args, steps, 12)) return true;
        // A sum that a lost thread was at cannot be trusted.
        if (team.spoiled) return false;
      }
      panel(...args);
      return true;
    };
    if (whole > 0 && !columnsOf(0, whole, from, y.row, 4)) return false;
    if (nc === whole) return true;
    const wide = nc - whole;
    if (kept === 0) {
      const args = [kc, wide, from + whole * y.column, y.row, y.column, bench];
      const steps = [0, 0, y.column, 0, 0, kc * 4];
      if (!shared || !team.spread(packY, 2 * kc * wide, wide, width, 1, args, steps))
        packY(...args);
    }
    return columnsOf(whole, wide, kept > 0 ? kept + behind : bench, 4 * width, kc * 4);
  });
}
