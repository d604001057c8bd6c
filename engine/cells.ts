import { isBig, isComplex } from './dtype.ts';
import { reader, show } from './element.ts';
import type { Cells, Child, Window } from './protocol.ts';
import { brief } from './brief.ts';
import { denseStrides, sizeOf } from './shape.ts';
import { statsOf } from './stats.ts';
import { held } from './tensor.ts';
import type { Tensor } from './tensor.ts';

/** Parts of a tensor as a debugger shows them: rows and elements in Variables, a rectangle in the tensor editor. */

/** What lies under an index: rows while axes are left, then elements. */
export function childrenOf(
  tensor: Tensor,
  index: readonly number[],
  start: number,
  count: number,
): readonly Child[] {
  held(tensor, 'children');
  const { shape, dtype, storage } = tensor;
  const strides = tensor.strides ?? denseStrides(shape);
  const axis = index.length;
  const length = shape[axis] ?? 0;
  const base = index.reduce((at, n, i) => at + n * strides[i]!, tensor.offset);
  const rest = shape.slice(axis + 1);
  const read = reader(tensor);
  const children: Child[] = [];
  for (let i = Math.max(0, start); i < Math.min(length, start + count); i++) {
    const at = base + i * strides[axis]!;
    children.push({
      name: `[${i}]`,
      text:
        rest.length === 0
          ? show(read(at), dtype)
          : rowText({ shape: rest, strides: strides.slice(axis + 1), offset: at, dtype, storage }),
      index: [...index, i],
      count: rest[0] ?? 0,
    });
  }
  return children;
}

/** A rectangle: row-major f64, or text where elements do not fit one. */
export function cellsOf(tensor: Tensor, window: Window): Cells {
  held(tensor, 'window');
  const { shape, dtype } = tensor;
  const strides = tensor.strides ?? denseStrides(shape);
  const { rowAxis, columnAxis, at } = window;
  const base = shape.reduce(
    (sum, _, axis) =>
      axis === rowAxis || axis === columnAxis ? sum : sum + (at[axis] ?? 0) * strides[axis]!,
    tensor.offset,
  );
  const axisOf = (axis: number | null, [from, to]: readonly [number, number]) => {
    const length = axis === null ? 1 : shape[axis]!;
    const [first, last] = [Math.max(0, from), Math.min(length, to)];
    return { first, count: Math.max(0, last - first), step: axis === null ? 0 : strides[axis]! };
  };
  const rows = axisOf(rowAxis, window.rows);
  const columns = axisOf(columnAxis, window.columns);
  const read = reader(tensor);
  const position = (i: number): number =>
    base +
    (rows.first + Math.floor(i / columns.count)) * rows.step +
    (columns.first + (i % columns.count)) * columns.step;
  const count = rows.count * columns.count;
  if (isBig(dtype) || isComplex(dtype) || dtype === 'string') {
    return { text: Array.from({ length: count }, (_, i) => show(read(position(i)), dtype)) };
  }
  const values = Float64Array.from({ length: count }, (_, i) => Number(read(position(i))));
  return { base64: base64(new Uint8Array(values.buffer)) };
}

/** A row of a matrix says its shape and, as it is cheap there, where its values lie. */
function rowText(part: Omit<Parameters<typeof statsOf>[0], 'size'>): string {
  const size = sizeOf(part.shape);
  const head = `[${part.shape.join(',')}]`;
  if (size === 0 || size > ROW_STATS || part.dtype === 'string') return head;
  const { mean, sd, nan, inf } = statsOf({ ...part, size }, false);
  return [
    `${head}  ${isComplex(part.dtype) ? 'abs ' : ''}mean ${brief(mean)}  sd ${brief(sd)}`,
    ...(nan ? [`NaN ${nan}`] : []),
    ...(inf ? [`Inf ${inf}`] : []),
  ].join('  ');
}

/** A page has a hundred rows: a million elements at most go into its statistics. */
const ROW_STATS = 10_000;

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 0x2000) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 0x2000)));
  }
  return btoa(parts.join(''));
}
