import type { Hop } from '../protocol.ts';
import { brief } from '../brief.ts';
import { place } from '../sites.ts';
import { statsOf } from '../stats.ts';
import type { Storage } from '../storage.ts';
import { describe, type Tensor } from '../tensor.ts';
import { isOwn, lineOf, title, trail } from '../op-run.ts';
import type { OpRun } from '../trace.ts';
import type { Check, Finding } from './checks.ts';

/** Gradients that grow, or go to nothing, on their way back. */

export const explodingGradient: Check = {
  facts: ['norm', 'rms', 'name'],
  after: (run) =>
    gradientsOf(run)?.made.map((gradient) => finding('explodingGradient', run, gradient, {})) ?? [],
};

/** The largest gradient of an op counts: of a factor that is 0 the other one's is 0, too. */
export const vanishingGradient: Check = {
  facts: ['norm', 'rms', 'name', 'before'],
  after(run) {
    const gradients = gradientsOf(run);
    if (gradients === null || gradients.made.length === 0) return [];
    const most = gradients.made.reduce((a, b) => (b.rms > a.rms ? b : a));
    return [finding('vanishingGradient', run, most, { before: gradients.before })];
  },
};

export interface Gradients {
  readonly made: readonly Sized[];
  /** The mean size of what came in, the root of the mean square; of several the greatest. */
  readonly before: number;
}
interface Sized {
  readonly name: string;
  readonly tensor: Tensor;
  readonly norm: number;
  readonly rms: number;
}

/** A gradient on its way back, and that from which it came. Of a way as long as the program runs the middle goes. */
export class Step {
  readonly hop: Hop;
  readonly rms: number;
  /** Null at the beginning, and where the middle is gone. */
  from: Step | null;
  readonly length: number;
  /** The first of all. */
  readonly head: readonly Hop[];

  constructor(hop: Hop, rms: number, from: Step | null) {
    this.hop = hop;
    this.rms = rms;
    this.from = from;
    this.length = from === null ? 1 : from.length + 1;
    this.head = from === null ? [hop] : from.length < HEAD ? [...from.head, hop] : from.head;
    if (this.length % (2 * (HEAD + TAIL)) !== 0) return;
    let last: Step = this;
    for (let i = 0; i < HEAD + TAIL && last.from !== null; i++) last = last.from;
    last.from = null;
  }
}
const HEAD = 8;
const TAIL = 24;
const steps = new WeakMap<Storage, Step>();

/** What an op of the backward pass has made; null for any other op. */
function gradientsOf(run: OpRun): Gradients | null {
  if (run.direction !== 'backward' || !isOwn(run)) return null;
  return (run.gradients ??= measured(run));
}

function measured(run: OpRun): Gradients {
  const arrived = run.inputs.filter(([name]) => /^(g|g\..*|before|more)$/.test(name));
  const before = arrived.map(([, { storage }]) => steps.get(storage) ?? null);
  const sizes = arrived.map(([, tensor], i) => before[i]?.rms ?? sizeOf(tensor).rms);
  const made = run.outputs.map(([name, tensor]) => ({ name, tensor, ...sizeOf(tensor) }));
  const site = place(lineOf(run));
  for (const { name, tensor, norm, rms } of made) {
    const what = `${name} ${describe(tensor)}, norm ${brief(norm)}`;
    const hop = { op: trail(run), what, ...(site && { site }) };
    // What is handed on as it is has its place already.
    if (!steps.has(tensor.storage))
      steps.set(tensor.storage, new Step(hop, rms, before[0] ?? null));
  }
  return { made, before: Math.max(...sizes, 0) };
}

function sizeOf(tensor: Tensor): { readonly norm: number; readonly rms: number } {
  const { mean, sd, nan, inf } = statsOf(tensor, false);
  if (tensor.size === 0) return { norm: 0, rms: 0 };
  const rms = nan > 0 ? NaN : inf > 0 ? Infinity : Math.hypot(Number(mean), Number(sd));
  return { norm: rms * Math.sqrt(tensor.size), rms };
}

function finding(
  filter: 'explodingGradient' | 'vanishingGradient',
  run: OpRun,
  { name, tensor, norm, rms }: Sized,
  more: object,
): Finding {
  return {
    facts: { name, norm, rms, ...more },
    found: () => ({
      filter,
      message: `${title(run)} made the gradient ${name}, ${describe(tensor)}, of norm ${brief(norm)}, ${brief(rms)} an element`,
      chain: chainOf(steps.get(tensor.storage) ?? null),
    }),
  };
}

/** From the beginning of the backward pass on; of a long one its beginning and its end. */
function chainOf(last: Step | null): readonly Hop[] {
  if (last === null) return [];
  const tail: Hop[] = [];
  for (let step: Step | null = last; step !== null; step = step.from) tail.unshift(step.hop);
  const all = tail.length === last.length;
  if (all && last.length <= HEAD + TAIL) return tail;
  const end = tail.slice(-TAIL);
  const gone = last.length - last.head.length - end.length;
  return [...last.head, { op: '', what: `${gone} more in between` }, ...end];
}
