import type { Buf, Bytes } from '../../device.ts';
import { dtypes, type DType } from '../../dtype.ts';
import { denseStrides, isDense, sizeOf, stridesOf, type Shape } from '../../shape.ts';
import type { Sliding } from '../../sliding.ts';
import { matMul } from './matmul.ts';
import { AXES } from './sliding-plan.ts';
import { byTaps } from './taps.ts';
import { address, type Workshop } from './workshop.ts';

type How = Sliding & { readonly groups: number };

/** What a panel of gathered windows takes: part of the second cache, but rows enough to pay for packing the filter. */
const PANEL = 2 ** 20;
const LEAST_ROWS = 384;

/**
 * One side of a convolution in f32, as matrix products over the windows of
 * some steps at a time, gathered into a panel; where the filter looks at
 * single pixels, over the images as they are; channel by channel where each
 * has a filter of its own. False where there is no kernel for it.
 */
export function conv(
  shop: Workshop,
  side: 'y' | 'x' | 'filter',
  out: Buf,
  a: Buf,
  b: Buf,
  how: How,
): boolean {
  if (a.dtype !== 'f32' || b.dtype !== 'f32' || out.dtype !== 'f32') return false;
  if (a.size === 0 || b.size === 0 || out.size === 0) return false;
  const [x, filter, y] = side === 'y' ? [a, b, out] : side === 'x' ? [out, b, a] : [a, out, b];
  if (how.strides.length > AXES) return false;
  if (isPointwise(filter, how) && pointwise(shop, side, x, filter, y)) return true;
  const own = dense(out);
  const at = own ? address(out) : shop.temporaries.take(out.size * 4);
  const [from, other] = [rowsOf(shop, a), rowsOf(shop, b)];
  // Workers may still be at a convolution that was cut off, and read how its window slides.
  shop.team.settle();
  shop.sliding.write(x.shape, y.shape, filter.shape.slice(0, -2), how, how.groups);
  const parts: Parts = { x: x.shape, filter: filter.shape, y: y.shape, groups: how.groups };
  const alone = filter.shape.at(-2) === 1 && filter.shape.at(-1) === how.groups;
  if (alone && how.groups > 1) channelwise(shop, side, parts, at, from, other);
  else if (!gathered(shop, side, parts, how, at, from, other)) return false;
  if (!own) settle(shop, out, at);
  return true;
}

export interface Parts {
  readonly x: Shape;
  readonly filter: Shape;
  readonly y: Shape;
  readonly groups: number;
}

/**
 * By windows gathered with zeros for padding. Padding is nothing rather than
 * zero: what is not finite does not meet it, as its product with zero would
 * not be zero. That can be seen at the filter and its gradient alone.
 */
function gathered(
  shop: Workshop,
  side: 'y' | 'x' | 'filter',
  parts: Parts,
  how: How,
  out: number,
  a: number,
  b: number,
): boolean {
  const filter = side === 'y' ? b : out;
  const finite = () => shop.wasm.exports.finite(filter, sizeOf(parts.filter)) !== 0;
  const padded = side !== 'x' && how.padding.some(([before, after]) => before + after > 0);
  if (!padded || side === 'filter' || finite()) ways[side](shop, parts, out, a, b);
  if (!padded || finite()) return true;
  return parts.groups === 1 && byTaps(shop, side, parts, how, out, a, b);
}

const ways = { y: forward, x: toImage, filter: toFilter };

/** y = panels of x's windows @ filter. */
function forward(shop: Workshop, parts: Parts, y: number, x: number, filter: number): void {
  const { rows, width, made, groups } = sizesOf(parts);
  const panel = panelOf(shop, parts);
  const apart = groups > 1 ? shop.temporaries.take(panel.rows * made * groups * 4) : 0;
  for (let at = 0; at < rows; at += panel.rows) {
    const count = Math.min(panel.rows, rows - at);
    collect(shop, parts, panel.at, x, at, count);
    const to = y + at * made * groups * 4;
    matMul(
      shop,
      buf(groups > 1 ? apart : to, [groups, count, made]),
      buf(panel.at, [groups, count, width]),
      filters(filter, width, made, groups),
    );
    if (groups > 1) {
      const shape = [count, groups, made];
      copy(shop, to, buf(apart, shape, [made, count * made, 1]));
    }
  }
}

/** Windows from step `at` on into a panel. */
function collect(
  { team, wasm, sliding }: Workshop,
  parts: Parts,
  panel: number,
  x: number,
  at: number,
  count: number,
): void {
  const { width, groups } = sizesOf(parts);
  const work = count * width * groups;
  const args = [sliding.at, panel, x, at, count, 4 * count * width] as const;
  team.share(wasm.exports.collect, work, count, 8, 4, args, [0, 4 * width, 0, 1, 0, 0]);
}

/**
 * The gradient for x: panels of y @ filter transposed, added back to where the
 * windows came from. Windows overlap: each thread adds up some of the channels.
 */
function toImage(
  shop: Workshop,
  parts: Parts,
  x: number,
  y: number,
  filter: number,
  alone = false,
): void {
  const { team, sliding } = shop;
  const { spread } = shop.wasm.exports;
  const { rows, width, made, groups } = sizesOf(parts);
  const channels = parts.x.at(-1)!;
  const panel = panelOf(shop, parts);
  clear(shop, x, sizeOf(parts.x));
  for (let at = 0; at < rows; at += panel.rows) {
    const count = Math.min(panel.rows, rows - at);
    matMul(
      shop,
      buf(panel.at, [groups, count, width]),
      buf(y + at * made * groups * 4, [groups, count, made], [made, groups * made, 1]),
      buf(filter, [groups, made, width], [made, 1, groups * made]),
    );
    const work = 2 * count * width * groups;
    const args = [sliding.at, x, panel.at, at, count, 4 * count * width, 0, channels] as const;
    const shared = !alone && groups === 1 && team.wants(work);
    if (shared && team.spread(spread, work, channels, LANES, 7, args, byLane)) continue;
    // What a lost thread has added twice can only be added up anew.
    if (shared && team.spoiled) return toImage(shop, parts, x, y, filter, true);
    spread(...args);
  }
}
/** Channels that a thread takes are a multiple of this: a line of the cache. */
const LANES = 16;
const byLane = [0, 0, 0, 0, 0, 0, 1, 0];

/** The gradient for the filter: panels of x's windows, transposed, @ y, summed over the panels. */
function toFilter(shop: Workshop, parts: Parts, filter: number, x: number, y: number): void {
  const { rows, width, made, groups } = sizesOf(parts);
  const panel = panelOf(shop, parts);
  const size = sizeOf(parts.filter);
  const part = rows > panel.rows ? shop.temporaries.take(size * 4) : 0;
  const sum = groups > 1 ? shop.temporaries.take(size * 4) : filter;
  const add = shop.wasm.zips.f32.get('add')!.dense;
  for (let at = 0; at < rows; at += panel.rows) {
    const count = Math.min(panel.rows, rows - at);
    collect(shop, parts, panel.at, x, at, count);
    matMul(
      shop,
      buf(at === 0 ? sum : part, [groups, width, made]),
      buf(panel.at, [groups, width, count], [count * width, 1, width]),
      buf(y + at * made * groups * 4, [groups, count, made], [made, groups * made, 1]),
    );
    if (at > 0) add(sum, sum, part, size);
  }
  if (groups > 1) copy(shop, filter, buf(sum, [width, groups, made], [made, width * made, 1]));
}

/** Every channel by itself: forward by rows of steps, what is summed over them by channels. */
function channelwise(
  shop: Workshop,
  side: 'y' | 'x' | 'filter',
  parts: Parts,
  out: number,
  a: number,
  b: number,
): void {
  const { team, sliding } = shop;
  const { depthwise, depthwiseX, depthwiseFilter } = shop.wasm.exports;
  const channels = parts.x.at(-1)!;
  const rows = sizeOf(parts.y.slice(0, -2));
  const work = sizeOf(parts.y) * sizeOf(parts.filter.slice(0, -2));
  const args = [sliding.at, 0, rows, 0, channels, out, a, b] as const;
  if (side === 'y') {
    return team.share(depthwise, work, rows, 1, 2, args, [0, 1, 0, 0, 0, 0, 0, 0]);
  }
  const kernel = side === 'x' ? depthwiseX : depthwiseFilter;
  const size = sizeOf(parts[side]);
  clear(shop, out, size);
  const steps = [0, 0, 0, 1, 0, 0, 0, 0];
  const shared = team.wants(work);
  if (shared && team.spread(kernel, work, channels, LANES, 4, args, steps)) return;
  if (shared && team.spoiled) clear(shop, out, size);
  kernel(...args);
}

/** A filter of single pixels is one matrix product, whichever side its channels are on; false where the layouts differ. */
function pointwise(
  shop: Workshop,
  side: 'y' | 'x' | 'filter',
  x: Buf,
  filter: Buf,
  y: Buf,
): boolean {
  const [read, made] = filter.shape.slice(-2) as [number, number];
  const [inStep, outStep] = stridesOf(filter).slice(-2) as [number, number];
  const pixels = x.size / read;
  const last = dense(x) && dense(y);
  if (last) {
    const image = buf(address(x), [pixels, read]);
    const result = buf(address(y), [pixels, made]);
    const weights = buf(address(filter), [read, made], [inStep, outStep]);
    if (side === 'y') return matMul(shop, result, image, weights);
    if (side === 'x') return matMul(shop, image, result, turned(weights));
    return matMul(shop, weights, turned(image), result);
  }
  if (!isFirst(x) || !isFirst(y) || side === 'filter') return false;
  const batch = x.shape[0]!;
  const image = buf(address(x), [batch, read, pixels / batch]);
  const result = buf(address(y), [batch, made, pixels / batch]);
  const weights = buf(address(filter), [read, made], [inStep, outStep]);
  if (side === 'y') return matMul(shop, result, turned(weights), image);
  return matMul(shop, image, weights, result);
}

function isPointwise(filter: Buf, how: How): boolean {
  return (
    how.groups === 1 &&
    filter.shape.slice(0, -2).every((n) => n === 1) &&
    how.strides.every((n) => n === 1) &&
    how.padding.every(([before, after]) => before === 0 && after === 0)
  );
}

function sizesOf({ x, filter, y, groups }: Parts) {
  return {
    /** Steps of the window over the whole batch. */
    rows: sizeOf(y.slice(0, -1)),
    /** Elements of a window that one filter reads. */
    width: (sizeOf(filter.slice(0, -2)) * x.at(-1)!) / groups,
    /** Channels that each group makes. */
    made: y.at(-1)! / groups,
    groups,
  };
}

function panelOf(shop: Workshop, parts: Parts): { readonly at: number; readonly rows: number } {
  const { rows: all, width, groups } = sizesOf(parts);
  const fit = Math.floor(PANEL / (4 * width * groups));
  const rows = Math.min(all, Math.max(fit, LEAST_ROWS));
  return { at: shop.temporaries.take(4 * rows * width * groups), rows };
}

/** The filters of each group, beside one another in every row. */
function filters(at: number, width: number, made: number, groups: number): Buf {
  return buf(at, [groups, width, made], [made, groups * made, 1]);
}

function turned(x: Buf): Buf {
  return buf(address(x), x.shape.toReversed(), stridesOf(x).toReversed());
}

/** Elements somewhere in the memory, as the kernels see tensors. */
export function buf(
  at: number,
  shape: Shape,
  strides: readonly number[] | null = null,
  dtype: DType = 'f32',
): Buf {
  const storage = { bytes: { at } as Bytes };
  return { shape, strides, dtype, size: sizeOf(shape), offset: 0, storage };
}

export function dense(x: Buf): boolean {
  return x.strides === null || isDense(x.shape, x.strides);
}

/** Dense in memory with the channels, here last, behind the batch. */
function isFirst(x: Buf): boolean {
  const first = (list: readonly number[]) => [list[0]!, list.at(-1)!, ...list.slice(1, -1)];
  return isDense(first(x.shape), first(stridesOf(x)));
}

function rowsOf(shop: Workshop, x: Buf): number {
  return dense(x) ? address(x) : shop.rows(x);
}

/** Rows in the order of out's axes into out, which lies in another order but without gaps. */
export function settle(shop: Workshop, out: Buf, at: number): void {
  const strides = stridesOf(out);
  const from = denseStrides(out.shape);
  const axes = out.shape.map((_, i) => i).sort((i, j) => strides[j]! - strides[i]!);
  const sorted = (list: readonly number[]) => axes.map((i) => list[i]!);
  copy(shop, address(out), buf(at, sorted(out.shape), sorted(from), out.dtype));
}

/** x row-major to an address. */
function copy({ plan, wasm }: Workshop, to: number, x: Buf): void {
  const { bytes } = dtypes[x.dtype];
  plan.copy(x.shape, x.shape, x, bytes);
  wasm.exports.copy[bytes]!(to, address(x), plan.at);
}

function clear({ wasm }: Workshop, at: number, size: number): void {
  wasm.exports.zero(at, size);
}
