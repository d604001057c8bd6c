/**
 * One direction of a virtual grid: which item stands first at which scroll
 * offset. Browsers cannot lay out more than some ten million pixels; a longer
 * track is squeezed, so that its last item is still at the end of the scroll
 * bar.
 */
export interface Track {
  readonly count: number;
  /** Pixels of one item, and of the space where items are seen. */
  readonly unit: number;
  readonly space: number;
}

const LONGEST = 8_000_000;

/** Items that are seen whole. */
export const seen = ({ unit, space }: Track): number => Math.max(1, Math.floor(space / unit));

/** The first item when scrolled to the end. */
export const lastFirst = (track: Track): number => Math.max(0, track.count - seen(track));

/** Pixels to scroll over; nought where all is seen. */
export const scrollLength = (track: Track): number =>
  Math.min(lastFirst(track) * track.unit, LONGEST);

export function firstAt(track: Track, offset: number): number {
  const length = scrollLength(track);
  if (length === 0) return 0;
  return Math.min(lastFirst(track), Math.max(0, Math.round((offset / length) * lastFirst(track))));
}

export function offsetAt(track: Track, first: number): number {
  const last = lastFirst(track);
  return last === 0 ? 0 : (first / last) * scrollLength(track);
}

/** The nearest first item with which `item` is seen. */
export function firstToSee(track: Track, first: number, item: number): number {
  if (item < first) return item;
  const beyond = item - (first + seen(track) - 1);
  return Math.min(lastFirst(track), beyond > 0 ? first + beyond : first);
}
