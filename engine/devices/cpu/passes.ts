import { sizeOf, type Shape } from '../../shape.ts';

/**
 * How a fold over any axes goes: one pass for every run of neighbouring axes,
 * from the innermost on. A `Place` is where elements lie.
 */
export abstract class Passes<Place> {
  /** The fold of rows of that shape, divided by `count`. */
  over(out: Place, x: Place, shape: Shape, axes: readonly number[], count: number): void {
    const runs = runsOf(shape, axes);
    let passes = runs.filter((run) => run.folded).length;
    let size = sizeOf(shape);
    if (passes === 0) return this.same(out, x, size);
    let from = x;
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
      const to = passes === 0 ? out : this.take(size);
      const by = passes === 0 ? count : 1;
      if (inner === 1) this.last(to, from, size, length, by);
      else this.first(to, from, size / inner, length, inner, by);
      from = to;
    }
  }

  /** Where nothing is left to fold. */
  protected abstract same(out: Place, x: Place, size: number): void;

  /** Room for what lies between two passes. */
  protected abstract take(size: number): Place;

  /** The fold of each of m rows of n. */
  protected abstract last(to: Place, x: Place, m: number, n: number, by: number): void;

  /** The fold of m rows of n in each of `outer` blocks. */
  protected abstract first(
    to: Place,
    x: Place,
    outer: number,
    m: number,
    n: number,
    by: number,
  ): void;
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
