import { column, pairs, part, type Complex } from '../complex.ts';
import { complexMaps, complexZips, type ComplexMap, type ComplexZip } from '../complex-formulas.ts';
import { times } from '../special/complex-functions.ts';
import type { Buf, Elements, Kernels, MapFormula, ZipFormula } from '../device.ts';
import { isComplex, realOf, widthOf, type DType } from '../dtype.ts';
import { sizeOf, stridesOf, type Shape } from '../shape.ts';
import { along, reader, spread, walk, type ArrayOf } from './plain/elements.ts';

/**
 * Formulas of complex numbers that a device has compiled: false where it has
 * not. All are of one complex dtype (what `map` makes may be a part of it) and
 * lie in a row; of two operands one may be a single number.
 */
export interface PairKernels {
  map(f: MapFormula, out: Buf, x: Buf): boolean;
  zip(f: ZipFormula, out: Buf, x: Buf, y: Buf): boolean;
}

/**
 * A device's kernels with complex numbers beside the real ones. What moves
 * elements or adds them is done by the kernels for real numbers, on the pairs
 * that complex numbers are; a matrix product is one of twice the size; the
 * formulas that are left are the device's `own`, or run one by one, computed in f64.
 */
export function withComplex(real: Kernels, arrayOf: ArrayOf, own?: PairKernels): Kernels {
  const identity = (out: Buf, x: Buf): void => {
    if (isComplex(x.dtype)) {
      if (isComplex(out.dtype)) real.map('identity', pairs(out), pairs(x));
      else if (out.dtype === 'bool') real.zip('logicalOr', out, part(x, 0), part(x, 1));
      else real.map('identity', out, part(x, 0));
      return;
    }
    const to = pairs(out);
    real.fill(to, 0);
    real.place(to, column(x, out.shape), new Array<number>(to.shape.length).fill(0));
  };

  /** Runs `work` on x in a complex dtype. */
  const widened = (x: Buf, dtype: DType, work: (x: Buf) => void): void => {
    if (isComplex(x.dtype)) return work(x);
    during(x, x.shape, dtype, (copy) => {
      identity(copy, x);
      work(copy);
    });
  };

  const kernels: Kernels = {
    ...refusing(real),

    fill(out, value) {
      if (!isComplex(out.dtype)) return real.fill(out, value);
      const to = pairs(out);
      const [re, im] = typeof value === 'object' ? [value.re, value.im] : [Number(value), 0];
      const elements = arrayOf(out);
      for (let i = 0; i < to.size; i += 2) {
        elements[to.offset + i] = re;
        elements[to.offset + i + 1] = im;
      }
    },

    map(f, out, x, p, q) {
      if (!isComplex(x.dtype) && !isComplex(out.dtype)) return real.map(f, out, x, p, q);
      if (f === 'identity') return identity(out, x);
      if (f === 'neg') return real.map(f, pairs(out), pairs(x));
      if (f === 'square') return kernels.zip('mul', out, x, x);
      if (own !== undefined && x.strides === null && x.size === out.size && own.map(f, out, x))
        return;
      const formula = complexMaps[f]!;
      const [read, write] = [complexReader(arrayOf, x), resultOf(arrayOf, out, formula)];
      walk(out.shape, [spread(x, out.shape)], (i, at) =>
        write(out.offset + i, formula.of(read(at[0]!))),
      );
    },

    zip(f, out, x, y) {
      const [a, b] = [isComplex(x.dtype), isComplex(y.dtype)];
      if (!a && !b) return real.zip(f, out, x, y);
      if (f === 'add' || f === 'sub') {
        return widened(x, out.dtype, (x) =>
          widened(y, out.dtype, (y) => real.zip(f, pairs(out), pairs(x), pairs(y))),
        );
      }
      if (own !== undefined && compiled(own, f, out, x, y)) return;
      const formula = complexZips[f]!;
      const [left, right] = [complexReader(arrayOf, x), complexReader(arrayOf, y)];
      const write = resultOf(arrayOf, out, formula);
      walk(out.shape, [spread(x, out.shape), spread(y, out.shape)], (i, at) =>
        write(out.offset + i, formula.of(left(at[0]!), right(at[1]!))),
      );
    },

    select(out, condition, x, y) {
      const plain = !isComplex(out.dtype) && !isComplex(condition.dtype);
      if (plain) return real.select(out, condition, x, y);
      truly(condition, (test) => {
        if (!isComplex(out.dtype)) return real.select(out, test, x, y);
        widened(x, out.dtype, (a) =>
          widened(y, out.dtype, (b) => real.select(pairs(out), column(test), pairs(a), pairs(b))),
        );
      });
    },

    reduce(f, out, x, axes) {
      if (!isComplex(x.dtype)) return real.reduce(f, out, x, axes);
      if (f === 'any' || f === 'all') return truly(x, (test) => real.reduce(f, out, test, axes));
      if (f !== 'prod') return real.reduce(f, pairs(out), pairs(x), axes);
      const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
      const lengths = (list: readonly number[]) => list.map((i) => x.shape[i]!);
      const [read, write] = [complexReader(arrayOf, x), complexWriter(arrayOf, out)];
      walk(lengths(kept), [along(x, kept)], (i, start) => {
        let product: Complex = { re: 1, im: 0 };
        walk(lengths(axes), [along(x, axes, start[0]!)], (_, at) => {
          product = times(product, read(at[0]!));
        });
        write(out.offset + i, product);
      });
    },

    matMul(out, x, y) {
      if (!isComplex(out.dtype)) return real.matMul(out, x, y);
      widened(x, out.dtype, (a) => widened(y, out.dtype, (b) => product(real, out, a, b)));
    },

    place(out, x, begin, steps) {
      if (!isComplex(out.dtype)) {
        return real.place(out, isComplex(x.dtype) ? part(x, 0) : x, begin, steps);
      }
      const along = steps && [...steps, 1];
      widened(x, out.dtype, (copy) => real.place(pairs(out), pairs(copy), [...begin, 0], along));
    },

    gather(out, x, indices, axis, batch) {
      if (!isComplex(x.dtype)) return real.gather(out, x, indices, axis, batch);
      real.gather(pairs(out), pairs(x), indices, axis, batch);
    },

    scatterAdd(out, x, indices, axis, batch) {
      if (!isComplex(out.dtype)) return real.scatterAdd(out, x, indices, axis, batch);
      real.scatterAdd(pairs(out), pairs(x), indices, axis, batch);
    },

    oneHot(out, indices, on, off) {
      if (!isComplex(out.dtype)) return real.oneHot(out, indices, on, off);
      during(out, out.shape, realOf(out.dtype), (x) => {
        real.oneHot(x, indices, on, off);
        identity(out, x);
      });
    },
  };

  /** The same on x as numbers in a row for a result of that shape and dtype: itself, a single one, or a copy. */
  const inRow = (x: Buf, out: Buf, work: (x: Buf) => void): void => {
    if (x.dtype === out.dtype && x.strides === null && (x.size === out.size || x.size === 1))
      return work(x);
    const shape = x.size === 1 ? x.shape : out.shape;
    during(x, shape, out.dtype, (copy) => {
      identity(copy, x);
      work(copy);
    });
  };
  /** out = f(x, y) by a kernel of the device's own; false where there is none. */
  const compiled = (own: PairKernels, f: ZipFormula, out: Buf, x: Buf, y: Buf): boolean => {
    if (!COMPILED.has(f)) return false;
    let done = false;
    inRow(x, out, (x) => inRow(y, out, (y) => void (done = own.zip(f, out, x, y))));
    return done;
  };

  /** Runs `work` on the truth of x: whether a number is not zero. */
  const truly = (x: Buf, work: (test: Buf) => void): void => {
    if (!isComplex(x.dtype)) return work(x);
    during(x, x.shape, 'bool', (test) => {
      identity(test, x);
      work(test);
    });
  };
  return kernels;
}

/** What is worth a copy of its operands, as a device may have compiled it. */
const COMPILED: ReadonlySet<ZipFormula> = new Set<ZipFormula>(['mul', 'div']);

/** Kernels that give nothing wrong for complex numbers. */
function refusing(real: Kernels): Kernels {
  const complex = (arg: unknown): boolean =>
    Array.isArray(arg)
      ? arg.some(complex)
      : typeof arg === 'object' && arg !== null && isComplex((arg as Partial<Buf>).dtype as DType);
  const kernels = Object.entries(real).map(([name, kernel]) => [
    name,
    (...args: unknown[]) => {
      if (!args.some(complex)) return kernel.call(real, ...args);
      throw new Error(
        `the kernel ${name} is for real numbers: an op refuses complex ones by numeric() in its spec, or passes their pairs()`,
      );
    },
  ]);
  return Object.fromEntries(kernels) as Kernels;
}

/**
 * out = x @ y as one product of real matrices of twice the size: a row of x is
 * its parts in turn, and for each element of y there are four: [[re, im],
 * [-im, re]]. What comes out are again the parts in turn.
 */
function product(real: Kernels, out: Buf, x: Buf, y: Buf): void {
  if (x.dtype !== out.dtype) {
    return during(x, x.shape, out.dtype, (copy) => {
      real.map('identity', pairs(copy), pairs(x));
      product(real, out, copy, y);
    });
  }
  const steps = stridesOf(x);
  if (steps.at(-1) !== 1 && x.shape.at(-1)! > 1) {
    return during(x, x.shape, x.dtype, (copy) => {
      real.map('identity', pairs(copy), pairs(x));
      product(real, out, copy, y);
    });
  }
  const lead = y.shape.slice(0, -2);
  const [k, n] = y.shape.slice(-2) as [number, number];
  const dtype = realOf(out.dtype);
  during(y, [...lead, 2 * k, 2 * n], dtype, (four) => {
    // The same by parts: row, which of its two, column, which part of it.
    const parts = { ...four, shape: [...lead, k, 2, n, 2] };
    const begin = (which: number, part: number) => [...lead.map(() => 0), 0, which, 0, part];
    real.place(parts, between(pairs(y)), begin(0, 0));
    during(y, [...lead, k, n], dtype, (minus) => {
      real.map('neg', minus, part(y, 1));
      real.place(parts, between(column(minus)), begin(1, 0));
    });
    real.place(parts, between(column(part(y, 0))), begin(1, 1));
    const row = { ...pairs(x), shape: x.shape.with(-1, 2 * k), strides: doubled(steps) };
    const to = { ...pairs(out), shape: out.shape.with(-1, 2 * n), strides: null };
    real.matMul(to, row, four);
  });
}

/** With an axis of length 1 in front of the last two. */
function between(x: Buf): Buf {
  const at = x.shape.length - 2;
  const strides = x.strides === null ? null : x.strides.toSpliced(at, 0, 0);
  return { ...x, shape: x.shape.toSpliced(at, 0, 1), strides };
}

/** Strides over the parts in turn, where the last axis is both. */
function doubled(steps: readonly number[]): number[] {
  return steps.map((step, axis) => (axis === steps.length - 1 ? 1 : 2 * step));
}

/** Reads elements as complex numbers, whatever their dtype. */
function complexReader(arrayOf: ArrayOf, x: Buf): (at: number) => Complex {
  const elements = arrayOf(x) as Float64Array;
  if (isComplex(x.dtype)) return (at) => ({ re: elements[2 * at]!, im: elements[2 * at + 1]! });
  const read = reader(elements, x.dtype);
  return (at) => ({ re: read(at), im: 0 });
}

function complexWriter(arrayOf: ArrayOf, out: Buf): (at: number, value: Complex) => void {
  const elements = arrayOf(out);
  return (at, { re, im }) => {
    elements[2 * at] = re;
    elements[2 * at + 1] = im;
  };
}

/** Writes what a formula gives. */
function resultOf(
  arrayOf: ArrayOf,
  out: Buf,
  { to }: ComplexMap | ComplexZip,
): (at: number, value: Complex | number) => void {
  if (to === undefined) {
    return complexWriter(arrayOf, out) as (at: number, value: Complex | number) => void;
  }
  const elements: Elements = arrayOf(out);
  return (at, value) => void (elements[at] = value as number);
}

/** Gives `work` a dense buffer on the device of another one, for as long as it runs. */
export function during(like: Buf, shape: Shape, dtype: DType, work: (buf: Buf) => void): void {
  const { device } = like.storage.bytes;
  const size = sizeOf(shape);
  const bytes = device.allocate(size * widthOf(dtype));
  try {
    work({ shape, dtype, size, offset: 0, strides: null, storage: { bytes } });
  } finally {
    device.release(bytes);
  }
}
