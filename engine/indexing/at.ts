import { dtypes, isInteger } from '../dtype.ts';
import { named } from '../given.ts';
import { parseIndex, pointed, type IndexItem, type Source } from './index-text.ts';
import { made, shapeOf, type Nested, type TensorLike, type TypedArray } from '../literals.ts';
import { stridedSlice, stridedSliceUpdate } from '../ops/section.ts';
import { ready, type Row } from '../ready.ts';
import { run } from '../run.ts';
import { positionOf, sectionOf, type Entry, type Section } from '../section.ts';
import { broadcast, broadcastAxes, sizeOf, text, type Shape } from '../shape.ts';
import { held, Tensor } from '../tensor.ts';
import { sameForAll } from './indices.ts';

/**
 * NumPy's indexing: which elements an index means, what they are, and the
 * tensor with others in their place. An index is a section (positions, slices,
 * an ellipsis, new axes) and, in its axes, arrays of positions or masks.
 */
export type Index = number | string | null | Nested | TypedArray | Tensor;

/** An index for a tensor of a certain shape. */
interface Meaning {
  readonly section: Section;
  /** Positions or masks, each with the axes of the section that it picks in. */
  readonly arrays: readonly { readonly tensor: Tensor; readonly axes: readonly number[] }[];
  /** The shape in which the arrays meet, and the axis of the result where it begins. */
  readonly met: Shape;
  readonly place: number;
  readonly shape: Shape;
  /** Tensors that were made of lists. */
  readonly own: readonly Tensor[];
}

/** The elements of x that an index means. */
export function at(x: Tensor, indices: readonly Index[]): Tensor {
  held(x, 'at');
  const meaning = meant('at', x, indices);
  const { section, arrays, own } = meaning;
  if (arrays.length === 0) return run(slice, [x], section) as Tensor;
  const result = run(picked, [x, arrays.map(({ tensor }) => tensor)], meaning) as Tensor;
  for (const tensor of own) tensor.dispose();
  return result;
}

/** x with other elements where an index says. The value is what comes after the index. */
export function updated(op: string, x: Tensor, given: readonly unknown[]): Tensor {
  held(x, op);
  const { indices, value, fresh } = parted(op, x, given);
  const meaning = meant(op, x, indices);
  const { section, arrays, shape, own } = meaning;
  fits(op, shape, value);
  const result =
    arrays.length === 0
      ? run(update, [x, value], section)
      : run(put, [x, value, arrays.map(({ tensor }) => tensor)], meaning);
  for (const tensor of own) tensor.dispose();
  if (fresh) value.dispose();
  return result as Tensor;
}

/** The section that an index means, and the value that comes after it; null where there are arrays in it. */
export function sectionFor(
  op: string,
  x: Tensor,
  given: readonly unknown[],
): { readonly section: Section; readonly value: Tensor; readonly fresh: boolean } | null {
  const { indices, value, fresh } = parted(op, x, given);
  const { section, arrays, own } = meant(op, x, indices);
  for (const tensor of own) tensor.dispose();
  if (arrays.length > 0) {
    if (fresh) value.dispose();
    return null;
  }
  fits(op, section.shape, value);
  return { section, value, fresh };
}

const slice = ready('stridedSlice', stridedSlice as unknown as Row);
const update = ready('stridedSliceUpdate', stridedSliceUpdate as unknown as Row);

/** Elements picked by arrays of positions. */
const picked = ready('at', {
  inputs: { x: 'one', indices: 'many' },
  texts: true,
  spec: ({ x }: { x: Tensor }, { shape }: Meaning) => ({ shape, dtype: x.dtype }),
  compose: ({ x }: { x: Tensor }, meaning: Meaning) => {
    const { section, arrays, met, place } = meaning;
    const part = run(slice, [x], section) as Tensor;
    const [only] = arrays;
    if (arrays.length === 1 && only!.axes.length === 1 && only!.tensor.dtype !== 'bool') {
      const axis = only!.axes[0]!;
      const list = flat('at', x, meaning);
      return moved(part.gather(list, axis), axis, met.length, place);
    }
    const { rows } = inRows(part, arrays);
    return moved(rows.gather(flat('at', x, meaning)), 0, met.length, place);
  },
});

/** Elements put where arrays of positions say. */
const put = ready('with', {
  inputs: { x: 'one', value: 'one', indices: 'many' },
  spec: ({ x }: { x: Tensor }) => x,
  compose: ({ x, value }: { x: Tensor; value: Tensor }, meaning: Meaning) => {
    const { section, arrays, met, place, shape } = meaning;
    const part = run(slice, [x], section) as Tensor;
    const { rows, turned, order } = inRows(part, arrays);
    const values = moved(value.cast(x.dtype).broadcastTo(shape), place, met.length, 0);
    const other = rows
      .scatterUpdate(flat('with', x, meaning), values)
      .reshape(turned)
      .transpose(order.map((_, i) => order.indexOf(i)));
    return run(update, [x, other], section) as Tensor;
  },
});

/** The axes that arrays pick in, in front and as one. */
function inRows(part: Tensor, arrays: Meaning['arrays']) {
  const axes = arrays.flatMap((array) => array.axes);
  const rest = [...part.shape.keys()].filter((axis) => !axes.includes(axis));
  const order = [...axes, ...rest];
  const turned = order.map((axis) => part.shape[axis]!);
  const lead = turned.slice(0, axes.length);
  const rows = part.transpose(order).reshape([sizeOf(lead), ...turned.slice(axes.length)]);
  return { rows, turned, order };
}

/** For each element of the arrays, met, which row it picks. */
function flat(op: string, x: Tensor, { arrays, met, section }: Meaning): Tensor {
  // Arrays pick in axes that are whole in the section.
  const axes = arrays.flatMap((array) => array.axes.map((axis) => section.kept[axis]!));
  const lengths = axes.map((axis) => x.shape[axis]!);
  const dtype = arrays.some(({ tensor }) => dtypes[tensor.dtype].bytes > 4) ? 'i64' : 'i32';
  const columns = arrays.map(({ tensor, axes: own }) => {
    const list = tensor.dtype === 'bool' ? tensor.nonzero() : tensor.expandDims(-1);
    return list.cast(dtype).broadcastTo([...met, own.length]);
  });
  const all = columns.length === 1 ? columns[0]! : columns[0]!.concat(columns.slice(1), -1);
  try {
    return all.ravelIndex(lengths, true, op);
  } catch (error) {
    // It counts the axes that are picked in; the user those of the tensor.
    const where = (error as Error).message.replace(
      /axis (\d+) of \[[^\]]*\]/,
      (_, i: string) => `axis ${axes[Number(i)]} of ${text(x.shape)}`,
    );
    throw new Error(where, { cause: error });
  }
}

/** `count` axes from `from` on, moved to `to`. */
function moved(x: Tensor, from: number, count: number, to: number): Tensor {
  if (from === to || count === 0) return x;
  const order = [...x.shape.keys()];
  order.splice(to, 0, ...order.splice(from, count));
  return x.transpose(order);
}

/** What an index means for a tensor. */
function meant(op: string, x: Tensor, indices: readonly Index[]): Meaning {
  const own: Tensor[] = [];
  const items = indices.flatMap((index, i) => itemsOf(op, index, x, own, i));
  const taken = items.map((item) => axesTaken(item));
  const total = taken.reduce((sum, n) => sum + n, 0);
  const { shape } = x;
  if (total > shape.length) {
    throw new Error(
      `${op}: the index speaks of ${total} axes; ${text(shape)} has ${shape.length}${quoted(indices)}`,
    );
  }
  const entries: Entry[] = [];
  const arrays: { tensor: Tensor; axes: number[] }[] = [];
  const choosing: number[] = [];
  let [axis, kept, before] = [0, 0, 0];
  items.forEach((item, i) => {
    if (item.is === 'position' || item.is === 'tensor') {
      if (choosing.length === 0) before = kept;
      choosing.push(i);
    }
    if (item.is === 'position') {
      const position = item.at;
      pointing(item.source, () => positionOf(op, position, shape, axis));
      entries.push({ at: position });
    } else if (item.is === 'slice') {
      entries.push({ from: item.from, to: item.to, step: item.step });
      kept++;
    } else if (item.is === 'newAxis') {
      entries.push('new');
      kept++;
    } else if (item.is === 'ellipsis') {
      if (entries.includes('rest'))
        throw pointed(`${op}: more than one ellipsis; there can be one`, item.source);
      entries.push('rest');
      const many = shape.length - total;
      axis += many;
      kept += many;
    } else {
      const { tensor } = item;
      const along = shape.slice(axis, axis + taken[i]!);
      if (tensor.dtype === 'bool' && text(along) !== text(tensor.shape)) {
        throw new Error(
          `${op}: a mask ${text(tensor.shape)} for the axes from ${axis} on of ${text(shape)}; its shape must be theirs`,
        );
      }
      arrays.push({ tensor, axes: along.map((_, k) => kept + k) });
      entries.push(...along.map(() => ({ from: null, to: null, step: 1 })));
      kept += along.length;
    }
    axis += taken[i]!;
  });
  const section = sectionOf(op, shape, entries);
  const met = arrays.reduce<Shape>(
    (all, { tensor }) =>
      broadcast(op, all, tensor.dtype === 'bool' ? [trues(op, tensor)] : tensor.shape),
    [],
  );
  // Arrays and positions side by side: what they make stands in their place, else in front.
  const adjacent = choosing.every((item, k) => k === 0 || item === choosing[k - 1]! + 1);
  const place = arrays.length > 0 && adjacent ? before : 0;
  const gone = new Set(arrays.flatMap(({ axes }) => axes));
  const rest = section.shape.filter((_, i) => !gone.has(i));
  return { section, arrays, met, place, shape: rest.toSpliced(place, 0, ...met), own };
}

type Item =
  Exclude<IndexItem, { is: 'list' }> | { is: 'tensor'; tensor: Tensor; source: Source | null };
type Bare = Item | { is: 'position'; at: number; source: null } | { is: 'newAxis'; source: null };

function itemsOf(op: string, index: Index, x: Tensor, own: Tensor[], i: number): readonly Bare[] {
  if (index === null) return [{ is: 'newAxis', source: null }];
  if (typeof index === 'string') {
    return parseIndex(op, index).map((item): Bare => {
      if (item.is !== 'list') return item;
      return {
        is: 'tensor',
        tensor: listed(op, item.values as Nested, x, own),
        source: item.source,
      };
    });
  }
  if (typeof index === 'number' && Number.isInteger(index)) {
    return [{ is: 'position', at: index, source: null }];
  }
  if (index instanceof Tensor) return [{ is: 'tensor', tensor: whole(op, index), source: null }];
  if (Array.isArray(index) || ArrayBuffer.isView(index)) {
    return [{ is: 'tensor', tensor: listed(op, index, x, own), source: null }];
  }
  throw new Error(
    `${op}: index ${i} is ${named(index)}; it must be a whole number, a text such as '1:, ::-1', null for a new axis, a list or a tensor`,
  );
}

/** A list of positions or conditions as a tensor beside x. */
function listed(op: string, list: Nested | TypedArray, x: Tensor, own: Tensor[]): Tensor {
  const { device } = held(x, op);
  const values = (
    Array.isArray(list) ? list.flat(Infinity) : [...(list as Float32Array)]
  ) as unknown[];
  const flags = values.length > 0 && values.every((value) => typeof value === 'boolean');
  const odd = flags
    ? undefined
    : values.find((value) => !Number.isInteger(Number(value)) || typeof value === 'boolean');
  if (odd !== undefined) {
    throw new Error(`${op}: ${String(odd)} in a list of positions; they must be whole numbers`);
  }
  const tensor = made(op, list, shapeOf(op, list), flags ? 'bool' : 'i32', device);
  own.push(tensor);
  return tensor;
}

function whole(op: string, tensor: Tensor): Tensor {
  held(tensor, op);
  if (tensor.dtype === 'bool' ? tensor.shape.length > 0 : isInteger(tensor.dtype)) return tensor;
  if (tensor.dtype === 'bool')
    throw new Error(`${op}: a mask without axes; it must have one or more`);
  throw new Error(
    `${op}: an index is ${tensor.dtype}; it must be integers or a mask (cast it to i32)`,
  );
}

function axesTaken(item: Bare): number {
  if (item.is === 'newAxis' || item.is === 'ellipsis') return 0;
  return item.is === 'tensor' && item.tensor.dtype === 'bool' ? item.tensor.shape.length : 1;
}

function trues(op: string, mask: Tensor): number {
  sameForAll(op, mask);
  let count = 0;
  for (const value of mask.data()) if (value !== 0) count++;
  return count;
}

/** What comes after the index is the value. */
function parted(op: string, x: Tensor, given: readonly unknown[]) {
  const value = given.at(-1);
  if (given.length === 0 || value === undefined) {
    throw new Error(`${op}: no value; it comes after the index: ${op}('1:', value)`);
  }
  const fresh = !(value instanceof Tensor);
  const tensor = fresh ? literal(op, value, x) : (value as Tensor);
  held(tensor, op);
  return { indices: given.slice(0, -1) as readonly Index[], value: tensor, fresh };
}

function literal(op: string, value: unknown, x: Tensor): Tensor {
  const values = value as Exclude<TensorLike, Tensor>;
  return made(
    op,
    values,
    shapeOf(`${op}: value`, values, x.dtype === 'string'),
    x.dtype,
    held(x, op).device,
  );
}

function fits(op: string, shape: Shape, value: Tensor): void {
  try {
    broadcastAxes(op, shape, value.shape);
  } catch {
    throw new Error(
      `${op}: a value ${text(value.shape)} does not broadcast to the ${text(shape)} that the index means`,
    );
  }
}

function pointing(source: Source | null, f: () => unknown): void {
  try {
    f();
  } catch (error) {
    throw source === null ? error : pointed((error as Error).message, source);
  }
}

function quoted(indices: readonly Index[]): string {
  const [only] = indices;
  return indices.length === 1 && typeof only === 'string' ? `\n  ${only}` : '';
}
