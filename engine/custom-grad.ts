import { state } from './state.ts';
import { functionGiven, tensorGiven } from './given.ts';
import { noteHandMade } from './hand-made.ts';
import { Tensor } from './tensor.ts';
import './functions.ts';

/** What a function with a gradient of its own returns. */
export interface CustomGrad {
  readonly value: Tensor;
  /** From the gradient of the value to those of the inputs: one, or a list with null where nothing flows back. */
  readonly gradFunc: (dy: Tensor, saved: readonly Tensor[]) => Tensor | readonly (Tensor | null)[];
}

/** Keeps tensors for the gradient. */
export type Save = (tensors: readonly Tensor[]) => void;

/**
 * A function whose gradient is given, not derived. `save` keeps tensors for
 * `gradFunc`, which gets them as its second argument.
 *
 *     const clip = tf.customGrad((x) => ({
 *       value: x.clone(),
 *       gradFunc: (dy) => dy.clipByValue(-1, 1),
 *     }));
 */
export function customGrad(f: (x: Tensor, save: Save) => CustomGrad): (x: Tensor) => Tensor;
export function customGrad(
  f: (x: Tensor, y: Tensor, save: Save) => CustomGrad,
): (x: Tensor, y: Tensor) => Tensor;
export function customGrad(
  f: (x: Tensor, y: Tensor, z: Tensor, save: Save) => CustomGrad,
): (x: Tensor, y: Tensor, z: Tensor) => Tensor;
export function customGrad(f: (...args: never[]) => CustomGrad): (...inputs: Tensor[]) => Tensor {
  const forward = f as unknown as (...args: (Tensor | Save)[]) => CustomGrad;
  functionGiven('customGrad', f);
  return (...inputs) => {
    for (const input of inputs) tensorGiven('customGrad', 'an input', input);
    let saved: readonly Tensor[] = [];
    const { tape } = state;
    state.tape = null;
    let out: Tensor;
    let gradFunc: CustomGrad['gradFunc'];
    try {
      const made = forward(...inputs, (tensors) => (saved = tensors));
      if (!(made.value instanceof Tensor)) throw new Error('customGrad: `value` must be a tensor');
      // The result is a tensor of its own, also where the function gave one of its inputs back.
      out = inputs.includes(made.value) ? made.value.clone() : made.value;
      gradFunc = made.gradFunc;
      if (typeof gradFunc !== 'function') {
        throw new Error('customGrad: `gradFunc` must be a function');
      }
    } finally {
      state.tape = tape;
    }
    noteHandMade('customGrad', inputs, saved, [out], ([dy], values) => {
      const given = gradFunc(dy!, values);
      const list = given instanceof Tensor ? [given] : given;
      if (list.length !== inputs.length) {
        throw new Error(
          `customGrad: gradFunc gave ${list.length} gradients for ${inputs.length} inputs; null stands for none`,
        );
      }
      return list;
    });
    return out;
  };
}
