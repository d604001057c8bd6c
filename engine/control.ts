import { functions } from './functions.ts';
import { Tensor } from './tensor.ts';

// Control flow by functions, for those who come from TensorFlow. Ops run at once, so JavaScript's own `if`, `while` and
// `for` do the same; gradients flow through what was run.

/** A truth that a function may be given: a tensor of one element, or a boolean. */
export type Truth = Tensor | boolean | number;

/**
 * What `trueFn` gives where `pred` holds, else what `falseFn` gives; the other is not called.
 *
 *     const root = tf.cond(x.min().greater(0), () => x.sqrt(), () => x.zerosLike());
 */
export function cond<R>(pred: Truth, trueFn: () => R, falseFn: () => R): R {
  callable('cond', { trueFn, falseFn });
  return holds('cond', pred) ? trueFn() : falseFn();
}

/**
 * Runs `body` on the loop's variables while `condition` of them holds, and
 * gives the last ones. Both get them as arguments; `body` gives as many new
 * ones in a list (or one alone). No more than `maximumIterations` are made,
 * where that is given.
 *
 *     const [i, power] = tf.whileLoop((i) => i.less(5), (i, p) => [i.add(1), p.mul(2)], [tf.scalar(0), tf.scalar(1)]);
 */
export function whileLoop<V extends readonly unknown[]>(
  condition: (...vars: V) => Truth,
  body: (...vars: V) => V | (V extends readonly [infer One] ? One : never),
  loopVars: V,
  maximumIterations = Infinity,
): V {
  callable('whileLoop', { condition, body });
  if (!Array.isArray(loopVars as unknown)) {
    throw new Error("whileLoop: the loop's variables come in a list, [i, sum]");
  }
  let vars = loopVars;
  for (let i = 0; i < maximumIterations && holds('whileLoop', condition(...vars)); i++) {
    const next = body(...vars);
    vars = (Array.isArray(next) ? next : [next]) as unknown as V;
    if (vars.length === loopVars.length) continue;
    throw new Error(
      `whileLoop: body gave ${vars.length} variables; the loop has ${loopVars.length}`,
    );
  }
  return vars;
}

/**
 * Carries `fn(accumulator, element)` through the first axis of `elems` (of
 * each of them, where there are several) and stacks what it gives from step to
 * step along a new first axis. It begins with `initializer`, or without one
 * with the first element; `reverse` begins at the end, and keeps the order.
 *
 *     const sums = tf.scan((sum, each) => sum.add(each), x); // as x.cumsum()
 */
export function scan<E extends Tensor | readonly Tensor[], A extends Tensor | readonly Tensor[]>(
  fn: (accumulator: A, element: E) => A,
  elems: E,
  initializer?: A,
  reverse = false,
): A {
  callable('scan', { fn });
  const list: readonly Tensor[] = elems instanceof Tensor ? [elems] : elems;
  const [count] = list[0]?.shape ?? [];
  if (count === undefined || list.some(({ shape }) => shape[0] !== count)) {
    throw new Error('scan: elems must be tensors with a first axis of one length');
  }
  const parts = list.map((tensor) => functions.unstack(tensor));
  const at = (i: number) =>
    (elems instanceof Tensor ? parts[0]![i]! : parts.map((part) => part[i]!)) as E;
  const order = Array.from({ length: count }, (_, i) => (reverse ? count - 1 - i : i));
  const made: A[] = [];
  let accumulator = initializer;
  for (const i of order) {
    accumulator = accumulator === undefined ? (at(i) as unknown as A) : fn(accumulator, at(i));
    made.push(accumulator);
  }
  if (accumulator === undefined || made.length === 0) {
    throw new Error('scan: there are no elements along the first axis, so nothing to stack');
  }
  if (reverse) made.reverse();
  if (accumulator instanceof Tensor) return functions.stack(made as Tensor[]) as unknown as A;
  const lists = made as unknown as readonly (readonly Tensor[])[];
  return accumulator.map((_, k) => functions.stack(lists.map((one) => one[k]!))) as unknown as A;
}

/**
 * What the function of that number gives; where there is none of that number, the `defaultFn`, or without one the last.
 *
 *     const activated = tf.switchCase(1, [() => x.relu(), () => x.tanh()]);
 */
export function switchCase<R>(
  branchIndex: Tensor | number,
  branchFns: readonly (() => R)[],
  defaultFn?: () => R,
): R {
  const index = branchIndex instanceof Tensor ? Number(branchIndex.item()) : branchIndex;
  const branch = Number.isInteger(index) ? branchFns[index] : undefined;
  const fn = branch ?? defaultFn ?? branchFns.at(-1);
  if (typeof fn === 'function') return fn();
  throw new Error('switchCase: there is no function to call; it takes a list of one or more');
}

function holds(op: string, truth: Truth): boolean {
  if (truth instanceof Tensor && truth.size !== 1) {
    throw new Error(
      `${op}: a condition of ${truth.size} elements is neither true nor false; all() or any() makes one of them`,
    );
  }
  return Boolean(truth instanceof Tensor ? truth.item() : truth);
}

function callable(op: string, functions: { readonly [name: string]: unknown }): void {
  for (const [name, fn] of Object.entries(functions)) {
    if (typeof fn === 'function') continue;
    throw new Error(`${op}: ${name} is ${String(fn)}; it must be a function`);
  }
}
