import { dtypes, type DType } from '../../dtype.ts';

/** A step of a cast, between elements of so many bytes. */
export interface Cast {
  readonly kernel: (out: number, x: number, n: number) => void;
  readonly from: number;
  readonly to: number;
}

/** `odd` is f32 cut off so that rounding it again is right. */
type Stop = DType | 'odd';

/** Finds the steps of a cast among the exports of the compiled kernels. */
export function castsOf(exports: WebAssembly.Exports): (from: DType, to: DType) => readonly Cast[] {
  const known: { [name: string]: readonly Cast[] | undefined } = {};
  return (from, to) => {
    const name = `${from}_${to}`;
    const steps = known[name];
    if (steps !== undefined) return steps;
    const path = pathOf(from, to);
    return (known[name] = path.slice(1).map((next, i) => ({
      kernel: exports[`cast_${path[i] === 'odd' ? 'f32' : path[i]}_${next}`] as Cast['kernel'],
      from: widthOf(path[i]!),
      to: widthOf(next),
    })));
  };
}

/** The dtypes a cast goes through. */
function pathOf(from: DType, to: DType): readonly Stop[] {
  if (from === to) return [from];
  const half = (dtype: DType) => dtype === 'f16' || dtype === 'bf16';
  if (half(from)) return [from, ...pathOf('f32', to)];
  if (!half(to) || from === 'f32') return [from, to];
  if (to === 'f16' && from === 'f64') return [from, 'odd', to];
  // Of integers f32 rounds only those that are infinite as f16.
  return [from, ...pathOf('f32', to)];
}

function widthOf(stop: Stop): number {
  return stop === 'odd' ? 4 : dtypes[stop].bytes;
}
