import type { Override, Overrides } from '../../../device.ts';
import { again } from '../outside/guard.ts';
import { activations } from './activation.ts';
import { attention } from './attention.ts';
import { batchNorms } from './batch-norm.ts';
import { onDenseInputs } from './dense-inputs.ts';
import { fouriers } from './fourier.ts';
import { groupNorms } from './group-norm.ts';
import { losses } from './loss.ts';
import { norms } from './norm.ts';
import { products } from './product.ts';
import { recurrent } from './recurrent.ts';
import { rows } from './rows.ts';
import { searches } from './search.ts';
import type { Tools } from './tools.ts';
import { updates } from './update.ts';

/** Ops and gradients the CPU does in one pass where the row is written in several ops. */
export function cpuOverrides(tools: Tools): Overrides {
  const alongRows: Overrides = {
    ...rows(tools),
    ...norms(tools),
    ...batchNorms(tools),
    ...groupNorms(tools),
    ...activations(tools),
    ...updates(tools),
  };
  const entries = Object.entries(alongRows).map(([name, override]): [string, Override] => [
    name,
    onDenseInputs(override, tools),
  ]);
  return whereThereIsRoom(tools, {
    ...Object.fromEntries(entries),
    ...recurrent(tools),
    ...products(tools),
    ...losses(tools),
    ...fouriers(tools),
    ...searches(tools),
    scaledDotProductAttention: attention(tools),
  });
}

/** Where an override finds no room to work in, the row's own ops serve, which need less of it at a time. */
function whereThereIsRoom({ temporaries }: Tools, overrides: Overrides): Overrides {
  const entries = Object.entries(overrides).map(([name, override]): [string, Override] => {
    const { forward, gradients } = override;
    const guarded: Override = {
      ...override,
      ...(forward && {
        forward(inputs, attrs, out) {
          try {
            return forward(inputs, attrs, out);
          } catch (error) {
            again(error, temporaries);
            return false;
          }
        },
      }),
      ...(gradients && {
        gradients(g, inputs, out, attrs, to, before) {
          try {
            return gradients(g, inputs, out, attrs, to, before);
          } catch (error) {
            again(error, temporaries);
            return false;
          }
        },
      }),
    };
    return [name, guarded];
  });
  return Object.fromEntries(entries);
}
