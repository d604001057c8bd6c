import type { Buf, Kernels, Rows } from '../../device.ts';
import { dtypes, type DType } from '../../dtype.ts';
import type { ZipFormula } from '../../formulas.ts';
import { choosing } from './choose.ts';
import { Constant } from './constant.ts';
import { conv } from './conv.ts';
import { directConv, directProduct } from './direct.ts';
import { elementwise } from './elementwise.ts';
import { matMul, matMulAdd } from './matmul.ts';
import { movement } from './movement.ts';
import type { Packs } from './packs.ts';
import { Plan } from './plan.ts';
import { maxPool } from './pool.ts';
import { reduce } from './reduce.ts';
import { CONSTANT_AT, PLAN_AT, SLIDING_AT, Temporaries, type Room } from './room.ts';
import { SlidingPlan } from './sliding-plan.ts';
import { scan } from './scan.ts';
import { sort } from './sort.ts';
import type { Team } from './team.ts';
import type { Tiers } from './tiers.ts';
import type { Fast, Wasm } from './wasm.ts';
import { address, away, Workshop } from './workshop.ts';

/**
 * The kernels of the CPU: WebAssembly for the dtypes and layouts it was
 * written for; `plain`, over the same memory, for everything else and for
 * bytes that were spilled out of it (their `at` is negative). The first
 * RESERVED bytes of the memory are theirs.
 */
export interface CpuKernels extends Kernels {
  /** With `before`, which out may not overlap, out = before + x @ y: the bits of the two ops, in one where that can be. */
  matMul(out: Buf, x: Buf, y: Buf, before?: Buf): void;
}

/** Makes them. */
export function cpuKernels(
  wasm: Wasm,
  memory: WebAssembly.Memory,
  room: Room,
  team: Team,
  tiers: Tiers,
  packs: Packs,
  plain: Kernels,
): CpuKernels {
  const temporaries = new Temporaries(room);
  const workshop = new Workshop(
    wasm,
    team,
    tiers,
    packs,
    new Plan(memory, PLAN_AT),
    new SlidingPlan(memory, SLIDING_AT),
    new Constant(memory, CONSTANT_AT),
    temporaries,
  );
  return {
    ...plain,
    ...elementwise(workshop, plain),
    ...movement(workshop, plain),
    ...choosing(workshop, plain),
    reduce: reduce(workshop, plain),
    scan: scan(workshop, plain),
    sort: sort(workshop, plain),

    matMul(out, x, y, before) {
      const outside = away(out) || away(x) || away(y);
      if (before !== undefined) {
        const within = !outside && !away(before);
        if (within && matMulAdd(workshop, out, x, y, before)) return;
        this.matMul(out, x, y);
        return this.zip('add', out, before, out);
      }
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

    calculate(outs, ins, calculation) {
      const rows = ins.map((x) => (x.strides === null || away(x) ? x : dense(workshop, x)));
      try {
        plain.calculate(outs, rows, calculation);
      } finally {
        temporaries.end();
      }
    },

    random(f, out, key, p, q) {
      if (out.dtype !== 'f32' || away(out)) return plain.random(f, out, key, p, q);
      wasm.exports[f](address(out), out.size, key[0], key[1], p, f === 'uniform' ? q - p : q);
    },
  };
}

/** A strided buffer copied to where its elements lie row-major. */
function dense(workshop: Workshop, x: Buf): Buf {
  const { shape, dtype, size } = x;
  const bytes = { ...x.storage.bytes, at: workshop.rows(x), length: size * dtypes[dtype].bytes };
  return { shape, dtype, size, offset: 0, strides: null, storage: { bytes } };
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
