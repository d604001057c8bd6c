import {
  along,
  any,
  box,
  filtered,
  list,
  one,
  positionOf,
  same,
  type Cells,
  type Question,
  type Rule,
  type Span,
} from './cells.ts';
import type { Shape } from '../shape.ts';

/** Ops that look along axes: reductions, running ones, orders, transforms. */

/** All elements along the reduced axes. */
const reduced: Rule = (question) => [stretch(question)];

/** Those that are the extreme: several, where they tie. */
const extreme: Rule = (question) => [picked(question, stretch(question))];

function stretch({ inputs: [x], attrs, index, out }: Question): Cells {
  const { axes } = attrs as { readonly axes: readonly number[] };
  return along(0, x!.shape, kept(index, axes, x!.shape, out.shape), axes);
}

/** The index in the input, where axes that were reduced count as 0. */
function kept(
  index: readonly number[],
  axes: readonly number[],
  shape: Shape,
  out: Shape,
): readonly number[] {
  if (out.length === shape.length) return index;
  let next = 0;
  return shape.map((_, axis) => (axes.includes(axis) ? 0 : index[next++]!));
}

function picked({ inputs, out, index }: Question, among: Cells): Cells {
  const value = out.value(positionOf(index, out.shape));
  return filtered(among, (at) => same(inputs[among.input]!.value(at), value));
}

/** The element whose place the result is. */
const placed: Rule = ({ inputs: [x], attrs, out, index }) => {
  const { axis } = attrs as { readonly axis: number };
  const place = Number(out.value(positionOf(index, out.shape)));
  const shape = x!.shape;
  const from =
    out.shape.length === shape.length
      ? index.with(axis, place)
      : [...index.slice(0, axis), place, ...index.slice(axis)];
  return [one(0, positionOf(from, shape))];
};

/** What was summed to that place. */
const running: Rule = (question) =>
  question.inputs.map(({ shape }, input) => box(input, shape, runTo(question, shape)));

function runTo({ attrs, index }: Question, shape: Shape): readonly Span[] {
  const { axis, reverse, exclusive = false } = attrs as Running;
  const before = exclusive ? 1 : 0;
  return shape.map((n, i): Span => {
    if (i !== axis) return [index[i]!, 1];
    return reverse ? [index[i]! + before, n - index[i]! - before] : [0, index[i]! + 1 - before];
  });
}
interface Running {
  readonly axis: number;
  readonly reverse: boolean;
  readonly exclusive?: boolean;
}

/** The first step has nothing before it to be multiplied. */
const recurrence: Rule = (question) => {
  const { attrs, inputs } = question;
  const { axis, reverse } = attrs as Running;
  const shape = inputs[0]!.shape;
  const spans = runTo(question, shape);
  const later = spans.map((span, i): Span => {
    if (i !== axis) return span;
    return reverse ? [span[0], span[1] - 1] : [1, span[1] - 1];
  });
  return [box(0, shape, later), box(1, shape, spans)];
};

const runningExtreme: Rule = (question) => {
  const { inputs, slot, attrs } = question;
  const [x] = inputs;
  if (slot === 1) return placed(question);
  const { reverse } = attrs as Running;
  const found = picked(question, box(0, x!.shape, runTo(question, x!.shape)));
  // Of several the last one on the way.
  return found.count === 0 ? [any(0, x!)] : [one(0, found.at(reverse ? 0 : found.count - 1))];
};

/** An element in order is one of those with its value. */
const sorted: Rule = (question) => {
  const { inputs, attrs, index } = question;
  const { axis } = attrs as { readonly axis: number };
  return [picked(question, along(0, inputs[0]!.shape, index, [axis]))];
};

/** All of the last axes: what makes a whole of them. */
const last =
  (count: number): Rule =>
  ({ inputs, index }) =>
    inputs.map(({ shape }, input) => {
      const axes = shape.map((_, axis) => axis).slice(-count);
      return along(input, shape, index, axes);
    });

/** The elements that a spectrum of real numbers is made of: those behind its length are cut off. */
const ofReal =
  (count: (length: number) => number): Rule =>
  ({ inputs: [x], attrs, index }) => {
    const { length } = attrs as { readonly length: number };
    const { shape } = x!;
    const axis = shape.length - 1;
    const spans = shape.map((n, i): Span => {
      return i === axis ? [0, Math.min(n, count(length))] : [index[i]!, 1];
    });
    return [box(0, shape, spans)];
  };

/** What was repeated is added up: all that lies at the same place. */
const sumTo: Rule = ({ inputs: [x], out, index }) => {
  const more = x!.shape.length - out.shape.length;
  const spans = x!.shape.map((n, axis): Span => {
    if (axis < more || out.shape[axis - more] === 1) return [0, n];
    return [index[axis - more]!, 1];
  });
  return [box(0, x!.shape, spans)];
};

const frame: Rule = ({ inputs: [signal], attrs, index }) => {
  const { step } = attrs as { readonly step: number };
  const [count, within] = index.slice(-2) as [number, number];
  const at = count * step + within;
  const length = signal!.shape.at(-1)!;
  if (at >= length) return [];
  return [one(0, positionOf([...index.slice(0, -2), at], signal!.shape))];
};

const overlapAndAdd: Rule = ({ inputs: [frames], attrs, index }) => {
  const { step } = attrs as { readonly step: number };
  const [count, length] = frames!.shape.slice(-2) as [number, number];
  const places: number[] = [];
  for (let i = 0; i < count; i++) {
    const within = index.at(-1)! - i * step;
    if (within < 0 || within >= length) continue;
    places.push(positionOf([...index.slice(0, -1), i, within], frames!.shape));
  }
  return [list(0, places)];
};

/** Drawn by what stands along the last axis. */
const drawn: Rule = ({ inputs: [x], index }) => [
  along(0, x!.shape, [...index.slice(0, -1), 0], [x!.shape.length - 1]),
];

export const axes = {
  sum: reduced,
  mean: reduced,
  prod: reduced,
  all: reduced,
  any: reduced,
  max: extreme,
  min: extreme,
  argMax: placed,
  argMin: placed,
  sumTo,
  cumsum: running,
  cumprod: running,
  cumLogSumExp: running,
  cummax: runningExtreme,
  cummin: runningExtreme,
  linearScan: recurrence,
  sort: sorted,
  argSort: placed,
  argsort: placed,
  fft: last(1),
  ifft: last(1),
  rfft: ofReal((length) => length),
  irfft: ofReal((length) => Math.floor(length / 2) + 1),
  fft2d: last(2),
  ifft2d: last(2),
  fft3d: last(3),
  ifft3d: last(3),
  frame,
  overlapAndAdd,
  categorical: drawn,
  multinomial: drawn,
  randomDirichlet: drawn,
} satisfies { readonly [op: string]: Rule };
