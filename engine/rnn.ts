import { functions } from './functions.ts';
import type { Tensor } from './tensor.ts';

/** A step of a recurrent network: of an input and states the output and the next states. */
export type RnnStep<S extends readonly Tensor[]> = (
  input: Tensor,
  states: S,
) => readonly [output: Tensor, states: S];

export interface RnnOptions {
  /** The last step first; outputs lie in that order, as in Keras. */
  readonly goBackwards?: boolean;
  /** Inputs and outputs are `[time, batch, ...]`, not `[batch, time, ...]`. */
  readonly timeMajor?: boolean;
  /** `[batch, time]` (or the other way round), true where a step counts. Elsewhere states and output stay as they were; before the first step that counts, the output is zeros. */
  readonly mask?: Tensor;
}

/**
 * A step for each moment of a sequence: `rnn((x, [h]) => { const next =
 * tf.gruCell(x, h, ...); return [next, [next]]; }, inputs, [h])`. Gives all
 * outputs, the last one, and the last states. (Keras' and TensorFlow.js' name,
 * as a loop over ops: gradients flow through all of it.)
 *
 *     const { outputs, states } = tf.rnn(
 *       (x, [h]) => {
 *         const next = tf.matMul(x, w).add(h).tanh();
 *         return [next, [next]];
 *       },
 *       tf.ones([4, 5, 3]),
 *       [tf.zeros([4, 2])],
 *     );
 */
export function rnn<S extends readonly Tensor[]>(
  step: RnnStep<S>,
  inputs: Tensor,
  initialStates: S,
  { goBackwards = false, timeMajor = false, mask }: RnnOptions = {},
): { outputs: Tensor; lastOutput: Tensor; states: S } {
  const axis = timeMajor ? 0 : 1;
  const time = inputs.shape[axis];
  if (inputs.shape.length < 2 || !time) {
    throw new Error(
      `rnn: inputs are [${inputs.shape.join(',')}]; they must have a batch and one step of time or more (${timeMajor ? 'first time' : 'first the batch'})`,
    );
  }
  if (mask !== undefined && mask.shape.join() !== inputs.shape.slice(0, 2).join()) {
    throw new Error(
      `rnn: the mask is [${mask.shape.join(',')}]; beside inputs [${inputs.shape.join(',')}] it must be [${inputs.shape.slice(0, 2).join(',')}]`,
    );
  }
  const moments = functions.unstack(inputs, axis);
  const counts = mask === undefined ? undefined : functions.unstack(mask.cast('bool'), axis);
  const order = [...moments.keys()];
  if (goBackwards) order.reverse();
  const outputs: Tensor[] = [];
  let states = initialStates;
  for (const at of order) {
    const [output, next] = step(moments[at]!, states);
    const keep = (now: Tensor, before: Tensor) => held(counts?.[at], now, before);
    outputs.push(keep(output, outputs.at(-1) ?? output.zerosLike()));
    states = next.map((state, i) => keep(state, states[i]!)) as unknown as S;
  }
  return { outputs: functions.stack(outputs, axis), lastOutput: outputs.at(-1)!, states };
}

/** What is new, where this moment of a sequence counts. */
function held(counts: Tensor | undefined, now: Tensor, before: Tensor): Tensor {
  if (counts === undefined) return now;
  const wide = counts.reshape([...counts.shape, ...now.shape.slice(1).map(() => 1)]);
  return wide.where(now, before);
}
