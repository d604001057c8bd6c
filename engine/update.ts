import { control } from './gate.ts';
import { opLog } from './op-log/log.ts';
import { isFree } from './storage.ts';
import { Gate, GATE, OP_COUNT, WATCH } from './protocol.ts';
import type { Ready } from './ready.ts';
import { run } from './run.ts';
import { sameShape } from './shape.ts';
import { aside } from './state.ts';
import { describe, held, Tensor } from './tensor.ts';
import type { Variable } from './variable.ts';
import { writing } from './writing.ts';

/**
 * Runs an op of an optimizer on variables and a gradient, and gives the
 * variables its results: `to` lists them in the order of these. Where the
 * device can, no one looks and no one else knows the bytes, the results are
 * written over what was there; the numbers are the same.
 */
export function update(
  op: Ready,
  inputs: readonly [variable: Variable, gradient: Tensor, ...rest: Variable[]],
  attrs: object,
  to: readonly Variable[],
): void {
  const [variable, gradient] = inputs;
  if (!sameShape(gradient.shape, variable.shape)) {
    throw new Error(
      `apply: the gradient ${describe(gradient)} does not fit the variable '${variable.name}', ${describe(variable)}; the shapes must be equal`,
    );
  }
  const { device } = held(variable, 'apply');
  opLog.refuse('apply');
  if ((control[GATE]! & SEEN) === 0 && to.every(({ storage }) => isFree(storage))) {
    if (inputs.every(({ storage }) => storage.bytes.device === device)) {
      for (const { storage } of to) storage.wrote();
      if (op.override(device)?.forward?.(inputs, attrs, to) === true) {
        control[OP_COUNT]!++;
        return;
      }
    }
  }
  const made = aside(() => run(op, inputs, attrs));
  const results = made instanceof Tensor ? [made] : (Object.values(made) as Tensor[]);
  results.forEach((result, i) => writing(to[i]!, op.name, () => to[i]!.take(result, 'update')));
}

/** Who only wants to know lines learns nothing from an update: its results are not taped, and have no other handle. */
const SEEN = WATCH | Gate.PROFILE | Gate.DATA | Gate.FINITE | Gate.VALUES;
