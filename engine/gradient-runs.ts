import { state } from './state.ts';
import { alias, type Tensor } from './tensor.ts';

/** Where somebody may change one of the gradients, no two of them are one handle. */
export function singly(
  made: readonly (Tensor | null | undefined)[],
  arrived: readonly (Tensor | undefined)[],
): readonly (Tensor | null | undefined)[] {
  return made.map((gradient, i) => {
    if (!gradient || (!arrived.includes(gradient) && made.indexOf(gradient) === i)) return gradient;
    const own = alias(gradient);
    state.scope?.made.push(own);
    return own;
  });
}
