import type { Parts } from './parts.ts';
import { partOf, suits } from './parts.ts';
import { BENCH_AT } from './room.ts';
import type { Multiplier } from './wasm.ts';
import type { Workshop } from './workshop.ts';

/** A matrix in memory: where it begins, and the bytes from row to row and from column to column. */
export interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/** Products of one size: so many, `next` bytes from one operand to the one of the next; results lie one after the other. */
export interface Products {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: Matrix & { readonly next: number };
  readonly y: Matrix & { readonly next: number };
  readonly out: number;
}

/** Rows of the result that one thread computes together, at least: whole blocks of any micro-kernel. */
const ROWS = 12;
/** Results of so few columns leave half of a wide block unused. */
const NARROW = 8;
/** A product is shared out in steps that wait for each other: it must be so much larger than another op. */
const SMALL = 8;

/** out = x @ y, m by n and k long inside, by the tier there is and by as many threads as it is worth. */
export function multiply(shop: Workshop, p: Products): void {
  const { team, wasm, tiers } = shop;
  const { batch, m, n, k, x, y } = p;
  const { kernels: blocks, parts, speed } = tiers.current;
  if (parts !== null && suits(m, n, k, x.row, x.column, y.row, y.column))
    return inParts(shop, parts, p);
  const kernels = m === 1 || n <= NARROW ? wasm : blocks;
  const { matMul } = kernels.exports;
  const one = (count: number, at: number, by: number, out: number) =>
    // prettier-ignore
    matMul(count, m, n, k, at, x.row, x.column, x.next, by, y.row, y.column, y.next, out, BENCH_AT);
  const work = (batch * m * n * k) / speed;
  if (work < SMALL * team.least || !team.wants(work)) return one(batch, x.at, y.at, p.out);
  if (batch >= 2 * team.threads) {
    const left = [x.at, x.row, x.column, x.next];
    const right = [y.at, y.row, y.column, y.next];
    const args = [batch, m, n, k, ...left, ...right, p.out, BENCH_AT];
    const steps = [0, 0, 0, 0, x.next, 0, 0, 0, y.next, 0, 0, 0, m * n * 4, 0];
    if (!team.spread(matMul, work, batch, 1, 0, args, steps, 13)) one(batch, x.at, y.at, p.out);
    return;
  }
  for (let i = 0; i < batch; i++) {
    const [a, b, c] = [x.at + i * x.next, y.at + i * y.next, p.out + i * m * n * 4];
    if (!spread(shop, kernels, p, a, b, c)) one(1, a, b, c);
  }
}

/** By BLAS, whose calls the team shares. */
function inParts({ team, tiers }: Workshop, kernel: Parts, p: Products): void {
  const { batch, m, n, k, x, y, out } = p;
  const [rows, columns] = partOf(m, n, k);
  const count = batch * Math.ceil(m / rows) * Math.ceil(n / columns);
  const left = [x.at, x.row, x.column, x.next] as const;
  const right = [y.at, y.row, y.column, y.next] as const;
  const args = [0, count, m, n, k, ...left, ...right, out, rows, columns] as const;
  const { speed, blas } = tiers.current;
  const work = (batch * m * n * k) / speed;
  const spread =
    count > 1 &&
    blas!.reentrant &&
    work >= SMALL * team.least &&
    team.wants(work) &&
    team.spread(kernel, work, count, 1, 1, args, FIRST);
  if (!spread) kernel(...args);
}

/** Of the arguments of `Parts` only the first one moves on. */
const FIRST = Array.from({ length: 16 }, (_, i) => (i === 0 ? 1 : 0));

/**
 * One of the products, by the whole team; false where one thread should do it.
 * The order of additions is that of the kernel `matMul`: y is packed by all,
 * then its panels are multiplied by all.
 */
function spread(
  { wasm, team, tiers }: Workshop,
  { exports: { packY, panel }, blocks }: Multiplier,
  { m, n, k, x, y }: Products,
  left: number,
  right: number,
  out: number,
): boolean {
  const workOf = (multiplications: number) => multiplications / tiers.current.speed;
  const work = workOf(m * n * k);
  const { rowTimes, dots } = wasm.exports;
  if (m === 1 && y.row === 4 && x.column === 4) {
    const args = [n, k, left, right, y.column, out];
    return team.spread(dots, work, n, 16, 0, args, [0, 0, 0, y.column, 0, 4]);
  }
  if (n === 1 && x.column === 4 && y.row === 4) {
    const args = [m, k, right, left, x.row, out];
    return team.spread(dots, work, m, 16, 0, args, [0, 0, 0, x.row, 0, 4]);
  }
  if (m === 1 && y.column === 4) {
    const args = [n, k, left, x.column, right, y.row, out];
    return team.spread(rowTimes, work, n, 64, 0, args, [0, 0, 0, 0, 4, 0, 4]);
  }
  if (n === 1 && x.row === 4) {
    const args = [m, k, right, y.row, left, x.column, out];
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
      const from = right + pc * y.row + jc * y.column;
      /** Columns from `first` on, which lie at `at`, `step` bytes for each, in rows `row` apart. */
      const columnsOf = (
        first: number,
        wide: number,
        at: number,
        row: number,
        step: number,
      ): boolean => {
        const to = out + (jc + first) * 4;
        const begin = left + pc * x.column;
        const args = [
          ...[m, wide, kc, begin, x.row, x.column],
          ...[at, row, step, to, n * 4, pc > 0 ? 1 : 0],
        ];
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
      if (whole > 0 && !columnsOf(0, whole, from, y.row, 4)) return false;
      if (nc > whole) {
        const wide = nc - whole;
        const args = [kc, wide, from + whole * y.column, y.row, y.column, packed];
        const steps = [0, 0, y.column, 0, 0, kc * 4];
        if (!team.spread(packY, 2 * kc * wide, wide, width, 1, args, steps)) packY(...args);
        if (!columnsOf(whole, wide, packed, 4 * width, kc * 4)) return false;
      }
    }
  }
  return true;
}
