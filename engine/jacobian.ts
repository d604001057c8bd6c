import { eye } from './creation.ts';
import {
  inForm,
  sourcesIn,
  type GradientsOf,
  type Sources,
  type Unconnected,
} from './gradient-request.ts';
import type { GradientTape } from './tape.ts';
import { describe, type Tensor } from './tensor.ts';
import { vmap } from './vmap/vmap.ts';

/**
 * All first derivatives of a target: one walk over the tape for all of its
 * elements at once, each op of it once, by vmap.
 */
export function jacobians<S extends Sources, U extends Unconnected>(
  tape: GradientTape,
  target: Tensor,
  sources: S,
  unconnectedGradients: U | undefined,
): GradientsOf<S, U> {
  const basis = eye(target.size, target.size, undefined, target.dtype);
  const rows = basis.reshape([target.size, ...target.shape]);
  const found = walked(tape, target, sources, rows, unconnectedGradients);
  const shaped = found.map(
    (rows) => rows?.reshape([...target.shape, ...rows.shape.slice(1)]) ?? null,
  );
  return inForm(sources, shaped);
}

/** The same for each example of a batch by itself: `[b, ...target, ...source]`. */
export function batchJacobian(tape: GradientTape, target: Tensor, source: Tensor): Tensor | null {
  const size = target.shape[0];
  if (size === undefined || source.shape[0] !== size) {
    throw new Error(
      `batchJacobian: the target is ${describe(target)}, the source ${describe(source)}; both must have the batch along their first axis`,
    );
  }
  const [own, other] = [target.shape.slice(1), source.shape.slice(1)];
  const count = own.reduce((a, b) => a * b, 1);
  const basis = eye(count, count, undefined, target.dtype).reshape([count, 1, ...own]);
  const rows = basis.broadcastTo([count, size, ...own]);
  const [found] = walked(tape, target, source, rows, undefined);
  if (!found) return null;
  const order = found.shape.map((_, i) => (i === 0 ? 1 : i === 1 ? 0 : i));
  return found.transpose(order).reshape([size, ...own, ...other]);
}

/** The gradients of every source for every row of output gradients; null where there is none. */
function walked(
  tape: GradientTape,
  target: Tensor,
  sources: Sources,
  rows: Tensor,
  unconnectedGradients: Unconnected | undefined,
): readonly (Tensor | null)[] {
  const list = sourcesIn(sources);
  let there: readonly boolean[] = [];
  const found = vmap((outputGradients: Tensor) => {
    const options = unconnectedGradients === undefined ? {} : { unconnectedGradients };
    const gradients = tape.gradient(target, list, { outputGradients, ...options });
    there = gradients.map((gradient) => gradient !== null);
    return [outputGradients, ...gradients.filter((gradient) => gradient !== null)];
  })(rows);
  let next = 1;
  return there.map((is) => (is ? found[next++]! : null));
}
