import type { Kernels, Override } from '../../device.ts';
import { sizeOf, type Shape } from '../../shape.ts';
import { batched, type DataFormat, type Sliding } from '../../sliding.ts';
import { AXES } from './sliding-plan.ts';
import { address, type Workshop } from './workshop.ts';

/** The greatest in each window and its place; false where there is no kernel for it. */
export function maxPool(
  shop: Workshop,
  ...[out, places, x, window, how, inBatch]: Parameters<Kernels['maxPool']>
): boolean {
  const indices = places === null || places.dtype === 'i32';
  const direct = shop.wasm.direct[x.dtype];
  if ((x.dtype !== 'f32' && direct === undefined) || !indices) return false;
  if (window.length > AXES || out.size === 0) return false;
  const from = shop.rows(x);
  shop.team.settle();
  shop.sliding.write(x.shape, out.shape, window, how, 1);
  const channels = x.shape.at(-1)!;
  const row = out.shape.at(-2)! * channels;
  const at = places === null ? 0 : address(places);
  const rows = out.size / row;
  const work = 2 * out.size * sizeOf(window);
  if (direct !== undefined) {
    const steps = out.size / channels;
    const args = [shop.sliding.at, 0, steps, address(out), at, from, +inBatch] as const;
    shop.team.share(direct.pool, 4 * work, steps, 1, 2, args, [0, 1, 0, 0, 0, 0, 0]);
    return true;
  }
  const args = [shop.sliding.at, 0, rows, 0, channels, address(out), at, from, +inBatch] as const;
  shop.team.share(shop.wasm.exports.maxPool, work, rows, 1, 2, args, [0, 1, 0, 0, 0, 0, 0, 0, 0]);
  return true;
}

/** The op where no tape needs the places; channels must be last. */
export function poolOverride(kernels: Kernels): Override {
  return {
    forward([x], attrs, [out]) {
      const { filterSize, dataFormat, ...how } = attrs as Sliding & {
        readonly filterSize: Shape;
        readonly dataFormat: DataFormat;
      };
      if (dataFormat !== 'NHWC' || out!.size === 0) return false;
      kernels.maxPool(batched(out!), null, batched(x!), filterSize, how, false);
      return true;
    },
  };
}
