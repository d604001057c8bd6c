import type { Element } from '../element.ts';
import type { Spec } from '../op.ts';
import { denseStrides, sizeOf, type Shape } from '../shape.ts';

/**
 * Which elements of an input fed one element of a result. They are not listed
 * but counted and asked for one by one, since a sum may be over all there are.
 */
export interface Cells {
  /** The input, where lists of tensors are spelled out. */
  readonly input: number;
  readonly count: number;
  /** The row-major position of each. */
  at(k: number): number;
  /** Each was multiplied by the one of the same number in the other cells that say so. */
  readonly factor?: true;
  /** Any of them may have fed it; which ones is not known. */
  readonly unsure?: true;
}

/** One element of a result, and what its op worked on. */
export interface Question {
  readonly inputs: readonly Given[];
  readonly attrs: any;
  /** The result, its number where there are several, and the place of the element. */
  readonly out: Given;
  readonly slot: number;
  readonly index: readonly number[];
}

/** A tensor whose elements can be asked for, by their row-major position. */
export interface Given extends Spec {
  value(position: number): Element;
}

/** What a row of the table of origins is. */
export type Rule = (question: Question) => readonly Cells[];

/** First index, how many, and the step between them, along one axis. */
export type Span = readonly [from: number, count: number, step?: number];

export function one(input: number, position: number): Cells {
  return { input, count: 1, at: () => position };
}

export function list(input: number, positions: readonly number[]): Cells {
  return { input, count: positions.length, at: (k) => positions[k]! };
}

/** All whose index along each axis is in its span. */
export function box(input: number, shape: Shape, spans: readonly Span[]): Cells {
  const strides = denseStrides(shape);
  const counts = spans.map(([, count]) => count);
  const first = spans.reduce((sum, [from], axis) => sum + from * strides[axis]!, 0);
  const steps = spans.map(([, , step = 1], axis) => step * strides[axis]!);
  const inner = denseStrides(counts);
  return {
    input,
    count: sizeOf(counts),
    at: (k) =>
      steps.reduce(
        (sum, step, axis) => sum + (Math.floor(k / inner[axis]!) % counts[axis]!) * step,
        first,
      ),
  };
}

/** The whole of an input, of which some may not matter. */
export function any(input: number, { shape }: Spec): Cells {
  return { input, count: sizeOf(shape), at: (k) => k, unsure: true };
}

/** Those of them that the test holds for. */
export function filtered(cells: Cells, fits: (position: number) => boolean): Cells {
  const found: number[] = [];
  for (let k = 0; k < cells.count; k++) if (fits(cells.at(k))) found.push(cells.at(k));
  return list(cells.input, found);
}

export function factors(...all: readonly Cells[]): readonly Cells[] {
  return all.map((cells) => ({ ...cells, factor: true }));
}

export function positionOf(index: readonly number[], shape: Shape): number {
  let position = 0;
  for (let axis = 0; axis < shape.length; axis++) position = position * shape[axis]! + index[axis]!;
  return position;
}

export function indexAt(position: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  for (let axis = shape.length - 1, rest = position; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

/** Where an input that broadcasts is read for an element of the result; the last axes meet. */
export function spreadFrom(index: readonly number[], shape: Shape): number {
  const before = index.length - shape.length;
  return positionOf(
    shape.map((n, axis) => (n === 1 ? 0 : index[before + axis]!)),
    shape,
  );
}

/** Whole axes, and single places along the others. */
export function along(
  input: number,
  shape: Shape,
  index: readonly number[],
  axes: readonly number[],
): Cells {
  return box(
    input,
    shape,
    shape.map((n, axis): Span => (axes.includes(axis) ? [0, n] : [index[axis]!, 1])),
  );
}

/** Whether two elements are the same value; not-a-number is, too. */
export function same(a: Element, b: Element): boolean {
  return a === b || (a !== a && b !== b);
}
