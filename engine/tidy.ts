import { functionGiven } from './given.ts';
import { state } from './state.ts';
import { scoped } from './scope.ts';
import { Tensor } from './tensor.ts';

/**
 * Runs `f` and then ends every tensor made in it, except those in what it
 * returns (a tensor, or lists and records of them) and variables. For those
 * who count bytes: without it, dropped tensors are found by themselves.
 *
 *     const norm = tf.tidy(() => x.square().sum().sqrt());
 */
export function tidy<R>(f: () => R): R {
  functionGiven('tidy', f);
  return scoped(f, (value) => {
    if (value instanceof Promise) {
      throw new Error(
        'tidy: the function returned a promise; tensors made after an await would not be ended',
      );
    }
    return tensorsIn(value);
  });
}

/**
 * Keeps a tensor beyond the tidy around it.
 *
 *     const doubled = tf.tidy(() => {
 *       const root = tf.keep(x.sqrt());
 *       return root.mul(2);
 *     });
 */
export function keep<T extends Tensor>(tensor: T): T {
  for (let scope = state.scope; scope !== null; scope = scope.outer) {
    const at = scope.made.indexOf(tensor);
    if (at >= 0) scope.made.splice(at, 1);
  }
  return tensor;
}

/**
 * Ends a tensor, or all tensors in lists and records.
 *
 *     const [root, square] = [x.sqrt(), x.square()];
 *     tf.dispose([root, square]);
 */
export function dispose(value: unknown): void {
  for (const tensor of tensorsIn(value)) tensor.dispose();
}

/** The tensors in a value: itself, or those in its lists, records and maps. */
export function tensorsIn(
  value: unknown,
  found: Tensor[] = [],
  seen = new Set<unknown>(),
): Tensor[] {
  if (value instanceof Tensor) {
    found.push(value);
  } else if (
    value !== null &&
    typeof value === 'object' &&
    !ArrayBuffer.isView(value) &&
    !seen.has(value)
  ) {
    seen.add(value);
    const parts =
      value instanceof Map
        ? value.values()
        : Array.isArray(value) || value instanceof Set
          ? value
          : Object.values(value);
    for (const part of parts) tensorsIn(part, found, seen);
  }
  return found;
}
