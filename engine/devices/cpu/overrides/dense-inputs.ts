import type { Buf, Bytes, Override } from '../../../device.ts';
import { away } from '../workshop.ts';
import type { Tools } from './tools.ts';

/**
 * The same override for strided f32 too: one that goes along the last axis
 * wants it without gaps, and a copy costs less than the ops it stands for.
 */
export function onDenseInputs(override: Override, tools: Tools): Override {
  const { forward, gradients } = override;
  const many = (bufs: readonly Buf[], f: (dense: readonly Buf[]) => boolean) =>
    bufs.some(strided) ? throughCopies(tools, bufs, f) : f(bufs);
  return {
    ...override,
    ...(forward && {
      forward: (inputs, attrs, outs) =>
        along(inputs[0]!, attrs)
          ? many(inputs, (dense) => forward(dense, attrs, outs))
          : forward(inputs, attrs, outs),
    }),
    ...(gradients && {
      gradients(g, inputs, outs, attrs, to, before) {
        const even = !g.some(isStrided) && !inputs.some(strided) && !outs.some(strided);
        if (even || !along(inputs[0]!, attrs)) {
          return gradients(g, inputs, outs, attrs, to, before);
        }
        const arrived = g.filter((one) => one !== undefined);
        return many([...arrived, ...inputs, ...outs], (dense) => {
          let next = 0;
          const own = g.map((one) => one && dense[next++]);
          const [from, end] = [next, next + inputs.length];
          return gradients(own, dense.slice(from, end), dense.slice(end), attrs, to, before);
        });
      },
    }),
  };
}

/** Whether an op with an axis goes along the last one. */
function along(x: Buf, attrs: unknown): boolean {
  const { axis } = attrs as { readonly axis?: number };
  return axis === undefined || axis === x.shape.length - 1;
}

/** The same for the gradients that arrived, of which some may be missing. */
export function densely(
  tools: Tools,
  g: readonly (Buf | undefined)[],
  f: (dense: readonly (Buf | undefined)[]) => boolean,
): boolean {
  if (!g.some((one) => one !== undefined && strided(one))) return f(g);
  const arrived = g.filter((one) => one !== undefined);
  return throughCopies(tools, arrived, (dense) => {
    let next = 0;
    return f(g.map((one) => one && dense[next++]));
  });
}

function throughCopies(
  { kernels, room }: Tools,
  bufs: readonly Buf[],
  f: (dense: readonly Buf[]) => boolean,
): boolean {
  const taken: Bytes[] = [];
  try {
    const dense = bufs.map((x) => {
      if (!strided(x)) return x;
      const length = x.size * 4;
      const { device } = x.storage.bytes;
      const at = room.take(length);
      // In the memory of the kernels, as those of the arena say by having no buffer of their own.
      const bytes = { device, at, length, buffer: null, pins: 0, owned: false, version: 0 };
      taken.push(bytes);
      const { shape, dtype, size } = x;
      const copy: Buf = { shape, dtype, size, offset: 0, strides: null, storage: { bytes } };
      kernels.map('identity', copy, x);
      return copy;
    });
    return f(dense);
  } finally {
    for (const { at, length } of taken) room.give(at, length);
  }
}

/** The same of what may be missing. */
function isStrided(x: Buf | undefined): boolean {
  return x !== undefined && strided(x);
}

function strided(x: Buf): boolean {
  return x.strides !== null && x.dtype === 'f32' && x.size > 0 && !away(x);
}
