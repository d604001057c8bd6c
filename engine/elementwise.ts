import type { Buf, Kernels, MapFormula, ReduceFormula, ZipFormula } from './device.ts';
import {
  complexMaps,
  complexReductions,
  complexZips,
  type ComplexFormula,
} from './complex-formulas.ts';
import {
  floatOf,
  isComplex,
  isFloat,
  numberOf,
  numeric,
  promote,
  realOf,
  type DType,
} from './dtype.ts';
import { maps, reductions, zips, type Formula } from './formulas.ts';
import type { Spec } from './op.ts';
import { broadcast } from './shape.ts';

/** What a row needs to be one formula over one input: spread into it. `op` is the row's name where it differs. */
export function map(formula: MapFormula, op: string = formula) {
  return {
    inputs: { x: 'one' } as const,
    formula,
    spec: ({ x }: { x: Spec }): Spec => {
      const dtype = resultOf(op, maps[formula], x.dtype);
      return dtype === x.dtype ? x : { shape: x.shape, dtype };
    },
    forward: (k: Kernels, { x }: { x: Buf }, _attrs: unknown, out: Buf): void =>
      k.map(formula, out, x),
  };
}

/** The same over two inputs that broadcast. */
export function zip(formula: ZipFormula, op: string = formula) {
  return {
    inputs: { x: 'one', y: 'one' } as const,
    formula,
    broadcasts: true as const,
    spec: ({ x, y }: { x: Spec; y: Spec }): Spec => ({
      shape: broadcast(op, x.shape, y.shape),
      dtype: resultOf(op, zips[formula], promote(op, x.dtype, y.dtype)),
    }),
    forward: (k: Kernels, { x, y }: { x: Buf; y: Buf }, _attrs: unknown, out: Buf): void =>
      k.zip(formula, out, x, y),
  };
}

/** The dtype of a formula's result over inputs that have met in `dtype`. */
export function resultOf(op: string, formula: Formula, dtype: DType): DType {
  const complex = isComplex(dtype) ? complexFormulas.get(formula) : undefined;
  if (complex !== undefined) {
    return complex.to === 'bool' ? 'bool' : complex.to === 'real' ? realOf(dtype) : dtype;
  }
  if (dtype === 'string' && (formula === zips.equal || formula === zips.notEqual)) return 'bool';
  if (formula.to === 'number') return numberOf(op, dtype);
  if (formula.to === 'float') return floatOf(op, dtype);
  numeric(op, dtype);
  if (formula.to === 'bits' && isFloat(dtype)) {
    throw new Error(
      `${op}: ${dtype} is no integer and has no bits of its own; integers and booleans do`,
    );
  }
  return formula.to === 'bool' ? 'bool' : dtype;
}

/** The dtype of a reduction: sums and products of short integers are made in 32 bits. */
export function reducedOf(op: string, formula: ReduceFormula, dtype: DType): DType {
  const result = resultOf(op, reductions[formula], dtype);
  if (formula !== 'sum' && formula !== 'prod') return result;
  if (result === 'u8' || result === 'u16') return 'u32';
  return result === 'i8' || result === 'i16' ? 'i32' : result;
}

/** What a formula becomes for complex numbers, where it has a meaning for them. */
const complexFormulas: ReadonlyMap<Formula, ComplexFormula> = new Map(
  (
    [
      [maps, complexMaps],
      [zips, complexZips],
      [reductions, complexReductions],
    ] as [Record<string, Formula>, Record<string, ComplexFormula>][]
  ).flatMap(([rows, complex]) =>
    Object.entries(complex).map(([name, formula]) => [rows[name]!, formula] as const),
  ),
);
