/**
 * The op records lie in a ring in shared memory, the oldest overwritten by the newest: what a debugger
 * reads has not changed if fewer than `RING` have begun since. A record holds numbers of 8 bytes, at
 * the positions in `Figure`, and whole numbers of 4 bytes, at those in `Word`. The header follows them.
 */
export const RING = 1 << 20;
export const RECORD_BYTES = 64;
export const RING_BYTES = (RING + 1) * RECORD_BYTES;
/** Counted in 8 bytes from the start of a record. Times in milliseconds; a duration below 0 is that of an op with no end. */
export const Figure = { START: 0, DURATION: 1, BYTES: 2, FLOPS: 3 } as const;
/** Counted in 4 bytes from the start of a record. */
export const Word = {
  /** Numbers of texts. */
  OP: 8,
  PATH: 9,
  SHAPES: 10,
  /** A number of places, or -1. */
  SITE: 11,
  /** How many records back the op lies in which it runs; 0 is none. */
  INSIDE: 12,
  STEP: 13,
  /** 1 in the backward pass. */
  BACKWARD: 14,
} as const;
/** Counted in 8 bytes from the start of the ring: the number of the profile's first record, and when it began (since 1970). */
export const HEADER = { FIRST: RING * 8, START: RING * 8 + 1 } as const;
