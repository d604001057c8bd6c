import type { Buf } from '../../../device.ts';
import { isDense, sizeOf, stridesOf, type Shape } from '../../../shape.ts';

/** A part of a shape: where it begins along each axis, and how long it is there. */
export interface Box {
  readonly start: readonly number[];
  readonly shape: Shape;
}

/** All of a shape. */
export function whole(shape: Shape): Box {
  return { start: shape.map(() => 0), shape };
}

/** A box cut in two along an axis. */
export function halves({ start, shape }: Box, axis: number): readonly [Box, Box] {
  const half = Math.ceil(shape[axis]! / 2);
  const rest = shape[axis]! - half;
  return [
    { start, shape: shape.with(axis, half) },
    { start: start.with(axis, start[axis]! + half), shape: shape.with(axis, rest) },
  ];
}

/** A box with one more axis, all of it. */
export function within({ start, shape }: Box, axis: number, length: number): Box {
  return { start: start.toSpliced(axis, 0, 0), shape: shape.toSpliced(axis, 0, length) };
}

/** x, read as if it had a larger shape, as far as that lies in a box: nothing is copied, what repeats is there once. */
export function windowOf(x: Buf, shape: Shape, box: Box): Buf {
  const lead = shape.length - x.shape.length;
  const strides = stridesOf(x);
  let { offset } = x;
  const own = x.shape.map((length, i) => {
    if (length !== shape[lead + i]) return 1;
    offset += box.start[lead + i]! * strides[i]!;
    return box.shape[lead + i]!;
  });
  const { dtype, storage } = x;
  const size = sizeOf(own);
  return {
    shape: own,
    dtype,
    size,
    offset,
    strides: isDense(own, strides) ? null : strides,
    storage,
  };
}

/**
 * Along which axis to cut boxes of an elementwise op: one along which no
 * operand's elements lie side by side, the outermost, as long as there is one,
 * and then the longest. -1 for a single element.
 */
export function cutter(shape: Shape, bufs: readonly Buf[]): (box: Box) => number {
  const inner = new Set<number>();
  for (const buf of bufs) {
    const lead = shape.length - buf.shape.length;
    const strides = stridesOf(buf);
    let nearest = -1;
    for (let i = 0; i < buf.shape.length; i++) {
      if (buf.shape[i] === 1 || strides[i] === 0) continue;
      if (nearest < 0 || Math.abs(strides[i]!) <= Math.abs(strides[nearest]!)) nearest = i;
    }
    inner.add(lead + nearest);
  }
  return ({ shape: lengths }) => {
    const outer = lengths.findIndex((length, axis) => length > 1 && !inner.has(axis));
    if (outer >= 0) return outer;
    const longest = lengths.indexOf(Math.max(...lengths));
    return longest >= 0 && lengths[longest]! > 1 ? longest : -1;
  };
}
