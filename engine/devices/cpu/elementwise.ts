import type { Buf, Kernels } from '../../device.ts';
import { dtypes, isFloat, isInteger, promote, range, type DType } from '../../dtype.ts';
import { maps, type MapFormula, type ZipFormula } from '../../formulas.ts';
import type { Shape } from '../../shape.ts';
import { mapRow, zipRow } from './dense.ts';
import type { Fast, MapKernel, ZipKernel } from './wasm.ts';
import { address, widened, type Workshop } from './workshop.ts';

type Elementwise = Pick<Kernels, 'fill' | 'range' | 'map' | 'zip' | 'select'>;

/**
 * Elementwise kernels over any layout and all dtypes: what is not in the dtype
 * that is computed in is cast, working memory holds what has to be put in a
 * row, and `plain` does the few formulas that are not compiled for a dtype.
 */
export function elementwise(shop: Workshop, plain: Kernels): Elementwise {
  const { wasm, team, plan, temporaries, constant } = shop;
  const { exports } = wasm;

  /** out = f(x) for x in the dtype of the kernel. */
  const mapTo = (out: Buf, kernel: MapKernel, dtype: DType, x: Buf, p: number, q: number): void => {
    const { size } = out;
    const half = kernel.to !== out.dtype;
    const width = dtypes[kernel.to].bytes;
    if (x.dtype === dtype && x.strides === null && x.size === size) {
      const to = half ? temporaries.take(size * width) : address(out);
      mapRow(team, kernel, dtype, to, address(x), size, p, q);
      if (half) shop.castRow(to, kernel.to, out.dtype, size, address(out));
      return;
    }
    // Where there is no team, one row is enough, if elements have the same size.
    const apart = half || width !== dtypes[dtype].bytes || team.wants(size * kernel.cost);
    const from = apart ? temporaries.take(size * dtypes[dtype].bytes) : address(out);
    if (x.dtype === dtype) shop.spread(from, out.shape, x);
    else shop.cast(x, dtype, out.shape, from);
    const to = half ? temporaries.take(size * width) : address(out);
    mapRow(team, kernel, dtype, to, from, size, p, q);
    if (half) shop.castRow(to, kernel.to, out.dtype, size, address(out));
  };

  /** out = f(x, y) for operands at these addresses, in the dtype of the kernel. */
  const zipTo = (out: Buf, kernel: ZipKernel, dtype: DType, x: Operand, y: Operand): void => {
    const half = kernel.to !== out.dtype;
    const to = half ? temporaries.take(out.size * dtypes[kernel.to].bytes) : address(out);
    const inRow = (o: Operand) => o.buf.strides === null && o.buf.size === out.size;
    if (inRow(x) && inRow(y)) {
      zipRow(team, kernel, dtype, to, x.at, y.at, out.size);
    } else {
      plan.zip(out.shape, x.buf, y.buf, dtypes[dtype].bytes);
      windows(kernel, out.size, to, x.at, y.at);
    }
    if (half) shop.castRow(to, kernel.to, out.dtype, out.size, address(out));
  };
  const windows = (kernel: ZipKernel, size: number, to: number, a: number, b: number): void => {
    if (
      !team.wants(size) ||
      to === a ||
      to === b ||
      !team.walk(kernel.windows, size, plan, dtypes[kernel.to].bytes, [to, a, b])
    ) {
      kernel.windows(to, a, b, plan.at);
    }
  };
  const operand = (x: Buf, dtype: DType): Operand =>
    x.dtype === dtype || (x.dtype === 'bool' && dtype === 'u8')
      ? { buf: x, at: address(x) }
      : { buf: dense(x), at: shop.cast(x, dtype, x.shape) };

  /** x for `select`: its address and step in bytes, made into a row of out's where it is anything but a row or one element. */
  const choice = (x: Buf, dtype: DType, shape: Shape, size: number): readonly [number, number] => {
    const { bytes } = dtypes[dtype];
    if (x.dtype !== dtype) {
      return x.size === 1 ? [shop.cast(x, dtype, []), 0] : [shop.cast(x, dtype, shape), bytes];
    }
    if (x.size === 1) return [address(x), 0];
    if (x.strides === null && x.size === size) return [address(x), bytes];
    const at = temporaries.take(size * bytes);
    shop.spread(at, shape, x);
    return [at, bytes];
  };

  /** Integers between two bounds, by the kernels of maximum and minimum; false where a bound is none of them. */
  const clip = (out: Buf, x: Buf, low: number, high: number): boolean => {
    const { dtype } = out;
    const [least, most] = range(dtype).map(Number) as [number, number];
    const whole = (bound: number) => Number.isInteger(bound) || Math.abs(bound) === Infinity;
    if (!whole(low) || !whole(high) || low > high || low > most || high < least) return false;
    if (Math.max(Math.abs(least), most) > Number.MAX_SAFE_INTEGER) return false;
    shop.cast(x, dtype, out.shape, address(out));
    if (x.dtype === dtype) shop.spread(address(out), out.shape, x);
    const one: Buf = { ...out, shape: [], size: 1, strides: null };
    for (const [f, bound] of [
      ['maximum', Math.max(low, least)],
      ['minimum', Math.min(high, most)],
    ] as const) {
      constant.write(dtype, bound);
      plan.zip(out.shape, dense(out), one, dtypes[dtype].bytes);
      const kernel = wasm.zips[dtype as Fast].get(f)!;
      kernel.windows(address(out), address(out), constant.at, plan.at);
    }
    return true;
  };

  const fill = (out: Buf, value: number | bigint): void => {
    const { bytes } = dtypes[out.dtype];
    const fill = exports.fill[bytes]!;
    constant.write(out.dtype, value);
    const { size } = out;
    const work = (size * bytes) / 8;
    const args = [address(out), constant.at, size] as const;
    if (!team.wants(work) || !team.spread(fill, work, size, 64, 2, args, [bytes, 0, 0]))
      fill(...args);
  };

  return {
    fill,

    range(out, start, step) {
      const kernel = exports.range[out.dtype as Fast];
      if (kernel === undefined) return plain.range(out, start, step);
      if (out.size === 0) return;
      const n = out.shape.at(-1) ?? 1;
      const { bytes } = dtypes[out.dtype];
      const m = out.size / n;
      // By elements of the only row, or by rows.
      const [by, move] = m === 1 ? [2, bytes] : [1, n * bytes];
      const args: Parameters<typeof kernel> = [address(out), m, n, start, step, 0];
      const steps = [move, 0, 0, 0, 0, m === 1 ? 1 : 0];
      team.share(kernel, 4 * out.size, m === 1 ? n : m, m === 1 ? 64 : 1, by, args, steps);
    },

    map(f, out, x, p = 0, q = 0) {
      if (out.size === 0) return;
      if (f === 'identity' || (isInteger(out.dtype) && unchanged(f, out.dtype))) {
        if (x.dtype === out.dtype) shop.spread(address(out), out.shape, x);
        else shop.cast(x, out.dtype, out.shape, address(out));
        return temporaries.end();
      }
      const dtype = widened(maps[f].to === 'bool' ? x.dtype : out.dtype);
      const kernel = wasm.maps[dtype as Fast].get(f);
      if (kernel !== undefined) mapTo(out, kernel, dtype, x, p, q);
      else if (maps[f].to === 'bool') return fill(out, f === 'isFinite' ? 1 : 0);
      else if (f !== 'clip' || !isInteger(dtype) || !clip(out, x, p, q)) plain.map(f, out, x, p, q);
      temporaries.end();
    },

    zip(f, out, x, y) {
      if (out.size === 0) return;
      const dtype = computedIn(f, out.dtype, x.dtype, y.dtype);
      const kernel = wasm.zips[dtype as Fast].get(f);
      if (kernel === undefined) return plain.zip(f, out, x, y);
      zipTo(out, kernel, dtype, operand(x, dtype), operand(y, dtype));
      temporaries.end();
    },

    select(out, condition, x, y) {
      if (out.size === 0) return;
      const { bytes } = dtypes[out.dtype];
      const { size } = out;
      let test = address(condition);
      if (condition.dtype !== 'bool' || condition.strides !== null || condition.size !== size) {
        test = temporaries.take(size);
        if (condition.dtype === 'bool') shop.spread(test, out.shape, condition);
        else shop.cast(condition, 'bool', out.shape, test);
      }
      const [a, aStep] = choice(x, out.dtype, out.shape, size);
      const [b, bStep] = choice(y, out.dtype, out.shape, size);
      const select = exports.select[bytes]!;
      const args = [address(out), test, a, aStep, b, bStep, size] as const;
      const steps = [bytes, 1, aStep, 0, bStep, 0, 0];
      if (!team.wants(size) || !team.spread(select, size, size, 64, 6, args, steps))
        select(...args);
      temporaries.end();
    },
  };
}

/** A buffer, and where its elements are by now. */
interface Operand {
  readonly buf: Buf;
  readonly at: number;
}

/** As x, with the layout its copy in working memory has. */
function dense(x: Buf): Buf {
  const { shape, dtype, size, storage } = x;
  return { shape, dtype, size, offset: 0, strides: null, storage };
}

/** The dtype in which a formula of two is computed: that of the result, or of a question the one in which its operands meet. */
function computedIn(f: ZipFormula, out: DType, x: DType, y: DType): DType {
  if (f === 'logicalAnd' || f === 'logicalOr' || f === 'logicalXor') return 'bool';
  if (out !== 'bool') return widened(out);
  const dtype = x === y ? x : promote(f, x, y);
  // Bytes of 0 and 1 are in order as numbers.
  return dtype === 'bool' ? 'u8' : widened(dtype);
}

/** Formulas that leave whole numbers as they are, or those without a sign. */
function unchanged(f: MapFormula, dtype: DType): boolean {
  if (f === 'floor' || f === 'ceil' || f === 'round' || f === 'trunc') return true;
  return (f === 'abs' || f === 'relu') && !isFloat(dtype) && dtypes[dtype].kind === 'unsigned';
}
