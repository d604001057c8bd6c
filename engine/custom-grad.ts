import { functionGiven, tensorGiven } from './given.ts';
import { gradientsGiven, noteHandMade, unrecorded } from './hand-made.ts';
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
    let gradFunc: CustomGrad['gradFunc'];
    const out = unrecorded(() => {
      const made = forward(...inputs, (tensors) => (saved = tensors));
      if (!(made.value instanceof Tensor)) throw new Error('customGrad: `value` must be a tensor');
      gradFunc = made.gradFunc;
      if (typeof gradFunc !== 'function') {
        throw new Error('customGrad: `gradFunc` must be a function');
      }
      return made.value;
    });
    noteHandMade('customGrad', inputs, saved, [out], ([dy], values) =>
      gradientsGiven('customGrad', 'gradFunc', gradFunc(dy!, values), inputs.length),
    );
    return out;
  };
}
