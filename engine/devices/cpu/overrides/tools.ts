import type { Buf, Kernels } from '../../../device.ts';
import type { Room, Temporaries } from '../room.ts';
import type { Team } from '../team.ts';
import type { Wasm } from '../wasm.ts';
import { away } from '../workshop.ts';

/** What overrides work with. */
export interface Tools {
  /** The compiled kernels by name; scripts/kernels says what their arguments are. */
  readonly all: { readonly [name: string]: Kernel };
  readonly wasm: Wasm;
  readonly team: Team;
  readonly kernels: Kernels;
  readonly room: Room;
  readonly temporaries: Temporaries;
}
export type Kernel = (...args: number[]) => void;

/** Dense f32 in the kernels' memory, and something of it. */
export function fits(bufs: readonly Buf[]): boolean {
  return bufs.every((x) => x.dtype === 'f32' && x.strides === null && x.size > 0 && !away(x));
}

/** As many rows give one partial sum where rows are added up: by that the sums are the same for any number of threads. */
export const BLOCK = 32;

/** The rows in whole blocks, and what is left of them. */
export function blocked(
  m: number,
  part: (from: number, rows: number, count: number) => void,
): void {
  const whole = Math.floor(m / BLOCK);
  if (whole > 0) part(0, BLOCK, whole);
  if (m > whole * BLOCK) part(whole * BLOCK, m - whole * BLOCK, 1);
}
