import type { DType } from '../../dtype.ts';
import type { MapFormula, ReduceFormula, ZipFormula } from '../../formulas.ts';
import { maps, zips } from '../../formulas.ts';
import { fused, separate } from './wasm.generated.ts';

/** dtypes that elementwise kernels are written for. */
export type Fast = 'f32' | 'f64' | 'i32' | 'bool';

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
export interface ReduceKernel {
  /** The fold of each of m rows of n, divided by `by`. */
  readonly last: (out: number, x: number, m: number, n: number, by: number) => void;
  /** The fold of the m rows of n in each of `outer` blocks, divided by `by`. */
  readonly first: (
    out: number,
    x: number,
    outer: number,
    m: number,
    n: number,
    by: number,
    work: number,
  ) => void;
  /** The fold of m rows of n that lie `step` bytes apart, divided by `by`. */
  readonly columns: (
    out: number,
    x: number,
    m: number,
    n: number,
    step: number,
    by: number,
    work: number,
  ) => void;
}

type Table<F extends string, K> = { readonly [D in Fast]: ReadonlyMap<F, K> };

/**
 * The compiled kernels over one memory, found by formula and dtype. Which
 * formulas there are for which dtype is written in scripts/kernels alone: the
 * names of the exports say it.
 */
export interface Wasm {
  readonly module: WebAssembly.Module;
  /** Every export, in the order of the module. */
  readonly all: WebAssembly.Exports;
  readonly maps: Table<MapFormula, MapKernel>;
  readonly zips: Table<ZipFormula, ZipKernel>;
  readonly folds: ReadonlyMap<ReduceFormula, ReduceKernel>;
  readonly exports: Exports;
  /** Convolutions, pools and products of what is rarer than f32. */
  readonly direct: { readonly [dtype: string]: Direct | undefined };
  /** How matMul cuts its operands. */
  readonly blocks: Blocks;
  cast(from: DType, to: DType): ((out: number, x: number, n: number) => void) | undefined;
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

/** Kernels for elements of a size, by the number of bytes. */
type BySize<F> = { readonly [bytes: number]: F | undefined };

/** Steps of the inner axis and columns of y that are packed together, columns of a panel, rows for which y stays where it is; where panels of y are packed. */
export interface Blocks {
  readonly depth: number;
  readonly columns: number;
  readonly width: number;
  readonly few: number;
  readonly packed: number;
}

/** Exports that are not one of a family. Addresses and steps are bytes. */
export interface Exports {
  readonly copy: BySize<(out: number, x: number, plan: number) => void>;
  readonly fill: BySize<(out: number, value: number, n: number) => void>;
  readonly select: BySize<
    (
      out: number,
      condition: number,
      x: number,
      xStep: number,
      y: number,
      yStep: number,
      n: number,
    ) => void
  >;
  /** Returns how many indices are within bounds; nothing was done if not all. */
  readonly gather: (...args: Pick) => number;
  readonly scatterAdd: (...args: readonly [...Pick, lanes: number]) => number;
  /** How many of n indices are within bounds before the first that is not. */
  readonly inBounds: (indices: number, n: number, axis: number) => number;
  readonly matMul: (
    batch: number,
    m: number,
    n: number,
    k: number,
    x: number,
    xRow: number,
    xColumn: number,
    xNext: number,
    y: number,
    yRow: number,
    yColumn: number,
    yNext: number,
    out: number,
    work: number,
  ) => void;
  /** n numbers by key: from low on over so much, or around mean with that deviation. */
  readonly uniform: Random;
  readonly normal: Random;
  /**
   * Rows of what `count` steps of a window see, from step `at` on, gathered from x, those of a group `next` bytes
   * after the group before; and added back to it, of one group only so many channels from `lane` on.
   */
  readonly collect: (
    plan: number,
    to: number,
    x: number,
    at: number,
    count: number,
    next: number,
  ) => void;
  readonly spread: (
    plan: number,
    x: number,
    from: number,
    at: number,
    count: number,
    next: number,
    lane: number,
    lanes: number,
  ) => void;
  /** Whether n elements of f32 are all finite: 1 or 0. */
  readonly finite: (x: number, n: number) => number;
  /** Convolutions channel by channel: y out of x and filter, and what is added to x or to the filter. */
  readonly depthwise: Channelwise;
  readonly depthwiseX: Channelwise;
  readonly depthwiseFilter: Channelwise;
  /** Without places where they are 0. */
  readonly maxPool: (...args: readonly [...Rowwise, number, number, number, number]) => void;
  /** n elements of f32 become 0. */
  readonly zero: (out: number, n: number) => void;
  /** The bytes that matrix products and folds work on. */
  readonly benchBytes: () => number;
  /** The parts of matMul: scripts/kernels/matmul.ts says what they do. */
  readonly packY: (...args: number[]) => void;
  readonly panel: (...args: number[]) => void;
  readonly rowTimes: (...args: number[]) => void;
  readonly dots: (...args: number[]) => void;
}
type Random = (
  out: number,
  n: number,
  key0: number,
  key1: number,
  low: number,
  span: number,
) => void;
/** Rows of steps of a window, and channels: how many of each, and which is the first. */
type Rowwise = readonly [plan: number, at: number, count: number, lane: number, lanes: number];
type Channelwise = (...args: readonly [...Rowwise, number, number, number]) => void;
type Pick = readonly [
  out: number,
  x: number,
  indices: number,
  batch: number,
  n: number,
  outer: number,
  axis: number,
  width: number,
];

/** The kernels are built twice: with fused multiply-adds in matrix products, and without. */
export const builds = { fused, separate };
export type Build = keyof typeof builds;

/** Instantiates the kernels over a memory that is shared between threads. */
export function instantiate(memory: WebAssembly.Memory, build?: Build): Wasm {
  const compiled = build === undefined ? (best ??= compileBest()) : compile(build);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const find = (name: string) => exports[name] as never;
  const constant = (name: string) => (exports[name] as WebAssembly.Global | undefined)?.value;
  const bySize = (name: string) =>
    Object.fromEntries([1, 2, 4, 8].map((bytes) => [bytes, find(`${name}_${bytes}`)]));
  return {
    module: compiled,
    all: exports,
    maps: table(Object.keys(maps), (f, dtype) => {
      const dense = exports[`map_${f}_${dtype}`] as MapKernel['dense'] | undefined;
      const to = maps[f as MapFormula].to === 'bool' ? 'bool' : dtype;
      return dense && { to, dense, cost: constant(`cost_map_${f}_${dtype}`) ?? 1 };
    }),
    zips: table(Object.keys(zips), (f, dtype) => {
      const dense = exports[`zip_${f}_${dtype}`] as ZipKernel['dense'] | undefined;
      const to = zips[f as ZipFormula].to === 'bool' ? 'bool' : dtype;
      return dense && { to, dense, windows: find(`zipn_${f}_${dtype}`) };
    }),
    folds: new Map(
      (
        [
          ['sum', 'sum'],
          ['mean', 'sum'],
          ['max', 'max'],
          ['min', 'min'],
        ] as const
      ).map(([f, fold]) => [
        f,
        {
          last: find(`last_${fold}`),
          first: find(`first_${fold}`),
          columns: find(`columns_${fold}`),
        },
      ]),
    ),
    exports: {
      copy: bySize('copy'),
      fill: bySize('fill'),
      select: bySize('select'),
      gather: find('gather'),
      scatterAdd: find('scatterAdd'),
      inBounds: find('inBounds'),
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
    blocks: {
      depth: constant('depth'),
      columns: constant('columns'),
      width: constant('width'),
      few: constant('few'),
      packed: constant('packed'),
    },
    cast: (from, to) => exports[`cast_${from}_${to}`] as never,
  };
}

/** Compiled once, whatever the number of memories and threads. */
let best: WebAssembly.Module | undefined;

function compileBest(): WebAssembly.Module {
  try {
    return compile('fused');
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    // Relaxed SIMD is not known here.
    return compile('separate');
  }
}

/** A loop, as it takes a sixth of the time of a function for every character. */
function compile(build: Build): WebAssembly.Module {
  const text = atob(builds[build]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return new WebAssembly.Module(bytes);
}

function table<F extends string, K>(
  formulas: readonly string[],
  kernel: (f: string, dtype: Fast) => K | undefined,
): Table<F, K> {
  const of = (dtype: Fast): ReadonlyMap<F, K> =>
    new Map(
      formulas.flatMap((f) => {
        const found = kernel(f, dtype);
        return found === undefined ? [] : [[f as F, found] as const];
      }),
    );
  return { f32: of('f32'), f64: of('f64'), i32: of('i32'), bool: of('bool') };
}
