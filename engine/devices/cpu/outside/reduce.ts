import { dtypes, type DType } from '../../../dtype.ts';
import { Passes } from '../passes.ts';
import { Folding } from '../reduce.ts';
import { BENCH_AT } from '../room.ts';
import type { ReduceKernel } from '../wasm.ts';
import type { Workshop } from '../workshop.ts';
import type { WorkArea } from './tiles.ts';

/** Elements in a row, wherever they lie; `at` counts bytes. */
export interface Rows {
  readonly buffer: ArrayBufferLike;
  readonly at: number;
  readonly dtype: DType;
}

/** Rows that are folded one after the other; scripts/kernels/reduce.ts halves more than these, and so does a fold in parts. There are fewer halvings than these rows. */
const TOGETHER = 64;
/** As reduce.ts folds narrow rows: so many elements side by side. */
const NARROW = 16;
const WIDE = 64;

/**
 * Folds of what lies outside the kernels' memory, in one pass for every run of
 * neighbouring axes as in reduce.ts: rows come into the work area in parts, and
 * longer ones are halved where the kernels halve them, so that sums have the
 * same bits. The work area's second half keeps what is folded so far.
 */
export class OutsideFolding extends Passes<Rows> {
  readonly #shop: Workshop;
  readonly #memory: WebAssembly.Memory;
  readonly #work: WorkArea;
  readonly #dtype: DType;
  readonly #fold: ReduceKernel;
  readonly #width: number;
  /** Bytes of rows in the work area at a time. */
  readonly #most: number;
  readonly #kept: number;

  constructor(
    shop: Workshop,
    memory: WebAssembly.Memory,
    work: WorkArea,
    dtype: DType,
    fold: ReduceKernel,
  ) {
    super();
    this.#shop = shop;
    this.#memory = memory;
    this.#work = work;
    this.#dtype = dtype;
    this.#fold = fold;
    this.#width = dtypes[dtype].bytes;
    this.#most = Math.floor(work.bytes / 2);
    this.#kept = work.at + this.#most;
  }

  protected same(out: Rows, x: Rows, size: number): void {
    this.#columns(out, x, 1, size, 1);
  }

  /** The fold of each of m rows of n. */
  protected last(to: Rows, x: Rows, m: number, n: number, by: number): void {
    const together = this.#fitting(x, n);
    if (together > 0) return this.#blocks(to, x, m, 1, n, by, together);
    for (let row = 0; row < m; row++) {
      this.#row(x, row * n, n, 0);
      this.#fold.end(this.#kept, this.#kept, by);
      this.#write(to, row, 1, this.#kept);
    }
  }

  /** The fold of m rows of n in each of `outer` blocks. */
  protected first(to: Rows, x: Rows, outer: number, m: number, n: number, by: number): void {
    const together = this.#fitting(x, m * n);
    if (together > 0) return this.#blocks(to, x, outer, m, n, by, together);
    for (let block = 0; block < outer; block++) {
      const from = this.#from(x, block * m * n);
      const own = this.#from(to, block * n);
      if (n >= NARROW || m < 4 * WIDE) {
        this.#columns(own, from, m, n, by);
        continue;
      }
      // As many rows as make a wide one are folded as one, as in reduce.ts.
      const beside = Math.floor(WIDE / n);
      const rest = m % beside;
      const left = this.take((beside + rest) * n);
      this.#columns(left, from, (m - rest) / beside, beside * n, 1);
      if (rest > 0) {
        const at = this.#bring(x, (block * m + m - rest) * n, rest * n);
        this.#write(left, beside * n, rest * n, at);
      }
      this.#columns(own, left, beside + rest, n, by);
    }
  }

  /** Folds of whole blocks, some at a time: of m rows of n, or where m is 1 of each row. */
  #blocks(
    to: Rows,
    x: Rows,
    outer: number,
    m: number,
    n: number,
    by: number,
    together: number,
  ): void {
    const [shape, axis, made] = m === 1 && n > 1 ? [[n], 1, 1] : [[m, n], 1, n];
    const folding = new Folding(this.#shop, this.#fold, this.#width);
    for (let block = 0; block < outer; block += together) {
      const count = Math.min(together, outer - block);
      const at = this.#bring(x, block * m * n, count * m * n);
      folding.over(this.#kept, at, [count, ...shape], [axis], by);
      this.#shop.temporaries.end();
      this.#write(to, block * made, count * made, this.#kept);
    }
  }

  /** What a part of a row folds to, as a vector at a place among those that are kept. */
  #row(x: Rows, from: number, n: number, depth: number): void {
    const to = this.#kept + 16 * depth;
    if (this.#fitting(x, n) > 0) return this.#fold.part(to, this.#bring(x, from, n), n);
    const half = Math.ceil(Math.floor(n / 2) / 16) * 16;
    this.#row(x, from, half, depth);
    this.#row(x, from + half, n - half, depth + 1);
    this.#fold.first(to, to, 1, 2, 16 / this.#width, 1, BENCH_AT);
  }

  /** The fold of n columns of m rows, in panels of as many as there is room for. */
  #columns(to: Rows, x: Rows, m: number, n: number, by: number): void {
    const most = Math.max(Math.floor(this.#most / TOGETHER / this.#cost(x) / 16), 1) * 16;
    const panels = Math.ceil(n / most);
    const wide = Math.ceil(n / panels / 16) * 16;
    for (let first = 0; first < n; first += wide) {
      const count = Math.min(wide, n - first);
      const { first: fold } = this.#fold;
      this.#panel({ x, n, first, count }, 0, m, 0);
      fold(this.#kept, this.#kept, 1, 1, count, by, BENCH_AT);
      this.#write(to, first, count, this.#kept);
    }
  }

  /** The fold of some rows of a panel, at a place among those that are kept. */
  #panel(panel: Panel, row: number, m: number, depth: number): void {
    const { x, n, first, count } = panel;
    const step = count * this.#width;
    const to = this.#kept + depth * step;
    if (m <= TOGETHER || m * count * this.#cost(x) <= this.#most) {
      const at = this.#bring(x, row * n + first, count, m, n);
      if (m === 1 || count < NARROW) this.#fold.first(to, at, 1, m, count, 1, BENCH_AT);
      else new Folding(this.#shop, this.#fold, this.#width).over(to, at, [m, count], [0], 1);
      return this.#shop.temporaries.end();
    }
    const half = Math.ceil(Math.floor(m / 2) / 8) * 8;
    this.#panel(panel, row, half, depth);
    this.#panel(panel, row + half, m - half, depth + 1);
    this.#fold.first(to, to, 1, 2, count, 1, BENCH_AT);
  }

  /** Bytes in the work area for each element: as it is, and in the dtype that is folded in. */
  #cost(x: Rows): number {
    return x.dtype === this.#dtype ? this.#width : this.#width + dtypes[x.dtype].bytes;
  }

  /** How many blocks of so many elements there is room for. */
  #fitting(x: Rows, block: number): number {
    // The results of blocks take no more room than they do.
    return Math.floor((this.#most - 64) / (block * this.#cost(x)));
  }

  /** Brings rows of n elements that lie `step` elements apart into the work area; returns where they lie. */
  #bring(x: Rows, from: number, n: number, rows = 1, step = n): number {
    const { bytes } = dtypes[x.dtype];
    const near = new Uint8Array(this.#memory.buffer);
    const far = new Uint8Array(x.buffer);
    const together = step === n;
    const length = (together ? rows * n : n) * bytes;
    let at = this.#work.at;
    for (let row = 0; row < (together ? 1 : rows); row++) {
      const begin = x.at + (from + row * step) * bytes;
      near.set(far.subarray(begin, begin + length), at);
      at += length;
    }
    if (x.dtype === this.#dtype) return this.#work.at;
    const to = Math.ceil(at / 16) * 16;
    this.#shop.castRow(this.#work.at, x.dtype, this.#dtype, rows * n, to);
    this.#shop.temporaries.end();
    return to;
  }

  #write(to: Rows, place: number, count: number, at: number): void {
    const made = new Uint8Array(this.#memory.buffer, at, count * this.#width);
    new Uint8Array(to.buffer).set(made, to.at + place * this.#width);
  }

  #from({ buffer, at, dtype }: Rows, place: number): Rows {
    return { buffer, at: at + place * dtypes[dtype].bytes, dtype };
  }

  /** Rows for what one pass leaves to the next. */
  protected take(size: number): Rows {
    return { buffer: new ArrayBuffer(size * this.#width), at: 0, dtype: this.#dtype };
  }
}

interface Panel {
  readonly x: Rows;
  readonly n: number;
  readonly first: number;
  readonly count: number;
}
