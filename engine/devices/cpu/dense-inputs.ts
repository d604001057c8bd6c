import type { Buf, Bytes, Kernels, Override, Overrides } from '../../device.ts';
import type { Room } from './room.ts';
import { away } from './workshop.ts';

/**
 * The same overrides for strided f32 too: one that goes along the last axis
 * wants it without gaps, and a copy costs less than the ops it stands for.
 */
export function onDenseInputs(overrides: Overrides, kernels: Kernels, room: Room): Overrides {
  return Object.fromEntries(
    Object.entries(overrides).map(([name, override]) => [
      name,
      { ...override, forward: throughCopies(override, kernels, room) },
    ]),
  );
}

function throughCopies({ forward }: Override, kernels: Kernels, room: Room): Override['forward'] {
  return (inputs, attrs, outs) => {
    const { axis } = attrs as { readonly axis?: number };
    const last = axis === undefined || axis === inputs[0]!.shape.length - 1;
    if (!last || !inputs.some(strided)) return forward(inputs, attrs, outs);
    const taken: Bytes[] = [];
    try {
      const dense = inputs.map((x) => {
        if (!strided(x)) return x;
        const length = x.size * 4;
        const { device } = x.storage.bytes;
        const at = room.take(length);
        // In the memory of the kernels, as those of the arena say by having no buffer of their own.
        const bytes = { device, at, length, buffer: null, pins: 0, owned: true };
        taken.push(bytes);
        const { shape, dtype, size } = x;
        const copy: Buf = { shape, dtype, size, offset: 0, strides: null, storage: { bytes } };
        kernels.map('identity', copy, x);
        return copy;
      });
      return forward(dense, attrs, outs);
    } finally {
      for (const { at, length } of taken) room.give(at, length);
    }
  };
}

function strided(x: Buf): boolean {
  return x.strides !== null && x.dtype === 'f32' && x.size > 0 && !away(x);
}
