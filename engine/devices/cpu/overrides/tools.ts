import type { Buf } from '../../../device.ts';
import { denseStrides } from '../../../shape.ts';
import type { CpuKernels } from '../kernels.ts';
import type { Room, Temporaries } from '../room.ts';
import type { Team } from '../team.ts';
import type { Wasm } from '../wasm.ts';
import { away } from '../workshop.ts';

/** What overrides work with. */
export interface Tools {
  /** The compiled kernels by name; scripts/kernels says what their arguments are. */
  readonly all: { readonly [name: string]: Kernel };
  readonly wasm: Wasm;
  readonly memory: WebAssembly.Memory;
  readonly team: Team;
  readonly kernels: CpuKernels;
  readonly room: Room;
  readonly temporaries: Temporaries;
}
export type Kernel = (...args: number[]) => void;

/** Dense f32 in the kernels' memory, and something of it. */
export function fits(bufs: readonly Buf[]): boolean {
  return bufs.every((x) => x.dtype === 'f32' && x.strides === null && x.size > 0 && !away(x));
}

/** What matrix products take: f32 in the kernels' memory, however it lies. */
export function factors(bufs: readonly Buf[]): boolean {
  return bufs.every((x) => x.dtype === 'f32' && x.size > 0 && !away(x));
}

/** Matrices with their axes swapped: nothing is copied. */
export function turned({ shape, strides, dtype, size, offset, storage }: Buf): Buf {
  const swapped = <T>(list: readonly T[]): T[] => [
    ...list.slice(0, -2),
    list.at(-1)!,
    list.at(-2)!,
  ];
  const steps = swapped(strides ?? denseStrides(shape));
  return { shape: swapped(shape), strides: steps, dtype, size, offset, storage };
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
