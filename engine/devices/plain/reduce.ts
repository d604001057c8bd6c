import { isBig, isInteger } from '../../dtype.ts';
import type { Buf } from '../../device.ts';
import { reductions, type ReduceFormula, type ReduceRow } from '../../formulas.ts';
import { stridesOf } from '../../shape.ts';
import {
  along,
  bigReader,
  bigWriter,
  exact,
  reader,
  walk,
  writer,
  type ArrayOf,
} from './elements.ts';

/** Reduces the given axes of x, in the order of its elements. */
export function reduce(
  arrayOf: ArrayOf,
  f: ReduceFormula,
  out: Buf,
  x: Buf,
  axes: readonly number[],
): void {
  const row: ReduceRow = reductions[f];
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const lengths = axes.map((i) => x.shape[i]!);
  const count = lengths.reduce((n, m) => n * m, 1);
  const shape = kept.map((i) => x.shape[i]!);
  const [from, to] = [arrayOf(x), arrayOf(out)];
  if (row.big !== undefined && isBig(x.dtype) && f !== 'mean') {
    const [read, write, fold] = [bigReader(from, x.dtype), bigWriter(to, out.dtype), row.big];
    return walk(shape, [along(x, kept)], (i, start) => {
      let result: bigint | null = null;
      walk(lengths, [along(x, axes, start[0]!)], (_, at) => {
        const value = read(at[0]!);
        result = result === null ? value : BigInt(fold(result, value));
      });
      write(out.offset + i, result ?? BigInt(row.start));
    });
  }
  const [read, write] = [reader(from, x.dtype), writer(to, out.dtype)];
  const fold = isInteger(out.dtype) ? (row.int ?? row.plain) : row.plain;
  const values = new Float64Array(count);
  walk(shape, [along(x, kept)], (i, start) => {
    walk(lengths, [along(x, axes, start[0]!)], (j, at) => void (values[j] = read(at[0]!)));
    if (f === 'sum') return write(out.offset + i, pairwise(values, 0, count));
    if (f === 'mean') return write(out.offset + i, pairwise(values, 0, count) / count);
    write(
      out.offset + i,
      values.reduce((a, b) => fold(a, b), row.start),
    );
  });
}

/** Position of the extreme along one axis: the first of several, and not-a-number before any number. */
export function argReduce(
  arrayOf: ArrayOf,
  f: 'argMax' | 'argMin',
  out: Buf,
  x: Buf,
  axis: number,
): void {
  const kept = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const [length, step] = [x.shape[axis]!, stridesOf(x)[axis]!];
  const read = exact(arrayOf, x);
  const write = writer(arrayOf(out), out.dtype);
  const beats = (a: number | bigint, b: number | bigint) =>
    b === b && (a !== a || (f === 'argMax' ? a > b : a < b));
  walk(
    kept.map((i) => x.shape[i]!),
    [along(x, kept)],
    (i, start) => {
      let best = 0;
      for (let j = 1; j < length; j++) {
        if (beats(read(start[0]! + j * step), read(start[0]! + best * step))) best = j;
      }
      write(out.offset + i, best);
    },
  );
}

/** Sums halves of halves: the error grows with the logarithm of the count, not with the count. */
function pairwise(values: Float64Array, from: number, to: number): number {
  if (to - from <= 8) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i]!;
    return sum;
  }
  const middle = (from + to) >> 1;
  return pairwise(values, from, middle) + pairwise(values, middle, to);
}
