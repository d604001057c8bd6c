import { isBig, isInteger } from '../../dtype.ts';
import type { Buf } from '../../device.ts';
import { stridesOf } from '../../shape.ts';
import { bigReader, bigWriter, reader, spread, walk, writer, type ArrayOf } from './elements.ts';

/** out = x @ y over the last two axes; leading axes broadcast. Floats are summed in f64. */
export function matMul(arrayOf: ArrayOf, out: Buf, x: Buf, y: Buf): void {
  const [m, n] = [out.shape.at(-2)!, out.shape.at(-1)!];
  const inner = x.shape.at(-1)!;
  const batch = out.shape.slice(0, -2);
  const [rowStep, xStep] = stridesOf(x).slice(-2) as [number, number];
  const [yStep, columnStep] = stridesOf(y).slice(-2) as [number, number];
  const dot = dots(arrayOf, out, x, y, inner, xStep, yStep);
  const lead = (b: Buf) => ({
    offset: b.offset,
    strides: spread(
      { ...b, shape: b.shape.slice(0, -2), strides: stridesOf(b).slice(0, -2) },
      batch,
    ).strides,
  });
  walk(batch, [lead(x), lead(y)], (i, at) => {
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        const to = out.offset + (i * m + row) * n + column;
        dot(to, at[0]! + row * rowStep, at[1]! + column * columnStep);
      }
    }
  });
}

/** Writes one inner product, in the arithmetic of the result's dtype. */
function dots(
  arrayOf: ArrayOf,
  out: Buf,
  x: Buf,
  y: Buf,
  inner: number,
  xStep: number,
  yStep: number,
): (to: number, a: number, b: number) => void {
  const [from, other, target] = [arrayOf(x), arrayOf(y), arrayOf(out)];
  if (isBig(out.dtype)) {
    const [left, right] = [bigReader(from, x.dtype), bigReader(other, y.dtype)];
    const write = bigWriter(target, out.dtype);
    return (to, a, b) => {
      let sum = 0n;
      for (let k = 0; k < inner; k++) sum += left(a + k * xStep) * right(b + k * yStep);
      write(to, sum);
    };
  }
  const [left, right, write] = [
    reader(from, x.dtype),
    reader(other, y.dtype),
    writer(target, out.dtype),
  ];
  if (isInteger(out.dtype)) {
    return (to, a, b) => {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum = (sum + Math.imul(left(a + k * xStep), right(b + k * yStep))) | 0;
      }
      write(to, sum);
    };
  }
  return (to, a, b) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += left(a + k * xStep) * right(b + k * yStep);
    write(to, sum);
  };
}
