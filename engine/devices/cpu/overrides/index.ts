import type { Override, Overrides } from '../../../device.ts';
import { activations } from './activation.ts';
import { attention } from './attention.ts';
import { batchNorms } from './batch-norm.ts';
import { onDenseInputs } from './dense-inputs.ts';
import { losses } from './loss.ts';
import { norms } from './norm.ts';
import { products } from './product.ts';
import { recurrent } from './recurrent.ts';
import { rows } from './rows.ts';
import type { Tools } from './tools.ts';
import { updates } from './update.ts';

/** Ops and gradients the CPU does in one pass where the row is written in several ops. */
export function cpuOverrides(tools: Tools): Overrides {
  const alongRows: Overrides = {
    ...rows(tools),
    ...norms(tools),
    ...batchNorms(tools),
    ...activations(tools),
    ...updates(tools),
  };
  const entries = Object.entries(alongRows).map(([name, override]): [string, Override] => [
    name,
    onDenseInputs(override, tools),
  ]);
  return {
    ...Object.fromEntries(entries),
    ...recurrent(tools),
    ...products(tools),
    ...losses(tools),
    scaledDotProductAttention: attention(tools),
  };
}
