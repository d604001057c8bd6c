import type { Buf } from '../../device.ts';
import { dtypes } from '../../dtype.ts';
import { denseStrides, sizeOf, stridesOf, type Shape } from '../../shape.ts';
import type { Sliding } from '../../sliding.ts';
import { dense, settle } from './conv.ts';
import { AXES } from './sliding-plan.ts';
import { address, type Workshop } from './workshop.ts';

/** Products and convolutions in f64 and i32. Each returns false where there is no kernel for it. */

/** out = x @ y; the columns of y have to lie side by side, and are copied where they do not. */
export function directProduct(shop: Workshop, out: Buf, x: Buf, y: Buf): boolean {
  const kernels = shop.wasm.direct[out.dtype];
  if (kernels === undefined || x.dtype !== out.dtype || y.dtype !== out.dtype) return false;
  if (out.size === 0) return true;
  const { bytes } = dtypes[out.dtype];
  const [m, n] = out.shape.slice(-2) as [number, number];
  const k = x.shape.at(-1)!;
  const [xRow, xStep] = stridesOf(x).slice(-2) as [number, number];
  const even = stridesOf(y).at(-1) === 1;
  const from = even ? address(y) : shop.rows(y);
  const yRow = even ? stridesOf(y).at(-2)! : n;
  const lead = out.shape.slice(0, -2);
  const ofX = leading(lead, x.shape, stridesOf(x));
  const ofY = leading(lead, y.shape, even ? stridesOf(y) : denseStrides(y.shape));
  const steps = [n, xRow, 0, 0, 0, 0, 0, 0, 0].map((step) => step * bytes);
  for (let i = 0; i < sizeOf(lead); i++) {
    let [a, b, rest] = [address(x), from, i];
    for (let axis = lead.length - 1; axis >= 0; axis--) {
      const at = rest % lead[axis]!;
      rest = (rest - at) / lead[axis]!;
      a += at * ofX[axis]! * bytes;
      b += at * ofY[axis]! * bytes;
    }
    const to = address(out) + i * m * n * bytes;
    const args = [to, a, xRow * bytes, xStep * bytes, b, yRow * bytes, m, k, n] as const;
    added(shop, kernels.product, [to, m * n * bytes], m * k * n, m, 6, args, steps);
  }
  return true;
}

/** The steps of the leading axes, 0 where they broadcast to `lead`. */
function leading(lead: Shape, shape: Shape, strides: readonly number[]): readonly number[] {
  return lead.map((length, i) => {
    const axis = i - lead.length + shape.length - 2;
    return shape[axis] === length ? strides[axis]! : 0;
  });
}

/** One side of a convolution. */
export function directConv(
  shop: Workshop,
  side: 'y' | 'x' | 'filter',
  out: Buf,
  a: Buf,
  b: Buf,
  how: Sliding & { readonly groups: number },
): boolean {
  const kernels = shop.wasm.direct[out.dtype];
  if (kernels === undefined || a.dtype !== out.dtype || b.dtype !== out.dtype) return false;
  if (how.strides.length > AXES || a.size === 0 || b.size === 0 || out.size === 0) return false;
  const { bytes } = dtypes[out.dtype];
  const [x, filter, y] = side === 'y' ? [a, b, out] : side === 'x' ? [out, b, a] : [a, out, b];
  const own = dense(out);
  const to = own ? address(out) : shop.temporaries.take(out.size * bytes);
  const at = (one: Buf) => (one === out ? to : shop.rows(one));
  const addresses = [at(y), at(x), at(side === 'x' ? turned(filter) : filter)] as const;
  const rows = sizeOf(y.shape.slice(0, -1));
  shop.team.settle();
  shop.sliding.write(x.shape, y.shape, filter.shape.slice(0, -2), how, how.groups);
  const args = [shop.sliding.at, 0, rows, ...addresses, y.shape.at(-1)!] as const;
  // Steps make what is their own; what they give back overlaps, and is added up by one thread.
  const work = side === 'y' ? (y.size * filter.size) / filter.shape.at(-1)! : 0;
  const kernel = kernels.conv[side];
  added(shop, kernel, [to, out.size * bytes], work, rows, 2, args, [0, 1, 0, 0, 0, 0, 0]);
  if (!own) settle(shop, out, to);
  return true;
}

/** Runs a kernel that adds to so many bytes, by the team where there is work enough. */
function added<A extends number[]>(
  { team, wasm }: Workshop,
  kernel: (...args: A) => void,
  [to, bytes]: readonly [number, number],
  work: number,
  total: number,
  count: number,
  args: Readonly<A>,
  steps: readonly number[],
): void {
  wasm.exports.zero(to, bytes / 4);
  if (team.wants(work)) {
    if (team.spread(kernel, work, total, 1, count, args, steps)) return;
    if (team.spoiled) wasm.exports.zero(to, bytes / 4);
  }
  kernel(...(args as A));
}

/** A filter with its last two axes swapped. */
function turned(filter: Buf): Buf {
  const swap = (list: readonly number[]) => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  const { dtype, size, offset, storage } = filter;
  const strides = swap(stridesOf(filter));
  return { shape: swap(filter.shape), strides, dtype, size, offset, storage };
}
