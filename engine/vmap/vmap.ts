import { Batch, within, type Randomness } from './batch.ts';
import { repeated } from './call.ts';
import { front } from './rules.ts';
import { Batched, inside, outside } from './batched.ts';
import { runBatched } from './run.ts';
import { functionGiven, named } from '../given.ts';
import { axisOf } from '../shape.ts';
import { state } from '../state.ts';
import { tensorsIn } from '../tidy.ts';
import { alias, describe, held, Tensor } from '../tensor.ts';

/** Along which axis an argument is batched: one for all its tensors; null where it is the same for all examples. */
export type InAxes = number | null | readonly (number | null)[];

export interface VmapOptions {
  /** Whether each example draws random numbers of its own, as in a loop (the default), or all draw the same. */
  readonly randomness?: Randomness;
}

/**
 * A function for one example made into one for a batch: `vmap(f)(xs)` gives
 * what a loop over the first axis of `xs` would, stacked, and runs each op of
 * `f` once, whatever the size of the batch.
 *
 *     const norms = tf.vmap((x) => x.square().sum().sqrt())(xs);
 *     const perExample = tf.vmap((x) => tf.grad((w) => loss(w, x))(weights))(xs);
 *
 * Arguments and results are tensors, or lists and records of them. `inAxes`
 * says along which axis they are batched, one number for all or one for each
 * argument, null for what is the same for all examples; `outAxes` where the
 * batch goes in the results. Inside, a tensor has the shape of one example;
 * its values cannot be read there, as they differ from example to example.
 * What `f` takes from around it is the same for all. It nests, and goes with
 * `grad`, `jvp` and tapes on either side. With the arguments of JAX's `vmap`.
 * Ops without a rule run example by example; docs/ops.md names them.
 */
export function vmap<A extends readonly any[], R>(
  f: (...args: A) => R,
  inAxes: InAxes = 0,
  outAxes: number | readonly number[] = 0,
  { randomness = 'different' }: VmapOptions = {},
): (...args: A) => R {
  functionGiven('vmap', f);
  return (...args) => {
    const axes = args.map((_, i) =>
      typeof inAxes === 'number' || inAxes === null ? inAxes : (inAxes[i] ?? null),
    );
    const size = sizeOf(args, axes);
    const { device } = held(tensorsIn(args)[0]!, 'vmap');
    const batch = new Batch(size, randomness, device, runBatched);
    const given = args.map((arg, i) => {
      const axis = axes[i]!;
      return axis === null ? arg : mapped(arg, (tensor) => entering(tensor, axis, batch));
    });
    const result = within([batch], () => f(...(given as unknown as A)));
    if (result instanceof Promise) {
      throw new Error(
        'vmap: the function returned a promise; what runs after an await is not batched',
      );
    }
    return leaving(result, outAxes, batch);
  };
}

function entering(tensor: Tensor, axis: number, batch: Batch): Tensor {
  const at = axisOf('vmap', axis, tensor.rank);
  return inside(at === 0 ? alias(tensor) : tensor.transpose(front(tensor.rank, at)), batch);
}

function leaving<R>(result: R, outAxes: number | readonly number[], batch: Batch): R {
  if (tensorsIn(result).length === 0) {
    throw new Error(`vmap: the function must return tensors, not ${named(result)}`);
  }
  const put = (value: unknown, axis: number): unknown =>
    mapped(value, (tensor) => {
      const whole =
        tensor instanceof Batched && tensor.batches.at(-1) === batch
          ? out(tensor)
          : repeated(tensor, batch);
      const to = axisOf('vmap', axis, whole.rank);
      if (to === 0) return whole;
      const order = whole.shape.map((_, i) => (i === to ? 0 : i < to ? i + 1 : i));
      return whole.transpose(order);
    });
  if (typeof outAxes === 'number') return put(result, outAxes) as R;
  if (Array.isArray(result) && result.length === outAxes.length) {
    return result.map((value, i) => put(value, outAxes[i]!)) as R;
  }
  throw new Error(
    `vmap: ${outAxes.length} outAxes for ${named(result)}; one number, or one for each result in a list`,
  );
}

/** The whole batch, under the care of whoever looked after the tensor inside. */
function out(tensor: Batched): Tensor {
  const whole = outside(tensor);
  const made = state.scope?.made;
  const at = made?.lastIndexOf(tensor) ?? -1;
  if (at >= 0) made![at] = whole;
  return whole;
}

/** How many examples there are; all arguments must agree. */
function sizeOf(args: readonly unknown[], axes: readonly (number | null)[]): number {
  let size = -1;
  let first = '';
  args.forEach((arg, i) => {
    const axis = axes[i]!;
    if (axis === null) return;
    const tensors = tensorsIn(arg);
    if (tensors.length === 0) {
      throw new Error(
        `vmap: argument ${i + 1} is ${named(arg)}; it must be a tensor, or have null among inAxes`,
      );
    }
    for (const tensor of tensors) {
      const length = tensor.shape[axisOf('vmap', axis, tensor.rank)]!;
      const what = `axis ${axis} of argument ${i + 1}, ${describe(tensor)},`;
      if (size < 0) [size, first] = [length, what];
      else if (size !== length) {
        throw new Error(`vmap: ${what} has ${length} examples, ${first} has ${size}`);
      }
    }
  });
  if (size >= 0) return size;
  throw new Error(
    `vmap: inAxes [${axes.map(String).join(',')}] for ${args.length} arguments name no batch; one argument at least needs an axis`,
  );
}

/** The same lists and records with other tensors in them. */
function mapped(value: unknown, f: (tensor: Tensor) => Tensor): unknown {
  if (value instanceof Tensor) return f(value);
  if (Array.isArray(value)) return value.map((each) => mapped(each, f));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mapped(each, f)]));
}
