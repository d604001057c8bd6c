import type { Buf } from '../../device.ts';
import { denseStrides, stridesOf } from '../../shape.ts';
import { along, exact, walk, type ArrayOf } from './elements.ts';

/** Elements in order along one axis, and where they lay; equal ones keep their order, not-a-number counts as the greatest. */
export function sort(
  arrayOf: ArrayOf,
  values: Buf | null,
  places: Buf | null,
  x: Buf,
  axis: number,
  descending: boolean,
): void {
  const length = x.shape[axis]!;
  const step = stridesOf(x)[axis]!;
  const dense = denseStrides(x.shape);
  const others = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const [read, from] = [exact(arrayOf, x), arrayOf(x)];
  const to = values === null ? null : arrayOf(values);
  const at = places === null ? null : arrayOf(places);
  const order = (a: number | bigint, b: number | bigint) =>
    a !== a || b !== b ? Number(a !== a) - Number(b !== b) : a < b ? -1 : a > b ? 1 : 0;
  const rows = { strides: others.map((i) => dense[i]!), offset: 0 };
  walk(
    others.map((i) => x.shape[i]!),
    [along(x, others), rows],
    (_, [start, first]) => {
      const value = (j: number) => read(start! + j * step);
      Array.from({ length }, (_, j) => j)
        .sort((a, b) => (descending ? order(value(b), value(a)) : order(value(a), value(b))))
        .forEach((j, i) => {
          const place = first! + i * dense[axis]!;
          if (to !== null) to[values!.offset + place] = from[start! + j * step]!;
          if (at !== null) at[places!.offset + place] = j;
        });
    },
  );
}
