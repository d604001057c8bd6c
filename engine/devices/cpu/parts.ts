import type { Product } from './exports.ts';
import type { Sgemm } from './turbo.ts';

/** A product this small is sooner done than BLAS is called. */
const LEAST = 2 ** 12;
/** A product is cut in two, four and eight while each part has so many multiplications at least, */
const WORTH = 2 ** 25;
const MOST = 8;
/** and further while it is longer on a side: no call takes long. */
const LONGEST = 1024;

/** The kernel of `parts`: so many parts from the first one on. */
export type Parts = (
  first: number,
  count: number,
  ...of: readonly [...Product, rows: number, columns: number]
) => void;

/**
 * Products by BLAS, part by part: a part is `rows` by `columns` of a result,
 * and one call. A library may add up in another order when it computes with
 * more threads, or less of a matrix; what each call computes is therefore a
 * matter of the shape alone, and threads only share the calls.
 *
 * The source of this function is what a worker runs: it stands by itself and
 * names nothing from outside.
 */
export function parts(sgemm: Sgemm, base: number): Parts {
  // What cblas.h calls them.
  const ROW_MAJOR = 101;
  const AS_IT_IS = 111;
  const TURNED = 112;
  return (
    first,
    count,
    m,
    n,
    k,
    x,
    xRow,
    xColumn,
    xNext,
    y,
    yRow,
    yColumn,
    yNext,
    out,
    rows,
    columns,
  ) => {
    const across = Math.ceil(n / columns);
    const each = Math.ceil(m / rows) * across;
    const [xTurned, xStep] = xColumn === 4 ? [AS_IT_IS, xRow / 4] : [TURNED, xColumn / 4];
    const [yTurned, yStep] = yColumn === 4 ? [AS_IT_IS, yRow / 4] : [TURNED, yColumn / 4];
    for (let part = first; part < first + count; part++) {
      const at = part % each;
      const product = (part - at) / each;
      const column = (at % across) * columns;
      const row = ((at - (at % across)) / across) * rows;
      sgemm(
        ROW_MAJOR,
        xTurned,
        yTurned,
        Math.min(rows, m - row),
        Math.min(columns, n - column),
        k,
        1,
        base + x + product * xNext + row * xRow,
        xStep,
        base + y + product * yNext + column * yColumn,
        yStep,
        0,
        base + out + (product * m * n + row * n + column) * 4,
        n,
      );
    }
  };
}

/** Rows and columns of a part of a product. */
export function partOf(m: number, n: number, k: number): readonly [rows: number, columns: number] {
  let [rows, columns, count] = [m, n, 1];
  for (;;) {
    const enough = count >= MOST && Math.max(rows, columns) <= LONGEST;
    if (enough || rows * columns * k < 2 * WORTH) return [rows, columns];
    if (columns >= rows) columns = Math.ceil(columns / 2);
    else rows = Math.ceil(rows / 2);
    count *= 2;
  }
}

/** Whether BLAS is to compute such a product: it is large enough, and each matrix has its rows or its columns in a row. */
export function suits(
  m: number,
  n: number,
  k: number,
  xRow: number,
  xColumn: number,
  yRow: number,
  yColumn: number,
): boolean {
  // A vector times a matrix streams through memory; our own kernels do that faster than most.
  if (m === 1 || n === 1 || m * n * k < LEAST) return false;
  return lies(m, k, xRow, xColumn) && lies(k, n, yRow, yColumn);
}

function lies(rows: number, columns: number, row: number, column: number): boolean {
  return (column === 4 && row >= 4 * columns) || (row === 4 && column >= 4 * rows);
}
