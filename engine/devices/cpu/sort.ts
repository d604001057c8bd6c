import type { Buf, Kernels } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import { denseStrides, stridesOf } from '../../shape.ts';
import { BENCH_AT, COUNT_BYTES } from './room.ts';
import type { Fast } from './wasm.ts';
import { address, comparedIn, type Workshop } from './workshop.ts';

/** Elements in order along an axis: where they lie is found row by row, and they are picked from there. */
export function sort(shop: Workshop): Kernels['sort'] {
  const { wasm, team, temporaries } = shop;
  const { exports } = wasm;

  /** Where the elements of m rows of n lie in their order. */
  const order = (to: number, x: number, m: number, n: number, falling: boolean, dtype: Fast) => {
    const { bytes } = dtypes[dtype];
    const kernel = wasm.argSorts[dtype].get('argSort')!;
    // Keys and positions twice, and the counts of their digits.
    const room = 4 * n * bytes + COUNT_BYTES;
    const turn = falling ? 1 : 0;
    if (room > exports.benchBytes()) return kernel(to, x, m, n, turn, temporaries.take(room));
    const args = [to, x, m, n, turn, BENCH_AT] as const;
    const steps = [4 * n, n * bytes, 0, 0, 0, 0];
    const work = PASSES * m * n;
    if (!team.wants(work) || !team.spread(kernel, work, m, 1, 2, args, steps, 5)) kernel(...args);
  };

  return (values, places, x, axis, descending) => {
    if (x.size === 0) return;
    team.settle();
    const last = x.shape.length - 1;
    const n = x.shape[axis]!;
    const m = x.size / n;
    const rows = axis === last ? x : endingWith(x, axis);
    const own = shop.rows(rows);
    const dtype = comparedIn(x.dtype) as Fast;
    const from = dtype === x.dtype ? own : shop.castRow(own, x.dtype, dtype, x.size);
    /** A result's own room, or some for its rows where those lie along another axis. */
    const roomOf = (out: Buf | null) =>
      out !== null && axis === last
        ? address(out)
        : temporaries.take(x.size * dtypes[out?.dtype ?? 'i32'].bytes);
    const finish = (out: Buf, at: number) => {
      if (axis === last) return;
      const made = { ...endingWith(out, axis), strides: null, offset: 0 };
      const storage = { bytes: { ...out.storage.bytes, at } };
      const back = stridesOf(made);
      const strides = [...back.slice(0, axis), back[last]!, ...back.slice(axis, last)];
      shop.spread(address(out), out.shape, { ...made, shape: out.shape, strides, storage });
    };
    const at = roomOf(places);
    order(at, from, m, n, descending, dtype);
    if (places !== null) finish(places, at);
    if (values !== null) {
      const { bytes } = dtypes[x.dtype];
      const to = roomOf(values);
      const args = [to, own, at, m, n, 1, n, 1] as const;
      const steps = [n * bytes, n * bytes, 4 * n, 0, 0, 0, 0, 0];
      team.share(exports.pick[bytes]!, 4 * x.size, m, 1, 3, args, steps);
      finish(values, to);
    }
    temporaries.end();
  };
}

/** How often an element is taken up and put down until it is in order, about. */
const PASSES = 16;

/** The same elements with that axis last: nothing is copied. */
function endingWith(x: Buf, axis: number): Buf {
  const moved = <T>(list: readonly T[]): T[] => [...list.toSpliced(axis, 1), list[axis]!];
  const { dtype, size, offset, storage } = x;
  const strides = moved(x.strides ?? denseStrides(x.shape));
  return { shape: moved(x.shape), strides, dtype, size, offset, storage };
}
