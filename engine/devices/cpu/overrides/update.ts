import { unbiased, type Adapting } from '../../../adam.ts';
import type { Override, Overrides } from '../../../device.ts';
import { address } from '../workshop.ts';
import { fits, type Kernel, type Tools } from './tools.ts';

/** Above so many bytes of a variable a second thread brings nothing, and room for other bytes costs much. */
const MOST = 2 ** 24;

/** What optimizers do, in one pass; over the old values where the results lie there. */
export function updates({ all, team }: Tools): Overrides {
  /** `cost` is in additions for an element; the constants follow the kernel's addresses and count. */
  const step = <A>(
    cost: number,
    kernelOf: (attrs: A) => Kernel,
    constants: (attrs: A) => readonly number[],
  ): Override => ({
    forward(inputs, attrs, outs) {
      if (!fits([...inputs, ...outs])) return false;
      const { size, storage } = outs[0]!;
      const work = cost * size;
      // A part that a lost thread left half done could not be done again, so threads want other bytes.
      const over = storage === inputs[0]!.storage;
      if (over && team.threads > 1 && work >= team.least && 4 * size <= MOST) return false;
      const kernel = kernelOf(attrs as A);
      const at = [...outs, ...inputs].map(address);
      const args = [...at, size, ...constants(attrs as A)];
      const steps = args.map((_, i) => (i < at.length ? 4 : 0));
      if (over) kernel(...args);
      else team.share(kernel, work, size, 64, at.length, args, steps);
      return true;
    },
  });
  const { sgdStep, momentumStep, nesterovStep, adamStep } = all;
  return {
    sgdStep: step<{ learningRate: number }>(
      2,
      () => sgdStep!,
      ({ learningRate }) => [learningRate],
    ),
    momentumStep: step<{ learningRate: number; momentum: number; nesterov: boolean }>(
      3,
      ({ nesterov }) => (nesterov ? nesterovStep! : momentumStep!),
      ({ learningRate, momentum }) => [learningRate, momentum],
    ),
    adamStep: step<Adapting>(
      6,
      () => adamStep!,
      (attrs) => {
        const { rate, spread } = unbiased(attrs);
        const { beta1, beta2, epsilon } = attrs;
        return [rate, spread, beta1, 1 - beta1, beta2, 1 - beta2, epsilon];
      },
    ),
  };
}
