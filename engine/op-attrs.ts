import { quietly } from './evaluation.ts';
import { named as words } from './given.ts';
import { named } from './inputs.ts';
import { denseStrides, sizeOf, type Layout, type Shape } from './shape.ts';
import { aside } from './state.ts';
import { describe, Tensor } from './tensor.ts';
import { title } from './op-run.ts';
import type { OpRun } from './trace.ts';

/**
 * Other attributes for an op that is about to run, as a debugger sets them: an
 * axis, a rate, strides. What would not fit is found out by running the op with
 * them for a try, of which nothing is noticed; it is an error in words, and
 * changes nothing.
 */
export function setAttr(run: OpRun | null, name: string, value: unknown): void {
  const op = run && title(run);
  if (run?.phase !== 'before')
    throw new Error(
      `${op ?? 'the program'} is not about to run: attributes can be changed where the program stands before an op`,
    );
  const { attrs } = run;
  if (!Object.hasOwn(attrs ?? {}, name))
    throw new Error(`${op} has no attribute '${name}'${listed(attrs)}`);
  if (run.trial === undefined || run.name === 'accumulate')
    throw new Error(`${op}: '${name}' is shown only: nothing is computed from it`);
  const before = (attrs as { readonly [name: string]: unknown })[name];
  const rank = run.inputs[0]?.[1].shape.length ?? 0;
  const next = { ...attrs, [name]: like(`${op}: '${name}'`, before, value, isAxis(name), rank) };
  tried(run, next);
  run.attrs = next;
}

function listed(attrs: object): string {
  const names = Object.keys(attrs ?? {});
  return names.length ? `; it has ${names.join(', ')}` : '; it has none';
}

function isAxis(name: string): boolean {
  return /^(axis|axes)$/.test(name);
}

/** The value in the form of the one before, or an error that says what would be. */
function like(what: string, before: unknown, value: unknown, axis: boolean, rank: number): unknown {
  if (Array.isArray(before)) {
    if (!Array.isArray(value)) throw new Error(`${what} is ${words(value)}; it must be a list`);
    const kind: unknown = before[0] ?? 0;
    const list = value.map((each, i) => like(`${what}[${i}]`, before[i] ?? kind, each, axis, rank));
    if (!axis) return list;
    if (new Set(list).size < list.length) throw new Error(`${what} names an axis twice`);
    return list.toSorted((a, b) => Number(a) - Number(b));
  }
  if (before instanceof Tensor || (typeof before === 'object' && before !== null))
    throw new Error(
      `${what} is shown only; numbers, texts, switches and lists of them can be changed`,
    );
  if (axis && typeof before === 'number') {
    const inside = Number.isInteger(value) && Number(value) >= -rank && Number(value) < rank;
    if (inside) return Number(value) < 0 ? Number(value) + rank : value;
    throw new Error(
      `${what} is ${words(value)}; it must be a whole number from ${-rank} to ${rank - 1}`,
    );
  }
  if (before === null || before === undefined || typeof value === typeof before) return value;
  throw new Error(`${what} is ${words(value)}; it must be a ${typeof before}`);
}

/** Runs the op for a try; throws what it says. */
function tried(run: OpRun, attrs: object): void {
  const { call, inputs } = run;
  if (call !== undefined) {
    const { row } = call.op;
    const by = named(call.op, call.inputs);
    row.spec(by, attrs);
    const x = inputs[0]?.[1];
    if (row.view !== undefined && x !== undefined) within(run, row.view(x, attrs), x);
  }
  quietly(() =>
    aside(() => {
      const given = new Set(inputs.map(([, tensor]) => tensor));
      for (const [, tensor] of run.trial!(attrs)) if (!given.has(tensor)) tensor.dispose();
    }),
  );
}

/** A window must lie inside of the bytes; the row does not ask, for its own arguments always do. */
function within(run: OpRun, window: Layout | null, x: Tensor): void {
  if (window === null || sizeOf(window.shape) === 0) return;
  const { shape, offset, strides } = window;
  const dense =
    strides === null ? [offset, offset + sizeOf(shape) - 1] : reach(shape, offset, strides);
  const [low, high] = reach(x.shape, x.offset, x.strides ?? denseStrides(x.shape));
  if (shape.every((n) => Number.isInteger(n) && n >= 0) && dense[0]! >= low && dense[1]! <= high)
    return;
  throw new Error(`${title(run)}: this reaches outside of ${describe(x)}`);
}

function reach(shape: Shape, offset: number, strides: readonly number[]): [number, number] {
  let [low, high] = [offset, offset];
  shape.forEach((n, axis) => {
    const span = (n - 1) * strides[axis]!;
    if (span < 0) low += span;
    else high += span;
  });
  return [low, high];
}
