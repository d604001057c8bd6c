import type { Buf } from '../../device.ts';
import { dtypes, type DType } from '../../dtype.ts';
import { sizeOf, type Shape } from '../../shape.ts';
import type { Constant } from './constant.ts';
import type { Packs } from './packs.ts';
import type { Plan } from './plan.ts';
import type { Team } from './team.ts';
import type { Temporaries } from './room.ts';
import type { SlidingPlan } from './sliding-plan.ts';
import type { Tiers } from './tiers.ts';
import type { Wasm } from './wasm.ts';

/** What the files of kernels share: the compiled code, memory to work in, and how operands become rows of one dtype. */
export class Workshop {
  readonly wasm: Wasm;
  readonly team: Team;
  /** How matrices are multiplied. */
  readonly tiers: Tiers;
  readonly packs: Packs;
  readonly plan: Plan;
  readonly sliding: SlidingPlan;
  readonly constant: Constant;
  readonly temporaries: Temporaries;

  constructor(
    wasm: Wasm,
    team: Team,
    tiers: Tiers,
    packs: Packs,
    plan: Plan,
    sliding: SlidingPlan,
    constant: Constant,
    temporaries: Temporaries,
  ) {
    this.wasm = wasm;
    this.team = team;
    this.tiers = tiers;
    this.packs = packs;
    this.plan = plan;
    this.sliding = sliding;
    this.constant = constant;
    this.temporaries = temporaries;
  }

  /** The address of x's elements row-major in x's own shape, copied where they are strided. */
  rows(x: Buf): number {
    if (x.strides === null) return address(x);
    const at = this.temporaries.take(x.size * dtypes[x.dtype].bytes);
    this.spread(at, x.shape, x);
    return at;
  }

  /** Writes x, read as if it had `shape`, to a row of elements of its own dtype. */
  spread(to: number, shape: Shape, x: Buf): void {
    this.place(to, shape, shape, x);
  }

  /** The same into a window of that shape on rows that have the shape `out`, in steps of 1 or of `steps`. */
  place(to: number, shape: Shape, out: Shape, x: Buf, steps?: readonly number[]): void {
    const { team, plan } = this;
    const { bytes } = dtypes[x.dtype];
    plan.copy(shape, out, x, bytes, steps);
    const copy = this.wasm.exports.copy[bytes]!;
    const size = sizeOf(shape);
    // Steps of more than an element take as long as several of one.
    const work = (size * bytes * (plan.words[2] === bytes ? 1 : 4)) / 4;
    const from = address(x);
    if (!team.wants(work) || !team.walk(copy, work, plan, 0, [to, from])) copy(to, from, plan.at);
  }

  /** The address of x as a row of `shape` in another dtype, written to `to` or into working memory. */
  cast(x: Buf, dtype: DType, shape: Shape, to?: number): number {
    const size = sizeOf(shape);
    let from = address(x);
    if (x.strides !== null || x.size !== size) {
      from = this.temporaries.take(size * dtypes[x.dtype].bytes);
      this.spread(from, shape, x);
    }
    return this.castRow(from, x.dtype, dtype, size, to);
  }

  /** The address of the elements of a row in another dtype, written to `to` or into working memory. */
  castRow(x: number, from: DType, dtype: DType, size: number, to?: number): number {
    const { team, temporaries } = this;
    const casts = this.wasm.casts(from, dtype);
    let at = x;
    for (let i = 0; i < casts.length; i++) {
      const { kernel, from: old, to: width } = casts[i]!;
      const last = i === casts.length - 1;
      const next = last && to !== undefined ? to : temporaries.take(size * width);
      const steps = [width, old, 0];
      if (!team.wants(size) || !team.spread(kernel, size, size, 64, 2, [next, at, size], steps))
        kernel(next, at, size);
      at = next;
    }
    return at;
  }
}

/** Where a buffer's first element lies. */
export function address(x: Buf): number {
  return x.storage.bytes.at + x.offset * dtypes[x.dtype].bytes;
}

/** Whether a buffer lies outside the kernels' memory. */
export function away(x: Buf): boolean {
  return x.storage.bytes.at < 0;
}

/** The dtype in which elements of a dtype are computed: sixteen-bit floats in f32. */
export function widened(dtype: DType): DType {
  return dtype === 'f16' || dtype === 'bf16' ? 'f32' : dtype;
}

/** The dtype in which elements are compared. */
export function comparedIn(dtype: DType): DType {
  const wide = widened(dtype);
  return dtypes[wide].bytes < 4 ? 'i32' : wide;
}
