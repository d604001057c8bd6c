/** Which cells of the grid are chosen: a rectangle between the cell where it began and the active one. */
import type { Cell, Size } from '../model.ts';

export interface Selection {
  readonly anchor: Cell;
  readonly active: Cell;
}

export const ORIGIN: Selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };

export const only = (cell: Cell): Selection => ({ anchor: cell, active: cell });

/** First and one past the last, of rows and of columns. */
export function rectangle({ anchor, active }: Selection): {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
} {
  const span = (a: number, b: number) => [Math.min(a, b), Math.max(a, b) + 1] as const;
  return { rows: span(anchor.row, active.row), columns: span(anchor.column, active.column) };
}

export function holds(selection: Selection, { row, column }: Cell): boolean {
  const { rows, columns } = rectangle(selection);
  return row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1];
}

/** What a key does to the active cell; null for a key that moves nothing. `page` is how many rows are seen. */
export function moved(
  { row, column }: Cell,
  key: string,
  far: boolean,
  size: Size,
  page: number,
): Cell | null {
  const rows = size.rows - 1;
  const columns = size.columns - 1;
  const to = (row: number, column: number): Cell => ({
    row: Math.max(0, Math.min(rows, row)),
    column: Math.max(0, Math.min(columns, column)),
  });
  switch (key) {
    case 'ArrowUp':
      return to(far ? 0 : row - 1, column);
    case 'ArrowDown':
      return to(far ? rows : row + 1, column);
    case 'ArrowLeft':
      return to(row, far ? 0 : column - 1);
    case 'ArrowRight':
      return to(row, far ? columns : column + 1);
    case 'PageUp':
      return to(row - page, column);
    case 'PageDown':
      return to(row + page, column);
    case 'Home':
      return to(far ? 0 : row, 0);
    case 'End':
      return to(far ? rows : row, columns);
    default:
      return null;
  }
}

/** Keeps a selection inside a grid that has become smaller. */
export function clamped({ anchor, active }: Selection, size: Size): Selection {
  const inside = ({ row, column }: Cell): Cell => ({
    row: Math.max(0, Math.min(size.rows - 1, row)),
    column: Math.max(0, Math.min(size.columns - 1, column)),
  });
  return { anchor: inside(anchor), active: inside(active) };
}
