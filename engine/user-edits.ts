import { at } from './indexing/at.ts';
import { promote } from './dtype.ts';
import { editHistory, LARGEST, sameElement, type Change } from './edit-history.ts';
import { apart, edit } from './edit.ts';
import { fit, parse, reader, write } from './element.ts';
import type { Element } from './element.ts';
import { quietly } from './evaluation.ts';
import { named } from './given.ts';
import { made } from './literals.ts';
import { denseStrides, text, type Shape } from './shape.ts';
import { Scope } from './scope.ts';
import { describe, held, Tensor } from './tensor.ts';

/**
 * Changes a debugger makes to a tensor in place. The storage gets the new
 * values, so every handle and view of it sees them; nodes already on a tape
 * keep the bytes their forward pass saw, because those are pinned. What does
 * not fit is an error that says what would, and changes nothing.
 */

/** One element; `value` is what the user typed. */
export function setElement(tensor: Tensor, index: readonly number[], value: string): void {
  held(tensor, 'edit');
  const element = parse(value, tensor.dtype);
  change(tensor, (put) => put(position(tensor, index), element));
}

/** All elements: from a number (a text, where it holds texts), a nested list or a typed array, or another tensor of that shape. */
export function assign(tensor: Tensor, value: unknown): void {
  held(tensor, 'edit');
  const elements = value instanceof Tensor ? ofTensor(tensor, value) : ofLiteral(tensor, value);
  change(tensor, (put) => {
    let i = 0;
    eachPosition(tensor, (at) => put(at, elements(i++)));
  });
}

/** What an index means (as for `at`: `0, :`): from the same, or from what broadcasts to it. */
export function assignAt(tensor: Tensor, index: string, value: unknown): void {
  held(tensor, 'edit');
  // Its elements may lie in other places afterwards.
  apart(tensor);
  const { positions, elements } = quietly(() => {
    const scope = new Scope();
    try {
      const part = at(tensor, [index]);
      return {
        positions: positionsOf(tensor, part, index),
        elements:
          value instanceof Tensor
            ? ofTensor(part, value.broadcastTo(part.shape))
            : ofLiteral(part, spread(value, part.shape)),
      };
    } finally {
      scope.end([]);
    }
  });
  change(tensor, (put) => positions.forEach((at, i) => put(at, elements(i))));
}

/** Where the elements lie that an index means; `part` is what it gives. */
function positionsOf(tensor: Tensor, part: Tensor, index: string): readonly number[] {
  const positions: number[] = [];
  if (part.storage === tensor.storage) {
    eachPosition(part, (position) => positions.push(position));
    return positions;
  }
  // What lists of positions pick is a copy: numbers in the place of the elements say of which.
  eachPosition(tensor, (position) => positions.push(position));
  const { shape, storage } = tensor;
  const numbers = made('edit', Int32Array.from(positions), shape, 'i32', storage.bytes.device);
  return Array.from(at(numbers, [index]).data(), Number);
}

/** Nested lists in a shape to which they broadcast; what does not is left as it is, for others to refuse. */
function spread(value: unknown, shape: Shape): unknown {
  if (!Array.isArray(value)) return value;
  let depth = 0;
  for (let level: unknown = value; Array.isArray(level); level = level[0]) depth++;
  const fill = (part: unknown, axis: number): unknown => {
    const length = shape[axis];
    if (length === undefined) return part;
    if (shape.length - axis > depth) return Array.from({ length }, () => fill(part, axis + 1));
    if (!Array.isArray(part)) return part;
    const list = part as readonly unknown[];
    return list.length === 1 && length > 1
      ? Array.from({ length }, () => fill(list[0], axis + 1))
      : list.map((inner) => fill(inner, axis + 1));
  };
  return fill(value, 0);
}

/** Where an element lies in the storage. */
export function position(tensor: Tensor, index: readonly number[]): number {
  const { shape, offset } = tensor;
  const strides = tensor.strides ?? denseStrides(shape);
  const inside =
    index.length === shape.length &&
    index.every((at, axis) => Number.isInteger(at) && at >= 0 && at < shape[axis]!);
  if (!inside) throw new Error(`${describe(tensor)} has no element ${text(index)}`);
  return index.reduce((at, n, axis) => at + n * strides[axis]!, offset);
}

/** Positions of all elements in the storage, row by row. */
export function eachPosition(tensor: Tensor, visit: (position: number) => void): void {
  const { shape, offset, size } = tensor;
  const strides = tensor.strides ?? denseStrides(shape);
  const walk = (axis: number, at: number): void => {
    if (axis === shape.length) return visit(at);
    for (let i = 0; i < shape[axis]!; i++) walk(axis + 1, at + i * strides[axis]!);
  };
  if (size > 0) walk(0, offset);
}

function change(
  tensor: Tensor,
  fill: (put: (position: number, value: Element) => void) => void,
): void {
  const written = new Map<number, { readonly before: Element; readonly after: Element }>();
  const small = tensor.size <= LARGEST;
  edit(tensor, (elements) => {
    const read = reader(tensor);
    fill((at, value) => {
      const before = read(at);
      write(elements, at, value, tensor.dtype);
      if (small) written.set(at, { before: written.get(at)?.before ?? before, after: read(at) });
    });
  });
  const changes: Change[] = [];
  let place = 0;
  if (small)
    eachPosition(tensor, (at) => {
      const found = written.get(at);
      if (found && !sameElement(found.before, found.after)) changes.push({ place, ...found });
      place++;
    });
  editHistory.add(tensor, small ? changes : null);
}

/** Takes an edit back: that one, or the last. What has been changed since stays; throws where that is all. */
export function undo(number?: number): Tensor {
  return turned(editHistory.undoing(number), 'undo');
}

/** Does again the edit that was undone last. */
export function redo(): Tensor {
  return turned(editHistory.redoing(), 'redo');
}

function turned(turn: ReturnType<typeof editHistory.undoing>, how: string): Tensor {
  const { tensor, changes, edit: what } = turn;
  held(tensor, how);
  const positions: number[] = [];
  eachPosition(tensor, (at) => positions.push(at));
  const read = reader(tensor);
  const still = changes.filter(({ place, after }) => sameElement(read(positions[place]!), after));
  if (still.length === 0 && changes.length > 0)
    throw new Error(
      `${how}: ${what.what} was written to since, so that nothing of the edit is left`,
    );
  edit(tensor, (elements) => {
    for (const { place, before } of still) write(elements, positions[place]!, before, tensor.dtype);
  });
  editHistory.turned(turn);
  return tensor;
}

/** The elements of a literal in row-major order. Everything is checked before the first is given out. */
function ofLiteral(tensor: Tensor, value: unknown): (i: number) => Element {
  const { shape, dtype, size } = tensor;
  if (
    /^(number|bigint|boolean)$/.test(typeof value) ||
    (dtype === 'string' && typeof value === 'string')
  ) {
    const element = fit(value, dtype);
    return () => element;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const list = value as unknown as ArrayLike<Element>;
    if (list.length !== size) throw misfit(tensor, `a typed array of ${list.length} elements`);
    const all = Array.from(list, (element) => fit(element, dtype));
    return (i) => all[i]!;
  }
  if (!Array.isArray(value)) throw misfit(tensor, named(value));
  const all: Element[] = [];
  const walk = (part: unknown, axis: number, where: string): void => {
    if (axis === shape.length) {
      if (Array.isArray(part)) throw misfit(tensor, 'a list with more axes');
      all.push(fit(part, dtype));
    } else if (!Array.isArray(part)) {
      throw misfit(tensor, where === '' ? named(part) : `a list with ${named(part)} at ${where}`);
    } else if (part.length !== shape[axis]) {
      throw misfit(
        tensor,
        where === '' ? `a list of ${part.length}` : `a list with ${part.length} at ${where}`,
      );
    } else part.forEach((inner, i) => walk(inner, axis + 1, `${where}[${i}]`));
  };
  walk(value, 0, '');
  return (i) => all[i]!;
}

function ofTensor(tensor: Tensor, value: Tensor): (i: number) => Element {
  held(value, 'edit');
  const wide = value.dtype === tensor.dtype || promote('edit', value.dtype, tensor.dtype);
  const same =
    value.shape.length === tensor.shape.length && text(value.shape) === text(tensor.shape);
  if (!same || (wide !== true && wide !== tensor.dtype)) throw misfit(tensor, describe(value));
  const read = reader(value);
  const all: Element[] = [];
  eachPosition(value, (at) => all.push(fit(read(at), tensor.dtype)));
  return (i) => all[i]!;
}

function misfit(tensor: Tensor, given: string): Error {
  const { shape, dtype } = tensor;
  const one = dtype === 'string' ? 'text' : 'number';
  const list =
    shape.length === 1 ? `a list of ${shape[0]} ${one}s` : `nested lists of ${text(shape)}`;
  const fits = shape.length === 0 ? `one ${one}` : `${list}, one ${one} for all`;
  return new Error(
    `${given} does not fit ${describe(tensor)}: ${fits} or a tensor ${describe({ dtype, shape })} would`,
  );
}
