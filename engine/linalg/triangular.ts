import { add } from './vectors.ts';

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
  for (let step = 0; step < n; step++) {
    const i = down ? step : n - 1 - step;
    const by = t[i * n + i]!;
    if (adjoint) {
      // Row i of t is column i of its transpose: it is taken out of all that follow.
      for (let c = 0; c < columns; c++) b[i * columns + c]! /= by;
      for (let k = down ? i + 1 : 0; k < (down ? n : i); k++) {
        add(b, k * columns, -t[i * n + k]!, b, i * columns, columns);
      }
    } else {
      for (let k = down ? 0 : i + 1; k < (down ? i : n); k++) {
        add(b, i * columns, -t[i * n + k]!, b, k * columns, columns);
      }
      for (let c = 0; c < columns; c++) b[i * columns + c]! /= by;
    }
  }
}
