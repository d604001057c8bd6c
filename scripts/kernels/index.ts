import { attention } from './attention.ts';
import { casts } from './cast.ts';
import { choose } from './choose.ts';
import { complex } from './complex.ts';
import { constants } from './constants.ts';
import { direct } from './direct.ts';
import { doubles } from './doubles.ts';
import { tails } from './element.ts';
import { elementwise } from './elementwise.ts';
import { fourier } from './fourier.ts';
import { gradients } from './gradients.ts';
import { groupNorms } from './group-norm.ts';
import { integers } from './integers.ts';
import { loss } from './loss.ts';
import { math } from './math.ts';
import { blockBytes, matMul, wideMatMul } from './matmul.ts';
import { movement } from './movement.ts';
import { norms } from './norms.ts';
import { planes } from './planes.ts';
import { random } from './random.ts';
import { recurrent } from './recurrent.ts';
import { foldBytes, reduce } from './reduce.ts';
import { rows } from './rows.ts';
import { runs } from './runs.ts';
import { scalars } from './scalars.ts';
import { scan } from './scan.ts';
import { search } from './search.ts';
import { argSort } from './sort.ts';
import { update } from './update.ts';
import { windows } from './windows.ts';

/**
 * The whole AssemblyScript source of the kernels; with `fused`, matrix products
 * and functions like exp multiply and add with one rounding where the processor
 * can, which needs WebAssembly's relaxed SIMD.
 */
export function assembly({ fused }: { readonly fused: boolean }): string {
  const bytes = Math.max(blockBytes(), foldBytes);
  const bench = `export function benchBytes(): i32 { return ${bytes}; }`;
  const parts = [
    tails(),
    math({ fused }),
    doubles(),
    integers(),
    elementwise(),
    scalars(),
    casts(),
    movement(),
    reduce(),
    choose(),
    argSort(),
    search(),
    scan(),
    rows(),
    gradients(),
    recurrent(),
    loss(),
    norms(),
    planes(),
    groupNorms(),
    attention(),
    update(),
    matMul(fused ? 'fused' : 'separate'),
    windows(),
    direct(),
    fourier(),
    complex(),
    random(),
    bench,
    'export function dataEnd(): usize { return __heap_base; }',
  ];
  // Known only now that every function is written.
  return [constants(), ...parts].join('\n');
}

/** The source of the products alone, for processors and a V8 that make one of two vectors. */
export function wideAssembly(): string {
  return [tails(), wideMatMul()].join('\n');
}

/** The source of what decompositions are made of. */
export function runsAssembly(): string {
  return runs();
}
