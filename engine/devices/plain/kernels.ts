import { isBig, isFloat, isInteger, promote, type DType } from '../../dtype.ts';
import type { Buf, Kernels } from '../../device.ts';
import { maps, zips, type MapRow, type ZipRow } from '../../formulas.ts';
import { outside, positionText } from '../../indexing/indices.ts';
import { denseStrides, sizeOf, stridesOf } from '../../shape.ts';
import { calculate } from './calculate.ts';
import {
  along,
  bigCaster,
  bigReader,
  bigWriter,
  caster,
  reader,
  spread,
  walk,
  writer,
  type ArrayOf,
} from './elements.ts';
import { matMul } from './linalg.ts';
import { ceiling, normal, threefry, uniform } from './random.ts';
import { argReduce, reduce } from './reduce.ts';
import { scan } from './scan.ts';
import { sort } from './sort.ts';
import { conv, maxPool } from './windows.ts';

/**
 * Every kernel in plain JavaScript, over any strides and all dtypes: slow,
 * obvious, the truth in tests, and what another device falls back on (`arrayOf`
 * says where its elements lie).
 */
export function plainKernels(arrayOf: ArrayOf): Kernels {
  return {
    fill(out, value: number | bigint) {
      const array = arrayOf(out);
      if (typeof value === 'bigint') {
        const write = bigWriter(array, out.dtype);
        for (let i = 0; i < out.size; i++) write(out.offset + i, value);
      } else {
        const write = caster(array, out.dtype);
        for (let i = 0; i < out.size; i++) write(out.offset + i, value);
      }
    },

    range(out, start, step) {
      const write = caster(arrayOf(out), out.dtype);
      const n = out.shape.at(-1) ?? 1;
      for (let i = 0; i < out.size; i++) write(out.offset + i, start + step * (i % n));
    },

    map(f, out, x, p = 0, q = 0) {
      const row: MapRow = maps[f];
      const [from, to] = [arrayOf(x), arrayOf(out)];
      const windows = [spread(x, out.shape)];
      if (row.big !== undefined && isBig(x.dtype)) {
        const [read, apply] = [bigReader(from, x.dtype), row.big];
        const write = (f === 'identity' ? bigCaster : bigWriter)(to, out.dtype);
        return walk(out.shape, windows, (i, at) =>
          write(out.offset + i, BigInt(apply(read(at[0]!), p, q))),
        );
      }
      const [read, apply] = [
        reader(from, x.dtype),
        inInt(out.dtype) ? (row.int ?? row.plain) : row.plain,
      ];
      const write = (f === 'identity' ? caster : writer)(to, out.dtype);
      walk(out.shape, windows, (i, at) => write(out.offset + i, apply(read(at[0]!), p, q)));
    },

    zip(f, out, x, y) {
      const row: ZipRow = zips[f];
      const [a, b, to] = [arrayOf(x), arrayOf(y), arrayOf(out)];
      const windows = [spread(x, out.shape), spread(y, out.shape)];
      const common = promote(f, x.dtype, y.dtype);
      if (row.big !== undefined && isBig(common)) {
        const [left, right, apply] = [bigReader(a, x.dtype), bigReader(b, y.dtype), row.big];
        const write = bigWriter(to, out.dtype);
        return walk(out.shape, windows, (i, at) =>
          write(out.offset + i, BigInt(apply(left(at[0]!), right(at[1]!)))),
        );
      }
      const [left, right, write] = [reader(a, x.dtype), reader(b, y.dtype), writer(to, out.dtype)];
      const apply = inInt(common) ? (row.int ?? row.plain) : row.plain;
      walk(out.shape, windows, (i, at) =>
        write(out.offset + i, apply(left(at[0]!), right(at[1]!))),
      );
    },

    select(out, condition, x, y) {
      const [test, to] = [reader(arrayOf(condition), condition.dtype), arrayOf(out)];
      const windows = [condition, x, y].map((w) => spread(w, out.shape));
      if (isBig(out.dtype)) {
        const [left, right] = [bigReader(arrayOf(x), x.dtype), bigReader(arrayOf(y), y.dtype)];
        const write = bigWriter(to, out.dtype);
        return walk(out.shape, windows, (i, at) =>
          write(out.offset + i, test(at[0]!) !== 0 ? left(at[1]!) : right(at[2]!)),
        );
      }
      const [left, right] = [reader(arrayOf(x), x.dtype), reader(arrayOf(y), y.dtype)];
      const write = writer(to, out.dtype);
      walk(out.shape, windows, (i, at) =>
        write(out.offset + i, test(at[0]!) !== 0 ? left(at[1]!) : right(at[2]!)),
      );
    },

    reduce: (f, out, x, axes) => reduce(arrayOf, f, out, x, axes),
    calculate: (outs, ins, calculation) => calculate(arrayOf, outs, ins, calculation),
    argReduce: (f, out, x, axis) => argReduce(arrayOf, f, out, x, axis),
    scan: (...args) => scan(arrayOf, ...args),
    sort: (values, places, x, axis, descending) =>
      sort(arrayOf, values, places, x, axis, descending),
    matMul: (out, x, y) => matMul(arrayOf, out, x, y),
    conv: (side, out, a, b, how) => conv(arrayOf, side, out, a, b, how),
    maxPool: (out, places, x, window, how, inBatch) =>
      maxPool(arrayOf, out, places, x, window, how, inBatch),

    place(out, x, begin, steps) {
      const dense = denseStrides(out.shape);
      const offset = begin.reduce((sum, n, axis) => sum + n * dense[axis]!, out.offset);
      const strides = dense.map((stride, axis) => stride * (steps?.[axis] ?? 1));
      const move = mover(arrayOf, out, x);
      walk(x.shape, [{ strides, offset }, spread(x, x.shape)], (_, at) => move(at[0]!, at[1]!));
    },

    gather(out, x, indices, axis, batch) {
      const move = mover(arrayOf, out, x);
      const visit = (i: number, at: number) => move(out.offset + i, at);
      pick(arrayOf, 'gather', x, indices, axis, batch, visit);
    },

    scatterAdd(out, x, indices, axis, batch) {
      const source = positions(x);
      const [from, to] = [arrayOf(x), arrayOf(out)];
      if (isBig(out.dtype)) {
        const [add, old] = [bigReader(from, x.dtype), bigReader(to, out.dtype)];
        const write = bigWriter(to, out.dtype);
        const visit = (i: number, at: number) => write(at, old(at) + add(source[i]!));
        return pick(arrayOf, 'scatterAdd', out, indices, axis, batch, visit);
      }
      const [add, old, write] = [
        reader(from, x.dtype),
        reader(to, out.dtype),
        writer(to, out.dtype),
      ];
      const visit = (i: number, at: number) => write(at, old(at) + add(source[i]!));
      pick(arrayOf, 'scatterAdd', out, indices, axis, batch, visit);
    },

    oneHot(out, indices, on, off) {
      const [read, write] = [
        reader(arrayOf(indices), indices.dtype),
        caster(arrayOf(out), out.dtype),
      ];
      const depth = out.shape.at(-1)!;
      walk(indices.shape, [spread(indices, indices.shape)], (i, at) => {
        const index = read(at[0]!);
        for (let j = 0; j < depth; j++) write(out.offset + i * depth + j, j === index ? on : off);
      });
    },

    random(f, out, key, p, q) {
      const write = (isInteger(out.dtype) ? caster : writer)(arrayOf(out), out.dtype);
      const draw = f === 'normal' ? normal : uniform;
      const top = f === 'uniform' ? ceiling(out.dtype, p, q) : Infinity;
      const [wide, real] = [out.dtype === 'f64', isFloat(out.dtype)];
      for (let i = 0; i < out.size; i++) {
        write(out.offset + i, Math.min(draw(threefry(key, i), wide, p, q, real), top));
      }
    },
  };
}

/** Visits, for every element of the tensor gathered from `x`, in row-major order, where it lies in x's storage. */
function pick(
  arrayOf: ArrayOf,
  name: string,
  x: Buf,
  indices: Buf,
  axis: number,
  batch: number,
  visit: (i: number, at: number) => void,
): void {
  const read = reader(arrayOf(indices), indices.dtype);
  const [length, step] = [x.shape[axis]!, stridesOf(x)[axis]!];
  const axes = x.shape.map((_, i) => i);
  const places = indices.shape.map((_, i) => i);
  const [shared, before, after] = [
    axes.slice(0, batch),
    axes.slice(batch, axis),
    axes.slice(axis + 1),
  ];
  const lengths = (list: readonly number[]) => list.map((i) => x.shape[i]!);
  const each = sizeOf(indices.shape.slice(batch));
  let i = 0;
  walk(lengths(shared), [along(x, shared), along(indices, shared)], (entry, both) => {
    const [start, first] = [both[0]!, both[1]!];
    const own = places.slice(batch);
    walk(lengths(before), [along(x, before, start)], (_, outer) =>
      walk(indices.shape.slice(batch), [along(indices, own, first)], (j, place) => {
        const index = read(place[0]!);
        if (!(index >= 0 && index < length)) {
          const at = positionText(entry * each + j, indices.shape);
          throw outside(name, index, at, axis, x.shape);
        }
        const from = outer[0]! + index * step;
        walk(lengths(after), [along(x, after, from)], (_, at) => visit(i++, at[0]!));
      }),
    );
  });
}

/** Where each element of a buffer lies, in row-major order. */
function positions(x: Buf): Float64Array {
  const list = new Float64Array(x.size);
  walk(x.shape, [spread(x, x.shape)], (i, at) => void (list[i] = at[0]!));
  return list;
}

/** Copies one element, bit for bit where the dtypes are the same. */
function mover(arrayOf: ArrayOf, out: Buf, x: Buf): (to: number, from: number) => void {
  const [source, target] = [arrayOf(x), arrayOf(out)];
  if (out.dtype === x.dtype) return (to, from) => void (target[to] = source[from]!);
  if (isBig(out.dtype) && !isFloat(x.dtype)) {
    const [read, write] = [bigReader(source, x.dtype), bigCaster(target, out.dtype)];
    return (to, from) => write(to, read(from));
  }
  const [read, write] = [reader(source, x.dtype), caster(target, out.dtype)];
  return (to, from) => write(to, read(from));
}

/** Integers that arithmetic of 32 bits serves. */
function inInt(dtype: DType): boolean {
  return isInteger(dtype) && !isBig(dtype);
}
