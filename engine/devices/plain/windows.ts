import type { Buf, Kernels } from '../../device.ts';
import { isBig, isInteger } from '../../dtype.ts';
import { stridesOf, type Shape } from '../../shape.ts';
import type { Sliding } from '../../sliding.ts';
import { bigReader, bigWriter, reader, writer, type ArrayOf } from './elements.ts';

// What slides a window over an image: each kernel visits every element of every window once.

type Side = 'y' | 'x' | 'filter';

/** One side of a convolution out of the other two (engine/device.ts). Floats are summed in f64. */
export function conv(
  arrayOf: ArrayOf,
  side: Side,
  out: Buf,
  a: Buf,
  b: Buf,
  how: Sliding & { readonly groups: number },
): void {
  const [x, filter, y] =
    side === 'y' ? [a, b, out] : side === 'x' ? [out, b, a] : ([a, out, b] as const);
  const each = (visit: (x: number, filter: number, y: number) => void) =>
    meet(x, filter, y, how, visit);
  const big = isBig(out.dtype);
  const read = big ? bigReader : reader;
  const [left, right] = [read(arrayOf(a), a.dtype), read(arrayOf(b), b.dtype)];
  const times = big
    ? (i: number, j: number) => (left(i) as bigint) * (right(j) as bigint)
    : isInteger(out.dtype)
      ? (i: number, j: number) => Math.imul(left(i) as number, right(j) as number)
      : (i: number, j: number) => (left(i) as number) * (right(j) as number);
  const sums = big ? new BigInt64Array(out.size) : new Float64Array(out.size);
  const add = (to: number, i: number, j: number): void => {
    (sums as Float64Array)[to - out.offset]! += times(i, j) as number;
  };
  if (side === 'y') each((i, j, k) => add(k, i, j));
  else if (side === 'x') each((i, j, k) => add(i, k, j));
  else each((i, j, k) => add(j, i, k));
  const write = (big ? bigWriter : writer)(arrayOf(out), out.dtype) as (
    at: number,
    value: number | bigint,
  ) => void;
  // Integers wrap around; sums of them are exact up to 2^53.
  const wrapped = !big && isInteger(out.dtype);
  for (let i = 0; i < out.size; i++)
    write(out.offset + i, wrapped ? (sums[i] as number | 0) : sums[i]!);
}

/** The greatest in each window and its place. */
export function maxPool(
  arrayOf: ArrayOf,
  ...[out, places, x, window, how, inBatch]: Parameters<Kernels['maxPool']>
): void {
  const [from, to] = [arrayOf(x), arrayOf(out)];
  const at = places && arrayOf(places);
  const read = (isBig(x.dtype) ? bigReader : reader)(from, x.dtype);
  const channels = x.shape.at(-1)!;
  const space = x.shape.slice(1, -1);
  const strides = stridesOf(x);
  const rows = space.reduce((a, b) => a * b, 1);
  let next = 0;
  for (let n = 0; n < x.shape[0]!; n++) {
    steps(out.shape.slice(1, -1), (step) => {
      for (let c = 0; c < channels; c++, next++) {
        let best: number | bigint = 0;
        let [found, place] = [-1, -1];
        inside(step, space, window, how, (_, position) => {
          const i = strideTo(strides, n, position, x.offset) + c * strides.at(-1)!;
          const value = read(i);
          if (found >= 0 && !(value > best || value !== value)) return;
          if (best !== best) return;
          best = value;
          found = i;
          place =
            ((inBatch ? n * rows : 0) +
              position.reduce((sum, p, axis) => sum * space[axis]! + p, 0)) *
              channels +
            c;
        });
        to[out.offset + next] = from[found]!;
        if (places !== null) at![places.offset + next] = place;
      }
    });
  }
}

/** Visits every product of a convolution: where its three elements lie. */
function meet(
  x: Buf,
  filter: Buf,
  y: Buf,
  how: Sliding & { readonly groups: number },
  visit: (x: number, filter: number, y: number) => void,
): void {
  const [ofX, ofFilter, ofY] = [stridesOf(x), stridesOf(filter), stridesOf(y)];
  const space = x.shape.slice(1, -1);
  const window = filter.shape.slice(0, -2);
  const [taken, made] = filter.shape.slice(-2) as [number, number];
  const share = made / how.groups;
  const [xStep, yStep] = [ofX.at(-1)!, ofY.at(-1)!];
  const [inStep, outStep] = ofFilter.slice(-2) as [number, number];
  for (let n = 0; n < x.shape[0]!; n++) {
    steps(y.shape.slice(1, -1), (step) => {
      const to = strideTo(ofY, n, step, y.offset);
      inside(step, space, window, how, (element, position) => {
        const from = strideTo(ofX, n, position, x.offset);
        const weight = element.reduce((sum, e, axis) => sum + e * ofFilter[axis]!, filter.offset);
        for (let o = 0; o < made; o++) {
          const first = Math.floor(o / share) * taken;
          for (let i = 0; i < taken; i++) {
            visit(from + (first + i) * xStep, weight + i * inStep + o * outStep, to + o * yStep);
          }
        }
      });
    });
  }
}

/** The elements of the window that lie inside, at one step of it: which of the window, and where in space. */
function inside(
  step: readonly number[],
  space: Shape,
  window: Shape,
  { strides, dilations, padding }: Sliding,
  visit: (element: readonly number[], position: readonly number[]) => void,
): void {
  const position = step.map(() => 0);
  steps(window, (element) => {
    for (let axis = 0; axis < space.length; axis++) {
      const p =
        step[axis]! * strides[axis]! + element[axis]! * dilations[axis]! - padding[axis]![0];
      if (p < 0 || p >= space[axis]!) return;
      position[axis] = p;
    }
    visit(element, position);
  });
}

/** Every index into a shape, row-major; one list, changed from visit to visit. */
function steps(shape: Shape, visit: (index: readonly number[]) => void): void {
  const index = shape.map(() => 0);
  const enter = (axis: number): void => {
    if (axis === shape.length) return visit(index);
    for (let i = 0; i < shape[axis]!; i++) {
      index[axis] = i;
      enter(axis + 1);
    }
  };
  enter(0);
}

/** Where an image of the batch has a position in space, for its first channel. */
function strideTo(
  strides: readonly number[],
  n: number,
  position: readonly number[],
  offset: number,
): number {
  let at = offset + n * strides[0]!;
  for (let axis = 0; axis < position.length; axis++) at += position[axis]! * strides[axis + 1]!;
  return at;
}
