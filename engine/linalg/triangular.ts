import { BLOCK, combine } from './vectors.ts';

/** `x` with `t x = b`, over b (`n` rows of `columns`), where t is `n` by `n` and only one triangle of it is read. */
export function substitute(
  t: Float64Array,
  b: Float64Array,
  n: number,
  columns: number,
  lower: boolean,
  adjoint: boolean,
): void {
  // A lower triangle is worked off downwards; its transpose upwards.
  const down = lower !== adjoint;
  for (let c = 0; c < columns; c += BLOCK) {
    const width = Math.min(BLOCK, columns - c);
    for (let step = 0; step < n; step++) {
      const i = down ? step : n - 1 - step;
      // What was worked off before, in that order; row i of the transpose is column i of t.
      const [first, next] = down ? [0, 1] : adjoint ? [n - 1, -1] : [i + 1, 1];
      const factors = adjoint
        ? { of: t, at: first * n + i, next: next * n }
        : { of: t, at: i * n + first, next };
      const others = { of: b, at: first * columns + c, next: next * columns };
      combine(b, i * columns + c, width, -1, factors, others, step);
      const by = t[i * n + i]!;
      for (let k = c; k < c + width; k++) b[i * columns + k]! /= by;
    }
  }
}
