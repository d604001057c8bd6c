import type { Fast } from './wasm.ts';

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

/** What is multiplied, x of m by k and y of k by n: where each begins, and its steps from row to row, column to column, matrix to matrix. */
export type Product = readonly [
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
];

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
  readonly pick: BySize<(...args: Pick) => number>;
  readonly scatterAdd: {
    readonly [D in Fast]?: (...args: readonly [...Pick, lanes: number]) => number;
  };
  /** How many of n indices are within bounds before the first that is not. */
  readonly inBounds: (indices: number, n: number, axis: number) => number;
  readonly oneHot: BySize<
    (out: number, indices: number, n: number, depth: number, on: number) => void
  >;
  readonly range: {
    readonly [D in Fast]?: (...args: Range) => void;
  };
  readonly matMul: (batch: number, ...of: readonly [...Product, work: number]) => void;
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
  /** Where what the compiled code puts into memory ends. */
  readonly dataEnd: () => number;
  /** The parts of matMul: scripts/kernels/matmul.ts says what they do. */
  readonly packY: (...args: number[]) => void;
  readonly panel: (...args: number[]) => void;
  readonly rowTimes: (...args: number[]) => void;
  readonly dots: (...args: number[]) => void;
}
type Random = (...args: Drawn) => void;
/** No number is above `top`; the first position is a multiple of four. */
type Drawn = [
  out: number,
  n: number,
  key0: number,
  key1: number,
  low: number,
  span: number,
  top: number,
  first: number,
];
type Range = [out: number, m: number, n: number, start: number, step: number, first: number];
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
