import type { Buf, Kernels } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import { sizeOf, type Shape } from '../../shape.ts';
import type { Fast } from './wasm.ts';
import { address, widened, type Workshop } from './workshop.ts';

type Movement = Pick<Kernels, 'place' | 'gather' | 'scatterAdd' | 'oneHot'>;

/** Elements put into windows, picked by index and added by index. */
export function movement(shop: Workshop, plain: Kernels): Movement {
  const { wasm, team, temporaries, constant } = shop;
  const { exports } = wasm;
  /** Indices as a row of i32; those that do not fit are out of bounds in either. */
  const places = (indices: Buf) =>
    indices.dtype === 'i32' ? shop.rows(indices) : shop.cast(indices, 'i32', indices.shape);

  return {
    place(out, x, begin, steps) {
      if (x.size === 0) return;
      const { bytes } = dtypes[out.dtype];
      let start = 0;
      for (let i = 0; i < begin.length; i++) start = start * out.shape[i]! + begin[i]!;
      const to = address(out) + start * bytes;
      if (x.dtype === out.dtype) return shop.place(to, x.shape, out.shape, x, steps);
      const { shape, size } = x;
      const at = shop.cast(x, out.dtype, shape);
      const bytesOf = { ...out.storage.bytes, at };
      const cast = { shape, dtype: out.dtype, size, offset: 0, strides: null };
      shop.place(to, shape, out.shape, { ...cast, storage: { bytes: bytesOf } }, steps);
      temporaries.end();
    },

    gather(out, x, indices, axis, batch) {
      const { bytes } = dtypes[x.dtype];
      const { shared, outer, width } = around(x.shape, axis, batch);
      const n = shared === 0 ? 0 : indices.size / shared;
      const rows = [shop.rows(x), places(indices)] as const;
      const axisLength = x.shape[axis]!;
      if (exports.inBounds(rows[1], indices.size, axisLength) !== indices.size) {
        temporaries.end();
        // Says what is wrong with the first index that is not within bounds.
        return plain.gather(out, x, indices, axis, batch);
      }
      // By whole batches, by blocks of the only one, or by indices of the only block.
      const by = shared > 1 ? 3 : outer > 1 ? 5 : 4;
      const args = [address(out), ...rows, shared, n, outer, axisLength, width] as const;
      const steps = [0, 0, 0, 0, 0, 0, 0, 0];
      const length = width * bytes;
      steps[0] = length * (by === 4 ? 1 : by === 5 ? n : n * outer);
      if (by !== 4) steps[1] = length * axisLength * (by === 5 ? 1 : outer);
      if (by !== 5) steps[2] = 4 * (by === 4 ? 1 : n);
      team.share(exports.pick[bytes]!, (out.size * bytes) / 4, args[by], 1, by, args, steps);
      temporaries.end();
    },

    scatterAdd(out, x, indices, axis, batch) {
      const dtype = widened(out.dtype);
      const kernel = exports.scatterAdd[dtype as Fast];
      if (kernel === undefined) return plain.scatterAdd(out, x, indices, axis, batch);
      const { shared, outer, width } = around(out.shape, axis, batch);
      const n = shared === 0 ? 0 : indices.size / shared;
      const from = x.dtype === dtype ? shop.rows(x) : shop.cast(x, dtype, x.shape);
      const places32 = places(indices);
      const axisLength = out.shape[axis]!;
      if (exports.inBounds(places32, indices.size, axisLength) !== indices.size) {
        temporaries.end();
        return plain.scatterAdd(out, x, indices, axis, batch);
      }
      const half = dtype !== out.dtype;
      const to = half ? shop.castRow(address(out), out.dtype, dtype, out.size) : address(out);
      const args = [to, from, places32, shared, n, outer, axisLength, width, width] as const;
      // By whole batches, by blocks of the only one, or by elements of the slices, which may be added to several times.
      const by = shared > 1 ? 3 : outer > 1 ? 5 : 8;
      const { bytes } = dtypes[dtype];
      const steps = [bytes, bytes, 0, 0, 0, 0, 0, 0, 0];
      if (by !== 8) {
        steps[0] = bytes * width * axisLength * (by === 3 ? outer : 1);
        steps[1] = bytes * width * n * (by === 3 ? outer : 1);
        if (by === 3) steps[2] = 4 * n;
      }
      const grain = by === 8 ? 16 : 1;
      const work = 2 * x.size;
      const shares = team.wants(work);
      if (!shares || !team.spread(kernel, work, args[by], grain, by, args, steps)) {
        // The sums of a lost thread may be half done; they begin at zero, as always.
        if (shares && team.spoiled) {
          constant.write(dtype, 0);
          exports.fill[bytes]!(to, constant.at, out.size);
        }
        kernel(...args);
      }
      if (half) shop.castRow(to, dtype, out.dtype, out.size, address(out));
      temporaries.end();
    },

    oneHot(out, indices, on, off) {
      const { bytes } = dtypes[out.dtype];
      constant.write(out.dtype, off);
      const { size } = out;
      const filled = [address(out), constant.at, size] as const;
      team.share(exports.fill[bytes]!, (size * bytes) / 8, size, 64, 2, filled, [bytes, 0, 0]);
      constant.write(out.dtype, on);
      const depth = out.shape.at(-1)!;
      const n = indices.size;
      const args = [address(out), places(indices), n, depth, constant.at] as const;
      const steps = [depth * bytes, 4, 0, 0, 0];
      team.share(exports.oneHot[bytes]!, 8 * n, n, 64, 2, args, steps);
      temporaries.end();
    },
  };
}

/** How many batches there are, how many blocks in each before an axis, and how many elements in a step along it. */
function around(shape: Shape, axis: number, batch: number) {
  return {
    shared: sizeOf(shape.slice(0, batch)),
    outer: sizeOf(shape.slice(batch, axis)),
    width: sizeOf(shape.slice(axis + 1)),
  };
}
