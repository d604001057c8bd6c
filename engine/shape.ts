/**
 * Shapes, strides and axes: arithmetic on lists of numbers. Errors name the
 * op, what came and what would fit.
 */
export type Shape = readonly number[];
/** One axis or several, negative ones counted from the end; null or left out means all. */
export type Axes = number | readonly number[] | null;

/** Where elements lie in their storage: what a view changes. Offset and strides count elements. */
export interface Layout {
  readonly shape: Shape;
  readonly offset: number;
  readonly strides: readonly number[] | null;
}

/** How errors write a shape. */
export function text(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A shape a user wrote, as a list of its own that stays when the user's changes; throws where it is none. */
export function checkShape(op: string, shape: Shape): Shape {
  if (isListOf(shape, 0)) return shape.slice();
  const hint = typeof shape === 'number' && Number.isInteger(shape) ? `: [${shape}]` : '';
  throw new Error(`${op}: a shape is a list of whole numbers${hint}, not ${written(shape)}`);
}

/** The shape two tensors broadcast to, aligned at the last axis. */
export function broadcast(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b) || b.length === 0) return a;
  if (a.length === 0) return b;
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new Error(
        `${op}: ${text(a)} and ${text(b)} do not broadcast (${m} against ${n}; lengths must be equal or 1, counted from the last axis)`,
      );
    }
    shape.push(m === 1 ? n : m);
  }
  return shape;
}

/** A user's axis as a position from 0. */
export function axisOf(op: string, axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  if (typeof axis === 'object') {
    throw new Error(`${op}: the axis is ${JSON.stringify(axis)}; it must be a whole number`);
  }
  throw new Error(
    `${op}: no axis ${axis} in a tensor of rank ${rank}` +
      (rank === 0 ? '' : ` (there are ${-rank} to ${rank - 1})`),
  );
}

/** A user's axes as positions from 0, in order, each once. */
export function axesOf(op: string, axes: Axes | undefined, rank: number): readonly number[] {
  if (axes === undefined || axes === null)
    return (all[rank] ??= Object.freeze([...Array(rank).keys()]));
  if (!Array.isArray(axes)) return [axisOf(op, axes as number, rank)];
  const list = (axes as readonly number[]).map((axis) => axisOf(op, axis, rank));
  if (new Set(list).size !== list.length) throw new Error(`${op}: an axis twice in ${text(list)}`);
  return list.sort((a, b) => a - b);
}

/** All axes, by rank. */
const all: (readonly number[])[] = [];

/** The shape left when `axes` (positions, in order) are reduced. */
export function reduced(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  const left: number[] = [];
  for (let i = 0, next = 0; i < shape.length; i++) {
    if (axes[next] !== i) left.push(shape[i]!);
    else {
      next++;
      if (keepDims) left.push(1);
    }
  }
  return left;
}

/** The axes of `shape` that a sum must take away to arrive at `target`, and whether it can. */
export function broadcastAxes(op: string, shape: Shape, target: Shape): readonly number[] {
  const lead = shape.length - target.length;
  const axes: number[] = [];
  for (let i = 0; i < shape.length; i++) {
    const n = shape[i]!;
    const to = i < lead ? 1 : target[i - lead]!;
    if (i < lead || (to === 1 && n !== 1)) axes.push(i);
    else if (to !== n) throw unfit(op, target, shape);
  }
  if (lead < 0) throw unfit(op, target, shape);
  return axes;
}

function unfit(op: string, target: Shape, shape: Shape): Error {
  return new Error(`${op}: ${text(target)} does not broadcast to ${text(shape)}`);
}

/** A user's new shape for that many elements; one length may be -1. */
export function filled(op: string, shape: Shape, from: Shape): Shape {
  if (isListOf(shape, 0) && sizeOf(shape) === sizeOf(from)) return shape.slice();
  if (!isListOf(shape, -1)) {
    throw new Error(
      `${op}: a shape is a list of whole numbers, one of them -1 if need be, not ${written(shape)}`,
    );
  }
  const size = sizeOf(from);
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((n) => n !== -1));
  if (shape.lastIndexOf(-1) !== open) throw new Error(`${op}: more than one -1 in ${text(shape)}`);
  const rest = size / known;
  if (open >= 0 ? !Number.isInteger(rest) : known !== size) {
    const needs = open >= 0 ? `a multiple of ${known}` : String(known);
    throw new Error(
      `${op}: ${text(from)} has ${size} elements, ${text(shape)} needs ${needs} of them`,
    );
  }
  return open >= 0 ? shape.with(open, rest) : shape.slice();
}

/** Row-major strides without gaps. */
export function denseStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Whether those strides mean row-major without gaps; strides of axes of length 1 do not count. */
export function isDense(shape: Shape, strides: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return sizeOf(shape) === 0;
    step *= shape[i]!;
  }
  return true;
}

export function stridesOf({ shape, strides }: Layout): readonly number[] {
  return strides ?? denseStrides(shape);
}

/** Strides for reading a tensor as if it had the (larger) shape: 0 along what repeats. */
export function broadcastStrides(x: Layout, shape: Shape): number[] {
  const strides = stridesOf(x);
  const lead = shape.length - x.shape.length;
  const wide: number[] = [];
  for (let i = 0; i < shape.length; i++) {
    wide.push(i < lead || x.shape[i - lead] !== shape[i] ? 0 : strides[i - lead]!);
  }
  return wide;
}

/** The strides under which a tensor can be read in a new shape, or null where it must be copied first. */
export function reshapedStrides(x: Layout, shape: Shape): readonly number[] | null {
  if (x.strides === null || sizeOf(shape) === 0) return denseStrides(shape);
  const from = x.shape.flatMap((n, i) => (n === 1 ? [] : [{ n, stride: x.strides![i]! }]));
  const strides = new Array<number>(shape.length).fill(1);
  let axis = shape.length - 1;
  // Runs of axes that lie in one another without gap can be cut anew; a run must be used up exactly.
  for (let i = from.length - 1; i >= 0;) {
    let run = from[i]!.n;
    const inner = from[i]!.stride;
    while (i > 0 && from[i - 1]!.stride === inner * run) run *= from[--i]!.n;
    i--;
    let used = 1;
    while (axis >= 0 && (used < run || shape[axis] === 1)) {
      strides[axis] = inner * used;
      used *= shape[axis--]!;
    }
    if (used !== run) return null;
  }
  return strides;
}

/** A list of whole numbers from `least` on. */
function isListOf(value: Shape, least: number): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) {
    if (!(Number.isSafeInteger(value[i]) && value[i]! >= least)) return false;
  }
  return true;
}

/** What a user wrote in place of a shape. */
function written(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(String).join(',')}]` : String(value);
}
