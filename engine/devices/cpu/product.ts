import type { Bytes } from '../../device.ts';
import { byPanels, type Panels } from './panels.ts';
import type { Parts } from './parts.ts';
import { partOf, suits } from './parts.ts';
import { BENCH_AT } from './room.ts';
import type { Workshop } from './workshop.ts';

/** A matrix in memory: where it begins, and the bytes from row to row and from column to column. */
export interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/** The operands of a product, m by k and k by n. */
export interface Sides {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: Matrix;
  readonly y: Matrix;
}

/** Products of one size: so many, `next` bytes from one operand to the one of the next; results lie one after the other. */
export interface Products extends Sides {
  readonly batch: number;
  readonly x: Matrix & { readonly next: number };
  /** Where what the bytes hold may be known from before, they themselves. */
  readonly y: Matrix & { readonly next: number; readonly bytes: Bytes };
  readonly out: number;
}

/** Results of so few columns leave half of a wide block unused. */
const NARROW = 8;
/** With more rows in x, or fewer elements in y, it takes little of the time to pack y. */
const MANY = 128;
const SMALL = 2 ** 12;

/** out = x @ y, m by n and k long inside, by the tier there is and by as many threads as it is worth. */
export function multiply(shop: Workshop, p: Products): void {
  const { team, wasm, tiers } = shop;
  const { batch, m, n, k, x, y } = p;
  const { kernels: blocks, parts, speed } = tiers.current;
  if (parts !== null && suits(m, n, k, x.row, x.column, y.row, y.column))
    return inParts(shop, parts, p);
  const kernels = m === 1 || n <= NARROW ? wasm : blocks;
  const { matMul } = kernels.exports;
  const one = (count: number, at: number, by: number, out: number) =>
    // prettier-ignore
    matMul(count, m, n, k, at, x.row, x.column, x.next, by, y.row, y.column, y.next, out, BENCH_AT);
  const work = (batch * m * n * k) / speed;
  const shared = team.wants(work);
  const kept = isWorthKeeping(p, kernels.blocks.few)
    ? shop.packs.find(kernels, y.bytes, y, k, n)
    : 0;
  if (kept > 0) {
    const panels = { m, n, k, x, y, out: p.out, kept, before: 0 };
    if (!byPanels(shop, kernels, panels, shared)) byPanels(shop, kernels, panels, false);
    return;
  }
  if (!shared) return one(batch, x.at, y.at, p.out);
  if (batch >= 2 * team.threads) {
    const left = [x.at, x.row, x.column, x.next];
    const right = [y.at, y.row, y.column, y.next];
    const args = [batch, m, n, k, ...left, ...right, p.out, BENCH_AT];
    const steps = [0, 0, 0, 0, x.next, 0, 0, 0, y.next, 0, 0, 0, m * n * 4, 0];
    if (!team.spread(matMul, work, batch, 1, 0, args, steps, 13)) one(batch, x.at, y.at, p.out);
    return;
  }
  for (let i = 0; i < batch; i++) {
    const [left, right] = [x.at + i * x.next, y.at + i * y.next];
    const out = p.out + i * m * n * 4;
    const panels = {
      ...{ m, n, k, out, kept: 0, before: 0 },
      x: { ...x, at: left },
      y: { ...y, at: right },
    };
    if (!spreadVector(shop, panels, work / batch, () => byPanels(shop, kernels, panels, true)))
      one(1, left, right, out);
  }
}

/**
 * out = before + x @ y as one step, with the bits of the two; false where those would be others: where the
 * sum is made in more parts than one, or not by our own panels.
 */
export function multiplyAdd(shop: Workshop, p: Sides, out: number, before: number): boolean {
  const { m, n, k, x, y } = p;
  const { kernels, parts, speed } = shop.tiers.current;
  if (parts !== null && suits(m, n, k, x.row, x.column, y.row, y.column)) return false;
  if (m === 1 || n <= NARROW || k > kernels.blocks.depth) return false;
  const panels = { m, n, k, x, y, out, kept: 0, before };
  const shared = shop.team.wants((m * n * k) / speed);
  if (!byPanels(shop, kernels, panels, shared)) byPanels(shop, kernels, panels, false);
  return true;
}

function isWorthKeeping({ batch, m, n, k, y }: Products, few: number): boolean {
  if (batch > 1 || m === 1 || m > MANY || n <= NARROW || n * k < SMALL) return false;
  return (y.bytes.owned || y.bytes.pins > 0) && !(m <= few && y.column === 4);
}

/** A vector times a matrix, by the whole team; what is none goes the other way. False where one thread should do it. */
function spreadVector(
  { wasm, team }: Workshop,
  { m, n, k, x, y, out }: Panels,
  work: number,
  otherwise: () => boolean,
): boolean {
  const { rowTimes, dots } = wasm.exports;
  if (m === 1 && y.row === 4 && x.column === 4) {
    const args = [n, k, x.at, y.at, y.column, out];
    return team.spread(dots, work, n, 16, 0, args, [0, 0, 0, y.column, 0, 4]);
  }
  if (n === 1 && x.column === 4 && y.row === 4) {
    const args = [m, k, y.at, x.at, x.row, out];
    return team.spread(dots, work, m, 16, 0, args, [0, 0, 0, x.row, 0, 4]);
  }
  if (m === 1 && y.column === 4) {
    const args = [n, k, x.at, x.column, y.at, y.row, out];
    return team.spread(rowTimes, work, n, 64, 0, args, [0, 0, 0, 0, 4, 0, 4]);
  }
  if (n === 1 && x.row === 4) {
    const args = [m, k, y.at, y.row, x.at, x.column, out];
    return team.spread(rowTimes, work, m, 64, 0, args, [0, 0, 0, 0, 4, 0, 4]);
  }
  return otherwise();
}

/** By BLAS, whose calls the team shares. */
function inParts({ team, tiers }: Workshop, kernel: Parts, p: Products): void {
  const { batch, m, n, k, x, y, out } = p;
  const [rows, columns] = partOf(m, n, k);
  const count = batch * Math.ceil(m / rows) * Math.ceil(n / columns);
  const left = [x.at, x.row, x.column, x.next] as const;
  const right = [y.at, y.row, y.column, y.next] as const;
  const args = [0, count, m, n, k, ...left, ...right, out, rows, columns] as const;
  const { speed, blas } = tiers.current;
  const work = (batch * m * n * k) / speed;
  const spread =
    count > 1 &&
    blas!.reentrant &&
    team.wants(work) &&
    team.spread(kernel, work, count, 1, 1, args, FIRST);
  if (!spread) kernel(...args);
}

/** Of the arguments of `Parts` only the first one moves on. */
const FIRST = Array.from({ length: 16 }, (_, i) => (i === 0 ? 1 : 0));
