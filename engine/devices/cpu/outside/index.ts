import type { Buf, Kernels } from '../../../device.ts';
import { dtypes } from '../../../dtype.ts';
import { isDense, sizeOf, stridesOf, type Shape } from '../../../shape.ts';
import type { ArenaBytes } from '../arena.ts';
import type { CpuKernels } from '../kernels.ts';
import { reach } from '../random.ts';
import { foldedIn, inMemory, keptStrides, kernelOf } from '../reduce.ts';
import type { Room } from '../room.ts';
import type { Fast } from '../wasm.ts';
import { address, away, type Workshop } from '../workshop.ts';
import { cutter, windowOf, within, type Box } from './box.ts';
import { copyOut, placed } from './copies.ts';
import { FIRST, FOURTH, guarded, SECOND, THIRD } from './guard.ts';
import { OutsideFolding, type Rows } from './reduce.ts';
import { Tiles, type Task } from './tiles.ts';

/** Rows and columns of a product that are not cut any more: shorter ones have kernels of their own. */
const LEAST = 48;

/**
 * The kernels where an operand lies outside their memory, or where the arena
 * has no room to work in: in parts that are copied to a work area (the same
 * bits come out), or on copies of whole operands, or by `plain` where there is
 * no room for those.
 */
export function outside(
  shop: Workshop,
  memory: WebAssembly.Memory,
  room: Room,
  inside: CpuKernels,
  plain: Kernels,
): CpuKernels {
  const tiles = new Tiles(shop, memory, room);
  const { exports } = shop.wasm;

  /** An op whose results and operands have, or broadcast to, one shape. */
  const elementwise = (
    shape: Shape,
    out: Buf,
    operands: readonly Buf[],
    perform: (out: Buf, operands: readonly Buf[]) => void,
  ): void => {
    tiles.perform({
      shape,
      results: [out],
      cut: cutter(shape, [out, ...operands]),
      windows: (box) => [[windowOf(out, shape, box)], operands.map((x) => windowOf(x, shape, box))],
      perform: ([made], brought) => perform(made!, brought),
    });
  };

  /** Some entries of a batch at a time, the first axis of each of these; the rest is whole. */
  const byBatch = (
    out: Buf,
    places: Buf | null,
    sliced: readonly Buf[],
    rest: readonly Buf[],
    perform: (results: readonly (Buf | null)[], operands: readonly Buf[]) => void,
  ): boolean => {
    const shape = [out.shape[0]!];
    const part = (x: Buf, { start, shape }: Box): Buf =>
      windowOf(x, x.shape, {
        start: x.shape.map((_, axis) => (axis === 0 ? start[0]! : 0)),
        shape: x.shape.with(0, shape[0]!),
      });
    const task: Task = {
      shape,
      results: [out, places],
      cut: ({ shape }) => (shape[0]! > 1 ? 0 : -1),
      windows: (box) => [
        [part(out, box), places && part(places, box)],
        [...sliced.map((x) => part(x, box)), ...rest],
      ],
      perform,
    };
    return tiles.inLarge(task);
  };

  /** Results like x, made of whole rows along an axis; false where there is no room for one. */
  const alongAxis = (
    results: readonly (Buf | null)[],
    x: Buf,
    axis: number,
    perform: (results: readonly (Buf | null)[], x: Buf) => void,
  ): boolean => {
    const length = x.shape[axis]!;
    const task: Task = {
      shape: x.shape.toSpliced(axis, 1),
      results,
      cut: ({ shape }) => shape.findIndex((count) => count > 1),
      windows: (box) => {
        const all = within(box, axis, length);
        return [
          results.map((result) => result && windowOf(result, x.shape, all)),
          [windowOf(x, x.shape, all)],
        ];
      },
      perform: (results, [x]) => perform(results, x!),
    };
    return (
      tiles.perform(task) || tiles.brought(results, [x], (results, [x]) => perform(results, x!))
    );
  };

  const parts: Omit<CpuKernels, 'calculate'> = {
    fill(out, value: number | bigint) {
      const { array: Elements, bytes } = dtypes[out.dtype];
      shop.constant.write(out.dtype, value);
      const [element] = new Elements!(memory.buffer as never, shop.constant.at, 1);
      const { buffer } = out.storage.bytes as ArenaBytes;
      new Elements!(buffer!, out.offset * bytes, out.size).fill(element as never);
    },

    range(out, start, step) {
      const kernel = exports.range[out.dtype as Fast];
      if (kernel === undefined) return plain.range(out, start, step);
      const n = out.shape.at(-1)!;
      inParts(out, (at, from, count) => {
        // From where a row begins to where it ends, as long as there are elements.
        for (let first = from % n, left = count; left > 0; first = 0) {
          const length = Math.min(n - first, left);
          kernel(at, 1, length, start, step, first);
          at += length * dtypes[out.dtype].bytes;
          left -= length;
        }
      });
    },

    random(f, out, key, p, q) {
      if (out.dtype !== 'f32') return plain.random(f, out, key, p, q);
      const [span, top] = reach(f, p, q);
      inParts(out, (at, from, count) => exports[f](at, count, key[0], key[1], p, span, top, from));
    },

    map(f, out, x, p = 0, q = 0) {
      elementwise(out.shape, out, [x], (out, [x]) => inside.map(f, out, x!, p, q));
    },

    zip(f, out, x, y) {
      elementwise(out.shape, out, [x, y], (out, [x, y]) => inside.zip(f, out, x!, y!));
    },

    select(out, condition, x, y) {
      const operands = [condition, x, y];
      elementwise(out.shape, out, operands, (out, [condition, x, y]) =>
        inside.select(out, condition!, x!, y!),
      );
    },

    place(out, x, begin, steps = begin.map(() => 1)) {
      const strides = stridesOf(out).map((stride, axis) => stride * steps[axis]!);
      const window = ({ start, shape }: Box): Buf => {
        const from = start.map((at, axis) => begin[axis]! + at * steps[axis]!);
        const part = windowOf(out, out.shape, { start: from, shape });
        return isDense(shape, strides) ? part : { ...part, strides };
      };
      tiles.perform({
        shape: x.shape,
        results: [out],
        steps,
        cut: cutter(x.shape, [x]),
        windows: (box) => [[window(box)], [windowOf(x, x.shape, box)]],
        perform: ([out], [x]) => inside.map('identity', out!, x!),
      });
    },

    reduce(f, out, x, axes) {
      if (x.size === 0) return plain.reduce(f, out, x, axes);
      const dtype = foldedIn(out.dtype);
      const [formula, fold] = kernelOf(shop, f, dtype);
      const view = inMemory(x, dtype);
      if (view === null && x.strides !== null) {
        const row = made(x, x.dtype, x.shape);
        parts.map('identity', row, x);
        return parts.reduce(f, out, row, axes);
      }
      const turned = view?.order.some((axis, i) => axis !== i) ?? false;
      const shape = view?.shape ?? x.shape;
      const folded = view === null ? axes : axes.map((axis) => view.order.indexOf(axis));
      const to = dtype === out.dtype && !turned ? out : made(out, dtype, out.shape);
      const by = formula === 'mean' ? x.size / out.size : 1;
      const folding = new OutsideFolding(shop, memory, room.area, dtype, fold);
      folding.over(rows(to), rows(x), shape, folded, by);
      if (to === out) return;
      const strides = turned ? keptStrides(x.shape, axes, view!.order) : null;
      const kept = strides ? x.shape.filter((_, axis) => !axes.includes(axis)) : to.shape;
      parts.map('identity', { ...out, shape: kept }, { ...to, shape: kept, strides });
    },

    argReduce(f, out, x, axis) {
      const length = x.shape[axis]!;
      const shape = x.shape.toSpliced(axis, 1);
      const flat = { ...out, shape };
      const task: Task = {
        shape,
        results: [flat],
        cut: cutter(shape, [flat]),
        windows: (box) => [
          [windowOf(flat, shape, box)],
          [windowOf(x, x.shape, within(box, axis, length))],
        ],
        perform: ([out], [x]) => inside.argReduce(f, out!, x!, axis),
      };
      if (tiles.perform(task)) return;
      const done = tiles.brought([out], [x], ([out], [x]) => inside.argReduce(f, out!, x!, axis));
      if (!done) plain.argReduce(f, out, x, axis);
    },

    sort(values, places, x, axis, descending) {
      const done = alongAxis([values, places], x, axis, ([values, places], x) =>
        inside.sort(values!, places!, x, axis, descending),
      );
      if (!done) plain.sort(values, places, x, axis, descending);
    },

    scan(f, out, places, x, axis, exclusive, reverse) {
      const done = alongAxis([out, places], x, axis, ([out, places], x) =>
        inside.scan(f, out!, places!, x, axis, exclusive, reverse),
      );
      if (!done) plain.scan(f, out, places, x, axis, exclusive, reverse);
    },

    matMul(out, x, y, before) {
      if (before !== undefined) {
        parts.matMul(out, x, y);
        return parts.zip('add', out, before, out);
      }
      const { shape } = out;
      const [row, column] = [shape.length - 2, shape.length - 1];
      const inner = x.shape.at(-1)!;
      const [left, right] = [shape.with(column, inner), shape.with(row, inner)];
      const all = ({ start, shape }: Box, axis: number): Box => ({
        start: start.with(axis, 0),
        shape: shape.with(axis, inner),
      });
      const task: Task = {
        shape,
        results: [out],
        cut: ({ shape }) => {
          const lead = shape.findIndex((length, axis) => length > 1 && axis < row);
          if (lead >= 0) return lead;
          const longer = shape[row]! > shape[column]! ? row : column;
          return shape[longer]! >= 2 * LEAST ? longer : -1;
        },
        windows: (box) => [
          [windowOf(out, shape, box)],
          [windowOf(x, left, all(box, column)), windowOf(y, right, all(box, row))],
        ],
        perform: ([out], [x, y]) => inside.matMul(out!, x!, y!),
      };
      if (tiles.inLarge(task)) return;
      if (!tiles.brought([out], [x, y], ([out], [x, y]) => inside.matMul(out!, x!, y!))) {
        plain.matMul(out, x, y);
      }
    },

    conv(side, out, a, b, how) {
      const perform = ([out]: readonly (Buf | null)[], [a, b]: readonly Buf[]) =>
        inside.conv(side, out!, a!, b!, how);
      if (side !== 'filter' && out.strides === null && byBatch(out, null, [a], [b], perform))
        return;
      if (!tiles.brought([out], [a, b], perform)) plain.conv(side, out, a, b, how);
    },

    maxPool(out, places, x, window, how, inBatch) {
      const perform = ([out, places]: readonly (Buf | null)[], [x]: readonly Buf[]) =>
        inside.maxPool(out!, places!, x!, window, how, inBatch);
      const apart = places === null || !inBatch;
      if (apart && out.size > 0 && byBatch(out, places, [x], [], perform)) return;
      if (!tiles.brought([out, places], [x], perform)) {
        plain.maxPool(out, places, x, window, how, inBatch);
      }
    },

    gather(out, x, indices, axis, batch) {
      const perform = ([out]: readonly (Buf | null)[], [x, indices]: readonly Buf[]) =>
        inside.gather(out!, x!, indices!, axis, batch);
      if (!tiles.brought([out], [x, indices], perform)) plain.gather(out, x, indices, axis, batch);
    },

    scatterAdd(out, x, indices, axis, batch) {
      const perform = ([out]: readonly (Buf | null)[], [x, indices]: readonly Buf[]) =>
        inside.scatterAdd(out!, x!, indices!, axis, batch);
      if (!tiles.brought([out], [x, indices], perform))
        plain.scatterAdd(out, x, indices, axis, batch);
    },

    oneHot(out, indices, on, off) {
      const { shape } = indices;
      const depth = out.shape.at(-1)!;
      const task: Task = {
        shape,
        results: [out],
        cut: ({ shape }) => shape.findIndex((count) => count > 1),
        windows: (box) => [
          [windowOf(out, out.shape, within(box, shape.length, depth))],
          [windowOf(indices, shape, box)],
        ],
        perform: ([out], [indices]) => inside.oneHot(out!, indices!, on, off),
      };
      if (!tiles.perform(task)) plain.oneHot(out, indices, on, off);
    },
  };
  const { temporaries } = shop;
  return {
    ...inside,
    fill: guarded(temporaries, inside.fill, parts.fill, FIRST),
    range: guarded(temporaries, inside.range, parts.range, FIRST),
    random: guarded(temporaries, inside.random, parts.random, SECOND),
    map: guarded(temporaries, inside.map, parts.map, SECOND | THIRD),
    zip: guarded(temporaries, inside.zip, parts.zip, SECOND | THIRD | FOURTH),
    select: guarded(temporaries, inside.select, parts.select, FIRST | SECOND | THIRD | FOURTH),
    place: guarded(temporaries, inside.place, parts.place, FIRST | SECOND),
    reduce: guarded(temporaries, inside.reduce, parts.reduce, SECOND | THIRD),
    argReduce: guarded(temporaries, inside.argReduce, parts.argReduce, SECOND | THIRD),
    sort: guarded(temporaries, inside.sort, parts.sort, FIRST | SECOND | THIRD),
    scan: guarded(temporaries, inside.scan, parts.scan, SECOND | THIRD | FOURTH),
    matMul: guarded(temporaries, inside.matMul, parts.matMul, FIRST | SECOND | THIRD | FOURTH),
    conv: guarded(temporaries, inside.conv, parts.conv, SECOND | THIRD | FOURTH),
    maxPool: guarded(temporaries, inside.maxPool, parts.maxPool, FIRST | SECOND | THIRD),
    gather: guarded(temporaries, inside.gather, parts.gather, FIRST | SECOND | THIRD),
    scatterAdd: guarded(temporaries, inside.scatterAdd, parts.scatterAdd, FIRST | SECOND | THIRD),
    oneHot: guarded(temporaries, inside.oneHot, parts.oneHot, FIRST | SECOND),
  };

  /** Elements in a row made in the work area, some at a time, a multiple of four. */
  function inParts(out: Buf, make: (at: number, from: number, count: number) => void): void {
    const { at, bytes } = room.area;
    const most = Math.floor(bytes / 64) * 8;
    for (let from = 0; from < out.size; from += most) {
      const count = Math.min(most, out.size - from);
      make(at, from, count);
      const part = {
        ...out,
        shape: [count],
        size: count,
        offset: out.offset + from,
        strides: null,
      };
      copyOut(memory, at, part);
    }
  }

  /** The bytes of a buffer without gaps. */
  function rows(x: Buf): Rows {
    const { bytes: width } = dtypes[x.dtype];
    const { buffer } = x.storage.bytes as ArenaBytes;
    return away(x)
      ? { buffer: buffer!, at: x.offset * width, dtype: x.dtype }
      : { buffer: memory.buffer, at: address(x), dtype: x.dtype };
  }
}

/** A buffer outside, for what lies between two steps. */
function made(like: Buf, dtype: Buf['dtype'], shape: Shape): Buf {
  const size = sizeOf(shape);
  const buffer = new ArrayBuffer(size * dtypes[dtype].bytes);
  const bytes = { ...placed(like, -1, buffer.byteLength), buffer };
  return { shape, dtype, size, offset: 0, strides: null, storage: { bytes } };
}
