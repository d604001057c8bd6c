import type { DType } from '../../dtype.ts';
import type { ScanFormula } from '../../device.ts';
import type { MapFormula, ReduceFormula, ZipFormula } from '../../formulas.ts';
import { maps, reductions, zips } from '../../formulas.ts';
import { castsOf, type Cast } from './cast.ts';
import type { Blocks, Exports } from './exports.ts';
import type { Turbo } from './turbo.ts';
import { fused, separate, wide } from './wasm.generated.ts';

/** dtypes that elementwise kernels are written for; the words whose elements have so many bits, whatever their sign. */
const wordOf = {
  f32: null,
  f64: null,
  bool: null,
  i8: 'word8',
  u8: 'word8',
  i16: 'word16',
  u16: 'word16',
  i32: 'word32',
  u32: 'word32',
  i64: 'word64',
  u64: 'word64',
} as const satisfies { readonly [D in DType]?: string | null };
export type Fast = keyof typeof wordOf;

export interface MapKernel {
  readonly to: DType;
  /** Over n elements in a row; out may be x. Formulas without constants do not read p and q. */
  readonly dense: (out: number, x: number, n: number, p?: number, q?: number) => void;
  /** How many additions it takes the time of. */
  readonly cost: number;
}
export interface ZipKernel {
  /** The dtype of the result. */
  readonly to: DType;
  /** Over n elements in a row; out may be x or y. */
  readonly dense: (out: number, x: number, y: number, n: number) => void;
  /** Over the windows of a plan. */
  readonly windows: (out: number, x: number, y: number, plan: number) => void;
}
/** Folds of m rows of n, with `Rest` behind what says where they lie. */
interface Folding<Rest extends readonly number[]> {
  /** Of each row. */
  readonly last: (out: number, x: number, m: number, n: number, ...rest: Rest) => void;
  /** Of the rows in each of `outer` blocks. */
  readonly first: (
    ...args: [out: number, x: number, outer: number, m: number, n: number, ...Rest, work: number]
  ) => void;
  /** Of rows that lie `step` bytes apart. */
  readonly columns: (
    ...args: [out: number, x: number, m: number, n: number, step: number, ...Rest, work: number]
  ) => void;
}
/** The fold is divided by `by` where it is of floats. */
export interface ReduceKernel extends Folding<[by: number]> {
  /** Of a row that comes in parts: each as one vector, and such a vector of all as one element. */
  readonly part: (out: number, x: number, n: number) => void;
  readonly end: (out: number, x: number, by: number) => void;
}
/** The same for places, which are i32. */
export type ChooseKernel = Folding<[]>;
type Scan = (
  ...args: readonly [
    out: number,
    places: number,
    x: number,
    outer: number,
    n: number,
    inner: number,
    width: number,
    exclusive: number,
    reverse: number,
  ]
) => void;
type Sort = (out: number, x: number, m: number, n: number, falling: number, work: number) => void;

type Table<F extends string, K> = { readonly [D in Fast]: ReadonlyMap<F, K> };

/**
 * The compiled kernels over one memory, found by formula and dtype. Which
 * formulas there are for which dtype is written in scripts/kernels alone: the
 * names of the exports say it.
 */
export interface Wasm extends Multiplier {
  /** Products and functions like exp multiply and add in one step, with one rounding. */
  readonly fused: boolean;
  readonly maps: Table<MapFormula, MapKernel>;
  readonly zips: Table<ZipFormula, ZipKernel>;
  readonly folds: Table<ReduceFormula, ReduceKernel>;
  readonly chooses: Table<'max' | 'min', ChooseKernel>;
  readonly argSorts: Table<'argSort', Sort>;
  /** Of results and places in so many blocks of n rows of `inner` elements, the first `width` of each; the last two say exclusive and reverse. */
  readonly scans: Table<ScanFormula, Scan>;
  readonly exports: Exports;
  /** Convolutions, pools and products of what is rarer than f32. */
  readonly direct: { readonly [dtype: string]: Direct | undefined };
  /** What casts, one after the other; none from a dtype to itself. */
  casts(from: DType, to: DType): readonly Cast[];
}

/** A module with the kernels of matrix products. */
export interface Multiplier {
  readonly module: WebAssembly.Module;
  /** Every export, in the order of the module. */
  readonly all: WebAssembly.Exports;
  readonly exports: { readonly [K in 'matMul' | 'packY' | 'panel']: Exports[K] };
  /** How matMul cuts its operands. */
  readonly blocks: Blocks;
}

/** What scripts/kernels/direct.ts says; each adds to what it is to make. */
export interface Direct {
  readonly product: (
    ...args: readonly [
      out: number,
      x: number,
      xRow: number,
      xStep: number,
      y: number,
      yRow: number,
      m: number,
      k: number,
      n: number,
    ]
  ) => void;
  readonly conv: { readonly [side in 'y' | 'x' | 'filter']: (...args: Steps) => void };
  readonly pool: (
    ...args: readonly [
      plan: number,
      at: number,
      count: number,
      out: number,
      places: number,
      x: number,
      inBatch: number,
    ]
  ) => void;
}
type Steps = readonly [
  plan: number,
  at: number,
  count: number,
  y: number,
  x: number,
  filter: number,
  made: number,
];

/** The kernels are built twice: with fused multiply-adds in matrix products and functions like exp, and without. */
export const builds = { fused, separate };
export type Build = keyof typeof builds;

/** Instantiates the kernels over a memory that is shared between threads. */
export function instantiate(memory: WebAssembly.Memory, build?: Build): Wasm {
  const [compiled, made] = build === undefined ? (best ??= compileBest()) : [compile(build), build];
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const find = (name: string) => exports[name] as never;
  const named = (name: string, dtype: Fast) =>
    exports[`${name}_${dtype}`] ?? exports[`${name}_${wordOf[dtype]}`];
  const byDType = (name: string) =>
    Object.fromEntries(
      (Object.keys(wordOf) as Fast[]).map((dtype) => [dtype, named(name, dtype) as never]),
    );
  const bySize = (name: string) =>
    Object.fromEntries([1, 2, 4, 8].map((bytes) => [bytes, find(`${name}_${bytes}`)]));
  return {
    module: compiled,
    all: exports,
    fused: made === 'fused',
    maps: table(Object.keys(maps) as MapFormula[], (f, dtype) => {
      const dense = named(`map_${f}`, dtype) as MapKernel['dense'] | undefined;
      const to = maps[f].to === 'bool' ? 'bool' : dtype;
      return dense && { to, dense, cost: constant(exports, `cost_map_${f}_${dtype}`) ?? 1 };
    }),
    zips: table(Object.keys(zips) as ZipFormula[], (f, dtype) => {
      const dense = named(`zip_${f}`, dtype) as ZipKernel['dense'] | undefined;
      const to = zips[f].to === 'bool' ? 'bool' : dtype;
      return dense && { to, dense, windows: named(`zipn_${f}`, dtype) as never };
    }),
    folds: table(Object.keys(reductions) as ReduceFormula[], (f, dtype) => {
      const fold = f === 'mean' ? 'sum' : f;
      const kernel = (part: string) =>
        (dtype === 'f32' ? exports[`${part}_${fold}`] : named(`${part}_${fold}`, dtype)) as never;
      const last = kernel('last') as ReduceKernel['last'] | undefined;
      return (
        last && {
          last,
          first: kernel('first'),
          columns: kernel('columns'),
          part: kernel('part'),
          end: kernel('end'),
        }
      );
    }),
    chooses: table(['max', 'min'] as const, (f, dtype) => {
      const name = dtype === 'f32' ? f : `${f}_${dtype}`;
      const last = exports[`argLast_${name}`] as ChooseKernel['last'] | undefined;
      return last && { last, first: find(`argFirst_${name}`), columns: find(`argColumns_${name}`) };
    }),
    argSorts: table(
      ['argSort'] as const,
      (f, dtype) => exports[`${f}_${dtype}`] as Sort | undefined,
    ),
    scans: table(['sum', 'prod', 'max', 'min'] as const, (f, dtype) => find(`scan_${f}_${dtype}`)),
    exports: {
      copy: bySize('copy'),
      fill: bySize('fill'),
      select: bySize('select'),
      pick: bySize('pick'),
      scatterAdd: byDType('scatterAdd'),
      inBounds: find('inBounds'),
      oneHot: bySize('oneHot'),
      range: byDType('range'),
      matMul: find('matMul'),
      uniform: find('uniform'),
      normal: find('normal'),
      collect: find('collect'),
      spread: find('spread'),
      finite: find('finite'),
      depthwise: find('depthwise'),
      depthwiseX: find('depthwiseX'),
      depthwiseFilter: find('depthwiseFilter'),
      maxPool: find('maxPool'),
      zero: find('zero'),
      benchBytes: find('benchBytes'),
      dataEnd: find('dataEnd'),
      packY: find('packY'),
      panel: find('panel'),
      rowTimes: find('rowTimes'),
      dots: find('dots'),
    },
    direct: Object.fromEntries(
      ['f64', 'i32'].map((dtype) => {
        const [product, pool] = [find(`product_${dtype}`), find(`pool_${dtype}`)];
        const [y, x] = [find(`convY_${dtype}`), find(`convX_${dtype}`)];
        return [dtype, { product, pool, conv: { y, x, filter: find(`convFilter_${dtype}`) } }];
      }),
    ),
    blocks: blocksOf(exports),
    casts: castsOf(exports),
  };
}

/** The products alone, in blocks for registers of 256 bits, over the same memory. */
export function widen(memory: WebAssembly.Memory, compile: Turbo['compileWide']): Multiplier {
  const module = (widest ??= compile(bytesOf(wide)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const named = exports as unknown as Multiplier['exports'];
  return { module, all: exports, exports: named, blocks: blocksOf(exports) };
}

function blocksOf(exports: WebAssembly.Exports): Blocks {
  const [depth, columns, width, few, packed] = (
    ['depth', 'columns', 'width', 'few', 'packed'] as const
  ).map((name) => constant(exports, name)!);
  return { depth, columns, width, few, packed } as Blocks;
}

function constant(exports: WebAssembly.Exports, name: string): number | undefined {
  return (exports[name] as WebAssembly.Global | undefined)?.value;
}

/** Compiled once, whatever the number of memories and threads. */
let best: readonly [WebAssembly.Module, Build] | undefined;
let widest: WebAssembly.Module | undefined;

function compileBest(): readonly [WebAssembly.Module, Build] {
  try {
    return [compile('fused'), 'fused'];
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    // Relaxed SIMD is not known here.
    return [compile('separate'), 'separate'];
  }
}

function compile(build: Build): WebAssembly.Module {
  return new WebAssembly.Module(bytesOf(builds[build]));
}

/** A loop, as it takes a sixth of the time of a function for every character. */
function bytesOf(code: string): Uint8Array<ArrayBuffer> {
  const text = atob(code);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function table<F extends string, K>(
  formulas: readonly F[],
  kernel: (f: F, dtype: Fast) => K | undefined,
): Table<F, K> {
  const of = (dtype: Fast): ReadonlyMap<F, K> =>
    new Map(
      formulas.flatMap((f) => {
        const found = kernel(f, dtype);
        return found === undefined ? [] : [[f, found] as const];
      }),
    );
  return Object.fromEntries(
    (Object.keys(wordOf) as Fast[]).map((dtype) => [dtype, of(dtype)]),
  ) as Table<F, K>;
}
