/** The table beside the chart: ops by the time they took, and how two of them compare. */
import type { OpRecord, PlacedProfile } from '../../debug-adapter/protocol.ts';
import { forward, opText } from './colors.ts';
import { directionsOf } from './model.ts';
import { placeText } from '../trees/model.ts';

/** What is one row: an op, an op at given shapes, or an op on a line. */
export type By = 'op' | 'shapes' | 'line';

export interface Total {
  readonly key: string;
  readonly op: string;
  /** The shapes or the line, where rows are told apart by them. */
  readonly detail: string;
  readonly direction: OpRecord['direction'];
  count: number;
  /** Milliseconds, with the ops inside it; `own` without them. */
  total: number;
  own: number;
  mean: number;
  /** Of the time of all ops, without the ops inside it: the shares add up to one. */
  share: number;
}

export interface Totals {
  readonly rows: readonly Total[];
  /** The row of each record. */
  readonly of: readonly Total[];
}

export type Column = 'op' | 'count' | 'total' | 'own' | 'mean' | 'share';

export function totalsOf(profile: Pick<PlacedProfile, 'records' | 'places'>, by: By): Totals {
  const { records } = profile;
  const own = ownTimes(records);
  const directions = directionsOf(records);
  const totals = new Map<string, Total>();
  const of: Total[] = [];
  records.forEach((record, index) => {
    const direction = directions[index]!;
    const inside = direction !== record.direction ? 'in gradients' : '';
    const detail = [detailOf(profile, record, by), inside].filter(Boolean).join(' ');
    const key = `${opText(record)} ${detail}`;
    let row = totals.get(key);
    if (!row) {
      const op = opText(record);
      row = { key, op, detail, direction, count: 0, total: 0, own: 0, mean: 0, share: 0 };
      totals.set(key, row);
    }
    of.push(row);
    row.count++;
    row.total += record.duration;
    row.own += own[index]!;
  });
  const rows = [...totals.values()];
  const all = rows.reduce((sum, row) => sum + row.own, 0);
  for (const row of rows) {
    row.mean = row.total / row.count;
    row.share = all > 0 ? row.own / all : 0;
  }
  return { rows, of };
}

/** Each op's time without that of the ops inside it. */
export function ownTimes(records: readonly OpRecord[]): Float64Array {
  const own = Float64Array.from(records, (record) => record.duration);
  for (const record of records) if (record.parent >= 0) own[record.parent]! -= record.duration;
  return own.map((time) => Math.max(0, time));
}

function detailOf({ places }: Pick<PlacedProfile, 'places'>, record: OpRecord, by: By): string {
  if (by === 'op') return '';
  if (by === 'shapes') return record.shapes;
  const place = places[record.site];
  return place ? placeText(place) : 'no line';
}

export function sorted(rows: readonly Total[], column: Column, descending: boolean): Total[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted(
    (a, b) =>
      sign * (column === 'op' ? byName(a, b) : a[column] - b[column]) ||
      b.total - a.total ||
      byName(a, b),
  );
}

/** A gradient comes behind its op. */
function byName(a: Total, b: Total): number {
  const names = forward(a.op).localeCompare(forward(b.op), 'en');
  return names || Number(a.op !== forward(a.op)) - Number(b.op !== forward(b.op));
}

export interface Ratio {
  readonly total: string;
  readonly mean: string;
}

/** `7.4 : 1`: how much longer the first takes than the second. */
export const ratioOf = (a: Total, b: Total): Ratio => ({
  total: ratioText(a.total, b.total),
  mean: ratioText(a.mean, b.mean),
});

function ratioText(a: number, b: number): string {
  if (a === 0 && b === 0) return '1 : 1';
  if (b === 0) return '∞ : 1';
  const ratio = a / b;
  if (ratio >= 1) return `${ratio.toPrecision(ratio >= 100 ? 3 : 2)} : 1`.replace(/e\+?\d+/, '');
  return ratio > 0 ? `1 : ${(1 / ratio).toPrecision(2)}` : '0 : 1';
}
