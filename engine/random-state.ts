import { state } from './state.ts';

/** The key of one random op: two words of 32 bits. */
export type Key = readonly [number, number];

/**
 * The same seed gives the same random numbers, op for op. The generator is
 * the seed and a count of the random ops since; numbers are a function of
 * that pair and of their position alone.
 */
export function setSeed(seed: number): void {
  if (!Number.isFinite(seed)) throw new Error(`setSeed: ${seed} is no seed; take a finite number`);
  state.seed = folded(seed);
  state.draws = 0;
}

/** The key for the next random op. */
export function nextKey(): Key {
  state.seed ??= folded(Math.random() * 2 ** 53);
  return [state.seed, state.draws++ >>> 0];
}

/** A number as 32 bits: whole numbers below 2^32 are their own. */
function folded(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return seed;
  const [low, high] = new Uint32Array(Float64Array.of(seed).buffer);
  return (Math.imul(high!, 0x9e3779b1) ^ low!) >>> 0;
}
