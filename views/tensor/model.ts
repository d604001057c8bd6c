/** Which part of an N-d tensor lies in the grid: two axes that vary, all others fixed. */
import type { LiveTensor, Window } from '../../debug-adapter/protocol.ts';
import { shapeText } from '../text.ts';

export interface Slice {
  /** null where the tensor has no such axis: a vector is one column, a scalar one cell. */
  readonly rowAxis: number | null;
  readonly columnAxis: number | null;
  /** One index per axis; what stands at the two axes counts for nothing. */
  readonly at: readonly number[];
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The last two axes, everything else at its first index. */
export function firstSlice(shape: readonly number[]): Slice {
  const rank = shape.length;
  return {
    rowAxis: rank === 0 ? null : Math.max(0, rank - 2),
    columnAxis: rank < 2 ? null : rank - 1,
    at: shape.map(() => 0),
  };
}

/** The same slice of a tensor whose sizes may have changed; a new one where the number of axes did. */
export function keepSlice(slice: Slice, shape: readonly number[]): Slice {
  if (slice.at.length !== shape.length) return firstSlice(shape);
  const at = slice.at.map((index, axis) => Math.min(index, Math.max(0, shape[axis]! - 1)));
  return { ...slice, at };
}

export function sizeOf(slice: Slice, shape: readonly number[]): Size {
  const fixed = shape.every((size, axis) => isShown(slice, axis) || size > 0);
  if (!fixed) return { rows: 0, columns: 0 };
  return {
    rows: slice.rowAxis === null ? 1 : shape[slice.rowAxis]!,
    columns: slice.columnAxis === null ? 1 : shape[slice.columnAxis]!,
  };
}

export const isShown = (slice: Slice, axis: number): boolean =>
  axis === slice.rowAxis || axis === slice.columnAxis;

/** Puts an axis along the rows or the columns; where the other one had it, the two change places. */
export function withAxis(slice: Slice, along: 'rowAxis' | 'columnAxis', axis: number): Slice {
  const other = along === 'rowAxis' ? 'columnAxis' : 'rowAxis';
  return { ...slice, [along]: axis, ...(slice[other] === axis && { [other]: slice[along] }) };
}

export const transposed = (slice: Slice): Slice => ({
  ...slice,
  rowAxis: slice.columnAxis,
  columnAxis: slice.rowAxis,
});

export const withIndex = (slice: Slice, axis: number, index: number): Slice => ({
  ...slice,
  at: slice.at.map((old, at) => (at === axis ? index : old)),
});

/** The index of the element in a cell, one number per axis. */
export const indexOf = (slice: Slice, { row, column }: Cell): number[] =>
  slice.at.map((index, axis) =>
    axis === slice.rowAxis ? row : axis === slice.columnAxis ? column : index,
  );

/** The slice and the cell that show an element; fails with a sentence. */
export function cellOf(
  slice: Slice,
  shape: readonly number[],
  text: string,
): { readonly slice: Slice; readonly cell: Cell } {
  const parts = text
    .replace(/^\s*\[?|\]?\s*$/g, '')
    .split(/[\s,]+/)
    .filter(Boolean);
  const index = parts.map(Number);
  if (index.length !== shape.length)
    throw new Error(
      `${shape.length} indices are needed, one for each axis of [${shape.join(', ')}].`,
    );
  const within = index.map((value, axis) => {
    const size = shape[axis]!;
    if (!Number.isInteger(value) || value < -size || value >= size)
      throw new Error(`Axis ${axis} has ${size} elements; ${parts[axis]} is not one of them.`);
    return value < 0 ? value + size : value;
  });
  return {
    slice: { ...slice, at: within },
    cell: {
      row: slice.rowAxis === null ? 0 : within[slice.rowAxis]!,
      column: slice.columnAxis === null ? 0 : within[slice.columnAxis]!,
    },
  };
}

export function windowOf(
  slice: Slice,
  rows: readonly [number, number],
  columns: readonly [number, number],
): Window {
  return { ...slice, rows, columns };
}

/** What the tab of an editor says. */
export const titleOf = (tensor: LiveTensor): string =>
  tensor.name ?? `${tensor.op ?? 'tensor'} ${shapeText(tensor.dtype, tensor.shape)}`;

/** Why there is no grid to show, in words; null where there is one. */
export function absence(tensor: LiveTensor | null, paused: boolean): string | null {
  if (tensor) return tensor.shape.includes(0) ? 'This tensor has no elements.' : null;
  return paused
    ? 'This tensor is gone: the program holds it no longer, or the expression means nothing here.'
    : 'No program is paused: a tensor is shown when the program pauses.';
}
