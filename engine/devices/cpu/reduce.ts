import type { Buf } from '../../device.ts';
import type { ReduceFormula } from '../../formulas.ts';
import type { Shape } from '../../shape.ts';
import { BENCH_AT } from './room.ts';
import { address, type Workshop } from './workshop.ts';

/**
 * Folds f32 over axes: one pass for every run of neighbouring axes, from the
 * innermost on; false where there is no kernel for it.
 */
export function reduce(
  { wasm, temporaries, rows }: Workshop,
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
    if (inner === 1) fold.last(to, from, size, length, by);
    else fold.first(to, from, size / inner, length, inner, by, BENCH_AT);
    from = to;
  }
  return true;
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
