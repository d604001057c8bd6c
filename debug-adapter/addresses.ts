/** Addresses in the Disassembly View: ops of the op log, counted, as the editor writes addresses. */
import { errors } from './errors.ts';

/** The address of the first op. None is 0, which editors take for no address. */
const FIRST = 0x10000;

/** Where an op stands, by its number in the op log. */
export function addressOf(number: number): string {
  return `0x${(FIRST + number).toString(16).padStart(8, '0')}`;
}

/** The number of the op at an address, or so many ops further on. */
export function numberAt(reference: string, offset = 0): number {
  const address = /^\s*(0x[\da-f]+|\d+)\s*$/i.test(reference) ? Number(reference) : NaN;
  const number = address + offset - FIRST;
  if (!Number.isSafeInteger(number)) throw errors.noAddress(String(reference));
  return number;
}
