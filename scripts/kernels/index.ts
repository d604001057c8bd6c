import { tails } from './element.ts';
import { elementwise } from './elementwise.ts';
import { math } from './math.ts';
import { matMul } from './matmul.ts';
import { movement } from './movement.ts';
import { reduce } from './reduce.ts';

/** The whole AssemblyScript source of the kernels. */
export function assembly(): string {
  return [tails(), math(), elementwise(), movement(), reduce(), matMul()].join('\n');
}
