import { brief } from './brief.ts';
import type { Buf } from './device.ts';
import type { Num, Stats } from './protocol.ts';
import { statsOf } from './stats.ts';

/**
 * What `stats(t)` gives in conditions, in messages and in the console: numbers
 * to compute with, and one line where it is shown.
 */
export class Summary {
  readonly nan: number;
  readonly inf: number;
  readonly zeros: number;

  constructor(nan: number, inf: number, zeros: number) {
    this.nan = nan;
    this.inf = inf;
    this.zeros = zeros;
  }

  /** As a row of the debugger says it; what there is none of is left out. */
  line(): string {
    const counted = Object.entries({ NaN: this.nan, Inf: this.inf, zeros: this.zeros });
    return counted
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${count}`)
      .join('  ');
  }
}

/** Of one tensor. */
class Whole extends Summary implements Stats {
  readonly count: number;
  readonly mean: Num;
  readonly sd: Num;
  readonly min: Num;
  readonly max: Num;
  readonly sampled: boolean;

  constructor({ count, mean, sd, min, max, nan, inf, zeros, sampled }: Stats) {
    super(nan, inf, zeros);
    this.count = count;
    this.mean = mean;
    this.sd = sd;
    this.min = min;
    this.max = max;
    this.sampled = sampled;
  }

  override line(): string {
    const { min, max, mean, sd } = this;
    const figures = Object.entries({ min, max, mean, sd }).map(
      ([name, value]) => `${name} ${brief(value)}`,
    );
    return [...figures, super.line()].filter((part) => part !== '').join('  ');
  }
}

/** Of a tensor, or what can be counted over several that have little else in common: a list, or the outputs of an op by name. */
export function summary(of: unknown): Summary {
  if (isTensor(of)) return new Whole(statsOf(of.whole, false));
  const all = typeof of === 'object' && of !== null ? Object.values(of) : [];
  const tensors = all.filter(isTensor);
  if (tensors.length === 0) throw new Error('stats takes a tensor, or a list or record of tensors');
  const sums = { nan: 0, inf: 0, zeros: 0 };
  for (const each of new Set(tensors)) {
    const { nan, inf, zeros } = statsOf(each.whole, false);
    sums.nan += nan;
    sums.inf += inf;
    sums.zeros += zeros;
  }
  return new Summary(sums.nan, sums.inf, sums.zeros);
}

/** A tensor, whose class this file cannot import: tensors are made of ops, and ops are watched by conditions. */
function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'storage');
}

/** One example of a vmap has the whole batch behind it. */
type Tensor = Buf & { readonly whole: Buf };
