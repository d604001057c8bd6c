/**
 * Collects the op records of a session in pieces, so that a long run is never
 * asked for at once and what the program's ring overwrites is already here.
 */
import type { OpRecord, PlacedProfile } from '../../debug-adapter/protocol.ts';

/** More than this the chart does not keep; later ones are counted as lost. */
export const MOST = 500_000;

export interface Gathered {
  /** All so far, as one profile. */
  readonly profile: PlacedProfile;
  /** Asks for all that has come until now, one question at a time. */
  more(): Promise<void>;
  /** Takes records that came unasked, from number `first` on. */
  add(part: PlacedProfile, first: number): void;
}

export function gather(
  ask: (from: number) => Promise<PlacedProfile>,
  added: (part: PlacedProfile, from: number) => void,
): Gathered {
  const records: OpRecord[] = [];
  let known: PlacedProfile = { start: 0, duration: 0, lost: 0, records, sites: [], places: [] };
  let asked = 0;
  let lost = 0;
  /** From this number on no record is missing. */
  let whole = 0;
  let under: Promise<void> | null = null;
  /** Somebody wants what came after the last question. */
  let again = false;

  async function all(): Promise<void> {
    for (;;) {
      again = false;
      const from = asked;
      const part = await ask(from);
      if (part.records.length > 0) take(part, from + part.lost);
      else if (!again) return;
    }
  }

  function more(): Promise<void> {
    again = true;
    return (under ??= all().finally(() => (under = null)));
  }

  /** Takes what is new of the records that begin with number `first`; some may be here already, some may be lost. */
  function take(part: PlacedProfile, first: number): void {
    const from = records.length;
    const fresh = part.records.slice(Math.max(0, asked - first));
    const missing = Math.max(0, first - asked);
    first = Math.max(first, asked);
    asked = first + fresh.length;
    if (fresh.length === 0) return;
    if (missing > 0) whole = first;
    // Records name the one around them by its number in the program; here it is the place in the list.
    const shift = first - from;
    const room = fresh.slice(0, Math.max(0, MOST - from)).map((record) => ({
      ...record,
      parent: record.parent < whole ? -1 : record.parent - shift,
    }));
    lost += missing + fresh.length - room.length;
    // One by one: a call does not take a hundred thousand arguments everywhere.
    for (const record of room) records.push(record);
    known = { ...part, lost, records };
    added({ ...part, lost, records: room }, from);
  }

  return {
    get profile() {
      return known;
    },
    more,
    add: take,
  };
}
