import { tails } from './element.ts';
import { elementwise } from './elementwise.ts';
import { math } from './math.ts';

/** The whole AssemblyScript source of the kernels. */
export function assembly(): string {
  return [tails(), math(), elementwise()].join('\n');
}
