import type { Dense } from '../../device.ts';
import { dtypes, type DType } from '../../dtype.ts';
import type { MapFormula, ZipFormula } from '../../formulas.ts';
import type { Team } from './team.ts';
import type { Fast, MapKernel, Wasm, ZipKernel } from './wasm.ts';

/**
 * The kernels of a formula without constants over rows of one dtype: the bare
 * one, and one for many elements, by the team; null where there is none.
 */
export function denseKernels(
  wasm: Wasm,
  team: Team,
  f: MapFormula | ZipFormula,
  inputs: 1 | 2,
  dtype: DType,
): Dense | null {
  if (inputs === 2) {
    const zip = wasm.zips[dtype as Fast]?.get(f as ZipFormula);
    if (zip === undefined) return null;
    return {
      bare: zip.dense as Dense['bare'],
      most: team.least,
      large: (out, x, y, n) => zipRow(team, zip, dtype, out, x, y, n!),
    };
  }
  const map = wasm.maps[dtype as Fast]?.get(f as MapFormula);
  if (map === undefined || map.dense.length > 3) return null;
  return {
    bare: map.dense,
    most: team.least / map.cost,
    large: (out, x, n) => mapRow(team, map, dtype, out, x, n, 0, 0),
  };
}

/** out = f(x) over n elements in a row, by the team where there are many. */
export function mapRow(
  team: Team,
  { dense, cost, to }: MapKernel,
  dtype: DType,
  out: number,
  x: number,
  n: number,
  p: number,
  q: number,
): void {
  const work = n * cost;
  if (
    !team.wants(work) ||
    out === x ||
    !team.spread(
      dense,
      work,
      n,
      64,
      2,
      [out, x, n, p, q],
      [dtypes[to].bytes, dtypes[dtype].bytes, 0, 0, 0],
    )
  ) {
    dense(out, x, n, p, q);
  }
}

/** out = f(x, y) in the same way. */
export function zipRow(
  team: Team,
  { dense, to }: ZipKernel,
  dtype: DType,
  out: number,
  x: number,
  y: number,
  n: number,
): void {
  const step = dtypes[dtype].bytes;
  if (
    !team.wants(n) ||
    out === x ||
    out === y ||
    !team.spread(dense, n, n, 64, 3, [out, x, y, n], [dtypes[to].bytes, step, step, 0])
  ) {
    dense(out, x, y, n);
  }
}
