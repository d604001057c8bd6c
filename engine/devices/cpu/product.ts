import { BENCH_AT } from './room.ts';
import type { Workshop } from './workshop.ts';

/** A matrix in memory: where it begins, and the bytes from row to row and from column to column. */
export interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/** Multiplications that take the time of one addition of elements. */
const MULTIPLICATIONS = 4;
/** Rows of the result that one thread computes together, at least: whole blocks of any micro-kernel. */
const ROWS = 12;

/** The work of so many multiplications and additions, in the team's measure. */
export function workOf(multiplications: number): number {
  return multiplications / MULTIPLICATIONS;
}

/**
 * m by n of out = x @ y, k long inside, by the whole team; false where one
 * thread should do it. The order of additions is that of the kernel `matMul`:
 * y is packed by all, then its panels are multiplied by all.
 */
export function product(
  { wasm: { exports, blocks }, team }: Workshop,
  m: number,
  n: number,
  k: number,
  x: Matrix,
  y: Matrix,
  out: number,
): boolean {
  const work = workOf(m * n * k);
  const { rowTimes, dots, packY, panel } = exports;
  if (m === 1 && y.row === 4 && x.column === 4) {
    const args = [n, k, x.at, y.at, y.column, out];
    return team.spread(dots, work, n, 16, 0, args, [0, 0, 0, y.column, 0, 4]);
  }
  if (n === 1 && x.column === 4 && y.row === 4) {
    const args = [m, k, y.at, x.at, x.row, out];
    return team.spread(dots, work, m, 16, 0, args, [0, 0, 0, x.row, 0, 4]);
  }
  if (m === 1 && y.column === 4) {
    const args = [n, k, x.at, x.column, y.at, y.row, out];
    return team.spread(rowTimes, work, n, 64, 0, args, [0, 0, 0, 0, 4, 0, 4]);
  }
  if (n === 1 && x.row === 4) {
    const args = [m, k, y.at, y.row, x.at, x.column, out];
    return team.spread(rowTimes, work, m, 64, 0, args, [0, 0, 0, 0, 4, 0, 4]);
  }
  const { depth, columns, width, few } = blocks;
  const packed = BENCH_AT + blocks.packed;
  const inPlace = m <= few && y.column === 4;
  const byRows = m >= ROWS * 2 * team.threads;
  for (let jc = 0; jc < n; jc += columns) {
    for (let pc = 0; pc < k; pc += depth) {
      const nc = Math.min(columns, n - jc);
      const kc = Math.min(depth, k - pc);
      const whole = inPlace ? nc - (nc % width) : 0;
      const from = y.at + pc * y.row + jc * y.column;
      /** Columns from `first` on, which lie at `at`, `step` bytes for each, in rows `row` apart. */
      const multiply = (
        first: number,
        wide: number,
        at: number,
        row: number,
        step: number,
      ): boolean => {
        const to = out + (jc + first) * 4;
        const left = x.at + pc * x.column;
        const args = [m, wide, kc, left, x.row, x.column, at, row, step, to, n * 4, pc > 0 ? 1 : 0];
        const steps = byRows
          ? [0, 0, 0, x.row, 0, 0, 0, 0, 0, n * 4, 0, 0]
          : [0, 0, 0, 0, 0, 0, step, 0, 0, 4, 0, 0];
        args.push(BENCH_AT);
        steps.push(0);
        const share = workOf(m * wide * kc);
        const [total, grain] = byRows ? [m, ROWS] : [wide, width];
        if (team.spread(panel, share, total, grain, byRows ? 0 : 1, args, steps, 12)) return true;
        // A sum that a lost thread was at cannot be trusted: it is begun anew, by one.
        if (team.spoiled) return false;
        panel(...args);
        return true;
      };
      if (whole > 0 && !multiply(0, whole, from, y.row, 4)) return false;
      if (nc > whole) {
        const wide = nc - whole;
        const args = [kc, wide, from + whole * y.column, y.row, y.column, packed];
        const steps = [0, 0, y.column, 0, 0, kc * 4];
        if (!team.spread(packY, 2 * kc * wide, wide, width, 1, args, steps)) packY(...args);
        if (!multiply(whole, wide, packed, 4 * width, kc * 4)) return false;
      }
    }
  }
  return true;
}
