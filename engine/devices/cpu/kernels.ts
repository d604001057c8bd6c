import type { Buf, Kernels, Rows } from '../../device.ts';
import { dtypes, promote, type DType } from '../../dtype.ts';
import type { ZipFormula } from '../../formulas.ts';
import { sizeOf, type Shape } from '../../shape.ts';
import { conv } from './conv.ts';
import { mapRow, zipRow } from './dense.ts';
import { directConv, directProduct } from './direct.ts';
import { matMul } from './matmul.ts';
import { Plan } from './plan.ts';
import { maxPool } from './pool.ts';
import { reduce } from './reduce.ts';
import { CONSTANT_AT, PLAN_AT, SLIDING_AT, Temporaries, type Room } from './room.ts';
import { SlidingPlan } from './sliding-plan.ts';
import type { Team } from './team.ts';
import type { Fast, Wasm } from './wasm.ts';
import { address, away, type Workshop } from './workshop.ts';

/**
 * The kernels of the CPU: WebAssembly for the dtypes and layouts it was
 * written for; `plain`, over the same memory, for everything else and for
 * bytes that were spilled out of it (their `at` is negative). The first
 * RESERVED bytes of the memory are theirs.
 */
export function cpuKernels(
  wasm: Wasm,
  memory: WebAssembly.Memory,
  room: Room,
  team: Team,
  plain: Kernels,
): Kernels {
  const plan = new Plan(memory, PLAN_AT);
  const temporaries = new Temporaries(room);
  const constant = new Constant(memory, CONSTANT_AT);
  const { exports } = wasm;

  /** Writes x, read as if it had `shape`, to a row of elements of its own dtype. */
  const gatherRows = (at: number, shape: Shape, x: Buf): void => {
    const { bytes } = dtypes[x.dtype];
    plan.copy(shape, shape, x, bytes);
    copyOver(sizeOf(shape), bytes, at, address(x));
  };
  /** What the plan says, from x to `to`: so many elements of a size. */
  const copyOver = (size: number, bytes: number, to: number, x: number): void => {
    const copy = exports.copy[bytes]!;
    // Steps of more than an element take as long as several of one.
    const work = (size * bytes * (plan.words[2] === bytes ? 1 : 4)) / 4;
    if (!team.wants(work) || !team.walk(copy, work, plan, 0, [to, x])) copy(to, x, plan.at);
  };
  const workshop: Workshop = {
    wasm,
    team,
    plan,
    sliding: new SlidingPlan(memory, SLIDING_AT),
    temporaries,
    rows(x) {
      if (x.strides === null) return address(x);
      const at = temporaries.take(x.size * dtypes[x.dtype].bytes);
      gatherRows(at, x.shape, x);
      return at;
    },
  };
  /** x as a row of `shape` in another dtype, at `to` or in working memory; -1 where there is no such cast. */
  const cast = (x: Buf, dtype: DType, shape: Shape, to?: number): number => {
    const kernel = wasm.cast(x.dtype, dtype);
    if (kernel === undefined) return -1;
    const size = sizeOf(shape);
    let from = address(x);
    if (x.strides !== null || x.size !== size) {
      from = temporaries.take(size * dtypes[x.dtype].bytes);
      gatherRows(from, shape, x);
    }
    const at = to ?? temporaries.take(size * dtypes[dtype].bytes);
    const steps = [dtypes[dtype].bytes, dtypes[x.dtype].bytes, 0];
    if (!team.wants(size) || !team.spread(kernel, size, size, 64, 2, [at, from, size], steps))
      kernel(at, from, size);
    return at;
  };
  /** x for `select`: its address and step in bytes, made into a row of out's where it is anything but a row or one element. */
  const choice = (x: Buf, out: Buf, bytes: number): readonly [at: number, step: number] => {
    if (x.size === 1) return [address(x), 0];
    if (x.strides === null && x.size === out.size) return [address(x), bytes];
    const at = temporaries.take(out.size * bytes);
    gatherRows(at, out.shape, x);
    return [at, bytes];
  };

  return {
    ...plain,

    fill(out, value) {
      const { bytes } = dtypes[out.dtype];
      const fill = exports.fill[bytes];
      if (fill === undefined || !constant.write(out.dtype, value) || away(out)) {
        return plain.fill(out, value);
      }
      const { size } = out;
      const work = (size * bytes) / 8;
      const args = [address(out), constant.at, size] as const;
      if (!team.wants(work) || !team.spread(fill, work, size, 64, 2, args, [bytes, 0, 0]))
        fill(...args);
    },

    map(f, out, x, p = 0, q = 0) {
      if (out.size === 0) return;
      if (away(out) || away(x)) return plain.map(f, out, x, p, q);
      if (f === 'identity') {
        if (x.dtype === out.dtype) return gatherRows(address(out), out.shape, x);
        if (cast(x, out.dtype, out.shape, address(out)) < 0) plain.map(f, out, x, p, q);
        return temporaries.end();
      }
      const kernel = wasm.maps[x.dtype as Fast]?.get(f);
      if (kernel === undefined || kernel.to !== out.dtype) return plain.map(f, out, x, p, q);
      const to = address(out);
      if (x.strides === null && x.size === out.size)
        return mapRow(team, kernel, x.dtype, to, address(x), out.size, p, q);
      gatherRows(to, out.shape, x);
      kernel.dense(to, to, out.size, p, q);
    },

    zip(f, out, x, y) {
      if (out.size === 0) return;
      if (away(out) || away(x) || away(y)) return plain.zip(f, out, x, y);
      const dtype =
        x.dtype === y.dtype && (x.dtype === out.dtype || out.dtype === 'bool')
          ? x.dtype
          : out.dtype === 'bool'
            ? promote(f, x.dtype, y.dtype)
            : out.dtype;
      const kernel = wasm.zips[dtype as Fast]?.get(f);
      if (kernel === undefined || kernel.to !== out.dtype) return plain.zip(f, out, x, y);
      const a = x.dtype === dtype ? address(x) : cast(x, dtype, x.shape);
      const b = y.dtype === dtype ? address(y) : cast(y, dtype, y.shape);
      if (a < 0 || b < 0) {
        plain.zip(f, out, x, y);
      } else {
        const left = x.dtype === dtype ? x : dense(x);
        const right = y.dtype === dtype ? y : dense(y);
        if (
          left.strides === null &&
          right.strides === null &&
          x.size === out.size &&
          y.size === out.size
        ) {
          zipRow(team, kernel, dtype, address(out), a, b, out.size);
        } else {
          plan.zip(out.shape, left, right, dtypes[dtype].bytes);
          const to = address(out);
          const { size } = out;
          if (
            !team.wants(size) ||
            to === a ||
            to === b ||
            !team.walk(kernel.windows, size, plan, dtypes[out.dtype].bytes, [to, a, b])
          ) {
            kernel.windows(to, a, b, plan.at);
          }
        }
      }
      temporaries.end();
    },

    select(out, condition, x, y) {
      if (out.size === 0) return;
      const { bytes } = dtypes[out.dtype];
      const select = exports.select[bytes];
      if (
        select === undefined ||
        condition.dtype !== 'bool' ||
        x.dtype !== out.dtype ||
        y.dtype !== out.dtype ||
        away(out) ||
        away(condition) ||
        away(x) ||
        away(y)
      ) {
        return plain.select(out, condition, x, y);
      }
      let test = address(condition);
      if (condition.strides !== null || condition.size !== out.size) {
        test = temporaries.take(out.size);
        gatherRows(test, out.shape, condition);
      }
      const [a, aStep] = choice(x, out, bytes);
      const [b, bStep] = choice(y, out, bytes);
      const { size } = out;
      const args = [address(out), test, a, aStep, b, bStep, size] as const;
      const steps = [bytes, 1, aStep, 0, bStep, 0, 0];
      if (!team.wants(2 * size) || !team.spread(select, 2 * size, size, 64, 6, args, steps))
        select(...args);
      temporaries.end();
    },

    reduce(f, out, x, axes) {
      team.settle();
      if (away(out) || away(x) || !reduce(workshop, f, out, x, axes)) plain.reduce(f, out, x, axes);
      temporaries.end();
    },

    matMul(out, x, y) {
      const outside = away(out) || away(x) || away(y);
      if (outside || !(matMul(workshop, out, x, y) || directProduct(workshop, out, x, y))) {
        plain.matMul(out, x, y);
      }
      temporaries.end();
    },

    conv(side, out, a, b, how) {
      const done =
        !(away(out) || away(a) || away(b)) &&
        (conv(workshop, side, out, a, b, how) || directConv(workshop, side, out, a, b, how));
      if (!done) plain.conv(side, out, a, b, how);
      temporaries.end();
    },

    maxPool(out, places, x, window, how, inBatch) {
      const outside = away(out) || away(x) || (places !== null && away(places));
      if (outside || !maxPool(workshop, out, places, x, window, how, inBatch)) {
        plain.maxPool(out, places, x, window, how, inBatch);
      }
      temporaries.end();
    },

    place(out, x, begin) {
      const { bytes } = dtypes[out.dtype];
      const copy = exports.copy[bytes];
      if (x.size === 0) return;
      if (copy === undefined || x.dtype !== out.dtype || away(out) || away(x)) {
        return plain.place(out, x, begin);
      }
      let start = 0;
      for (let i = 0; i < begin.length; i++) start = start * out.shape[i]! + begin[i]!;
      plan.copy(x.shape, out.shape, x, bytes);
      copyOver(x.size, bytes, address(out) + start * bytes, address(x));
    },

    random(f, out, key, p, q) {
      if (out.dtype !== 'f32' || away(out)) return plain.random(f, out, key, p, q);
      exports[f](address(out), out.size, key[0], key[1], p, f === 'uniform' ? q - p : q);
    },

    gather(out, x, indices, axis, batch) {
      const { bytes } = dtypes[x.dtype];
      if (indices.dtype !== 'i32' || x.dtype !== out.dtype || [out, x, indices].some(away)) {
        return plain.gather(out, x, indices, axis, batch);
      }
      const { shared, outer, width } = around(x.shape, axis, batch);
      const n = shared === 0 ? 0 : indices.size / shared;
      const rows = [workshop.rows(x), workshop.rows(indices)] as const;
      const length = width * bytes;
      const axisLength = x.shape[axis]!;
      if (exports.inBounds(rows[1], indices.size, axisLength) !== indices.size) {
        temporaries.end();
        // Says what is wrong with the first index that is not within bounds.
        return plain.gather(out, x, indices, axis, batch);
      }
      // By whole batches, by blocks of the only one, or by indices of the only block.
      const by = shared > 1 ? 3 : outer > 1 ? 5 : 4;
      const args = [address(out), ...rows, shared, n, outer, axisLength, length] as const;
      const steps = [0, 0, 0, 0, 0, 0, 0, 0];
      steps[0] = length * (by === 4 ? 1 : by === 5 ? n : n * outer);
      if (by !== 4) steps[1] = length * axisLength * (by === 5 ? 1 : outer);
      if (by !== 5) steps[2] = 4 * (by === 4 ? 1 : n);
      team.share(exports.gather, (out.size * bytes) / 4, args[by], 1, by, args, steps);
      temporaries.end();
    },

    scatterAdd(out, x, indices, axis, batch) {
      const floats = x.dtype === 'f32' && out.dtype === 'f32';
      if (indices.dtype !== 'i32' || !floats || [out, x, indices].some(away)) {
        return plain.scatterAdd(out, x, indices, axis, batch);
      }
      const { shared, outer, width } = around(out.shape, axis, batch);
      const n = shared === 0 ? 0 : indices.size / shared;
      const rows = [workshop.rows(x), workshop.rows(indices)] as const;
      const axisLength = out.shape[axis]!;
      if (exports.inBounds(rows[1], indices.size, axisLength) !== indices.size) {
        temporaries.end();
        return plain.scatterAdd(out, x, indices, axis, batch);
      }
      const args = [address(out), ...rows, shared, n, outer, axisLength, width, width] as const;
      // By whole batches, by blocks of the only one, or by elements of the slices, which may be added to several times.
      const by = shared > 1 ? 3 : outer > 1 ? 5 : 8;
      const steps = [4, 4, 0, 0, 0, 0, 0, 0, 0];
      if (by !== 8) {
        steps[0] = 4 * width * axisLength * (by === 3 ? outer : 1);
        steps[1] = 4 * width * n * (by === 3 ? outer : 1);
        if (by === 3) steps[2] = 4 * n;
      }
      const grain = by === 8 ? 16 : 1;
      const work = 2 * x.size;
      const shares = team.wants(work);
      if (!shares || !team.spread(exports.scatterAdd, work, args[by], grain, by, args, steps)) {
        // The sums of a lost thread may be half done; they begin at zero, as always.
        if (shares && team.spoiled) plain.fill(out, 0);
        exports.scatterAdd(...args);
      }
      temporaries.end();
    },
  };
}

/** The kernel of a formula over rows of one dtype where one operand repeats, over the windows that it writes into a plan of its own. */
export function rowsKernel(
  wasm: Wasm,
  memory: WebAssembly.Memory,
  f: ZipFormula,
  dtype: DType,
): Rows | null {
  const windows = wasm.zips[dtype as Fast]?.get(f)?.windows;
  if (windows === undefined) return null;
  const plan = new Plan(memory, PLAN_AT);
  const { bytes } = dtypes[dtype];
  return (out, x, y, m, n, xRow, xStep, yRow, yStep) => {
    plan.rows(m, n, xRow * bytes, xStep * bytes, yRow * bytes, yStep * bytes);
    windows(out, x, y, plan.at);
  };
}

/** As x, with the layout its copy in working memory has. */
function dense(x: Buf): Buf {
  const { shape, dtype, size, storage } = x;
  return { shape, dtype, size, offset: 0, strides: null, storage };
}

/** How many batches there are, how many blocks in each before an axis, and how many elements in a step along it. */
function around(shape: Shape, axis: number, batch: number) {
  return {
    shared: sizeOf(shape.slice(0, batch)),
    outer: sizeOf(shape.slice(batch, axis)),
    width: sizeOf(shape.slice(axis + 1)),
  };
}

/** One element in the kernels' memory, for a kernel that reads it from there. */
class Constant {
  readonly at: number;
  readonly #view: DataView;

  constructor(memory: WebAssembly.Memory, at: number) {
    this.at = at;
    this.#view = new DataView(memory.buffer, at, 16);
  }

  /** False where this dtype is not written here. */
  write(dtype: DType, value: number | bigint): boolean {
    if (typeof value === 'bigint') return false;
    if (dtype === 'f32') this.#view.setFloat32(0, value, true);
    else if (dtype === 'f64') this.#view.setFloat64(0, value, true);
    else if (dtype === 'bool') this.#view.setUint8(0, value === 0 ? 0 : 1);
    else if (dtype === 'i32' && (value | 0) === value) this.#view.setInt32(0, value, true);
    else return false;
    return true;
  }
}
