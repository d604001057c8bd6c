import type { Buf, Kernels } from '../../device.ts';
import { dtypes, type DType } from '../../dtype.ts';
import type { ReduceFormula } from '../../formulas.ts';
import { denseStrides, reduced, type Shape } from '../../shape.ts';
import { Passes } from './passes.ts';
import { BENCH_AT } from './room.ts';
import type { Team } from './team.ts';
import type { Fast, ReduceKernel } from './wasm.ts';
import { address, widened, type Workshop } from './workshop.ts';

/** Rows shorter than this are folded several side by side. */
const NARROW = 16;
/** Numbers in a row of several. */
const WIDE = 64;

/**
 * Folds over any axes: one pass for every run of neighbouring axes, from the
 * innermost on, in the order in which the elements lie in memory.
 */
export function reduce(shop: Workshop, plain: Kernels): Kernels['reduce'] {
  return (f, out, x, axes) => {
    shop.team.settle();
    if (x.size === 0) return plain.reduce(f, out, x, axes);
    const dtype = foldedIn(out.dtype);
    const [formula, fold] = kernelOf(shop, f, dtype);
    const view = inMemory(x, dtype);
    const turned = view?.order.some((axis, i) => axis !== i) ?? false;
    const shape = view?.shape ?? x.shape;
    const folded = view === null ? axes : axes.map((axis) => view.order.indexOf(axis));
    const from = view
      ? address(x)
      : x.dtype === dtype
        ? shop.rows(x)
        : shop.cast(x, dtype, x.shape);
    const direct = dtype === out.dtype && !turned;
    const to = direct ? address(out) : shop.temporaries.take(out.size * dtypes[dtype].bytes);
    const by = formula === 'mean' ? x.size / out.size : 1;
    new Folding(shop, fold, dtypes[dtype].bytes).over(to, from, shape, folded, by);
    if (!direct) settle(shop, out, dtype, to, x.shape, axes, view?.order ?? null);
    shop.temporaries.end();
  };
}

/** The result, made in another dtype or with its axes in another order, as out wants it. */
function settle(
  shop: Workshop,
  out: Buf,
  dtype: DType,
  at: number,
  shape: Shape,
  axes: readonly number[],
  order: readonly number[] | null,
): void {
  const kept = reduced(shape, axes, false);
  const strides = order === null ? null : keptStrides(shape, axes, order);
  const bytes = { ...out.storage.bytes, at };
  const result: Buf = {
    shape: kept,
    dtype,
    size: out.size,
    offset: 0,
    strides,
    storage: { bytes },
  };
  if (dtype === out.dtype) shop.spread(address(out), kept, result);
  else shop.cast(result, out.dtype, kept, address(out));
}

/** How the axes that are left lie where those of x lie in memory in that order. */
export function keptStrides(
  shape: Shape,
  axes: readonly number[],
  order: readonly number[],
): number[] {
  const lying = order.filter((axis) => !axes.includes(axis));
  const steps = denseStrides(lying.map((axis) => shape[axis]!));
  return lying.toSorted((a, b) => a - b).map((axis) => steps[lying.indexOf(axis)]!);
}

/** The dtype a fold is made in: that of the result, with few exceptions. */
export function foldedIn(out: DType): DType {
  if (out === 'bool') return 'bool';
  const dtype = widened(out);
  // Of short integers there are no extremes of their own.
  if (dtypes[dtype].bytes < 4) return dtypes[dtype].kind === 'signed' ? 'i32' : 'u32';
  return dtype;
}

/** The greatest of true and false is whether any is true. */
export function kernelOf(
  { wasm }: Workshop,
  f: ReduceFormula,
  dtype: DType,
): readonly [ReduceFormula, ReduceKernel] {
  const formula = dtype !== 'bool' ? f : f === 'max' ? 'any' : f === 'min' ? 'all' : f;
  return [formula, wasm.folds[dtype as Fast].get(formula)!];
}

interface View {
  readonly shape: Shape;
  /** The axis of the buffer that each axis of the shape is. */
  readonly order: readonly number[];
}

/** A buffer without gaps, its axes in the order of memory; null where there are gaps, or another dtype is wanted. */
export function inMemory(x: Buf, dtype: DType): View | null {
  if (x.dtype !== dtype || x.strides === null) return null;
  const { strides, shape } = x;
  const order = shape.map((_, axis) => axis);
  // An axis of length 1 may lie anywhere.
  order.sort((a, b) => (shape[a] === 1 || shape[b] === 1 ? a - b : strides[b]! - strides[a]!));
  const lying = order.map((axis) => shape[axis]!);
  const dense = denseStrides(lying);
  const fits = order.every((axis, i) => lying[i] === 1 || strides[axis] === dense[i]);
  return fits ? { shape: lying, order } : null;
}

/** Folds over elements in the kernels' memory. */
export class Folding extends Passes<number> {
  readonly #shop: Workshop;
  readonly #fold: ReduceKernel;
  readonly #bytes: number;

  constructor(shop: Workshop, fold: ReduceKernel, bytes: number) {
    super();
    this.#shop = shop;
    this.#fold = fold;
    this.#bytes = bytes;
  }

  /** Only axes of length 1 were folded: x as one block of one row is its own fold. */
  protected same(out: number, x: number, size: number): void {
    this.#fold.first(out, x, 1, 1, size, 1, BENCH_AT);
  }

  /** The fold of each of m rows of n, by the team where there is much. */
  protected last(to: number, x: number, m: number, n: number, by: number): void {
    const { last } = this.#fold;
    const args = [to, x, m, n, by] as const;
    const steps = [this.#bytes, n * this.#bytes, 0, 0, 0];
    const work = (m * n) / 2;
    const { team } = this.#shop;
    if (!team.wants(work) || !team.spread(last, work, m, 1, 2, args, steps)) last(...args);
  }

  /** The fold of m rows of n in each of `outer` blocks: by blocks where there are many, or else by columns. */
  protected first(to: number, x: number, outer: number, m: number, n: number, by: number): void {
    const bytes = this.#bytes;
    if (n < NARROW && m >= 4 * WIDE) {
      // As many rows as make a wide one are folded as one; then they are folded among themselves.
      const beside = Math.floor(WIDE / n);
      const rest = m % beside;
      const left = beside + rest;
      const at = this.take(outer * left * n);
      for (let block = 0; block < outer; block++) {
        const [p, q] = [at + block * left * n * bytes, x + block * m * n * bytes];
        this.#columns(p, q, 1, (m - rest) / beside, beside * n, 1);
        if (rest === 0) continue;
        const done = (m - rest) * n * bytes;
        this.#fold.first(p + beside * n * bytes, q + done, 1, 1, rest * n, 1, BENCH_AT);
      }
      return this.#columns(to, at, outer, left, n, by);
    }
    this.#columns(to, x, outer, m, n, by);
  }

  #columns(to: number, x: number, outer: number, m: number, n: number, by: number): void {
    const { first, columns } = this.#fold;
    const bytes = this.#bytes;
    const whole = (blocks: number, at: number, from: number) =>
      first(at, from, blocks, m, n, by, BENCH_AT);
    spreadColumns(this.#shop.team, (outer * m * n) / 2, outer, {
      whole: () => whole(outer, to, x),
      blocks: (team, work) => {
        const args = [to, x, outer, m, n, by, BENCH_AT];
        return team.spread(
          first,
          work,
          outer,
          1,
          2,
          args,
          [n * bytes, m * n * bytes, 0, 0, 0, 0, 0],
          6,
        );
      },
      columns: (team, work, block) => {
        const [at, from] = [to + block * n * bytes, x + block * m * n * bytes];
        const args = [at, from, m, n, n * bytes, by, BENCH_AT];
        if (!team.spread(columns, work, n, 64, 3, args, [bytes, bytes, 0, 0, 0, 0, 0], 6))
          whole(1, at, from);
      },
    });
  }

  protected take(size: number): number {
    return this.#shop.temporaries.take(size * this.#bytes);
  }
}

/** Blocks of columns: by blocks where there are many, or else by columns of one after the other. */
export function spreadColumns(
  team: Team,
  work: number,
  outer: number,
  parts: {
    whole(): void;
    blocks(team: Team, work: number): boolean;
    columns(team: Team, work: number, block: number): void;
  },
): void {
  if (!team.wants(work)) return parts.whole();
  if (outer >= 2 * team.threads) {
    if (!parts.blocks(team, work)) parts.whole();
    return;
  }
  for (let block = 0; block < outer; block++) parts.columns(team, work / outer, block);
}
