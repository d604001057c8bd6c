/** The parts of a tensor that have been read: only what is seen, in tiles, the latest few hundred. */
import type { Cells } from '../../debug-adapter/protocol.ts';
import type { Size } from './model.ts';

export type Value = number | string;
export type Span = readonly [from: number, to: number];

export interface Tile {
  readonly rows: Span;
  readonly columns: Span;
  /** Row-major; null while it is being read. */
  values: ArrayLike<Value> | null;
}

const ROWS = 64;
const COLUMNS = 32;
const KEPT = 400;

export class Tiles {
  private readonly kept = new Map<string, Tile>();

  value(row: number, column: number): Value | null {
    const tile = this.kept.get(key(Math.floor(row / ROWS), Math.floor(column / COLUMNS)));
    if (!tile?.values) return null;
    const width = tile.columns[1] - tile.columns[0];
    return tile.values[(row - tile.rows[0]) * width + column - tile.columns[0]] ?? null;
  }

  /** The tiles of a window that nobody has asked for yet; they count as asked from now on. */
  missing(rows: Span, columns: Span, size: Size): Tile[] {
    const wanted: Tile[] = [];
    for (let r = Math.floor(rows[0] / ROWS); r * ROWS < rows[1]; r++) {
      for (let c = Math.floor(columns[0] / COLUMNS); c * COLUMNS < columns[1]; c++) {
        const at = key(r, c);
        const old = this.kept.get(at);
        if (old) {
          // The latest seen are the last to go.
          this.kept.delete(at);
          this.kept.set(at, old);
          continue;
        }
        const tile: Tile = {
          rows: [r * ROWS, Math.min(size.rows, (r + 1) * ROWS)],
          columns: [c * COLUMNS, Math.min(size.columns, (c + 1) * COLUMNS)],
          values: null,
        };
        this.kept.set(at, tile);
        wanted.push(tile);
      }
    }
    for (const [at] of this.kept) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(at);
    }
    return wanted;
  }

  /** The first tile, as it was read for the page before the page was there. */
  corner(rows: Span, columns: Span, values: ArrayLike<Value>): void {
    this.kept.set(key(0, 0), { rows, columns, values });
  }

  /** A tile could not be read: it may be asked for again. */
  forget(tile: Tile): void {
    for (const [at, kept] of this.kept) if (kept === tile) this.kept.delete(at);
  }
}

/** What the first tile holds. */
export function cornerOf(size: Size): Pick<Tile, 'rows' | 'columns'> {
  return { rows: [0, Math.min(size.rows, ROWS)], columns: [0, Math.min(size.columns, COLUMNS)] };
}

const key = (row: number, column: number): string => `${row} ${column}`;

/** The values of an answer: numbers, or texts where a number would not hold them. */
export function valuesOf(cells: Cells): ArrayLike<Value> {
  if (cells.text) return cells.text;
  const bytes = Uint8Array.from(atob(cells.base64 ?? ''), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}
