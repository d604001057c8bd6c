import os from 'node:os';
import type { Kept, Outcome } from './outcome.ts';
import type { Goal } from './subject.ts';

/** What the numbers were measured on. */
export function machine(versions: { readonly [module: string]: string }): Kept['machine'] {
  const [cpu] = os.cpus();
  return {
    processor: cpu?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.arch()}`,
    node: process.version,
    v8: process.versions.v8,
    ...versions,
    // Above the number of cores, others were at work too.
    load: Number(os.loadavg()[0]!.toFixed(1)),
  };
}

/** One line for every peer of a case. */
export function lines(outcome: Outcome): string {
  const { case: name, unit, product, flops, peers, absent, goals = [] } = outcome;
  const amount = (value: number) => show(value, unit, flops);
  const rows = peers.map(({ name: peer, time, ratio, spread }) => {
    const [low, high] = spread.map((r) => r.toFixed(2));
    const factor =
      unit === 'MB' ? '' : `   takes ${ratio.toFixed(2)} times as long (${low} to ${high})`;
    return `    ${peer.padEnd(14)} ${amount(time).padStart(16)}${factor}`;
  });
  const asked = goals.map(
    (goal) =>
      `    asked: ${wish(goal)}: ` +
      (goal.met === null ? 'not measured here' : goal.met ? 'met' : 'NOT met'),
  );
  const missing = absent.length === 0 ? [] : [`    not on this machine: ${absent.join(', ')}`];
  return [`  ${name.padEnd(28)} ${amount(product)}`, ...rows, ...missing, ...asked].join('\n');
}

/** A goal as a sentence without its end. */
export function wish({ peer, least, most }: Goal): string {
  return least !== undefined
    ? `${peer} takes at least ${least} times as long`
    : `at most ${most} of ${peer}`;
}

/** A time, or where the operations are counted how many are done in a second. */
export function show(value: number, unit: Outcome['unit'], flops?: number): string {
  if (flops !== undefined) return `${(flops / value / 1e9).toFixed(1)} GFLOP/s`;
  const number = value * scale[unit];
  return `${number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0)} ${unit}`;
}

const scale = { ns: 1e9, us: 1e6, ms: 1e3, s: 1, MB: 2 ** -20 } as const;
