/** What of an op goes into the record of a run, and what comes of comparing it: a part of the door, protocol.ts. */
import type { Num, Site, Stats } from '../protocol.ts';

/** An op that the program itself has called, with what it made. */
export interface OpNote {
  /** `matMul`, `∇matMul`. */
  readonly op: string;
  /** With the layer scopes and ops around it, `encoder/matMul`. */
  readonly path: string;
  readonly site?: Site;
  readonly step: number;
  /** `f32[2,3]`, one for each. */
  readonly inputs: readonly string[];
  readonly outputs: readonly OutputNote[];
}

export interface OutputNote {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Of all its bits: 16 digits. */
  readonly checksum: string;
  readonly stats: Stats;
  /** Up to `SAMPLES` elements, at even distances from the first to the last; of complex ones both parts. Text has none. */
  readonly sample: readonly Num[];
  /** All elements, row-major and little-endian, 16-bit floats as f32; null for text. To be read at once. */
  values(): Uint8Array | null;
}
export const SAMPLES = 16;

/** An op that made something else than it did in the run that is compared with. */
export interface Departure {
  readonly message: string;
  /** What a condition may speak of. */
  readonly facts: { readonly [name: string]: unknown };
  /** The last op that was as it should be; then this one. */
  readonly chain: readonly { readonly op: string; readonly what: string; readonly site?: Site }[];
}
