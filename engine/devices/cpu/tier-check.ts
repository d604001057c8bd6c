import { BENCH_AT, Temporaries, type Room } from './room.ts';
import type { Tier } from './tiers.ts';
import type { Wasm } from './wasm.ts';

/** Sizes at the edges of blocks: 6 rows, 8 and 16 columns, 256 steps. */
const SIZES = [
  [2, 17, 40],
  [6, 16, 64],
  [13, 37, 29],
  [31, 9, 270],
  [64, 50, 33],
] as const;
/** The greatest difference of two sums of products in other orders, for every product and its size. */
const TOLERANCE = 2 ** -23;

/**
 * Throws where a tier multiplies otherwise than `simd` does: `wide` must give
 * the same bits, BLAS the same numbers up to rounding, and not-a-number and
 * infinities where they belong. Each size with its operands as they are and on their sides.
 */
export function check(tier: Tier, wasm: Wasm, memory: WebAssembly.Memory, room: Room): void {
  const temporaries = new Temporaries(room);
  try {
    for (const [m, n, k] of SIZES) {
      const [x, y] = [temporaries.take(4 * m * k), temporaries.take(4 * k * n)];
      const [got, want] = [temporaries.take(4 * m * n), temporaries.take(4 * m * n)];
      fill(memory, x, m * k, m === 13);
      fill(memory, y, k * n, false);
      for (const xTurned of [false, true])
        for (const yTurned of [false, true]) {
          const left: Steps = xTurned ? [4, 4 * m] : [4 * k, 4];
          const right: Steps = yTurned ? [4, 4 * k] : [4 * n, 4];
          const args = [m, n, k, x, ...left, 0, y, ...right, 0] as const;
          wasm.exports.matMul(1, ...args, want, BENCH_AT);
          new Float32Array(memory.buffer, got, m * n).fill(7);
          if (tier.parts === null) tier.kernels.exports.matMul(1, ...args, got, BENCH_AT);
          else tier.parts(0, 4, ...args, got, Math.ceil(m / 2), Math.ceil(n / 2));
          const sides = `${xTurned ? 't' : 'n'}${yTurned ? 't' : 'n'}`;
          if (!same(memory, got, want, m * n, tier.parts === null ? 0 : k * TOLERANCE))
            throw new Error(`it gave wrong results for ${m} x ${k} x ${n} ${sides}`);
        }
    }
  } finally {
    temporaries.end();
  }
}

/** Bytes from row to row and from column to column. */
type Steps = readonly [row: number, column: number];

/** Numbers around zero, below 2, in no order, so that sums stay small; some of them special. */
function fill(memory: WebAssembly.Memory, at: number, n: number, special: boolean): void {
  const list = new Float32Array(memory.buffer, at, n);
  let state = at;
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    list[i] = state / 2 ** 30;
  }
  if (!special) return;
  list[5] = Number.NaN;
  list[100] = Infinity;
  list[200] = 1e-42;
}

function same(
  memory: WebAssembly.Memory,
  got: number,
  want: number,
  n: number,
  tolerance: number,
): boolean {
  const a = new Float32Array(memory.buffer, got, n);
  const b = new Float32Array(memory.buffer, want, n);
  // Factors are below 2.
  return a.every((value, i) => Object.is(value, b[i]) || Math.abs(value - b[i]!) <= 4 * tolerance);
}
