import { text, type Shape } from './shape.ts';

/**
 * Sections of arrays: from where to where along each axis and in which steps,
 * negative ones backwards, with axes that go and axes that come. Arithmetic on
 * lists of numbers; the masks are those of TensorFlow's strided slices.
 */
export interface Section {
  /** For each axis of the array where it begins, how far apart its elements lie, and how many there are. */
  readonly begin: readonly number[];
  readonly steps: readonly number[];
  readonly size: Shape;
  /** For each axis of the result which axis of the array it is; -1 is a new one. Axes that are not named have gone. */
  readonly kept: readonly number[];
  /** The shape of the result. */
  readonly shape: Shape;
}

/** One bit for each entry of a list of bounds. */
export interface Masks {
  /** The first bound is left out: from the end that the step comes from. */
  readonly begin: number;
  /** The second bound is left out: to the end that the step goes to. */
  readonly end: number;
  /** All axes that no other entry speaks of, whole. */
  readonly ellipsis: number;
  /** A new axis of length 1. */
  readonly newAxis: number;
  /** A single position, whose axis goes. */
  readonly shrink: number;
}

/** What an entry says of one axis, or of a new one. */
export type Entry =
  | { readonly at: number }
  | { readonly from: number | null; readonly to: number | null; readonly step: number }
  | 'new'
  | 'rest';

/** The section that bounds and masks mean, as TensorFlow reads them. */
export function bounded(
  op: string,
  shape: Shape,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  masks: Masks,
): Section {
  for (const list of [begin, end, strides]) {
    if (Array.isArray(list) && list.length === begin.length && list.every(Number.isInteger))
      continue;
    throw new Error(
      `${op}: begin, end and strides must be lists of as many whole numbers, not ${[begin, end, strides].map(written).join(', ')}`,
    );
  }
  const has = (mask: number, i: number) => ((mask >> i) & 1) === 1;
  const entries = begin.map((from, i): Entry => {
    if (has(masks.ellipsis, i)) return 'rest';
    if (has(masks.newAxis, i)) return 'new';
    if (has(masks.shrink, i)) return { at: from };
    return {
      from: has(masks.begin, i) ? null : from,
      to: has(masks.end, i) ? null : end[i]!,
      step: strides[i]!,
    };
  });
  return sectionOf(op, shape, entries);
}

/** The section that a list of entries means; axes without an entry are whole. */
export function sectionOf(op: string, shape: Shape, entries: readonly Entry[]): Section {
  const named = entries.filter((entry) => entry !== 'new' && entry !== 'rest').length;
  if (named > shape.length) {
    throw new Error(`${op}: ${named} axes are spoken of; ${text(shape)} has ${shape.length}`);
  }
  if (entries.indexOf('rest') !== entries.lastIndexOf('rest')) {
    throw new Error(`${op}: more than one ellipsis; there can be one`);
  }
  const all = entries.includes('rest') ? entries : [...entries, 'rest' as const];
  const begin: number[] = [];
  const steps: number[] = [];
  const size: number[] = [];
  const kept: number[] = [];
  for (const entry of all) {
    const axis = begin.length;
    if (entry === 'new') kept.push(-1);
    else if (entry === 'rest') {
      for (let i = axis; i < axis + shape.length - named; i++) {
        begin.push(0);
        steps.push(1);
        size.push(shape[i]!);
        kept.push(i);
      }
    } else if ('at' in entry) {
      begin.push(positionOf(op, entry.at, shape, axis));
      steps.push(1);
      size.push(1);
    } else {
      const stretch = stretchOf(op, shape[axis]!, entry.from, entry.to, entry.step);
      begin.push(stretch.begin);
      steps.push(entry.step);
      size.push(stretch.size);
      kept.push(axis);
    }
  }
  return { begin, steps, size, kept, shape: kept.map((axis) => (axis < 0 ? 1 : size[axis]!)) };
}

/** A position along an axis, counted from the end where it is negative; throws where there is none. */
export function positionOf(op: string, at: number, shape: Shape, axis: number): number {
  const length = shape[axis]!;
  if (at >= -length && at < length) return at < 0 ? at + length : at;
  const fits = length === 0 ? 'it is empty' : `${-length} to ${length - 1}`;
  throw new Error(`${op}: index ${at} lies outside axis ${axis} of ${text(shape)} (${fits})`);
}

/** Where a stretch of an axis begins and how many elements it has; bounds beyond the ends are cut off, as in Python. */
function stretchOf(
  op: string,
  length: number,
  from: number | null,
  to: number | null,
  step: number,
): { begin: number; size: number } {
  if (step === 0) throw new Error(`${op}: a step of 0 never arrives`);
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const within = (bound: number) =>
    Math.min(Math.max(bound < 0 ? bound + length : bound, low), high);
  const begin = from === null ? (step > 0 ? low : high) : within(from);
  const end = to === null ? (step > 0 ? high : low) : within(to);
  const size = Math.max(0, Math.ceil((end - begin) / step));
  return { begin: size === 0 ? 0 : begin, size };
}

/** The bounds and the mask of left-out ends that say a section without the axes that go and come. */
export function boundsOf({ begin, steps, size }: Pick<Section, 'begin' | 'steps' | 'size'>): {
  readonly end: readonly number[];
  readonly endMask: number;
} {
  const end = begin.map((from, i) => from + size[i]! * steps[i]!);
  // Before the first element there is no bound that could be written: -1 means the last.
  const endMask = end.reduce((mask, to, i) => (to < 0 ? mask | (1 << i) : mask), 0);
  return { end, endMask };
}

function written(list: unknown): string {
  return Array.isArray(list) ? text(list) : String(list);
}
