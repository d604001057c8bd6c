import type { Buf, Kernels } from '../../device.ts';
import { isBig } from '../../dtype.ts';
import { denseStrides, stridesOf } from '../../shape.ts';
import { along, bigReader, bigWriter, reader, walk, writer, type ArrayOf } from './elements.ts';

/** What sums, products and extremes come to on the way along one axis. */
export function scan(
  arrayOf: ArrayOf,
  ...[f, out, places, x, axis, exclusive, reverse]: Parameters<Kernels['scan']>
): void {
  if (x.size === 0) return;
  const length = x.shape[axis]!;
  const [from, to] = [stridesOf(x)[axis]!, denseStrides(x.shape)[axis]!];
  const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const rows: Buf = { ...out, strides: denseStrides(x.shape), offset: 0 };
  const at = places === null ? null : arrayOf(places);
  const fold = isBig(out.dtype) ? bigs(arrayOf, f, out, x) : numbers(arrayOf, f, out, x);
  walk(
    others.map((i) => x.shape[i]!),
    [along(x, others), along(rows, others)],
    (_, [start, first]) => {
      const row = fold();
      for (let i = 0; i < length; i++) {
        const place = reverse ? length - 1 - i : i;
        const [source, target] = [start! + place * from, first! + place * to];
        if (exclusive) row.store(out.offset + target);
        const best = row.take(source, place);
        if (!exclusive) row.store(out.offset + target);
        if (at !== null) at[places!.offset + target] = best;
      }
    },
  );
}

/** One row on its way: takes an element (and says where the extreme lies), stores what all before came to. */
interface Row {
  take(at: number, place: number): number;
  store(at: number): void;
}

type Scan = Parameters<Kernels['scan']>[0];

function numbers(arrayOf: ArrayOf, f: Scan, out: Buf, x: Buf): () => Row {
  const [read, write] = [reader(arrayOf(x), x.dtype), writer(arrayOf(out), out.dtype)];
  const product = out.dtype === 'i32' || out.dtype === 'u32' ? Math.imul : multiply;
  return () => row<number>(f, read, write, f === 'prod' ? 1 : 0, (a, b) => a + b, product);
}

function bigs(arrayOf: ArrayOf, f: Scan, out: Buf, x: Buf): () => Row {
  const [read, write] = [bigReader(arrayOf(x), x.dtype), bigWriter(arrayOf(out), out.dtype)];
  const wrap = (a: bigint) => BigInt.asIntN(64, a);
  const times = (a: bigint, b: bigint) => wrap(a * b);
  return () => row<bigint>(f, read, write, f === 'prod' ? 1n : 0n, (a, b) => wrap(a + b), times);
}

function row<E extends number | bigint>(
  f: Scan,
  read: (at: number) => E,
  write: (at: number, value: E) => void,
  start: E,
  add: (a: E, b: E) => E,
  times: (a: E, b: E) => E,
): Row {
  let all = start;
  let best = -1;
  return {
    take(at, place) {
      const value = read(at);
      if (f === 'sum' || f === 'prod') all = f === 'sum' ? add(all, value) : times(all, value);
      else {
        const later = f === 'max' ? value >= all : value <= all;
        if (best < 0 || value !== value || (all === all && later)) [all, best] = [value, place];
      }
      return best;
    },
    store: (at) => write(at, all),
  };
}

function multiply(a: number, b: number): number {
  return a * b;
}
