import type { Buf, Kernels } from '../../device.ts';
import { dtypes, type DType } from '../../dtype.ts';
import { sizeOf } from '../../shape.ts';
import { spreadColumns } from './reduce.ts';
import { BENCH_AT } from './room.ts';
import type { ChooseKernel, Fast } from './wasm.ts';
import { address, comparedIn, type Workshop } from './workshop.ts';

type Choosing = Pick<Kernels, 'argReduce'>;

/** Positions of extremes. */
export function choosing(shop: Workshop, plain: Kernels): Choosing {
  const { wasm, team, temporaries } = shop;
  const rowsIn = (x: Buf, dtype: DType) =>
    x.dtype === dtype ? shop.rows(x) : shop.cast(x, dtype, x.shape);

  return {
    argReduce(f, out, x, axis) {
      team.settle();
      if (out.dtype !== 'i32' || x.size === 0) {
        return plain.argReduce(f, out, x, axis);
      }
      const dtype = comparedIn(x.dtype);
      const { bytes } = dtypes[dtype];
      const kernel = wasm.chooses[dtype as Fast].get(f === 'argMax' ? 'max' : 'min')!;
      const m = x.shape[axis]!;
      const outer = sizeOf(x.shape.slice(0, axis));
      const inner = sizeOf(x.shape.slice(axis + 1));
      const from = rowsIn(x, dtype);
      if (inner === 1) along(kernel, address(out), from, outer, m, bytes);
      else across(kernel, address(out), from, outer, m, inner, bytes);
      temporaries.end();
    },
  };

  /** In each of m rows of n. */
  function along(k: ChooseKernel, to: number, x: number, m: number, n: number, bytes: number) {
    const work = m * n;
    const args = [to, x, m, n] as const;
    if (!team.wants(work) || !team.spread(k.last, work, m, 1, 2, args, [4, n * bytes, 0, 0]))
      k.last(...args);
  }

  /** In each column of m rows of n, in each of so many blocks. */
  function across(
    k: ChooseKernel,
    to: number,
    x: number,
    outer: number,
    m: number,
    n: number,
    bytes: number,
  ): void {
    const whole = (blocks: number, at: number, from: number) =>
      k.first(at, from, blocks, m, n, BENCH_AT);
    spreadColumns(team, outer * m * n, outer, {
      whole: () => whole(outer, to, x),
      blocks: (members, work) => {
        const args = [to, x, outer, m, n, BENCH_AT];
        return members.spread(
          k.first,
          work,
          outer,
          1,
          2,
          args,
          [4 * n, m * n * bytes, 0, 0, 0, 0],
          5,
        );
      },
      columns: (members, work, block) => {
        const [at, from] = [to + block * n * 4, x + block * m * n * bytes];
        const args = [at, from, m, n, n * bytes, BENCH_AT];
        if (!members.spread(k.columns, work, n, 64, 3, args, [4, bytes, 0, 0, 0, 0], 5))
          whole(1, at, from);
      },
    });
  }
}
