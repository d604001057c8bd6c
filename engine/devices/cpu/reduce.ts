import type { Buf } from '../../device.ts';
import type { ReduceFormula } from '../../formulas.ts';
import type { Shape } from '../../shape.ts';
import { BENCH_AT } from './room.ts';
import type { Team } from './team.ts';
import type { ReduceKernel } from './wasm.ts';
import { address, type Workshop } from './workshop.ts';

/**
 * Folds f32 over axes: one pass for every run of neighbouring axes, from the
 * innermost on; false where there is no kernel for it.
 */
export function reduce(
  { wasm, team, temporaries, rows }: Workshop,
  f: ReduceFormula,
  out: Buf,
  x: Buf,
  axes: readonly number[],
): boolean {
  const fold = wasm.folds.get(f);
  if (fold === undefined || x.dtype !== 'f32' || out.dtype !== 'f32' || x.size === 0) return false;
  const runs = runsOf(x.shape, axes);
  const count = f === 'mean' ? x.size / out.size : 1;
  let from = rows(x);
  let passes = runs.filter((run) => run.folded).length;
  if (passes === 0) {
    // Only axes of length 1 were folded: x as one block of one row is its own fold.
    fold.first(address(out), from, 1, 1, x.size, 1, BENCH_AT);
    return true;
  }
  let size = x.size;
  // How many elements lie side by side right of the run: they are kept, or folded already.
  let inner = 1;
  for (let i = runs.length - 1; passes > 0; i--) {
    const { length, folded } = runs[i]!;
    if (!folded) {
      inner *= length;
      continue;
    }
    size /= length;
    passes--;
    const to = passes === 0 ? address(out) : temporaries.take(size * 4);
    const by = passes === 0 ? count : 1;
    if (inner === 1) lastAxis(team, fold, to, from, size, length, by);
    else firstAxis(team, fold, to, from, size / inner, length, inner, by);
    from = to;
  }
  return true;
}

/** The fold of each of m rows of n, by the team where there is much. */
function lastAxis(
  team: Team,
  { last }: ReduceKernel,
  to: number,
  x: number,
  m: number,
  n: number,
  by: number,
): void {
  const args = [to, x, m, n, by] as const;
  if (
    !team.wants((m * n) / 2) ||
    !team.spread(last, (m * n) / 2, m, 1, 2, args, [4, n * 4, 0, 0, 0])
  ) {
    last(...args);
  }
}

/** The fold of m rows of n in each of `outer` blocks: by blocks where there are many, or else by columns. */
function firstAxis(
  team: Team,
  { first, columns }: ReduceKernel,
  to: number,
  x: number,
  outer: number,
  m: number,
  n: number,
  by: number,
): void {
  const work = (outer * m * n) / 2;
  const whole = (blocks: number, at: number, from: number) =>
    first(at, from, blocks, m, n, by, BENCH_AT);
  if (!team.wants(work)) return whole(outer, to, x);
  if (outer >= 2 * team.threads) {
    const args = [to, x, outer, m, n, by, BENCH_AT];
    const steps = [n * 4, m * n * 4, 0, 0, 0, 0, 0];
    if (!team.spread(first, work, outer, 1, 2, args, steps, 6)) whole(outer, to, x);
    return;
  }
  for (let block = 0; block < outer; block++) {
    const [at, from] = [to + block * n * 4, x + block * m * n * 4];
    const args = [at, from, m, n, n * 4, by, BENCH_AT];
    const steps = [4, 4, 0, 0, 0, 0, 0];
    if (!team.spread(columns, work / outer, n, 64, 3, args, steps, 6)) whole(1, at, from);
  }
}

interface Run {
  length: number;
  readonly folded: boolean;
}

/** Neighbouring axes that are all folded, or all kept, as one; axes of length 1 belong to any. */
function runsOf(shape: Shape, axes: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    const folded = axes.includes(i);
    const last = runs.at(-1);
    if (last?.folded === folded) last.length *= shape[i]!;
    else runs.push({ length: shape[i]!, folded });
  }
  return runs;
}
