/**
 * The boxes of the flame chart, from the op records: steps, layer scopes in
 * them, ops in those, and the ops of composites below. Forward and backward
 * lie in lanes of their own. Everything drawn is computed here.
 */
import type { OpRecord } from '../../debug-adapter/protocol.ts';
import { opText } from './colors.ts';

export interface Box {
  readonly kind: 'step' | 'scope' | 'op';
  readonly name: string;
  readonly start: number;
  /** Grows while scopes are being filled. */
  end: number;
  readonly depth: number;
  /** The position of the box around it in the lane, or -1. */
  readonly parent: number;
  /** The position of the op's record; a step and a scope have none. */
  readonly record: number;
  /** Ops directly or indirectly in a step or scope. */
  ops: number;
}

export interface Lane {
  readonly direction: OpRecord['direction'];
  readonly boxes: readonly Box[];
  /** Positions of boxes, one list a depth, in order of time. */
  readonly rows: readonly (readonly number[])[];
}

/** Both lanes, forward first, in milliseconds since the start of the profile; a lane without ops is left out. */
export function lanesOf(records: readonly OpRecord[]): readonly Lane[] {
  const steps = records.some((record) => record.step !== records[0]!.step);
  const directions = directionsOf(records);
  const lanes = (['forward', 'backward'] as const).map((direction) =>
    lane(records, directions, direction, steps),
  );
  return lanes.filter(({ boxes }) => boxes.length > 0);
}

/** Ops that a gradient is made of belong to the backward pass, though each is an ordinary op. */
export function directionsOf(records: readonly OpRecord[]): readonly Lane['direction'][] {
  const directions: Lane['direction'][] = [];
  for (const { parent, direction } of records) directions.push(directions[parent] ?? direction);
  return directions;
}

function lane(
  records: readonly OpRecord[],
  directions: readonly Lane['direction'][],
  direction: Lane['direction'],
  steps: boolean,
): Lane {
  const boxes: Box[] = [];
  const rows: number[][] = [];
  const boxOf = new Map<number, number>();
  /** The open step and scopes, outermost first: what they are called and where their boxes are. */
  let open: { readonly name: string; readonly box: number }[] = [];

  const put = (box: Omit<Box, 'depth'>): number => {
    const depth = box.parent < 0 ? 0 : boxes[box.parent]!.depth + 1;
    const at = boxes.push({ ...box, depth }) - 1;
    (rows[depth] ??= []).push(at);
    return at;
  };

  records.forEach((record, index) => {
    if (directions[index] !== direction) return;
    const end = record.start + record.duration;
    let parent = boxOf.get(record.parent);
    if (parent === undefined) {
      open = scopesOf(record, steps).reduce<typeof open>((inner, name, depth) => {
        const same =
          open[depth]?.name === name && (depth === 0 || open[depth - 1] === inner[depth - 1]);
        if (same) return [...inner, open[depth]!];
        const kind = steps && depth === 0 ? 'step' : 'scope';
        const around = inner.at(-1)?.box ?? -1;
        const box = put({
          kind,
          name,
          start: record.start,
          end,
          parent: around,
          record: -1,
          ops: 0,
        });
        return [...inner, { name, box }];
      }, []);
      for (const { box } of open) {
        boxes[box]!.end = Math.max(boxes[box]!.end, end);
        boxes[box]!.ops++;
      }
      parent = open.at(-1)?.box ?? -1;
    }
    boxOf.set(
      index,
      put({
        kind: 'op',
        name: opText(record),
        start: record.start,
        end,
        parent,
        record: index,
        ops: 0,
      }),
    );
  });
  return { direction, boxes, rows };
}

/** `step 3`, `encoder`, `dense1` for an op of the third step in `encoder/dense1`. */
function scopesOf(record: OpRecord, steps: boolean): string[] {
  const scopes = record.path.split('/').filter(Boolean);
  return steps ? [`step ${record.step}`, ...scopes] : scopes;
}

/** The part of the time that is seen, in milliseconds. */
export interface View {
  readonly start: number;
  readonly end: number;
}

/** Nothing is shorter than this: a hundred nanoseconds across the screen. */
const SHORTEST = 1e-4;

export const wholeView = (lanes: readonly Lane[]): View => {
  const ends = lanes.flatMap(({ boxes, rows }) => (rows[0] ?? []).map((at) => boxes[at]!));
  const start = ends.reduce((least, box) => Math.min(least, box.start), Infinity);
  const end = ends.reduce((most, box) => Math.max(most, box.end), 0);
  return end > start ? { start, end } : { start: 0, end: 1 };
};

/** Zooms about a point; a factor below one goes nearer. Never beyond the whole. */
export function zoomed(view: View, whole: View, at: number, factor: number): View {
  const span = Math.min(
    whole.end - whole.start,
    Math.max(SHORTEST, (view.end - view.start) * factor),
  );
  const part = (at - view.start) / (view.end - view.start);
  return within({ start: at - part * span, end: at + (1 - part) * span }, whole);
}

export const panned = (view: View, whole: View, by: number): View =>
  within({ start: view.start + by, end: view.end + by }, whole);

/** A box with a little air at its sides. */
export function fitted(box: { readonly start: number; readonly end: number }, whole: View): View {
  const air = Math.max(SHORTEST / 2, (box.end - box.start) * 0.05);
  return within({ start: box.start - air, end: box.end + air }, whole);
}

function within({ start, end }: View, whole: View): View {
  const span = Math.min(end - start, whole.end - whole.start);
  const from = Math.min(Math.max(start, whole.start), whole.end - span);
  return { start: from, end: from + span };
}

/** Boxes of one depth in a view, in order of time; boxes that would share a pixel with the one before are left out. */
export function visible(lane: Lane, depth: number, view: View, width: number): readonly Box[] {
  const row = lane.rows[depth] ?? [];
  const pixel = (view.end - view.start) / width;
  const shown: Box[] = [];
  let free = -Infinity;
  for (let i = firstEndingAfter(lane, row, view.start); i < row.length; i++) {
    const box = lane.boxes[row[i]!]!;
    if (box.start > view.end) break;
    if (box.end < free) continue;
    shown.push(box);
    free = Math.max(box.end, box.start + pixel);
  }
  return shown;
}

/** Boxes of one depth do not overlap, so their ends are in order too. */
function firstEndingAfter(lane: Lane, row: readonly number[], time: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane.boxes[row[middle]!]!.end < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function boxAt(lane: Lane, depth: number, time: number, pixel: number): Box | null {
  const row = lane.rows[depth] ?? [];
  const box = lane.boxes[row[firstEndingAfter(lane, row, time - pixel)] ?? -1];
  return box && box.start <= time + pixel ? box : null;
}

export type Way = 'left' | 'right' | 'up' | 'down';

/** Where the arrow keys lead: beside it at the same depth, to the box around it, to the first in it. */
export function neighbour(lane: Lane, box: Box, way: Way): Box | null {
  if (way === 'up') return lane.boxes[box.parent] ?? null;
  if (way === 'down') {
    const below = lane.rows[box.depth + 1] ?? [];
    const first = lane.boxes[below[firstEndingAfter(lane, below, box.start)] ?? -1];
    return first && lane.boxes[first.parent] === box ? first : null;
  }
  const row = lane.rows[box.depth]!;
  const at = row.findIndex((position) => lane.boxes[position] === box);
  return lane.boxes[row[at + (way === 'left' ? -1 : 1)] ?? -1] ?? null;
}

/** Whether a box is meant by what was typed: a part of the op, of its path or of its shapes. */
export function found(box: Box, records: readonly OpRecord[], text: string): boolean {
  const record = records[box.record];
  const about = record ? `${record.path}/${box.name} ${record.shapes}` : box.name;
  return about.toLowerCase().includes(text.toLowerCase());
}

export interface Tick {
  readonly time: number;
  readonly text: string;
}

/** Units of the ruler, in milliseconds. */
const UNITS: readonly (readonly [name: string, size: number])[] = [
  ['s', 1e3],
  ['ms', 1],
  ['µs', 1e-3],
  ['ns', 1e-6],
];

/** Round times for the ruler: at most one a hundred pixels, all in one unit and with as many digits as tell them apart. */
export function ticks(view: View, width: number): readonly Tick[] {
  const span = view.end - view.start;
  const rough = span / Math.max(1, width / 100);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const [name, size] = UNITS.find(([, least]) => view.end >= least) ?? UNITS.at(-1)!;
  const decimals = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  const list: Tick[] = [];
  for (let k = Math.ceil(view.start / step); k * step <= view.end; k++) {
    const time = k * step;
    list.push({ time, text: k === 0 ? '0' : `${(time / size).toFixed(decimals)} ${name}` });
  }
  return list;
}
