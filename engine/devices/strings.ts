import type { Kernels } from '../device.ts';
import { denseStrides } from '../shape.ts';
import { textsOf } from '../texts.ts';
import { during } from './complex.ts';
import { reader, spread, walk } from './plain/elements.ts';

/**
 * Tensors of text. Their elements lie outside the memory of the device, in a
 * list that lives as long as the bytes it belongs to. They are moved and
 * compared; no other kernel sees them, as no op of numbers takes them.
 */
export function withStrings(kernels: Kernels): Kernels {
  return {
    ...kernels,

    fill(out, value) {
      if (out.dtype !== 'string') return kernels.fill(out, value);
      const to = textsOf(out);
      for (let i = 0; i < out.size; i++) to[out.offset + i] = '';
    },

    map(f, out, x, p, q) {
      if (out.dtype !== 'string') return kernels.map(f, out, x, p, q);
      const [to, from] = [textsOf(out), textsOf(x)];
      walk(out.shape, [spread(x, out.shape)], (i, at) => (to[out.offset + i] = from[at[0]!] ?? ''));
    },

    zip(f, out, x, y) {
      if (x.dtype !== 'string') return kernels.zip(f, out, x, y);
      const [left, right] = [textsOf(x), textsOf(y)];
      const to = out.storage.bytes.device.array(out);
      const same = f === 'equal' ? 1 : 0;
      walk(out.shape, [spread(x, out.shape), spread(y, out.shape)], (i, at) => {
        to[out.offset + i] = left[at[0]!] === right[at[1]!] ? same : 1 - same;
      });
    },

    select(out, condition, x, y) {
      if (out.dtype !== 'string') return kernels.select(out, condition, x, y);
      const [to, left, right] = [textsOf(out), textsOf(x), textsOf(y)];
      const test = reader(condition.storage.bytes.device.array(condition), condition.dtype);
      const windows = [condition, x, y].map((buf) => spread(buf, out.shape));
      walk(out.shape, windows, (i, at) => {
        to[out.offset + i] = (test(at[0]!) !== 0 ? left[at[1]!] : right[at[2]!]) ?? '';
      });
    },

    place(out, x, begin, steps = begin.map(() => 1)) {
      if (out.dtype !== 'string') return kernels.place(out, x, begin, steps);
      const [to, from] = [textsOf(out), textsOf(x)];
      const dense = denseStrides(out.shape);
      const offset = begin.reduce((sum, n, axis) => sum + n * dense[axis]!, out.offset);
      const strides = dense.map((step, axis) => step * steps[axis]!);
      walk(x.shape, [{ strides, offset }, spread(x, x.shape)], (_, at) => {
        to[at[0]!] = from[at[1]!] ?? '';
      });
    },

    gather(out, x, indices, axis, batch) {
      if (x.dtype !== 'string') return kernels.gather(out, x, indices, axis, batch);
      const [to, from] = [textsOf(out), textsOf(x)];
      // Where they lie is gathered in their place.
      during(x, x.shape, 'i32', (places) =>
        during(x, out.shape, 'i32', (found) => {
          const { device } = x.storage.bytes;
          const list = device.array(places);
          walk(x.shape, [spread(x, x.shape)], (i, at) => (list[i] = at[0]!));
          kernels.gather(found, places, indices, axis, batch);
          const at = device.array(found);
          for (let i = 0; i < out.size; i++) to[out.offset + i] = from[Number(at[i])] ?? '';
        }),
      );
    },
  };
}
