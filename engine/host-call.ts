import { tensor } from './creation.ts';
import { dtypeOf, type DType, type DTypeLike } from './dtype.ts';
import { functionGiven, named } from './given.ts';
import { gradientsGiven, noteHandMade, unrecorded } from './hand-made.ts';
import { scope } from './layer-scope.ts';
import { made as ofValues, shapeOf, type Values } from './literals.ts';
import { currentDevice } from './placement.ts';
import { checkShape, sameShape, text, type Shape } from './shape.ts';
import { describe, held, Tensor } from './tensor.ts';
import './functions.ts';

/** What a function of the host gives, and how gradients go through it. */
export interface HostCallOptions {
  readonly shape: Shape;
  readonly dtype: DTypeLike;
  /** From the gradient of the result, and the inputs, to the gradients of the inputs: one, or a list with null where nothing flows back. */
  readonly gradient?: (
    dy: Tensor,
    ...inputs: readonly Tensor[]
  ) => Tensor | readonly (Tensor | null)[];
}

/**
 * Calls a function of JavaScript among the ops: it takes tensors, may read their values, and gives a
 * tensor or values (a number, nested lists, a typed array) of the shape and dtype that are said. Ops
 * that run in it are recorded as ever, so that gradients flow through a tensor that it gives; through
 * values none flow, unless `gradient` says how. Throws where the result is of another shape or dtype.
 * (TensorFlow's `numpy_function` and `py_function`, JAX's `pure_callback`.)
 *
 *     const sorted = tf.hostCall((x) => x.data().toSorted(), [x.flatten()], { shape: [6], dtype: 'f32' });
 *     const cubed = tf.hostCall((x) => x.data().map((v) => v ** 3), [x.flatten()], {
 *       shape: [6],
 *       dtype: 'f32',
 *       gradient: (dy, x) => dy.mul(x.square()).mul(3),
 *     });
 */
export function hostCall(
  fn: (...inputs: Tensor[]) => Tensor | Values,
  inputs: readonly (Tensor | Values)[],
  options: HostCallOptions,
): Tensor {
  functionGiven('hostCall', fn);
  if (typeof (options as unknown) !== 'object' || (options as unknown) === null) {
    throw new Error(
      `hostCall: the third argument is ${named(options)}; it must say what comes, { shape, dtype }`,
    );
  }
  const { shape, dtype, gradient } = options;
  if (!Array.isArray(inputs)) {
    throw new Error(`hostCall: the inputs are ${named(inputs)}; they must be a list`);
  }
  const to = { shape: checkShape('hostCall', shape), dtype: dtypeOf('hostCall', dtype) };
  const given = inputs.map((x) => (x instanceof Tensor ? x : tensor(x as Values)));
  if (gradient === undefined) return called(fn, given, to);
  functionGiven('hostCall', gradient);
  const out = unrecorded(() => called(fn, given, to));
  noteHandMade(
    'hostCall',
    given,
    [],
    [out],
    ([dy], values) =>
      gradientsGiven('hostCall', 'gradient', gradient(dy!, ...values), given.length),
    true,
  );
  return out;
}

/** The result, checked against what was said of it. */
function called(
  fn: (...inputs: Tensor[]) => Tensor | Values,
  inputs: readonly Tensor[],
  { shape, dtype }: { readonly shape: Shape; readonly dtype: DType },
): Tensor {
  const made = scope('hostCall', () => fn(...inputs));
  if ((made as unknown) instanceof Promise) {
    throw new Error('hostCall: the function returned a promise; ops have their values at once');
  }
  if (!(made instanceof Tensor)) {
    if (made === undefined || made === null) {
      throw new Error(`hostCall: the function returned ${made}; it must give a tensor or values`);
    }
    shapeOf('hostCall', made, dtype === 'string');
    const [first] = inputs;
    const device = first === undefined ? currentDevice() : held(first.whole, 'hostCall').device;
    return ofValues('hostCall', made, shape, dtype, device);
  }
  if (sameShape(made.shape, shape) && made.dtype === dtype) return made;
  throw new Error(`hostCall: the function gave ${describe(made)}; ${dtype}${text(shape)} was said`);
}
