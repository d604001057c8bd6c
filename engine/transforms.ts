import { functionGiven, named, oneNumber, smoothGiven, tensorGiven } from './given.ts';
import { GradientTape } from './tape.ts';
import type { TapeOptions } from './tape-options.ts';
import { held, Tensor } from './tensor.ts';
import type { Variable } from './variable.ts';

/**
 * Functions made into functions that give gradients. They take tensors and
 * nest: `grad(grad(f))` is the second derivative.
 */

/**
 * Runs `f` with a tape that records until it returns: the same without `using`.
 *
 *     const slope = tf.gradientTape((tape) => {
 *       tape.watch(x);
 *       return tape.gradient(x.square().sum(), x); // 2 x
 *     });
 */
export function gradientTape<R>(f: (tape: GradientTape) => R, options?: TapeOptions): R {
  const tape = new GradientTape(options);
  try {
    return f(tape);
  } finally {
    tape.dispose();
  }
}

/**
 * The gradient of `f` with respect to its one argument; `dy` weighs the elements of f's result.
 *
 *     const slope = tf.grad((x) => x.square().sum())(x); // 2 x
 *     const second = tf.grad((x) => tf.grad((x) => x.pow(3).sum())(x).sum())(x); // 6 x
 */
export function grad(f: (x: Tensor) => Tensor): (x: Tensor, dy?: Tensor) => Tensor {
  functionGiven('grad', f);
  return (x, dy) => {
    const { value, grads } = differentiate('grad', f, [x], dy);
    value.dispose();
    return grads[0]!;
  };
}

/**
 * The gradients of `f` with respect to each of its arguments, given as a list.
 *
 *     const [dx, dy] = tf.grads((x, y) => x.mul(y).sum())([x, x.square()]);
 */
export function grads(
  f: (...xs: Tensor[]) => Tensor,
): (xs: readonly Tensor[], dy?: Tensor) => Tensor[] {
  functionGiven('grads', f);
  return (xs, dy) => {
    const { value, grads } = differentiate('grads', f, xs, dy);
    value.dispose();
    return grads;
  };
}

/**
 * The value of `f` at its one argument together with its gradient there.
 *
 *     const { value, grad } = tf.valueAndGrad((x) => x.square().sum())(x);
 */
export function valueAndGrad(
  f: (x: Tensor) => Tensor,
): (x: Tensor, dy?: Tensor) => { value: Tensor; grad: Tensor } {
  functionGiven('valueAndGrad', f);
  return (x, dy) => {
    const { value, grads } = differentiate('valueAndGrad', f, [x], dy);
    return { value, grad: grads[0]! };
  };
}

/**
 * The value of `f` at its arguments, given as a list, together with its gradients there.
 *
 *     const { value, grads } = tf.valueAndGrads((x, y) => x.mul(y).sum())([x, x.square()]);
 */
export function valueAndGrads(
  f: (...xs: Tensor[]) => Tensor,
): (xs: readonly Tensor[], dy?: Tensor) => { value: Tensor; grads: Tensor[] } {
  functionGiven('valueAndGrads', f);
  return (xs, dy) => differentiate('valueAndGrads', f, xs, dy);
}

/**
 * The value of `f()` and its gradients with respect to variables, by their
 * names: those listed, or else all trainable ones that `f` uses.
 *
 *     const { value, grads } = tf.variableGrads(() => model(x).sub(y).square().mean());
 *     optimizer.apply(Object.values(grads), [w, b]);
 */
export function variableGrads(
  f: () => Tensor,
  variables?: readonly Variable[],
): { value: Tensor; grads: { [name: string]: Tensor } } {
  functionGiven('variableGrads', f);
  using tape = new GradientTape({ watchAccessedVariables: variables === undefined });
  if (variables !== undefined) tape.watch(variables);
  const value = result('variableGrads', f());
  oneNumber('variableGrads', value);
  const list = variables ?? (tape.watchedVariables() as readonly Variable[]);
  if (list.length === 0) throw new Error('variableGrads: the function uses no trainable variable');
  const found = tape.gradient(value, list);
  const grads: { [name: string]: Tensor } = {};
  list.forEach(({ name }, i) => {
    if (Object.hasOwn(grads, name)) {
      throw new Error(`variableGrads: two variables are called '${name}'`);
    }
    const gradient = found[i];
    if (gradient) grads[name] = gradient;
  });
  return { value, grads };
}

function differentiate(
  op: string,
  f: (...xs: Tensor[]) => Tensor,
  xs: readonly Tensor[],
  dy: Tensor | undefined,
): { value: Tensor; grads: Tensor[] } {
  if (!Array.isArray(xs)) {
    throw new Error(`${op}: the arguments are ${named(xs)}; they must be a list of tensors`);
  }
  using tape = new GradientTape({ watchAccessedVariables: false });
  for (const x of xs) {
    held(tensorGiven(op, 'an argument', x), op);
    smoothGiven(op, 'an argument', x);
  }
  tape.watch(xs);
  const value = result(op, f(...xs));
  const found = tape.gradient(value, xs, dy === undefined ? {} : { outputGradients: dy });
  const missing = found.indexOf(null);
  if (missing >= 0) {
    for (const gradient of found) gradient?.dispose();
    throw new Error(
      `${op}: the result does not depend on ${xs.length === 1 ? 'the argument' : `argument ${missing + 1}`} by way of ops that have a gradient`,
    );
  }
  return { value, grads: found as Tensor[] };
}

function result(op: string, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw new Error(`${op}: the function must return a tensor, not ${named(value)}`);
}
