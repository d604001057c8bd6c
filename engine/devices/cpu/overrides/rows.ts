import type { Buf, Override, Overrides } from '../../../device.ts';
import { buf } from '../conv.ts';
import { denseStrides, isDense } from '../../../shape.ts';
import { address, away } from '../workshop.ts';
import { fits, type Kernel, type Tools } from './tools.ts';

/** Softmax and its logarithm. Their formulas serve where a tape records the backward pass. */
export function rows(tools: Tools): Overrides {
  const { softmax, softmaxGrad, logSoftmax, logSoftmaxGrad } = tools.all;
  return {
    // dx_i = y_i (g_i - sum_j g_j y_j)
    softmax: along(tools, softmax!, softmaxGrad!, 2, ([g], _, [y], attrs) => {
      const weighed = g!.mul(y!);
      return [weighed.sub(y!.mul(weighed.sum((attrs as Attrs).axis, true)))];
    }),
    // dx_i = g_i - exp(y_i) sum_j g_j
    logSoftmax: along(tools, logSoftmax!, logSoftmaxGrad!, 6, ([g], _, [y], attrs) => [
      g!.sub(y!.exp().mul(g!.sum((attrs as Attrs).axis, true))),
    ]),
  };
}

interface Attrs {
  readonly axis: number;
}

/** An op along the last axis, and along another one where that is how the input lies in memory. */
function along(
  { kernels, team, temporaries }: Tools,
  kernel: Kernel,
  gradient: Kernel,
  cost: number,
  backward: NonNullable<Override['backward']>,
): Override {
  const over = (kernel: Kernel, cost: number, m: number, n: number, at: readonly number[]) => {
    const args = [...at, m, n];
    const steps = args.map((_, i) => (i < at.length ? 4 * n : 0));
    team.share(kernel, cost * m * n, m, 1, at.length, args, steps);
  };
  return {
    forward([x], attrs, [out]) {
      const { axis } = attrs as Attrs;
      const last = axis === x!.shape.length - 1;
      if (!fits([out!])) return false;
      const n = x!.shape[axis]!;
      if (last && fits([x!])) {
        over(kernel, 8, x!.size / n, n, [address(out!), address(x!)]);
        return true;
      }
      if (last || !turns(x!, axis)) return false;
      const { length } = x!.shape;
      const at = temporaries.take(4 * x!.size);
      over(kernel, 8, x!.size / n, n, [at, address(x!)]);
      // Back from where the axis is last to where it was.
      const rest = x!.shape.toSpliced(axis, 1);
      const lead = denseStrides([...rest, n]);
      const strides = lead.slice(0, length - 1).toSpliced(axis, 0, 1);
      kernels.map('identity', out!, buf(at, x!.shape, strides));
      temporaries.end();
      return true;
    },
    saves: ['out'],
    gradients([g], _, [y], attrs, [to]) {
      const { axis } = attrs as Attrs;
      if (axis !== y!.shape.length - 1 || !fits([g!, y!, to!])) return false;
      const n = y!.shape[axis]!;
      over(gradient, cost, y!.size / n, n, [address(to!), address(g!), address(y!)]);
      return true;
    },
    backward,
  };
}

/** Whether x would be dense with that axis last. */
function turns(x: Buf, axis: number): boolean {
  if (x.strides === null || x.dtype !== 'f32' || away(x)) return false;
  const shape = [...x.shape.toSpliced(axis, 1), x.shape[axis]!];
  return isDense(shape, [...x.strides.toSpliced(axis, 1), x.strides[axis]!]);
}
