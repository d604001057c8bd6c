import type { Override, Overrides } from '../../../device.ts';
import { address } from '../workshop.ts';
import { fits, type Kernel, type Tools } from './tools.ts';

/** Softmax and its logarithm. Their formulas serve where a tape records the backward pass. */
export function rows({ all, team }: Tools): Overrides {
  const { softmax, softmaxGrad, logSoftmax, logSoftmaxGrad } = all;
  const over = (kernel: Kernel, cost: number, m: number, n: number, at: readonly number[]) => {
    const work = cost * m * n;
    const args = [...at, m, n];
    const steps = args.map((_, i) => (i < at.length ? 4 * n : 0));
    team.share(kernel, work, m, 1, at.length, args, steps);
  };
  const both = (
    forward: Kernel,
    gradient: Kernel,
    cost: number,
    backward: Override['backward'],
  ): Override => ({
    forward([x], attrs, [out]) {
      const { axis } = attrs as { readonly axis: number };
      if (axis !== x!.shape.length - 1 || !fits([x!, out!])) return false;
      const n = x!.shape[axis]!;
      over(forward, 8, x!.size / n, n, [address(out!), address(x!)]);
      return true;
    },
    saves: ['out'],
    gradients([g], _, [y], attrs, [to]) {
      const { axis } = attrs as { readonly axis: number };
      if (axis !== y!.shape.length - 1 || !fits([g!, y!, to!])) return false;
      const n = y!.shape[axis]!;
      over(gradient, cost, y!.size / n, n, [address(to!), address(g!), address(y!)]);
      return true;
    },
    backward: backward!,
  });
  return {
    // dx_i = y_i (g_i - sum_j g_j y_j)
    softmax: both(softmax!, softmaxGrad!, 2, ([g], _, [y]) => {
      const weighed = g!.mul(y!);
      return [weighed.sub(y!.mul(weighed.sum(-1, true)))];
    }),
    // dx_i = g_i - exp(y_i) sum_j g_j
    logSoftmax: both(logSoftmax!, logSoftmaxGrad!, 6, ([g], _, [y]) => [
      g!.sub(y!.exp().mul(g!.sum(-1, true))),
    ]),
  };
}
