import { sizeOf } from '../../shape.ts';
import type { Sliding } from '../../sliding.ts';
import { buf, type Parts } from './conv.ts';
import { matMul } from './matmul.ts';
import type { Workshop } from './workshop.ts';

/**
 * A convolution of one group, or its gradient for the filter, element by
 * element of the filter ("tap"): for each a matrix product with those of a row
 * of pixels that it meets inside the image. Slower than by gathered windows,
 * but nothing is multiplied with padding.
 */
export function byTaps(
  shop: Workshop,
  side: 'y' | 'x' | 'filter',
  { x, filter, y }: Parts,
  how: Sliding,
  out: number,
  a: number,
  b: number,
): boolean {
  const [read, made] = filter.slice(-2) as [number, number];
  const window = filter.slice(0, -2);
  const last = window.length - 1;
  // Rows of pixels along the last axis of space; a place counts those before it, with the batch.
  const lines = y.slice(0, -2);
  const taps = window.slice(0, -1);
  const [columns, steps] = [x.at(-2)!, y.at(-2)!];
  const [stride, gap] = [how.strides[last]!, how.dilations[last]!];
  const before = how.padding[last]![0];
  const add = shop.wasm.zips.f32.get('add')!.dense;
  const size = side === 'y' ? steps * made : read * made;
  const part = shop.temporaries.take(4 * size);
  shop.wasm.exports.zero(out, sizeOf(side === 'y' ? y : filter));
  each(lines, (line, row) => {
    each(taps, (tap, first) => {
      let from = line[0]!;
      for (let axis = 0; axis < last; axis++) {
        const at = line[axis + 1]! * how.strides[axis]! + tap[axis]! * how.dilations[axis]!;
        const position = at - how.padding[axis]![0];
        if (position < 0 || position >= x[axis + 1]!) return;
        from = from * x[axis + 1]! + position;
      }
      for (let k = 0; k < window[last]!; k++) {
        const shift = k * gap - before;
        const low = Math.max(0, Math.ceil(-shift / stride));
        const count = Math.min(steps, Math.floor((columns - 1 - shift) / stride) + 1) - low;
        if (count <= 0) continue;
        const pixel = (from * columns + low * stride + shift) * read;
        const result = (row * steps + low) * made;
        const weight = (first * window[last]! + k) * read * made;
        if (side === 'y') {
          const image = buf(a + 4 * pixel, [count, read], [stride * read, 1]);
          matMul(shop, buf(part, [count, made]), image, buf(b + 4 * weight, [read, made]));
          add(out + 4 * result, out + 4 * result, part, count * made);
        } else {
          const image = buf(a + 4 * pixel, [read, count], [1, stride * read]);
          matMul(shop, buf(part, [read, made]), image, buf(b + 4 * result, [count, made]));
          add(out + 4 * weight, out + 4 * weight, part, read * made);
        }
      }
    });
  });
  return true;
}

/** Every index into a shape and its number, row-major; one list, changed from visit to visit. */
function each(
  shape: readonly number[],
  visit: (index: readonly number[], number: number) => void,
): void {
  const index = shape.map(() => 0);
  const count = sizeOf(shape);
  for (let number = 0; number < count; number++) {
    visit(index, number);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) {
      index[axis] = 0;
    }
  }
}
