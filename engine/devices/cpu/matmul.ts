import type { Buf } from '../../device.ts';
import { multiply, multiplyAdd } from './product.ts';
import { address, type Workshop } from './workshop.ts';

/** out = x @ y in f32, any strides; false where there is no kernel for it. */
export function matMul(workshop: Workshop, out: Buf, x: Buf, y: Buf): boolean {
  if (x.dtype !== 'f32' || y.dtype !== 'f32' || out.dtype !== 'f32') return false;
  const rank = out.shape.length;
  let m = out.shape[rank - 2]!;
  const n = out.shape[rank - 1]!;
  const k = x.shape[x.shape.length - 1]!;
  if (out.size === 0) return true;
  if (k === 0) return false;
  const xRow = stride(x, 2) * 4;
  const xColumn = stride(x, 1) * 4;
  const yRow = stride(y, 2) * 4;
  const yColumn = stride(y, 1) * 4;
  // A worker may still be packing for a product that was cut off.
  workshop.team.settle();
  // The leading axes from the last on, as long as both operands go through them in even steps.
  let batch = 1;
  let xNext = 0;
  let yNext = 0;
  let axis = rank - 3;
  for (; axis >= 0; axis--) {
    const length = out.shape[axis]!;
    if (length === 1) continue;
    const a = leadStride(x, rank - axis, length) * 4;
    const b = leadStride(y, rank - axis, length) * 4;
    if (batch === 1) {
      xNext = a;
      yNext = b;
    } else if (a !== xNext * batch || b !== yNext * batch) break;
    batch *= length;
  }
  const step = batch * m * n * 4;
  // One right side for all, whose left sides are one matrix.
  if (yNext === 0 && xNext === m * xRow) {
    m *= batch;
    batch = 1;
  }
  const products = (out: number, from: number, other: number): void =>
    multiply(workshop, {
      batch,
      m,
      n,
      k,
      x: { at: from, row: xRow, column: xColumn, next: xNext },
      y: { at: other, row: yRow, column: yColumn, next: yNext, bytes: y.storage.bytes },
      out,
    });
  // The axes before them, one call for each position.
  const visit = (i: number, to: number, from: number, other: number): number => {
    if (i > axis) {
      products(to, from, other);
      return to + step;
    }
    const length = out.shape[i]!;
    const a = leadStride(x, rank - i, length) * 4;
    const b = leadStride(y, rank - i, length) * 4;
    for (let at = 0; at < length; at++) to = visit(i + 1, to, from + at * a, other + at * b);
    return to;
  };
  visit(0, address(out), address(x), address(y));
  return true;
}

/** out = before + x @ y for matrices, the bits of the two ops in one; false where that cannot be. */
export function matMulAdd(workshop: Workshop, out: Buf, x: Buf, y: Buf, before: Buf): boolean {
  const all = [x, y, out, before];
  if (all.some(({ dtype, shape, size }) => dtype !== 'f32' || shape.length !== 2 || size === 0))
    return false;
  if (before.strides !== null) return false;
  workshop.team.settle();
  const [m, n] = out.shape as [number, number];
  const side = (of: Buf) => {
    return { at: address(of), row: stride(of, 2) * 4, column: stride(of, 1) * 4 };
  };
  const sides = { m, n, k: x.shape[1]!, x: side(x), y: side(y) };
  return multiplyAdd(workshop, sides, address(out), address(before));
}

/** The stride of the axis that far from the end, in elements. */
function stride(x: Buf, fromEnd: number): number {
  const i = x.shape.length - fromEnd;
  if (x.strides !== null) return x.strides[i]!;
  let step = 1;
  for (let j = x.shape.length - 1; j > i; j--) step *= x.shape[j]!;
  return step;
}

/** The same for a leading axis that broadcasts to `length`. */
function leadStride(x: Buf, fromEnd: number, length: number): number {
  return x.shape[x.shape.length - fromEnd] === length ? stride(x, fromEnd) : 0;
}
