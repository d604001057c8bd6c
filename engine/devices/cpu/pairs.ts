import type { Buf } from '../../device.ts';
import { widthOf, type DType } from '../../dtype.ts';
import type { MapFormula, ZipFormula } from '../../formulas.ts';
import type { PairKernels } from '../complex.ts';
import type { Kernel } from './overrides/tools.ts';
import type { Team } from './team.ts';
import type { Wasm } from './wasm.ts';
import { away } from './workshop.ts';

/** The formulas of complex numbers that are compiled, over numbers in a row. */
export function pairKernels(wasm: Wasm, team: Team): PairKernels {
  const find = (f: MapFormula | ZipFormula, dtype: DType) =>
    wasm.all[`pairs_${f}_${dtype}`] as Kernel | undefined;
  return {
    map(f, out, x) {
      const kernel = find(f, x.dtype);
      if (kernel === undefined || away(out) || away(x)) return false;
      const args = [at(out), at(x), out.size];
      team.settle();
      team.share(kernel, WORK * out.size, out.size, 16, 2, args, [
        widthOf(out.dtype),
        widthOf(x.dtype),
        0,
      ]);
      return true;
    },
    zip(f, out, x, y) {
      const kernel = find(f, out.dtype);
      if (kernel === undefined || away(out) || away(x) || away(y)) return false;
      const width = widthOf(out.dtype);
      const [xStep, yStep] = [x, y].map((z) => (z.size === 1 ? 0 : width)) as [number, number];
      const args = [at(out), at(x), at(y), out.size, xStep, yStep];
      team.settle();
      team.share(kernel, WORK * out.size, out.size, 16, 3, args, [width, xStep, yStep, 0, 0, 0]);
      return true;
    },
  };
}

/** How many additions of f32 a number takes the time of, at least. */
const WORK = 8;

/** Where a tensor of complex numbers, or of one of their parts, begins. */
function at(x: Buf): number {
  return x.storage.bytes.at + x.offset * widthOf(x.dtype);
}
