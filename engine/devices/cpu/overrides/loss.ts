import type { Buf, Override, Overrides } from '../../../device.ts';
import type { Weighed } from '../../../ops/loss.ts';
import type { Reduction } from '../../../reduction.ts';
import { buf } from '../conv.ts';
import { BENCH_AT } from '../room.ts';
import { address, away } from '../workshop.ts';
import { densely } from './dense-inputs.ts';
import { fits, type Kernel, type Tools } from './tools.ts';

/**
 * Cross entropies of a softmax: the losses of the rows in one pass, and their
 * gradient from what the logits are above, kept as `norms`. Not where weights
 * are given, or where something waits for a gradient of the labels.
 */
export function losses(tools: Tools): Overrides {
  const { sparseLoss, sparseLossGrad, denseLoss, denseLossGrad, within } = tools.all;
  const counts = within as unknown as (labels: number, m: number, n: number) => number;
  return {
    sparseSoftmaxCrossEntropy: loss(tools, sparseLoss!, sparseLossGrad!, {
      // The row says which label is none.
      labels(labels, m, n) {
        const dense = labels.dtype === 'i32' && labels.strides === null && !away(labels);
        return dense && counts(address(labels), m, n) === m;
      },
      step: () => 4,
      constants: () => [],
    }),
    softmaxCrossEntropy: loss(tools, denseLoss!, denseLossGrad!, {
      labels: (labels) => fits([labels]),
      step: (n) => 4 * n,
      constants: ({ labelSmoothing: s }, n) => [1 - s, s / n],
    }),
  };
}

interface Form {
  /** Whether these labels of m rows are what the kernels take. */
  labels(labels: Buf, m: number, n: number): boolean;
  /** How many bytes the labels of a row take. */
  step(n: number): number;
  constants(attrs: Weighed, n: number): readonly number[];
}

function loss(tools: Tools, forward: Kernel, gradient: Kernel, form: Form): Override {
  const { wasm, team, kernels, temporaries } = tools;
  const widest = Math.floor(wasm.exports.benchBytes() / 4);
  return {
    forward(inputs, attrs, outs) {
      const [labels, logits] = inputs as [Buf, Buf];
      const [out, kept] = outs as [Buf, Buf?];
      const n = logits.shape.at(-1)!;
      if (inputs.length > 2 || n > widest || !fits([logits, ...outs])) return false;
      const m = logits.size / n;
      if (!form.labels(labels, m, n)) return false;
      const { reduction } = attrs as Weighed;
      const each = reduction === 'none' ? address(out) : temporaries.take(4 * m);
      const constants = form.constants(attrs as Weighed, n);
      const args = [each, address(labels), address(logits), kept ? address(kept) : 0];
      args.push(m, n, ...constants, BENCH_AT);
      const steps = [4, form.step(n), 4 * n, kept ? 8 : 0, 0, 0, ...constants.map(() => 0), 0];
      const work = 12 * m * n;
      if (!team.wants(work) || !team.spread(forward, work, m, 1, 4, args, steps, args.length - 1))
        forward(...args);
      if (reduction !== 'none')
        kernels.reduce(reduction === 'sum' ? 'sum' : 'mean', out, buf(each, [m]), [0]);
      temporaries.end();
      return true;
    },
    saves: ['labels', 'logits'],
    hidden: {
      names: ['norms'],
      specs: ([, logits]) => {
        const n = logits!.shape.at(-1)!;
        return [{ shape: [n === 0 ? 0 : logits!.size / n, 2], dtype: 'f32' }];
      },
    },
    gradients: (arrived, inputs, outs, attrs, to) =>
      densely(tools, arrived, ([g]) => {
        const [labels, logits] = inputs as [Buf, Buf];
        const [toLabels, toLogits] = to;
        if (toLabels || !toLogits || !fits([g!, logits, outs[1]!, toLogits])) return false;
        const n = logits.shape.at(-1)!;
        const m = logits.size / n;
        const { reduction } = attrs as Weighed;
        const gStep = reduction === 'none' ? 4 : 0;
        const constants = form.constants(attrs as Weighed, n);
        const at = [toLogits, labels, logits, outs[1]!, g!].map(address);
        const args = [...at, m, n, gStep, divisor(reduction, m), ...constants];
        const steps = [4 * n, form.step(n), 4 * n, 8, gStep, ...args.slice(5).map(() => 0)];
        team.share(gradient, 8 * m * n, m, 1, 5, args, steps);
        return true;
      }),
  };
}

function divisor(reduction: Reduction, m: number): number {
  return reduction === 'none' || reduction === 'sum' ? 1 : m;
}
