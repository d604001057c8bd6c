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
import { again } from './outside/guard.ts';
import { outside } from './outside/index.ts';
import type { Packs } from './packs.ts';
import { Plan } from './plan.ts';
import { maxPool } from './pool.ts';
import { reach } from './random.ts';
import { reduce } from './reduce.ts';
import { CONSTANT_AT, PLAN_AT, SLIDING_AT, Temporaries, type Room } from './room.ts';
import { SlidingPlan } from './sliding-plan.ts';
import { scan } from './scan.ts';
import { sort } from './sort.ts';
import type { Team } from './team.ts';
import type { Tiers } from './tiers.ts';
import type { Fast, Wasm } from './wasm.ts';
import { address, away, Workshop } from './workshop.ts';

/** The kernels, one of which does more here. */
export interface CpuKernels extends Kernels {
  /** With `before`, which out may not overlap, out = before + x @ y: the bits of the two ops, in one where that can be. */
  matMul(out: Buf, x: Buf, y: Buf, before?: Buf): void;
}

/**
 * The kernels of the CPU: WebAssembly for the dtypes and layouts it was
 * written for; `plain`, over the same memory, for everything else. What was
 * spilled out of the memory (its `at` is negative) goes through it in parts.
 * The first RESERVED bytes of the memory are the kernels' own.
 */
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
  const shop = new Workshop(
    wasm,
    team,
    tiers,
    packs,
    new Plan(memory, PLAN_AT),
    new SlidingPlan(memory, SLIDING_AT),
    new Constant(memory, CONSTANT_AT),
    temporaries,
  );
  const inside: CpuKernels = {
    ...plain,
    ...elementwise(shop, plain),
    ...movement(shop, plain),
    ...choosing(shop, plain),
    reduce: reduce(shop, plain),
    scan: scan(shop),
    sort: sort(shop),

    matMul(out, x, y, before) {
      if (before !== undefined) {
        if (matMulAdd(shop, out, x, y, before)) return;
        inside.matMul(out, x, y);
        return inside.zip('add', out, before, out);
      }
      if (!(matMul(shop, out, x, y) || directProduct(shop, out, x, y))) plain.matMul(out, x, y);
      temporaries.end();
    },

    conv(side, out, a, b, how) {
      const done = conv(shop, side, out, a, b, how) || directConv(shop, side, out, a, b, how);
      if (!done) plain.conv(side, out, a, b, how);
      temporaries.end();
    },

    maxPool(out, places, x, window, how, inBatch) {
      if (!maxPool(shop, out, places, x, window, how, inBatch)) {
        plain.maxPool(out, places, x, window, how, inBatch);
      }
      temporaries.end();
    },

    calculate(outs, ins, calculation) {
      let rows = ins;
      try {
        rows = ins.map((x) => (x.strides === null || away(x) ? x : dense(shop, x)));
      } catch (error) {
        again(error, temporaries);
      }
      try {
        plain.calculate(outs, rows, calculation);
      } finally {
        temporaries.end();
      }
    },

    random(f, out, key, p, q) {
      if (out.dtype !== 'f32') return plain.random(f, out, key, p, q);
      const kernel = wasm.exports[f];
      const args = [address(out), out.size, key[0], key[1], p, ...reach(f, p, q), 0] as const;
      const work = (f === 'uniform' ? 8 : 64) * out.size;
      team.share(kernel, work, out.size, 64, 1, args, [4, 0, 0, 0, 0, 0, 0, 1]);
    },
  };
  return outside(shop, memory, room, inside, plain);
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
